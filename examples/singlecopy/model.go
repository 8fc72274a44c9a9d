// A single-copy register keeps its value on one server, which makes it linearizable without any protocol. On several servers
// that do not talk to each other it is not.
package main

import (
	"fmt"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/register"
)

// Server keeps a copy of the value, which is its whole state, and talks to clients only.
type Server struct {
	Durable bool // it saves the value
}

var (
	_ actor.Actor[register.Value, register.Msg]          = Server{}
	_ actor.RestartHandler[register.Value, register.Msg] = Server{}
)

// Start implements [actor.Actor].
func (Server) Start(*actor.Context[register.Msg], *register.Value) {}

// Restart implements [actor.RestartHandler].
func (Server) Restart(c *actor.Context[register.Msg], s *register.Value) {
	*s, _ = actor.Load[register.Value](c)
}

// Receive implements [actor.Actor].
func (sv Server) Receive(c *actor.Context[register.Msg], s *register.Value, from actor.ID, m register.Msg) {
	switch m := m.(type) {
	case register.Put:
		*s = m.Value
		if sv.Durable {
			c.Save(*s)
		}
		c.Send(from, register.PutOK{Request: m.Request})
	case register.Get:
		c.Send(from, register.GetOK{Request: m.Request, Value: *s})
	}
}

// Model says what system is made.
type Model struct {
	Servers, Clients int
	Puts, Gets       int // of a client; 0 for one
	Crashes          int // in all, of one actor at a time; actors save what they need to go on
	Network          actor.Network
}

// System returns a system of servers, and clients that put values and then get them.
func (m Model) System() *actor.System[register.Msg] {
	durable := m.Crashes > 0
	sys := actor.NewSystem[register.Msg](actor.Config{Network: m.Network, Crashes: m.Crashes > 0, MaxCrashes: m.Crashes, MaxDown: min(m.Crashes, 1)})
	for id := range m.Servers {
		actor.Spawn(sys, fmt.Sprintf("server-%d", id+1), Server{durable})
	}
	register.Clients(sys, m.Clients, register.Client{Puts: max(m.Puts, 1), Gets: m.Gets, Durable: durable})
	return sys
}
