// Philosophers is the dining philosophers problem: each needs the forks on both sides to eat.
package main

import (
	"fmt"

	"github.com/allways-go/allways"
)

// Phase is the phase of a philosopher.
type Phase uint8

// The phases of a philosopher.
const (
	Thinking Phase = iota
	HasOne         // holds the first of the two forks
	Eating         // holds both
)

// String names the phase.
func (p Phase) String() string { return [...]string{"thinking", "has one fork", "eating"}[p] }

// State holds the phases of the philosophers and the taken forks. Fork i is between philosopher i
// and the one before.
type State struct {
	Phases []Phase
	Taken  []bool
}

// Kind is the kind of an action.
type Kind uint8

// The actions of a philosopher.
const (
	TakeFirst Kind = iota
	TakeSecond
	PutDown
)

// String names the kind.
func (k Kind) String() string { return [...]string{"TakeFirst", "TakeSecond", "PutDown"}[k] }

// Action is a step of one philosopher.
type Action struct {
	Kind        Kind
	Philosopher int
}

// String is the text of the action.
func (a Action) String() string { return fmt.Sprintf("%v(%d)", a.Kind, a.Philosopher) }

// Model is a table of N philosophers.
type Model struct {
	N int
	// Ordered makes each philosopher take the fork with the lower number first. The last one then
	// starts on the other side.
	Ordered bool
}

var _ allways.Model[State, Action] = Model{}

// Init implements [allways.Model].
func (m Model) Init() []State { return []State{{make([]Phase, m.N), make([]bool, m.N)}} }

// forks returns the forks of a philosopher in the order of taking them.
func (m Model) forks(philosopher int) (first, second int) {
	first, second = philosopher, (philosopher+1)%m.N
	if m.Ordered && second < first {
		first, second = second, first
	}
	return first, second
}

// Actions implements [allways.Model].
func (m Model) Actions(dst []Action, s State) []Action {
	for i, phase := range s.Phases {
		first, second := m.forks(i)
		switch {
		case phase == Thinking && !s.Taken[first]:
			dst = append(dst, Action{TakeFirst, i})
		case phase == HasOne && !s.Taken[second]:
			dst = append(dst, Action{TakeSecond, i})
		case phase == Eating:
			dst = append(dst, Action{PutDown, i})
		}
	}
	return dst
}

// Next implements [allways.Model].
func (m Model) Next(s State, a Action) (State, bool) {
	next := State{append([]Phase(nil), s.Phases...), append([]bool(nil), s.Taken...)}
	first, second := m.forks(a.Philosopher)
	switch a.Kind {
	case TakeFirst:
		next.Phases[a.Philosopher], next.Taken[first] = HasOne, true
	case TakeSecond:
		next.Phases[a.Philosopher], next.Taken[second] = Eating, true
	case PutDown:
		next.Phases[a.Philosopher], next.Taken[first], next.Taken[second] = Thinking, false, false
	}
	return next, true
}

// Properties implements [allways.Model].
func (m Model) Properties() []allways.Property[State] {
	return []allways.Property[State]{
		allways.NoDeadlock[State]("no deadlock", nil),
		allways.Always("neighbours do not eat at once", func(s State) bool {
			for i, phase := range s.Phases {
				if phase == Eating && s.Phases[(i+1)%m.N] == Eating {
					return false
				}
			}
			return true
		}),
		allways.Sometimes("somebody eats", func(s State) bool {
			for _, phase := range s.Phases {
				if phase == Eating {
					return true
				}
			}
			return false
		}),
	}
}
