// Election is the part of Raft in which servers elect a leader (Ongaro and Ousterhout, "In search of an
// understandable consensus algorithm", 2014). Raft promises a leader only if timers are slow compared with
// messages. Here they are too fast a number of times, or again and again: then candidates may duel forever, although
// each message arrives and each timer expires.
//
// Terms grow without end, but nothing depends on the number at which they begin. So a state has them relative to
// the least one, and a duel is a cycle.
package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/allways-go/allways"
)

// MaxServers is the maximum number of servers. MaxLead limits how many terms a server is ahead of
// another one in a duel.
const (
	MaxServers = 4
	MaxLead    = 2
)

// Role is the role of a server in its term.
type Role uint8

// The roles.
const (
	Follower Role = iota
	Candidate
	Leader
)

// String names the role.
func (r Role) String() string { return [...]string{"follower", "candidate", "leader"}[r] }

// Server is the state of a server.
type Server struct {
	Role  Role
	Term  int              // term, relative to the least one of a server
	Voted int              // number of the server that has its vote in this term; 0 for none
	Votes [MaxServers]bool // votes for a candidate
}

// Kind is the kind of an event.
type Kind uint8

// The kinds of events.
const (
	Timeout Kind = iota // a timer expires
	Request             // a request for a vote arrives
	Vote                // a vote arrives
)

// String names the kind.
func (k Kind) String() string { return [...]string{"Timeout", "Request", "Vote"}[k] }

// Event is a message that arrives, or a timer that expires. Servers have numbers from 1 on.
type Event struct {
	Kind     Kind
	From, To int // equal for a timer
	Term     int // term of a message, relative to the least one of a server
}

// String is the text of the event, with its term if that is not the least one.
func (e Event) String() string {
	switch {
	case e.Kind == Timeout:
		return fmt.Sprintf("%v %d", e.Kind, e.To)
	case e.Term == 0:
		return fmt.Sprintf("%v %d->%d", e.Kind, e.From, e.To)
	}
	return fmt.Sprintf("%v %d->%d, term +%d", e.Kind, e.From, e.To, e.Term)
}

// link is from one server to another.
type link [2]int

// String is the text of the link.
func (l link) String() string { return fmt.Sprintf("%d->%d", l[0], l[1]) }

// State is the state of all servers and messages.
type State struct {
	Servers  [MaxServers]Server
	InFlight map[Event]bool // messages
	Early    int            // times that a timer may still be too fast, if that is limited
}

// Model is an election among some servers.
type Model struct {
	Servers    int
	Candidates int  // servers that stand for election, from the first one on
	Early      int  // times that a timer expires before all messages have arrived
	Duel       bool // timers expire at any time
	Forgetful  bool // servers forget their vote

	absolute bool // terms are not made relative
}

var (
	_ allways.Model[State, Event] = Model{}
	_ allways.Fair[State]         = Model{}
)

// Init implements [allways.Model].
func (m Model) Init() []State {
	if m.Duel {
		return []State{{}}
	}
	return []State{{Early: m.Early}}
}

// Actions implements [allways.Model].
func (m Model) Actions(dst []Event, s State) []Event {
	for i := range min(m.Servers, m.Candidates) {
		if s.Servers[i].Role != Leader && (m.Duel || s.Early > 0 || len(s.InFlight) == 0) {
			dst = append(dst, Event{Timeout, i + 1, i + 1, 0})
		}
	}
	messages := len(dst)
	for e := range s.InFlight {
		dst = append(dst, e)
	}
	slices.SortFunc(dst[messages:], compare)
	return dst
}

func compare(a, b Event) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), a.From-b.From, a.To-b.To, a.Term-b.Term)
}

// Next implements [allways.Model].
func (m Model) Next(s State, e Event) (State, bool) {
	if e.Kind == Timeout && !m.Duel && len(s.InFlight) > 0 {
		s.Early--
	}
	s.InFlight = maps.Clone(s.InFlight)
	if s.InFlight == nil {
		s.InFlight = map[Event]bool{}
	}
	delete(s.InFlight, e)
	if e.Kind == Timeout {
		m.stand(&s, e.To)
	} else {
		m.receive(&s, e)
	}
	s.forget()
	if !m.absolute {
		s.rebase(m.Servers)
	}
	return s, true
}

