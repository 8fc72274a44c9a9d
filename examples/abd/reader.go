package main

import (
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/register"
	"github.com/allways-go/allways/consistency"
)

// Reader gets the value from two servers, one after the other, and records what it sees. Like a [register.Client] it
// begins with server ID mod Servers.
type Reader struct {
	Servers int
	History register.History
}

// ReaderState is the state of a Reader.
type ReaderState struct {
	Waits register.Request // for the answer to a request; 0 for none
	Done  int              // gets that were answered
	Got   register.Value   // from the last one
}

var _ actor.Actor[ReaderState, register.Msg] = Reader{}

// Start implements [actor.Actor].
func (r Reader) Start(c *actor.Context[register.Msg], s *ReaderState) { r.get(c, s) }

func (r Reader) get(c *actor.Context[register.Msg], s *ReaderState) {
	self := int(c.Self())
	s.Waits = register.Request((s.Done + 1) * self)
	r.History.Invoke(c, consistency.Register[register.Value]{}.Read())
	c.Send(actor.ID((self+s.Done)%r.Servers), register.Get{Request: s.Waits})
}

// Receive implements [actor.Actor].
func (r Reader) Receive(c *actor.Context[register.Msg], s *ReaderState, from actor.ID, m register.Msg) {
	ok, isOK := m.(register.GetOK)
	if !isOK || ok.Request != s.Waits {
		return
	}
	r.History.Return(c, ok.Value)
	s.Done++
	s.Waits, s.Got = 0, ok.Value
	if s.Done < 2 {
		r.get(c, s)
	}
}
