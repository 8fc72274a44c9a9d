package actor

import (
	"github.com/allways-go/allways/actor/diagram"
	"github.com/allways-go/allways/actor/internal/text"
)

// looks is what explorers show of states.
type looks[M any] struct{ m *Model[M] }

// StateTree returns a state as JSON: the states of the actors under their names, what they have stored,
// timers, choices, histories and observers, and the messages in flight.
func (l looks[M]) StateTree(s *State[M]) []byte { return text.Tree(l.m.sys, l.m.content(s)) }

// Histories returns the histories of a state as data for drawings.
func (l looks[M]) Histories(s *State[M]) []diagram.History {
	return text.Histories(l.m.sys, l.m.content(s))
}

// Suppositions returns steps that the configuration does not permit in a state, and that a person may ask
// about: faults of kinds that it excludes, and faults beyond its limits.
func (l looks[M]) Suppositions(s *State[M]) (all []Action[M]) {
	for _, a := range l.m.plain().Suppositions(l.m.content(s)) {
		all = append(all, actionOf[M](l.m.sys, a))
	}
	return all
}

// Assumption returns what of the configuration rules a step out.
func (l looks[M]) Assumption(a Action[M]) string { return l.m.plain().Assumption(a.content(l.m.sys)) }
