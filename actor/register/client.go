package register

import (
	"fmt"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/consistency"
)

// History is what clients record.
type History = actor.History[Op, Value]

// Client puts a value so many times, each time another one, and then gets the value so many times. The k-th request goes to
// the k-th server after server ID mod Servers, which are the actors from 0 on. A client makes 99 requests at most.
type Client struct {
	Servers int
	Puts    int
	Gets    int // 0 for one
	// Durable clients save how many requests they have made, and go on after a crash; others begin again, with the same requests.
	Durable bool
	History History
}

var (
	_ actor.Actor[ClientState, Msg]          = Client{}
	_ actor.RestartHandler[ClientState, Msg] = Client{}
)

// Start implements [actor.Actor].
func (cl Client) Start(c *actor.Context[Msg], s *ClientState) { cl.next(c, s) }

// Restart implements [actor.RestartHandler]. What is pending stays so for ever.
func (cl Client) Restart(c *actor.Context[Msg], s *ClientState) {
	cl.script().restart(c, s)
	cl.next(c, s)
}

func (cl Client) script() script { return newScript(cl.Servers, cl.Puts, cl.Gets, cl.Durable) }

func (cl Client) next(c *actor.Context[Msg], s *ClientState) {
	cl.script().next(c, s, func(op Op) { cl.History.Invoke(c, op) })
}

// Receive implements [actor.Actor].
func (cl Client) Receive(c *actor.Context[Msg], s *ClientState, from actor.ID, m Msg) {
	if !s.answered(m) {
		return
	}
	switch m := m.(type) {
	case PutOK:
		cl.History.Return(c, cl.script().value(c.Self(), s.Done))
	case GetOK:
		s.Got = m.Value
		cl.History.Return(c, m.Value)
	default:
		return // this register is no place for puts that fail
	}
	s.Done++
	cl.next(c, s)
}

// Clients names the messages between clients and servers, spawns so many clients like cl for the servers spawned before, and
// promises that what they see is linearizable, and sometimes that one of them gets a value that was put. Servers and History
// of cl are set.
func Clients(sys *actor.System[Msg], clients int, cl Client) []actor.Ref[ClientState] {
	cl.History = actor.Linearizable(sys, "linearizable", consistency.Register[Value]{})
	cl.Servers = actor.Len(sys)
	return spawn(sys, clients, cl)
}

// spawn names the messages, spawns clients that are alike, and promises that sometimes one of them gets a value.
func spawn(sys *actor.System[Msg], clients int, cl actor.Actor[ClientState, Msg]) (refs []actor.Ref[ClientState]) {
	sys.RegisterMessages(Messages()...)
	for k := range clients {
		refs = append(refs, actor.Spawn(sys, fmt.Sprintf("client-%d", k+1), cl))
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
