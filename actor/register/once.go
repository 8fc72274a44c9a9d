package register

import (
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/consistency"
)

// OnceClient is a [Client] of a write-once register. A server answers a write with [PutFailed] if the
// register holds another value.
//
// [OnceClients] spawns clients and sets the fields Servers and History.
type OnceClient struct {
	Servers int  // number of servers
	Puts    int  // number of writes
	Gets    int  // number of reads after the writes, 0 means 1
	Durable bool // continue after a crash with the next request, instead of repeating all of them
	// History records the operations of the clients.
	History actor.History[consistency.RegisterOp[Value], consistency.Maybe[Value]]
}

var (
	_ actor.Actor[ClientState, Msg]          = OnceClient{}
	_ actor.RestartHandler[ClientState, Msg] = OnceClient{}
)

// Start implements [actor.Actor].
func (cl OnceClient) Start(c *actor.Context[Msg], s *ClientState) { cl.next(c, s) }

// Restart implements [actor.RestartHandler]. An operation that was pending in the crash stays pending.
func (cl OnceClient) Restart(c *actor.Context[Msg], s *ClientState) {
	cl.script().restart(c, s)
	cl.next(c, s)
}

func (cl OnceClient) script() script { return newScript(cl.Servers, cl.Puts, cl.Gets, cl.Durable) }

func (cl OnceClient) next(c *actor.Context[Msg], s *ClientState) {
	cl.script().next(c, s, func(o op) { cl.History.Invoke(c, o) })
}

// Receive implements [actor.Actor].
func (cl OnceClient) Receive(c *actor.Context[Msg], s *ClientState, from actor.ID, m Msg) {
	if !s.answered(m) {
		return
	}
	result := consistency.None[Value]() // a failed write, or a read without a value
	switch m := m.(type) {
	case PutOK:
		result = consistency.OK[Value]()
	case GetOK:
		if s.Got = m.Value; m.Value != "" {
			result = consistency.Some(m.Value)
		}
	}
	cl.History.Return(c, result)
	s.Done++
	cl.next(c, s)
}

// OnceClients is [Clients] for a write-once register.
func OnceClients(sys *actor.System[Msg], clients int, cl OnceClient) []actor.Ref[ClientState] {
	cl.History = actor.Linearizable(sys, "linearizable", consistency.WriteOnce[Value]{})
	cl.Servers = actor.Len(sys)
	return spawn(sys, clients, cl)
}
