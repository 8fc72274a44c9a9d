package register

import (
	"fmt"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/consistency"
)

// Client is an actor that writes distinct values to a register and then reads it, one request at a
// time. The k-th request goes to the k-th server after server ID mod Servers, so that clients start
// at different servers. The servers are the actors with the ids 0 to Servers-1. A client makes at
// most 99 requests.
//
// [Clients] spawns clients and sets the fields Servers and History.
type Client struct {
	Servers int  // number of servers
	Puts    int  // number of writes
	Gets    int  // number of reads after the writes, 0 means 1
	Durable bool // continue after a crash with the next request, instead of repeating all of them
	// History records the operations of the clients.
	History actor.History[consistency.RegisterOp[Value], Value]
}

var (
	_ actor.Actor[ClientState, Msg]          = Client{}
	_ actor.RestartHandler[ClientState, Msg] = Client{}
)

// Start implements [actor.Actor].
func (cl Client) Start(c *actor.Context[Msg], s *ClientState) { cl.next(c, s) }

// Restart implements [actor.RestartHandler]. An operation that was pending in the crash stays pending.
func (cl Client) Restart(c *actor.Context[Msg], s *ClientState) {
	cl.script().restart(c, s)
	cl.next(c, s)
}

func (cl Client) script() script { return newScript(cl.Servers, cl.Puts, cl.Gets, cl.Durable) }

func (cl Client) next(c *actor.Context[Msg], s *ClientState) {
	cl.script().next(c, s, func(o op) { cl.History.Invoke(c, o) })
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
		return // writes to this register cannot fail
	}
	s.Done++
	cl.next(c, s)
}

// Clients spawns that many copies of cl. Their servers are the actors spawned so far. It states two
// properties: the history of the clients is always linearizable, and sometimes a client reads a
// value that was written. It also registers the messages of the package; programs outside may send Put
// and Get.
func Clients(sys *actor.System[Msg], clients int, cl Client) []actor.Ref[ClientState] {
	cl.History = actor.Linearizable(sys, "linearizable", consistency.Register[Value]{})
	cl.Servers = actor.Len(sys)
	return spawn(sys, clients, cl)
}

// spawn registers the messages, spawns copies of a client, and states that a value is read.
func spawn(sys *actor.System[Msg], clients int, cl actor.Actor[ClientState, Msg]) (refs []actor.Ref[ClientState]) {
	sys.RegisterMessages(Messages()...)
	actor.RegisterClientMessages(sys, Put{}, Get{})
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
