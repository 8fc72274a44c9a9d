// Termination is the termination detection algorithm of Dijkstra, Feijen and van Gasteren
// ("Derivation of a termination detection algorithm for distributed computations", 1983). A token
// travels around a ring of nodes to detect that all of them are idle, while a busy node may wake
// others at any time.
package main

import (
	"fmt"

	"github.com/allways-go/allways"
)

// MaxNodes is the maximum number of nodes.
const MaxNodes = 6

// State is the state of the ring. The token travels from node N-1 down to node 0, which started it.
type State struct {
	Busy     [MaxNodes]bool
	Black    [MaxNodes]bool  // nodes that may have woken a node behind the token
	Work     [MaxNodes]uint8 // number of times that the node may still wake another
	Token    uint8           // node with the token
	Tainted  bool            // the token has passed a node that was black or busy
	Detected bool            // node 0 has announced termination
}

// Kind is the kind of an action.
type Kind uint8

// The actions of a node.
const (
	Finish Kind = iota // become idle
	Wake               // make another node busy
	Pass               // pass the token on
	Judge              // node 0 decides, with the token back
)

// String names the kind.
func (k Kind) String() string { return [...]string{"Finish", "Wake", "Pass", "Judge"}[k] }

// Action is a step of a node.
type Action struct {
	Kind     Kind
	Node, To uint8 // To is for Wake
}

// String is the text of the action.
func (a Action) String() string {
	switch a.Kind {
	case Wake:
		return fmt.Sprintf("Wake(%d, %d)", a.Node, a.To)
	case Judge:
		return "Judge"
	}
	return fmt.Sprintf("%v(%d)", a.Kind, a.Node)
}

// Fault is the error of a broken variant.
type Fault uint8

// The faults.
const (
	Correct   Fault = iota
	Forgetful       // waking another node does not make a node black
	Impatient       // a busy node passes the token on before it is idle, so that the token may travel forever
	Stained         // a node stays black, so that the token may travel forever although all is done
)

// Model is a ring of N nodes. Each node may wake another one Work times. Because of this limit
// termination is detected on every path without fairness. Endless nodes wake others without limit: then it is
// detected if it ever comes.
type Model struct {
	N       int
	Work    int
	Endless bool
	Fault   Fault
}

var _ allways.Model[State, Action] = Model{}

// Init implements [allways.Model]. All nodes are busy, and the token is about to begin its first round.
func (m Model) Init() []State {
	s := State{Token: uint8(m.N - 1)}
	for i := range m.N {
		s.Busy[i], s.Work[i] = true, uint8(m.Work)
	}
	return []State{s}
}

// Actions implements [allways.Model].
func (m Model) Actions(dst []Action, s State) []Action {
	if s.Detected {
		return dst
	}
	for i := range uint8(m.N) {
		if !s.Busy[i] {
			continue
		}
		dst = append(dst, Action{Kind: Finish, Node: i})
		for to := range uint8(m.N) {
			if (m.Endless || s.Work[i] > 0) && to != i && !s.Busy[to] {
				dst = append(dst, Action{Wake, i, to})
			}
		}
	}
	switch {
	case s.Busy[s.Token] && m.Fault != Impatient: // the token waits
	case s.Token == 0:
		dst = append(dst, Action{Kind: Judge})
	default:
		dst = append(dst, Action{Kind: Pass, Node: s.Token})
	}
	return dst
}

// Next implements [allways.Model].
func (m Model) Next(s State, a Action) (State, bool) {
	switch a.Kind {
	case Finish:
		s.Busy[a.Node] = false
	case Wake:
		if !m.Endless {
			s.Work[a.Node]--
		}
		s.Busy[a.To] = true
		if a.To > a.Node && m.Fault != Forgetful {
			s.Black[a.Node] = true
		}
	case Pass:
		s.Tainted = s.Tainted || s.Black[a.Node] || s.Busy[a.Node]
		s.Black[a.Node] = s.Black[a.Node] && m.Fault == Stained
		s.Token--
	case Judge:
		if !s.Tainted && !s.Black[0] && !s.Busy[0] {
			s.Detected = true
			break
		}
		s.Token, s.Tainted, s.Black[0] = uint8(m.N-1), false, false
	}
	return s, true
}

// Properties implements [allways.Model].
func (m Model) Properties() []allways.Property[State] {
	detected := func(s State) bool { return s.Detected }
	idle := allways.Predicate("idle", func(s State) bool { return !m.anyBusy(&s) })
	all := []allways.Property[State]{
		allways.Always("detection is right", func(s State) bool { return !s.Detected || !m.anyBusy(&s) }),
		allways.Temporal("termination leads to its detection", idle.LeadsTo(allways.Predicate("detected", detected))),
		allways.NoDeadlock("no deadlock", detected),
	}
	if !m.Endless {
		all = append(all, allways.Eventually("termination is detected", detected))
	}
	return all
}

func (m Model) anyBusy(s *State) bool {
	for _, busy := range s.Busy[:m.N] {
		if busy {
			return true
		}
	}
	return false
}

// FormatState implements [allways.StateFormatter]. It leaves out the nodes that there are not.
func (m Model) FormatState(s State) string {
	return fmt.Sprintf("Busy:%v Black:%v Work:%v Token:%d Tainted:%t Detected:%t",
		s.Busy[:m.N], s.Black[:m.N], s.Work[:m.N], s.Token, s.Tainted, s.Detected)
}
