// Waterjugs is the puzzle of measuring an amount of water with jugs without marks.
package main

import (
	"fmt"

	"github.com/allways-go/allways"
)

// State is the amount of water in each jug.
type State []int

// Kind is the kind of an action.
type Kind uint8

// The kinds of actions.
const (
	Fill Kind = iota
	Empty
	Pour
)

// String names the kind.
func (k Kind) String() string { return [...]string{"Fill", "Empty", "Pour"}[k] }

// Action is a step with a jug.
type Action struct {
	Kind      Kind
	Jug, Into int // Into is the target of Pour
}

// String is the text of the action.
func (a Action) String() string {
	if a.Kind == Pour {
		return fmt.Sprintf("Pour %d into %d", a.Jug, a.Into)
	}
	return fmt.Sprintf("%v %d", a.Kind, a.Jug)
}

// Model is a puzzle: jugs with capacities, and the amount to measure in one of them.
type Model struct {
	Capacities []int
	Target     int
	// Spilling pours all water of a jug, even if the other one becomes full.
	Spilling bool
}

var _ allways.Model[State, Action] = Model{}

// Init implements [allways.Model].
func (m Model) Init() []State { return []State{make(State, len(m.Capacities))} }

// Actions implements [allways.Model].
func (m Model) Actions(dst []Action, s State) []Action {
	for jug := range s {
		dst = append(dst, Action{Kind: Fill, Jug: jug}, Action{Kind: Empty, Jug: jug})
		for into := range s {
			if into != jug {
				dst = append(dst, Action{Pour, jug, into})
			}
		}
	}
	return dst
}

// Next implements [allways.Model]. Filling a full jug or emptying an empty one has no effect.
func (m Model) Next(s State, a Action) (State, bool) {
	next := append(State(nil), s...)
	switch a.Kind {
	case Fill:
		next[a.Jug] = m.Capacities[a.Jug]
	case Empty:
		next[a.Jug] = 0
	case Pour:
		amount := min(s[a.Jug], m.Capacities[a.Into]-s[a.Into])
		next[a.Jug] -= amount
		next[a.Into] += amount
		if m.Spilling {
			next[a.Jug] = 0
		}
	}
	for i := range s {
		if next[i] != s[i] {
			return next, true
		}
	}
	return s, false
}

// Properties implements [allways.Model].
func (m Model) Properties() []allways.Property[State] {
	return []allways.Property[State]{
		allways.Sometimes("measured", func(s State) bool {
			for _, amount := range s {
				if amount == m.Target {
					return true
				}
			}
			return false
		}),
		allways.Always("no jug overflows", func(s State) bool {
			for i, amount := range s {
				if amount < 0 || amount > m.Capacities[i] {
					return false
				}
			}
			return true
		}),
		allways.AlwaysStep("pouring keeps the water", func(before State, a Action, after State) bool {
			return a.Kind != Pour || sum(before) == sum(after)
		}),
	}
}

func sum(s State) (total int) {
	for _, amount := range s {
		total += amount
	}
	return total
}
