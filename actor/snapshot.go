package actor

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor/internal/core"
	kinds "github.com/allways-go/allways/internal/property"
)

// Snapshot returns the system as it stands, a [*Model]. The error says what is wrong with its making.
func (sys *System[M]) Snapshot() (allways.Model[*State[M], Action[M]], error) {
	s := sys.take()
	switch {
	case s.err != nil:
		return nil, s.err
	case len(s.model.sys.Actors) == 0:
		return nil, errors.New("the system has no actors: use Spawn")
	}
	return s.model, nil
}

// Program is a system as package node runs it, whatever the type of its messages. Every [*System] and every
// [*Model] is one.
type Program interface {
	// Compile is for package node, which runs the system as it stands.
	Compile() (*core.System, error)
}

var _, _ Program = (*System[int])(nil), (*Model[int])(nil)

// Compile implements [Program].
func (sys *System[M]) Compile() (*core.System, error) {
	s := sys.take()
	if s.err != nil {
		return nil, s.err
	}
	return s.model.sys, nil
}

// Names returns the names of the actors of a program, by id. The error says what is wrong with its making.
func Names(p Program) (names []string, err error) {
	sys, err := p.Compile()
	if err != nil {
		return nil, err
	}
	for _, a := range sys.Actors {
		names = append(names, a.Name)
	}
	return names, nil
}

// Len returns the number of actors spawned so far.
func Len[M any](sys *System[M]) int { return len(sys.actors) }

// Init implements [allways.Model]; see [Model.Init]. Like the other methods of the interface, it panics if
// there is a mistake in the making of the system.
func (sys *System[M]) Init() []*State[M] { return sys.must().Init() }

// Actions implements [allways.Model]; see [Model.Actions].
func (sys *System[M]) Actions(dst []Action[M], s *State[M]) []Action[M] {
	return sys.must().Actions(dst, s)
}

// Next implements [allways.Model]; see [Model.Next].
func (sys *System[M]) Next(s *State[M], a Action[M]) (*State[M], bool) { return sys.must().Next(s, a) }

// Properties implements [allways.Model].
func (sys *System[M]) Properties() []allways.Property[*State[M]] { return sys.must().Properties() }

func (sys *System[M]) must() *Model[M] {
	s := sys.take()
	if s.err != nil {
		panic(s.err)
	}
	return s.model
}

// take returns the snapshot of the system as it stands. It is made once, unless the system changes.
func (sys *System[M]) take() *snapshot[M] {
	if s := sys.snapshot.Load(); s != nil {
		return s
	}
	s := &snapshot[M]{}
	s.model, s.err = sys.compile()
	sys.snapshot.Store(s)
	return s
}

func (sys *System[M]) compile() (*Model[M], error) {
	c := &core.System{
		Config: sys.config.core(), Links: maps.Clone(sys.links), Splits: slices.Clone(sys.splits),
		Groups:  slices.Clone(sys.groups),
		Initial: slices.Clone(sys.initial), Messages: sys.messages, Values: sys.values,
		MessageTypes: slices.Clone(sys.types), ClientTypes: slices.Clone(sys.clientTypes),
		ValueTypes: slices.Clone(sys.valueTypes),
		IDType:     reflect.TypeFor[ID](), IDOf: idOf, MaxMemo: sys.maxMemo,
		Credulous: sys.credulous,
	}
	naming := core.Naming(c)
	c.Messages.Naming, c.Values.Naming = naming, naming
	v := &views[M]{messages: c.Messages, origin: origin{system: sys.id}}
	c.Views = v
	for _, x := range sys.aux {
		c.Aux = append(c.Aux, x.(nameable).named(naming))
	}
	for _, a := range sys.actors {
		kept := *a
		kept.State.Naming = naming
		c.Actors = append(c.Actors, &kept)
		v.origin.actors = append(v.origin.actors, a.Name)
	}
	if c.Within = sys.inside(); sys.within == nil {
		c.Bounds = map[int][]func(any) bool{}
		for _, b := range sys.bounds {
			c.Bounds[int(b.id)] = append(c.Bounds[int(b.id)], b.actor)
		}
	}
	m := &Model[M]{facts: facts{c}, origin: v.origin}
	fair := Fairness(sys, sys.config.Fair&allFair)
	for _, p := range sys.properties {
		if runs := p.Formula() != "" || p.Kind() == allways.KindEventually; runs && p.Kind() != allways.KindPossible {
			p.Property = p.Assuming(fair...)
		}
		m.properties = append(m.properties, p.Property)
		c.Properties = append(c.Properties, p.core(c))
	}
	if err := errors.Join(sys.mistakes(), sys.check(c), sys.config.check(c), sys.decideIgnored(c)); err != nil {
		return nil, err
	}
	c.Watch()
	return m, nil
}

