// Raft replicates a log on servers that crash and restart. They elect a leader for a term, which
// takes commands and sends its log to the others (Ongaro and Ousterhout, "In search of an
// understandable consensus algorithm", 2014).
package main

import (
	"fmt"
	"slices"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
)

// Model holds the parameters of the system, and the limits of the part that is explored.
type Model struct {
	Servers, Clients int
	Network          actor.Network
	Ignored          actor.IgnoredPolicy
	Crashes          int // maximum number of crashes, of one server at a time
	Terms            int // last term to explore
	Candidates       int // number of servers that stand for election, from the first one on
	Beats            int // maximum number of heartbeats of a leader
	Batch            int // entries in a message at most
	Waiting          bool
	Forgetful        bool
	Careless         bool
	Elections        int  // times that each candidate stands, before a leader is promised; 0 means no limit and no promise
	Refines          bool // promise that it refines a Ledger; without crashes, after which servers know less
}

// Client sends a command to all servers, since it does not know the leader. One that waits sends it to one
// server, which answers when it is committed.
type Client struct {
	Servers int
	Waiting bool
}

// ClientState is the place of the command in the log, once the client knows it.
type ClientState struct{ Index int }

var _ actor.Actor[ClientState, Msg] = Client{}

// Start implements [actor.Actor].
func (cl Client) Start(c *actor.Context[Msg], _ *ClientState) {
	number := int(c.Self()) - cl.Servers + 1
	if cl.Waiting {
		c.Send(actor.ID(number%cl.Servers), Propose{number})
		return
	}
	c.Broadcast(actor.Peers(c.Self(), cl.Servers), Command{number})
}

// Receive implements [actor.Actor].
func (Client) Receive(_ *actor.Context[Msg], s *ClientState, _ actor.ID, m Msg) {
	if m, ok := m.(Committed); ok {
		s.Index = m.Index
	}
}

// elections returns how often a server stands for election if that is limited.
func (m Model) elections(id int) int {
	if id < m.Candidates {
		return m.Elections
	}
	return 0
}

// System returns a system of servers, and of clients with a command each.
func (m Model) System() *actor.System[Msg] {
	config := actor.Config{Network: m.Network, Ignored: m.Ignored,
		Crashes: m.Crashes > 0, MaxCrashes: m.Crashes, MaxDown: min(m.Crashes, 1)}
	if m.Elections > 0 {
		config.Fair = actor.FairDelivery | actor.FairTimers | actor.FairRestarts
	}
	sys := actor.NewSystem[Msg](config)
	sys.RegisterMessages(Propose{}, Command{}, Committed{}, RequestVote{}, Vote{}, Append{}, Appended{})
	sys.RegisterValues(Durable{})
	actor.RegisterClientMessages(sys, Propose{}, Command{})
	var servers servers
	for id := range m.Servers {
		servers = append(servers, actor.Spawn(sys, fmt.Sprintf("server-%d", id+1), Server{
			Peers: actor.Peers(actor.ID(id), m.Servers), Forgetful: m.Forgetful, Careless: m.Careless,
			Batch: m.Batch, Limited: m.Elections > 0, Elections: m.elections(id),
		}))
	}
	var clients []actor.Ref[ClientState]
	for k := range m.Clients {
		client := actor.Spawn(sys, fmt.Sprintf("client-%d", k+1), Client{m.Servers, m.Waiting})
		sys.NeverCrashes(client.ID())
		clients = append(clients, client)
	}
	servers.promise(sys)
	if m.Elections > 0 {
		sys.Eventually("there is a leader at last", servers.led)
	}
	if m.Refines {
		actor.Promise(sys, allways.Refines("ledger", Ledger{m.Terms, m.Clients}, servers.places))
	}
	if m.Waiting {
		servers.promiseAnswers(sys, clients)
	}
	for i, sv := range servers {
		actor.Within(sys, sv, func(s *State) bool {
			return s.Term <= m.Terms && s.Beats <= m.Beats && (i < m.Candidates || s.Role == Follower)
		})
	}
	return sys
}

// servers refers to all servers. A server that is down has the zero state.
type servers []actor.Ref[State]

// promise states the properties of Raft under the names of the paper.
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
	sys.Sometimes("a leader is elected", sv.led)
	sys.Sometimes("an entry is committed", func(s *actor.State[Msg]) bool {
		return !sv.all(s, func(a *State) bool { return a.Commit == 0 })
	})
}

// promiseAnswers states that an answer is true: the command is committed at the place that it names.
func (sv servers) promiseAnswers(sys *actor.System[Msg], clients []actor.Ref[ClientState]) {
	sys.Always("answers are true", func(s *actor.State[Msg]) bool {
		for k, client := range clients {
			index := client.In(s).Index
			wrong := func(a *State) bool { return a.Commit >= index && a.Log[index-1].Command != k+1 }
			if index > 0 && !sv.all(s, func(a *State) bool { return !wrong(a) }) {
				return false
			}
		}
		return true
	})
	sys.Sometimes("a client has an answer", func(s *actor.State[Msg]) bool {
		return slices.ContainsFunc(clients, func(r actor.Ref[ClientState]) bool { return r.In(s).Index > 0 })
	})
}

// led reports whether there is a leader.
func (sv servers) led(s *actor.State[Msg]) bool {
	return !sv.all(s, func(a *State) bool { return a.Role != Leader })
}

// all reports whether f holds for each server.
func (sv servers) all(s *actor.State[Msg], f func(*State) bool) bool {
	for _, ref := range sv {
		if !f(ref.In(s)) {
			return false
		}
	}
	return true
}

// pairs reports whether f holds for each pair of servers, in both orders.
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
