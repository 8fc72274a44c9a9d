package actor

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/allways-go/allways/actor/diagram"
	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/actor/internal/forge"
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
// about: faults of kinds that it excludes, faults beyond its limits, and messages that overtake others.
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

// Models returns the messages that a person may forge after some states, as JSON with what it reads like: those in
// flight in the states, the latest first, and an empty one of each type that is known.
func (l looks[M]) Models(states []*State[M]) (all []diagram.Message, forms []string) {
	seen := l.flown(states)
	types := l.types(seen)
	add := func(f flown) {
		if form, err := forge.Write(l.m.sys, types, f.msg); err == nil {
			all = append(all, diagram.Message{From: f.from, To: f.to, Sent: f.state, Text: text.Message(l.m.sys, f.msg)})
			forms = append(forms, form)
		}
	}
	for _, f := range seen {
		add(f)
	}
	for _, msg := range l.empty(types) {
		if !slices.ContainsFunc(seen, func(f flown) bool { return f.msg == msg }) {
			add(flown{from: core.NoActor, to: core.NoActor, msg: msg, state: -1})
		}
	}
	return all, forms
}

// flown is a message that was in flight.
type flown struct {
	from, to int
	msg      string
	state    int // the last one that had it in flight
}

// flown returns the messages in flight in some states, the latest first, each once.
func (l looks[M]) flown(states []*State[M]) (all []flown) {
	had := map[flown]bool{}
	for i, s := range slices.Backward(states) {
		for to, box := range l.m.content(s).Inboxes {
			for _, e := range box.All() {
				key := flown{from: e.From, to: to, msg: e.Msg}
				if !had[key] {
					had[key] = true
					all = append(all, flown{e.From, to, e.Msg, i})
				}
			}
		}
	}
	return all
}

// types returns the types of values in interfaces that the system names, or that messages hold.
func (l looks[M]) types(seen []flown) []reflect.Type {
	types := slices.Concat(l.m.sys.MessageTypes, l.m.sys.ValueTypes)
	for _, f := range seen {
		for _, t := range forge.Types(l.m.sys, f.msg) {
			if !slices.Contains(types, t) {
				types = append(types, t)
			}
		}
	}
	return types
}

// empty returns the zero message of each type.
func (l looks[M]) empty(types []reflect.Type) (all []string) {
	k := &l.m.sys.Messages
	if t := k.Plan.Type(); t.Kind() != reflect.Interface {
		return []string{k.Encode(k.New())}
	}
	for _, t := range types {
		v := reflect.New(t).Elem()
		if t.Kind() == reflect.Pointer {
			v.Set(reflect.New(t.Elem()))
		}
		if m, ok := v.Interface().(M); ok {
			all = append(all, k.Encode(&m))
		}
	}
	return all
}

// Forge returns the step that puts a message in flight after some states, which no actor has sent. The error says
// what is wrong with the JSON of the message, or with the ids.
func (l looks[M]) Forge(states []*State[M], from, to int, message string) (a Action[M], err error) {
	sys := l.m.sys
	switch {
	case !sys.Has(to):
		return a, fmt.Errorf("there is no actor %d to receive a message; there are %d", to, len(sys.Actors))
	case !sys.Has(from) && from != core.NoActor:
		return a, fmt.Errorf("there is no actor %d to send a message; there are %d, and -1 stands for outside", from,
			len(sys.Actors))
	}
	msg, err := forge.Read(sys, l.types(l.flown(states)), message)
	if err != nil {
		return a, err
	}
	return actionOf[M](sys, core.Action{Kind: core.Forge, Actor: to, From: from, Msg: msg}), nil
}

// Forged returns what Forge was given for a step; ok is false for a step of another kind.
func (l looks[M]) Forged(a Action[M]) (from, to int, message string, ok bool) {
	if a.Kind != Forge {
		return 0, 0, "", false
	}
	message, err := forge.Text(l.m.sys, l.m.sys.Messages.Encode(&a.Msg))
	if err != nil {
		panic(err) // Forge has read it
	}
	return int(a.From), int(a.Actor), message, true
}

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