func (p property[M]) core(sys *core.System) core.Property {
	q := core.Property{
		Name: p.Name(), Where: fmt.Sprintf("property %q", p.Name()), Kind: kinds.Kind(p.Kind()), Aux: p.aux,
	}
	if p.test != nil {
		q.Test = func(s any) bool { return p.test(s.(*State[M])) }
	}
	if p.step != nil {
		q.Step = func(before any, a core.Action, after any) bool {
			return p.step(before.(*State[M]), actionOf[M](sys, a), after.(*State[M]))
		}
	}
	return q
}

// check refuses what cannot be meant.
func (sys *System[M]) check(c *core.System) error {
	var errs []error
	fail := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	for ends, l := range c.Links {
		for _, id := range ends {
			if id != c.Known(id) {
				fail("Link(%d, %d): there is no actor %d; NoActor stands for all ids that no actor has",
					ends[0], ends[1], id)
			}
		}
		if !l.Network.Valid() {
			fail("Link(%d, %d): %d is no network", ends[0], ends[1], l.Network)
		}
	}
	for _, m := range c.Initial {
		if m.To != c.Known(m.To) {
			fail("InFlight(%d, %d, ...): there is no actor %d, so the message would never be delivered",
				m.From, m.To, m.To)
		}
	}
	return errors.Join(errs...)
}

// decideIgnored decides what happens to deliveries without effect, and whether dead messages are forgotten.
func (sys *System[M]) decideIgnored(c *core.System) error {
	steps, lasting, sound := "", "", "Always or Sometimes" // the first that sees such deliveries; or dead messages
	for _, p := range slices.Backward(c.Properties) {
		switch {
		case p.Kind == kinds.Refinement: // which sees no inboxes, and allows steps that it does not see
			sound = "Always, Sometimes or Refines"
		case p.Kind == kinds.Deadlock: // a state without steps has no dead messages, or they are no steps
			steps = fmt.Sprintf("property %q", p.Name)
		case !p.Kind.OfStates():
			steps = fmt.Sprintf("property %q", p.Name)
			lasting = steps
		}
	}
	for _, a := range slices.Backward(c.Aux) {
		if _, ok := a.(core.Observer); ok {
			observer := fmt.Sprintf("observer %q", a.Name())
			steps, lasting = cmp.Or(steps, observer), cmp.Or(lasting, observer)
		}
	}
	forgets := sys.config.Ignored == IgnoredForgotten
	c.KeepIgnored = sys.config.Ignored != IgnoredConsumed && steps == ""
	c.Forgets = forgets && lasting == ""
	c.Hides = c.KeepIgnored || c.Forgets
	switch {
	case forgets && lasting != "":
		c.Reason = "and dead ones are not forgotten, since there is " + lasting
	case sys.config.Ignored != IgnoredAuto && (!forgets || steps == ""):
		c.Reason = "as Config.Ignored says"
	case steps == "":
		c.Reason = "since all properties are " + sound + ", and there are no observers"
	default:
		c.Reason = "since there is " + steps
	}
	if sys.config.Ignored == IgnoredKept && steps != "" {
		return fmt.Errorf("Config.Ignored is IgnoredKept, which is unsound for %s: "+
			"use IgnoredAuto or IgnoredConsumed", steps)
	}
	return nil
}
