package core

import (
	"encoding/binary"
	"slices"
)

// Event is what a handler handles.
type Event struct {
	Kind   Kind
	From   int    // the sender of a message
	Msg    string // the message
	Name   string // the name of a timer, or the key of a choice
	Option string // the option chosen
}

// Append appends an encoding, which [ParseEvent] reads.
func (e *Event) Append(dst []byte) []byte {
	dst = append(dst, byte(e.Kind))
	dst = binary.AppendVarint(dst, int64(e.From))
	dst = AppendString(dst, e.Msg)
	dst = AppendString(dst, e.Name)
	return AppendString(dst, e.Option)
}

// ParseEvent reads what [Event.Append] wrote.
func ParseEvent(b []byte) *Event {
	r := NewReader(b)
	e := &Event{Kind: Kind(r.Byte())}
	e.From = int(r.Int())
	e.Msg, e.Name, e.Option = r.String(), r.String(), r.String()
	return e
}

// Send is a message that a handler has sent.
type Send struct {
	To  int
	Msg string
}

// Message is a message in flight before the system starts.
type Message struct {
	From, To int
	Msg      string
}

// Record is what a handler has recorded for a history.
type Record struct {
	Aux   int    // index of the history
	Event string // content
}

// Effect is what a handler did.
type Effect struct {
	Local   Local
	Sends   []Send
	Records []Record
}

// Lasts reports whether the handler did anything that lasts, where before is what belonged to the actor.
func (e *Effect) Lasts(before *Local) bool {
	return len(e.Sends) > 0 || len(e.Records) > 0 || !e.Local.Equal(before)
}

// Equal reports whether e and o are the same.
func (e *Effect) Equal(o *Effect) bool {
	return e.Local.Equal(&o.Local) && slices.Equal(e.Sends, o.Sends) && slices.Equal(e.Records, o.Records)
}
