// Raft replicates a log on servers that crash and come back: they elect a leader for a term, which takes commands and sends
// its log to the others. It follows Ongaro and Ousterhout, In search of an understandable consensus algorithm (2014).
package main

import (
	"fmt"

	"github.com/allways-go/allways/actor"
)

// Model says what system is made, and which part of its behaviours is explored.
type Model struct {
	Servers, Clients int
	Network          actor.Network
	Crashes          int // in all; one server at most is down at once
	Terms            int // the last term that is explored
	Candidates       int // servers, from the first one, that stand for election
	Beats            int // heartbeats of a leader that are explored
	Forgetful        bool
	Careless         bool
}

// Client sends its command to all servers, for it does not know which one leads.
type Client struct{ Servers int }

// ClientState is empty: a client does not wait.
type ClientState struct{}

var _ actor.Actor[ClientState, Msg] = Client{}

// Start implements [actor.Actor].
func (cl Client) Start(c *actor.Context[Msg], _ *ClientState) {
	c.Broadcast(actor.Peers(c.Self(), cl.Servers), Command{int(c.Self()) - cl.Servers + 1})
}

// Receive implements [actor.Actor].
func (Client) Receive(*actor.Context[Msg], *ClientState, actor.ID, Msg) {}

// System returns a system of servers and of clients that want a command each to be committed.
func (m Model) System() *actor.System[Msg] {
	config := actor.Config{Network: m.Network, Crashes: m.Crashes > 0, MaxCrashes: m.Crashes, MaxDown: min(m.Crashes, 1)}
	sys := actor.NewSystem[Msg](config)
	sys.RegisterMessages(Command{}, RequestVote{}, Vote{}, Append{}, Appended{})
	var servers servers
	for id := range m.Servers {
		servers = append(servers, actor.Spawn(sys, fmt.Sprintf("server-%d", id+1), Server{
			Peers: actor.Peers(actor.ID(id), m.Servers), Forgetful: m.Forgetful, Careless: m.Careless,
		}))
	}
	for k := range m.Clients {
		client := actor.Spawn(sys, fmt.Sprintf("client-%d", k+1), Client{m.Servers})
		sys.NeverCrashes(client.ID())
	}
	servers.promise(sys)
	sys.Boundary(func(s *actor.State[Msg]) bool {
		return servers.all(s, func(sv *State) bool { return sv.Term <= m.Terms && sv.Beats <= m.Beats }) &&
			servers[min(m.Candidates, m.Servers):].all(s, func(sv *State) bool { return sv.Role == Follower })
	})
	return sys
}

// servers refers to all servers. What a server has that is down is not seen: it has the zero state.
type servers []actor.Ref[State]

// promise states what Raft promises, by the names of the paper.
func (sv servers) promise(sys *actor.System[Msg]) {
	sys.Always("election safety", func(s *actor.State[Msg]) bool {
		return sv.pairs(s, func(a, b *State) bool {
			return a.Role != Leader || b.Role != Leader || a.Term != b.Term
		})
	})
	sys.Always("log matching", func(s *actor.State[Msg]) bool {
		return sv.pairs(s, func(a, b *State) bool { return a.Log.matches(b.Log) })
	})
	sys.Always("leader completeness", func(s *actor.State[Msg]) bool {
		return sv.pairs(s, func(a, b *State) bool {
			return b.Role != Leader || b.Term < a.Term || b.Log.startsWith(a.committed())
		})
	})
	sys.Always("state machine safety", func(s *actor.State[Msg]) bool {
		return sv.pairs(s, func(a, b *State) bool {
			return b.Commit < a.Commit || b.committed().startsWith(a.committed())
		})
	})
	sys.Always("a majority has what is committed", func(s *actor.State[Msg]) bool {
		return sv.all(s, func(a *State) bool {
			lack := 0
			for _, b := range sv {
				if !b.Down(s) && !b.In(s).Log.startsWith(a.committed()) {
					lack++
				}
			}
			return lack <= len(sv)-actor.Majority(len(sv))
		})
	})
	sys.Sometimes("a leader is elected", func(s *actor.State[Msg]) bool {
		return !sv.all(s, func(a *State) bool { return a.Role != Leader })
	})
	sys.Sometimes("an entry is committed", func(s *actor.State[Msg]) bool {
		return !sv.all(s, func(a *State) bool { return a.Commit == 0 })
	})
}

// all reports whether f holds for every server.
func (sv servers) all(s *actor.State[Msg], f func(*State) bool) bool {
	for _, ref := range sv {
		if !f(ref.In(s)) {
			return false
		}
	}
	return true
}

// pairs reports whether f holds for every two servers, in either order.
func (sv servers) pairs(s *actor.State[Msg], f func(a, b *State) bool) bool {
	for i, a := range sv {
		for j, b := range sv {
			if i != j && !f(a.In(s), b.In(s)) {
				return false
			}
		}
	}
	return true
}
