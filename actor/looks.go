package actor

import (
	"github.com/allways-go/allways/actor/diagram"
	"github.com/allways-go/allways/actor/internal/core"
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

// Started returns the lines that each actor logs when it starts.
func (l looks[M]) Started() (all [][]string) {
	for id := range l.m.sys.Actors {
		all = append(all, l.m.plain().Logged(id, l.m.sys.Unstarted(id), &core.Event{Kind: core.Start}))
	}
	return all
}

// Logged returns the actor that handles an event in a step, and the lines that it logs; none for other steps.
func (l looks[M]) Logged(before *State[M], a Action[M]) (actor int, lines []string) {
	c := a.content(l.m.sys)
	ev, ok := c.Event()
	if !ok {
		return c.Actor, nil
	}
	l.m.check(before)
	return c.Actor, l.m.plain().Logged(c.Actor, l.m.sys.Local(c.Actor, before.actors[c.Actor]), &ev)
}
