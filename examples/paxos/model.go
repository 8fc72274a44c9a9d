// Paxos is a write-once register on servers of which a minority may fail: single-decree Paxos
// (Lamport, "Paxos made simple", 2001).
package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/register"
)

// Ballot is the number of an attempt to choose a value.
type Ballot struct {
	Round  int
	Server actor.ID
}

func (b Ballot) compare(o Ballot) int {
	return cmp.Or(cmp.Compare(b.Round, o.Round), cmp.Compare(b.Server, o.Server))
}

// Proposal is a value that a client proposes.
type Proposal struct {
	Request register.Request
	Client  actor.ID
	Value   register.Value
}

// Vote is a proposal that a server has accepted in a ballot; round 0 means none.
type Vote struct {
	Ballot   Ballot
	Proposal Proposal
}

// Messages between servers.
type (
	Prepare  struct{ Ballot Ballot }
	Prepared struct {
		Ballot Ballot
		Last   Vote
	}
	Accept struct {
		Ballot   Ballot
		Proposal Proposal
	}
	Accepted struct{ Ballot Ballot }
	Decided  struct {
		Ballot   Ballot
		Proposal Proposal
	}
)

// RegisterMessage implements [register.Msg].
func (Prepare) RegisterMessage() {}

// RegisterMessage implements [register.Msg].
func (Prepared) RegisterMessage() {}

// RegisterMessage implements [register.Msg].
func (Accept) RegisterMessage() {}

// RegisterMessage implements [register.Msg].
func (Accepted) RegisterMessage() {}

// RegisterMessage implements [register.Msg].
func (Decided) RegisterMessage() {}

// Server is a proposer, an acceptor and a learner.
type Server struct {
	Peers []actor.ID // the other servers
	// Forgetful servers propose their client's value even if another one may have been accepted before.
	Forgetful bool
	Durable   bool // save what other servers rely on, and restore it after a crash
}

// State is the state of a Server.
type State struct {
	Durable
	Proposal Proposal          // proposal in progress, request 0 means none
	Prepares map[actor.ID]Vote // votes of servers before this server's ballot
	Accepts  map[actor.ID]bool // servers that have accepted in this server's ballot
}

// Durable is the part of the state that must survive crashes.
type Durable struct {
	Ballot   Ballot
	Accepted Vote
	Decided  bool
}

var (
	_ actor.Actor[State, register.Msg]          = Server{}
	_ actor.RestartHandler[State, register.Msg] = Server{}
)

// Start implements [actor.Actor].
func (Server) Start(*actor.Context[register.Msg], *State) {}

// Restart implements [actor.RestartHandler]. It abandons a proposal in progress.
func (Server) Restart(c *actor.Context[register.Msg], s *State) {
	s.Durable, _ = actor.Load[Durable](c)
}

// Receive implements [actor.Actor].
func (sv Server) Receive(c *actor.Context[register.Msg], s *State, from actor.ID, m register.Msg) {
	before := s.Durable
	sv.handle(c, s, from, m)
	if sv.Durable && s.Durable != before {
		c.Save(s.Durable)
	}
}

func (sv Server) handle(c *actor.Context[register.Msg], s *State, from actor.ID, m register.Msg) {
	if s.Decided {
		if m, ok := m.(register.Get); ok {
			c.Send(from, register.GetOK{Request: m.Request, Value: s.Accepted.Proposal.Value})
		}
		return
	}
	switch m := m.(type) {
	case register.Put:
		if s.Proposal.Request == 0 {
			sv.propose(c, s, Proposal{m.Request, from, m.Value})
		}
	case Prepare:
		if s.Ballot.compare(m.Ballot) < 0 {
			s.Ballot = m.Ballot
			c.Send(from, Prepared{m.Ballot, s.Accepted})
		}
	case Prepared:
		if m.Ballot == s.Ballot && len(s.Prepares) > 0 {
			sv.prepared(c, s, from, m)
		}
	case Accept:
		if s.Ballot.compare(m.Ballot) <= 0 {
			s.Ballot, s.Accepted = m.Ballot, Vote(m)
			c.Send(from, Accepted{m.Ballot})
		}
	case Accepted:
		if m.Ballot == s.Ballot && len(s.Accepts) > 0 {
			sv.accepted(c, s, from)
		}
	case Decided:
		s.Durable = Durable{m.Ballot, Vote(m), true}
	}
}

