// Package register is a harness for systems that keep a value for clients: the messages between them, and clients that
// put distinct values, get, and record a history. It is no system itself.
package register

import (
	"fmt"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/consistency"
)

// Msg is a message of a system that serves as a register: one of those below, or one of its own that has the method.
type Msg interface{ RegisterMessage() }

// Request numbers the requests of all clients.
type Request int

// Value is what a register holds; "" is that of a new one.
type Value string

// Put asks a server to write a value.
type Put struct {
	Request Request
	Value   Value
}

// PutOK says that a value was written.
type PutOK struct{ Request Request }

// Get asks a server for the value.
type Get struct{ Request Request }

// GetOK tells the value.
type GetOK struct {
	Request Request
	Value   Value
}

// RegisterMessage implements [Msg].
func (Put) RegisterMessage() {}

// RegisterMessage implements [Msg].
func (PutOK) RegisterMessage() {}

// RegisterMessage implements [Msg].
func (Get) RegisterMessage() {}

// RegisterMessage implements [Msg].
func (GetOK) RegisterMessage() {}

// Op is an operation of the history.
type Op = consistency.RegisterOp[Value]

// History is what clients record.
type History = actor.History[Op, Value]

// Client puts a value so many times, each time another one, and then gets the value once. The k-th request goes to the k-th
// server after server ID mod Servers, which are the actors from 0 on.
type Client struct {
	Servers int
	Puts    int
	History History
}

// ClientState is the state of a Client.
type ClientState struct {
	Waits Request // for the answer to a request; 0 for none
	Done  int     // requests that were answered
	Got   Value   // from the last get
}

var _ actor.Actor[ClientState, Msg] = Client{}

// Start implements [actor.Actor].
func (cl Client) Start(c *actor.Context[Msg], s *ClientState) { cl.next(c, s) }

// next sends the next request.
func (cl Client) next(c *actor.Context[Msg], s *ClientState) {
	self, register := int(c.Self()), consistency.Register[Value]{}
	s.Waits = Request((s.Done + 1) * self)
	server := actor.ID((self + s.Done) % cl.Servers)
	switch {
	case s.Done < cl.Puts:
		v := value(self-cl.Servers, s.Done)
		cl.History.Invoke(c, register.Write(v))
		c.Send(server, Put{s.Waits, v})
	case s.Done == cl.Puts:
		cl.History.Invoke(c, register.Read())
		c.Send(server, Get{s.Waits})
	default:
		s.Waits = 0
	}
}

// value returns the k-th value of a client: A, B and so on first.
func value(client, k int) Value {
	v := fmt.Sprintf("%c", 'A'+client%26)
	if k > 0 || client >= 26 {
		v += fmt.Sprint(k + client/26)
	}
	return Value(v)
}

// Receive implements [actor.Actor].
func (cl Client) Receive(c *actor.Context[Msg], s *ClientState, from actor.ID, m Msg) {
	switch m := m.(type) {
	case PutOK:
		if m.Request != s.Waits {
			return
		}
		cl.History.Return(c, value(int(c.Self())-cl.Servers, s.Done))
		s.Done++
		cl.next(c, s)
	case GetOK:
		if m.Request != s.Waits {
			return
		}
		cl.History.Return(c, m.Value)
		s.Got = m.Value
		s.Done++
		cl.next(c, s)
	}
}

// Messages returns an example of each message between clients and servers, for [actor.System.Messages].
func Messages() []Msg { return []Msg{Put{}, PutOK{}, Get{}, GetOK{}} }

// Clients names the messages between clients and servers, spawns clients for the servers spawned before, and promises that what they see is linearizable, and sometimes
// that one of them gets a value that was put.
func Clients(sys *actor.System[Msg], clients, puts int) []actor.Ref[ClientState] {
	sys.Messages(Messages()...)
	history := actor.Linearizable(sys, "linearizable", consistency.Register[Value]{})
	servers := sys.Len()
	var refs []actor.Ref[ClientState]
	for k := range clients {
		refs = append(refs, actor.Spawn(sys, fmt.Sprintf("client-%d", k+1), Client{Servers: servers, Puts: puts, History: history}))
	}
	sys.Sometimes("a value is read", func(s *actor.State[Msg]) bool {
		for _, r := range refs {
			if r.In(s).Got != "" {
				return true
			}
		}
		return false
	})
	return refs
}
