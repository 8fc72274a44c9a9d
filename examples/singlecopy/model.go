// Singlecopy is a register with its value on one server, which makes it linearizable without a
// protocol. With several servers that do not communicate it is not linearizable.
package main

import (
	"fmt"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/register"
)

// Server is a server with a copy of the value. The value is its whole state. It talks to clients only.
type Server struct {
	Durable bool // save the value
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

// Model holds the parameters of the system.
type Model struct {
	Servers, Clients int
	Puts, Gets       int // writes and reads of a client, 0 means 1
	Crashes          int // maximum number of crashes, of one actor at a time; actors then save their state
	Network          actor.Network
	Ignored          actor.IgnoredPolicy
}

// System returns a system of servers, and clients that write and then read.
func (m Model) System() *actor.System[register.Msg] {
	durable := m.Crashes > 0
	sys := actor.NewSystem[register.Msg](actor.Config{Network: m.Network, Ignored: m.Ignored,
		Crashes: m.Crashes > 0, MaxCrashes: m.Crashes, MaxDown: min(m.Crashes, 1),
	})
	for id := range m.Servers {
		actor.Spawn(sys, fmt.Sprintf("server-%d", id+1), Server{durable})
	}
	register.Clients(sys, m.Clients, register.Client{Puts: max(m.Puts, 1), Gets: m.Gets, Durable: durable})
	return sys
}
