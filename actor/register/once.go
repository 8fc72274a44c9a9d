package register

import (
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/consistency"
)

// OnceHistory is what clients of a register that takes one value record.
type OnceHistory = actor.History[Op, consistency.Maybe[Value]]

// OnceClient is a [Client] of a register that takes one value: servers answer a put with [PutFailed] if the register has
// another value.
type OnceClient struct {
	Servers int
	Puts    int
	Gets    int  // 0 for one
	Durable bool // see [Client]
	History OnceHistory
}

var (
	_ actor.Actor[ClientState, Msg]          = OnceClient{}
	_ actor.RestartHandler[ClientState, Msg] = OnceClient{}
)

// Start implements [actor.Actor].
func (cl OnceClient) Start(c *actor.Context[Msg], s *ClientState) { cl.next(c, s) }

// Restart implements [actor.RestartHandler]. What is pending stays so for ever.
func (cl OnceClient) Restart(c *actor.Context[Msg], s *ClientState) {
	cl.script().restart(c, s)
	cl.next(c, s)
}

func (cl OnceClient) script() script { return newScript(cl.Servers, cl.Puts, cl.Gets, cl.Durable) }

func (cl OnceClient) next(c *actor.Context[Msg], s *ClientState) {
	cl.script().next(c, s, func(op Op) { cl.History.Invoke(c, op) })
}

// Receive implements [actor.Actor].
func (cl OnceClient) Receive(c *actor.Context[Msg], s *ClientState, from actor.ID, m Msg) {
	if !s.answered(m) {
		return
	}
	result := consistency.None[Value]() // of a put that failed, or a get of no value
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

// OnceClients is [Clients] for a register that takes one value.
func OnceClients(sys *actor.System[Msg], clients int, cl OnceClient) []actor.Ref[ClientState] {
	cl.History = actor.Linearizable(sys, "linearizable", consistency.WriteOnce[Value]{})
	cl.Servers = actor.Len(sys)
	return spawn(sys, clients, cl)
}