func (sv Server) majority() int { return actor.Majority(len(sv.Peers) + 1) }

func (sv Server) propose(c *actor.Context[register.Msg], s *State, p Proposal) {
	s.Proposal = p
	s.Ballot = Ballot{s.Ballot.Round + 1, c.Self()}
	s.Prepares, s.Accepts = map[actor.ID]Vote{}, map[actor.ID]bool{}
	c.Broadcast(sv.Peers, Prepare{s.Ballot})
	sv.prepared(c, s, c.Self(), Prepared{s.Ballot, s.Accepted})
}

func (sv Server) prepared(c *actor.Context[register.Msg], s *State, from actor.ID, m Prepared) {
	s.Prepares[from] = m.Last
	if len(s.Prepares) != sv.majority() {
		return
	}
	var last Vote
	// Two promises may carry the same ballot if servers forget; the order of a map must not choose.
	for _, from := range slices.Sorted(maps.Keys(s.Prepares)) {
		if v := s.Prepares[from]; v.Ballot.compare(last.Ballot) > 0 {
			last = v
		}
	}
	if last.Ballot.Round > 0 && !sv.Forgetful {
		s.Proposal = last.Proposal
	}
	s.Accepted = Vote{s.Ballot, s.Proposal}
	c.Broadcast(sv.Peers, Accept{s.Ballot, s.Proposal})
	sv.accepted(c, s, c.Self())
}

func (sv Server) accepted(c *actor.Context[register.Msg], s *State, from actor.ID) {
	s.Accepts[from] = true
	if len(s.Accepts) != sv.majority() {
		return
	}
	s.Decided = true
	c.Broadcast(sv.Peers, Decided{s.Ballot, s.Proposal})
	c.Send(s.Proposal.Client, register.PutOK{Request: s.Proposal.Request})
}

// Model holds the parameters of the system.
type Model struct {
	Servers, Clients int
	Gets             int // reads of a client, 0 means 1
	Crashes          int // maximum number of crashes, of one actor at a time; actors then save their state
	Network          actor.Network
	Ignored          actor.IgnoredPolicy
	Forgetful        bool
	Amnesiac         bool // servers do not save their state
	Refines          bool // promise that it refines Consensus; without crashes, after which servers know less
}

// System returns a system of servers, and clients that write and then read.
func (m Model) System() *actor.System[register.Msg] {
	sys, _ := m.cluster()
	return sys
}

func (m Model) cluster() (*actor.System[register.Msg], servers) {
	durable := m.Crashes > 0
	sys := actor.NewSystem[register.Msg](actor.Config{Network: m.Network, Ignored: m.Ignored,
		Crashes: m.Crashes > 0, MaxCrashes: m.Crashes, MaxDown: min(m.Crashes, 1),
	})
	var all servers
	for id := range m.Servers {
		all = append(all, actor.Spawn(sys, fmt.Sprintf("server-%d", id+1),
			Server{Peers: actor.Peers(actor.ID(id), m.Servers), Forgetful: m.Forgetful,
				Durable: durable && !m.Amnesiac}))
	}
	if m.Refines {
		actor.Promise(sys, allways.Refines("consensus", Consensus{m.Clients}, all.choice))
	}
	register.Clients(sys, m.Clients, register.Client{Puts: 1, Gets: m.Gets, Durable: durable})
	sys.RegisterMessages(Prepare{}, Prepared{}, Accept{}, Accepted{}, Decided{})
	return sys, all
}
