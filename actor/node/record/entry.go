// Package record writes down what the actors of a running system handle, and tells whether that is what the model allows: the
// recordings of several processes are merged into one causal trace, which the model follows step by step. It is no log for
// people, though people can read it.
package record

import (
	"fmt"
	"hash/fnv"
	"time"

	"github.com/allways-go/allways/actor"
)

// Header is the first line of a recording, which is of one actor.
type Header struct {
	Allways int      `json:"allways"` // version of the format
	Actor   actor.ID `json:"actor"`
	Actors  []string `json:"actors"` // names of all
}

const version = 1

// Entry is a line of a recording: something that the actor has handled.
type Entry struct {
	Time    int64          `json:"time"`           // when the handler began, in nanoseconds since 1970
	Actor   actor.ID       `json:"actor"`          // by id
	Text    string         `json:"text"`           // for people
	Kind    string         `json:"kind"`           // of [actor.ActionKind]
	From    actor.ID       `json:"from,omitempty"` // of a delivery
	Msg     []byte         `json:"msg,omitempty"`  // content of the message
	Name    string         `json:"name,omitempty"` // of a timer, or key of a choice
	Option  []byte         `json:"option,omitempty"`
	Digest  string         `json:"digest"`           // of the actor afterwards
	Clock   []uint64       `json:"clock"`            // vector clock, by actor
	Saved   string         `json:"saved,omitempty"`  // digest of what the handler has saved
	Stored  string         `json:"stored,omitempty"` // of a recovery: digest of what was stored
	History []HistoryEvent `json:"history,omitempty"`
}

// HistoryEvent is an event of a history: an operation begins or ends.
type HistoryEvent struct {
	Name  string `json:"name"`
	Event []byte `json:"event"`
}

// Digest returns the digest of a content, which is never empty.
func Digest(content string) string {
	h := fnv.New64a()
	h.Write([]byte(content))
	return hex(h.Sum64())
}

func hex(x uint64) string { return fmt.Sprintf("%016x", x) }

// NewEntry returns the entry of a step. What it did is to be filled in.
func NewEntry(p actor.Program, st actor.Step, at time.Time) Entry {
	return Entry{
		Time: at.UnixNano(), Actor: st.Actor, Text: p.StepText(st), Kind: st.Kind.String(), From: st.From, Msg: []byte(st.Msg),
		Name: st.Name, Option: []byte(st.Option), Digest: hex(st.Digest),
	}
}

// step is the inverse of NewEntry.
func (e *Entry) step() (st actor.Step, err error) {
	st = actor.Step{Actor: e.Actor, From: e.From, Msg: string(e.Msg), Name: e.Name, Option: string(e.Option)}
	if _, err := fmt.Sscanf(e.Digest, "%x", &st.Digest); err != nil {
		return st, fmt.Errorf("the digest %q is none", e.Digest)
	}
	for _, k := range []actor.ActionKind{actor.Start, actor.Deliver, actor.Timeout, actor.Choose, actor.Restart} {
		if k.String() == e.Kind {
			st.Kind = k
			return st, nil
		}
	}
	return st, fmt.Errorf("there is no kind %q of events", e.Kind)
}
