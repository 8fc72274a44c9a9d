package actor

import (
	"reflect"

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

// Open returns a copy of a state that may be altered, even to states that cannot occur. It calls unit with the
// address of each pointer, or interface, behind which a property finds something: without it, a property that reads
// it fails. It calls part with a pointer to each part that StateTree shows under the given keys; what is whole is
// shown as a text. A part belongs to the unit before it.
func (l looks[M]) Open(s *State[M], unit func(at any), part func(at any, whole bool, keys ...any)) *State[M] {
	c, sys := l.m.typed(l.m.content(s)), l.m.sys
	part(&c.faults.Split, true, "partition")
	for id, a := range c.actors {
		name := sys.Name(id)
		unit(&c.actors[id])
		part(a.State, false, "actors", name)
		part(&a.Down, true, "down")
		part(&a.Timers, false, "timers", name)
		part(&a.Choices, true, "choices", name)
		if a.Saved {
			part(&a.Stored, false, "stored", name)
		}
	}
	for k := range c.aux {
		unit(&c.aux[k])
		part(c.aux[k], true, "observed", sys.Aux[k].Name())
	}
	if !c.private {
		c.openInboxes(unit, part)
	}
	return c
}

// openInboxes is Open for the messages in flight, in the order in which StateTree lists them.
func (s *State[M]) openInboxes(unit func(at any), part func(at any, whole bool, keys ...any)) {
	n := 0
	for to, box := range s.inboxes {
		unit(&s.inboxes[to])
		for i := range box.Bag {
			part(&box.Bag[i].Msg, false, "inFlight", n, "message")
			n++
		}
		for _, q := range box.Queues {
			for i := range q.Msgs {
				part(&q.Msgs[i], false, "inFlight", n, "message")
				n++
			}
		}
		part(box, true, "inFlight")
	}
}

// Name returns the name of the actor that a value is the id of.
func (l looks[M]) Name(x reflect.Value) (name string, ok bool) { return core.Naming(l.m.sys)(x) }
