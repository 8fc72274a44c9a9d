// Package record records the steps of the actors of a running system and checks them against the
// model: recordings of several processes are merged into one causal trace, which the model follows
// step by step. A recording is not a log for people, although people can read it.
//
// An actor records a step before it stores what the step saved, and stores before it sends. So if
// any other actor knows of a step, the step is in the recording. Conversely, a crash may leave
// steps in the recording whose values were never stored: these did not happen. [Merge] recognizes
// them by the digest of the value with which the actor restarts, and leaves them out.
//
// The recording of an actor is one file or several: see [Limits]. Each file but the first begins with a
// snapshot of the actor after a commit, so that the oldest may be deleted. Recordings contain all that actors
// receive; only their owner can read them. Content is in the encoding of this module, in which types have their
// names without packages.
package record

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"time"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/internal/program"
)

// Header is the first line of a file of a recording.
type Header struct {
	Allways  int       `json:"allways"`            // version of the format
	Actor    actor.ID  `json:"actor"`              // the actor whose steps were recorded
	Actors   []string  `json:"actors"`             // names of all actors of the system, by id
	Segment  int       `json:"segment,omitempty"`  // number of the file, from 0
	Snapshot *Snapshot `json:"snapshot,omitempty"` // beginning of the file; nil for the first one
}

// Snapshot is an actor as it was when a file of its recording began.
type Snapshot struct {
	Clock []uint64 `json:"clock"` // vector clock of its last step
	Actor []byte   `json:"actor"` // encoded state, timers, choices and saved value
}

// version is that of the format. In version 1, a restart was called "recover". Version 2 had one file for
// each actor, did not say which step of the sender had sent a message, and named types with their packages.
const version = 3

// parse reads a header and checks it.
func (h *Header) parse(line []byte) error {
	if err := strict(line, h); err != nil {
		return err
	}
	switch {
	case h.Allways != version:
		return versionError(h.Allways)
	case h.Actor < 0 || int(h.Actor) >= len(h.Actors):
		return fmt.Errorf("actor %d is not one of the %d actors", h.Actor, len(h.Actors))
	case (h.Segment > 0) != (h.Snapshot != nil):
		return fmt.Errorf("file %d of a recording must begin with a snapshot exactly if it is not the first", h.Segment)
	case h.Snapshot != nil && len(h.Snapshot.Clock) != len(h.Actors):
		return fmt.Errorf("the clock of the snapshot counts %d actors, want %d", len(h.Snapshot.Clock), len(h.Actors))
	}
	return nil
}

// clock returns the vector clock before the first entry.
func (h *Header) clock() []uint64 {
	if h.Snapshot != nil {
		return h.Snapshot.Clock
	}
	return make([]uint64, len(h.Actors))
}

// Entry is a line of a recording: a step of the actor.
type Entry struct {
	Time    int64          `json:"time"`              // start of the handler, in nanoseconds since 1970 UTC
	Actor   actor.ID       `json:"actor"`             // the actor that took the step
	Text    string         `json:"text"`              // the step as text, for people
	Kind    string         `json:"kind"`              // name of an [actor.ActionKind]
	From    actor.ID       `json:"from,omitempty"`    // sender of the message
	Sent    uint64         `json:"sent,omitempty"`    // number of the sender's step that sent the message; 0 if unknown
	Msg     []byte         `json:"msg,omitempty"`     // encoded message
	Name    string         `json:"name,omitempty"`    // name of the timer or key of the choice
	Option  []byte         `json:"option,omitempty"`  // encoded option that was chosen
	Digest  string         `json:"digest"`            // digest of the actor after the step
	Clock   []uint64       `json:"clock"`             // vector clock: steps of each actor that this one follows
	Saved   string         `json:"saved,omitempty"`   // digest of the value that the handler saved
	Stored  string         `json:"stored,omitempty"`  // digest of the stored value with which the actor restarts
	History []HistoryEvent `json:"history,omitempty"` // beginnings and ends of operations
}

// HistoryEvent is the beginning or the end of an operation.
type HistoryEvent struct {
	Name  string `json:"name"`  // name of the history
	Event []byte `json:"event"` // encoded event
}

// Digest returns the digest of encoded content. It is never empty.
func Digest(content string) string {
	h := fnv.New64a()
	h.Write([]byte(content))
	return hex(h.Sum64())
}

func hex(x uint64) string { return fmt.Sprintf("%016x", x) }

// NewEntry returns the entry of a step that an actor began at a time and that left it with a digest.
// The other fields are left to the caller.
func NewEntry(at time.Time, id actor.ID, kind actor.ActionKind, digest uint64) Entry {
	return Entry{Time: at.UnixNano(), Actor: id, Kind: kind.String(), Digest: hex(digest)}
}

// parse reads an entry of a recording and checks it.
func (e *Entry) parse(line []byte, h Header) error {
	if err := strict(line, e); err != nil {
		return err
	}
	return e.fits(h)
}

// step returns the step that an entry records.
func (e *Entry) step() (st program.Step, err error) {
	st = program.Step{
		Actor: e.Actor, From: e.From, Sent: e.Sent, Msg: string(e.Msg), Name: e.Name, Option: string(e.Option),
	}
	if st.Digest, err = strconv.ParseUint(e.Digest, 16, 64); err != nil {
		return st, fmt.Errorf("malformed digest %q", e.Digest)
	}
	for _, k := range []actor.ActionKind{actor.Start, actor.Deliver, actor.Timeout, actor.Choose, actor.Restart} {
		if k.String() == e.Kind {
			st.Kind = k
			return st, nil
		}
	}
	return st, fmt.Errorf("unknown kind %q of step", e.Kind)
}