// stand makes a server a candidate in the next term. It votes for itself.
func (m Model) stand(s *State, server int) {
	sv := &s.Servers[server-1]
	*sv = Server{Role: Candidate, Term: sv.Term + 1, Voted: server}
	sv.Votes[server-1] = true
	for to := 1; to <= m.Servers; to++ {
		if to != server {
			s.InFlight[Event{Request, server, to, sv.Term}] = true
		}
	}
	m.count(sv)
}

// receive handles a message.
func (m Model) receive(s *State, e Event) {
	sv := &s.Servers[e.To-1]
	if e.Term > sv.Term {
		*sv = Server{Term: e.Term}
	}
	switch {
	case e.Kind == Vote && sv.Role == Candidate:
		sv.Votes[e.From-1] = true
		m.count(sv)
	case e.Kind == Request && (sv.Voted == 0 || m.Forgetful && sv.Role == Follower):
		sv.Voted = e.From
		s.InFlight[Event{Vote, e.To, e.From, e.Term}] = true
	}
}

// count makes a candidate the leader if a majority votes for it.
func (m Model) count(sv *Server) {
	votes := 0
	for _, vote := range sv.Votes {
		if vote {
			votes++
		}
	}
	if votes > m.Servers/2 {
		sv.Role, sv.Votes = Leader, [MaxServers]bool{}
	}
}

// forget leaves messages out that come too late: their receivers are in a later term, and ignore them.
func (s *State) forget() {
	maps.DeleteFunc(s.InFlight, func(e Event, _ bool) bool { return e.Term < s.Servers[e.To-1].Term })
}

// rebase makes terms relative to the least one.
func (s *State) rebase(servers int) {
	least := s.Servers[0].Term
	for _, sv := range s.Servers[:servers] {
		least = min(least, sv.Term)
	}
	if least == 0 {
		return
	}
	for i := range s.Servers[:servers] {
		s.Servers[i].Term -= least
	}
	old := s.InFlight
	s.InFlight = map[Event]bool{}
	for e := range old {
		e.Term -= least
		s.InFlight[e] = true
	}
}

// Within implements [allways.Bounded]: in a duel it limits how many terms a server is ahead of another one.
func (m Model) Within(s State) bool {
	return !m.Duel || !slices.ContainsFunc(s.Servers[:], func(sv Server) bool { return sv.Term > MaxLead })
}

// Fairness implements [allways.Fair]. Messages arrive, at least one of those on each link, and timers expire.
func (m Model) Fairness() []allways.Fairness[State] {
	return []allways.Fairness[State]{
		allways.WeaklyFairEach("messages arrive", func(_ State, e Event, _ State) (link link, ok bool) {
			return [2]int{e.From, e.To}, e.Kind != Timeout
		}),
		allways.WeaklyFairEach("timers expire", func(_ State, e Event, _ State) (server int, ok bool) {
			return e.To, e.Kind == Timeout
		}),
	}
}

// Properties implements [allways.Model].
func (m Model) Properties() []allways.Property[State] {
	some := func(r Role) allways.Formula[State] {
		return allways.Predicate(r.String(), func(s State) bool {
			return slices.ContainsFunc(s.Servers[:], func(sv Server) bool { return sv.Role == r })
		})
	}
	return []allways.Property[State]{
		allways.Always("election safety", safe),
		allways.Temporal("a candidate leads to a leader", some(Candidate).LeadsTo(some(Leader))),
	}
}

// safe reports whether each term has at most one leader.
func safe(s State) bool {
	for i, a := range s.Servers {
		for _, b := range s.Servers[:i] {
			if a.Role == Leader && b.Role == Leader && a.Term == b.Term {
				return false
			}
		}
	}
	return true
}

// FormatState implements [allways.StateFormatter]. It leaves out the servers that there are not.
func (m Model) FormatState(s State) string {
	var parts []string
	for i, sv := range s.Servers[:m.Servers] {
		parts = append(parts, fmt.Sprintf("%d %v +%d", i+1, sv.Role, sv.Term))
	}
	return strings.Join(parts, ", ")
}
