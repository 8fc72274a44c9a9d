// Package record records the steps of the actors of a running system and checks them against the
// model: recordings of several processes are merged into one causal trace, which the model follows
// step by step. A recording is not a log for people, although people can read it.
//
// An actor records a step before it stores what the step saved, and stores before it sends. So if
// any other actor knows of a step, the step is in the recording. Conversely, a crash may leave
// steps in the recording whose values were never stored: these did not happen. [Merge] recognizes
// them by the digest of the value with which the actor restarts, and leaves them out.
package record

import (
	"fmt"
	"hash/fnv"
	"time"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/internal/program"
)

// Header is the first line of a recording.
type Header struct {
	Allways int      `json:"allways"` // version of the format
	Actor   actor.ID `json:"actor"`   // the actor whose steps were recorded
	Actors  []string `json:"actors"`  // names of all actors of the system, by id
}

// version is that of the format. In version 1, a restart was called "recover".
const version = 2

// Entry is a line of a recording: a step of the actor.
type Entry struct {
	Time    int64          `json:"time"`              // start of the handler, in nanoseconds since 1970 UTC
	Actor   actor.ID       `json:"actor"`             // the actor that took the step
	Text    string         `json:"text"`              // the step as text, for people
	Kind    string         `json:"kind"`              // name of an [actor.ActionKind]
	From    actor.ID       `json:"from,omitempty"`    // sender of the message
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

// step returns the step that an entry records.
func (e *Entry) step() (st program.Step, err error) {
	st = program.Step{Actor: e.Actor, From: e.From, Msg: string(e.Msg), Name: e.Name, Option: string(e.Option)}
	if _, err := fmt.Sscanf(e.Digest, "%x", &st.Digest); err != nil {
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
