// A single-copy register keeps its value on one server, which makes it linearizable without any protocol. On several servers
// that do not talk to each other it is not.
package main

import (
	"fmt"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/register"
)

// Server keeps a copy of the value, which is its whole state, and talks to clients only.
type Server struct{}

var _ actor.Actor[register.Value, register.Msg] = Server{}

// Start implements [actor.Actor].
func (Server) Start(*actor.Context[register.Msg], *register.Value) {}

// Receive implements [actor.Actor].
func (Server) Receive(c *actor.Context[register.Msg], s *register.Value, from actor.ID, m register.Msg) {
	switch m := m.(type) {
	case register.Put:
		*s = m.Value
		c.Send(from, register.PutOK{Request: m.Request})
	case register.Get:
		c.Send(from, register.GetOK{Request: m.Request, Value: *s})
	}
}

// Model says what system is made.
type Model struct {
	Servers, Clients int
	Network          actor.Network
}

// System returns a system of servers, and clients that put a value and then get one.
func (m Model) System() *actor.System[register.Msg] {
	sys := actor.NewSystem[register.Msg](actor.Config{Network: m.Network})
	for id := range m.Servers {
		actor.Spawn(sys, fmt.Sprintf("server-%d", id+1), Server{})
	}
	register.Clients(sys, m.Clients, 1)
	return sys
}
