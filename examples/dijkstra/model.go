// Dijkstra is the first algorithm for mutual exclusion among any number of processes (Dijkstra, "Solution of a
// problem in concurrent programming control", 1965). Each step reads or writes one shared variable.
package main

import (
	"fmt"

	"github.com/allways-go/allways"
)

// MaxProcesses is the maximum number of processes.
const MaxProcesses = 4

// Label is where a process is.
type Label uint8

// The labels, with what a process does there.
const (
	Request  Label = iota // says that it wants to enter
	Check                 // looks whether it has the turn
	Withdraw              // has not: says that it does not stand
	Look                  // looks who has the turn
	Ask                   // looks whether that process wants to enter
	Claim                 // it does not: takes the turn
	Again                 // checks once more
	Stand                 // has the turn: says that it stands
	Compare               // looks whether another process stands, one after the other in any order
	Critical              // leaves the critical section
	Resign                // stands no longer
	Release               // does not want to enter any more
	Rest                  // begins anew, or rests forever
)

var labels = [...]string{
	"Request", "Check", "Withdraw", "Look", "Ask", "Claim", "Again", "Stand", "Compare", "Critical", "Resign", "Release",
	"Rest",
}

// String names the label.
func (l Label) String() string { return labels[l] }

// State has the shared variables, which are named after what they say, and those of the processes.
type State struct {
	Wants  [MaxProcesses]bool
	Stands [MaxProcesses]bool
	Turn   uint8
	At     [MaxProcesses]Label
	Seen   [MaxProcesses]Seen
}

// Seen is what a process keeps: the process that it has seen to have the turn, or those that it still has to
// compare with.
type Seen struct {
	Process uint8
	Others  uint8 // a bit for each
	Kind    uint8 // 0: nothing yet; 1: Process; 2: Others
}

// Action is a step of a process at a label.
type Action struct {
	Label   Label
	Process uint8
	Other   uint8 // process to compare with
}

// String is the text of the action.
func (a Action) String() string {
	if a.Label == Compare && a.Other != done {
		return fmt.Sprintf("Compare(%d, %d)", a.Process, a.Other)
	}
	return fmt.Sprintf("%v(%d)", a.Label, a.Process)
}

// done stands for Other when no process is left to compare with.
const done = MaxProcesses

// Model is the algorithm for N processes.
type Model struct {
	N         int
	Trusting  bool // a process does not look whether others stand
	Starving  bool // each process is promised to enter, which the algorithm does not guarantee
	Scheduled bool // some process goes on, but not each
}

var _ allways.Fair[State] = Model{}

// Init implements [allways.Model]. Any process has the turn.
func (m Model) Init() (all []State) {
	for k := range uint8(m.N) {
		all = append(all, State{Turn: k})
	}
	return all
}

// Actions implements [allways.Model].
func (m Model) Actions(dst []Action, s State) []Action {
	for p := range uint8(m.N) {
		if s.At[p] != Compare || s.Seen[p].Others == 0 {
			dst = append(dst, Action{s.At[p], p, done})
			continue
		}
		for q := range uint8(m.N) {
			if s.Seen[p].Others>>q&1 != 0 {
				dst = append(dst, Action{Compare, p, q})
			}
		}
	}
	return dst
}

// Next implements [allways.Model].
func (m Model) Next(s State, a Action) (State, bool) {
	p := a.Process
	next := a.Label + 1
	switch a.Label {
	case Request:
		s.Wants[p] = true
	case Check:
		if s.Turn == p {
			next = Stand
		}
	case Withdraw, Resign:
		s.Stands[p] = false
	case Look:
		s.Seen[p] = Seen{Process: s.Turn, Kind: 1}
	case Ask:
		if s.Wants[s.Seen[p].Process] {
			next = Again
		}
	case Claim:
		s.Turn = p
	case Again:
		next = Check
	case Stand:
		s.Stands[p], s.Seen[p] = true, m.others(p)
	case Compare:
		if a.Other == done {
			break
		}
		s.Seen[p].Others &^= 1 << a.Other
		if next = Compare; s.Stands[a.Other] {
			next = Check
		}
	case Release:
		s.Wants[p] = false
	case Rest:
		next = Request
	}
	s.At[p] = next
	return s, true
}

// others returns those that a process compares with.
func (m Model) others(p uint8) Seen {
	if m.Trusting {
		return Seen{Kind: 2}
	}
	return Seen{Others: (1<<m.N - 1) &^ (1 << p), Kind: 2}
}

// Properties implements [allways.Model].
func (m Model) Properties() []allways.Property[State] {
	all := []allways.Property[State]{allways.Always("mutual exclusion", func(s State) bool { return m.critical(s) <= 1 })}
	for p := range m.N {
		name, enters := "some process enters after process %d tries", func(s State) bool { return m.critical(s) > 0 }
		if m.Starving {
			name, enters = "process %d enters after it tries", func(s State) bool { return s.At[p] == Critical }
		}
		tries := func(s State) bool { return Request < s.At[p] && s.At[p] < Critical }
		all = append(all, allways.Temporal(fmt.Sprintf(name, p),
			allways.Predicate("trying", tries).LeadsTo(allways.Predicate("critical", enters))))
	}
	return all
}

// critical returns how many processes are in their critical sections.
func (m Model) critical(s State) (n int) {
	for _, l := range s.At[:m.N] {
		if l == Critical {
			n++
		}
	}
	return n
}

// Fairness implements [allways.Fair]. A process goes on, unless it rests.
func (m Model) Fairness() []allways.Fairness[State] {
	if m.Scheduled {
		return nil
	}
	return []allways.Fairness[State]{allways.WeaklyFairEach("process", func(_ State, a Action, _ State) (uint8, bool) {
		return a.Process, a.Label != Rest
	})}
}

// FormatState implements [allways.StateFormatter].
func (m Model) FormatState(s State) string {
	return fmt.Sprintf("At:%v Turn:%d Wants:%v Stands:%v", s.At[:m.N], s.Turn, s.Wants[:m.N], s.Stands[:m.N])
}
