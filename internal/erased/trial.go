package erased

import (
	"reflect"
	"unsafe"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/plan"
)

// Trial is a state of a path that may be altered, even to one that cannot occur, to ask what a property makes
// of it. It is not safe for concurrent use.
type Trial struct {
	Parts []Part
	Units []reflect.Value // places that a property looks behind; one that it reads must not be zero
	Name  func(x reflect.Value) (name string, ok bool)
	// Holds judges the state as it is now; see [Path.Holds]. The property gets a copy.
	Holds func() (bool, error)
}

// Part is a part of a state, where [StateTree] shows it.
type Part struct {
	Keys  []any         // names of fields and numbers of elements that lead to it
	Value reflect.Value // the part itself, to be set
	Whole bool          // it is shown as one text
	Unit  int           // index among the units of the one that it belongs to; -1 without one
}

// NewTrial returns the i-th state of a path to be altered, and judged by a property. Of a property of steps,
// the state is the one after the step.
func NewTrial(p *Path, i int, property string) (*Trial, error) {
	return p.m.typed.trial(p.p, i, property)
}

// Parts returns the parts of a copy of the i-th state of a path.
func Parts(p *Path, i int) []Part { return p.m.typed.open(p.p, i).parts }

// opened is a copy of a state, of which parts may be altered.
type opened struct {
	state reflect.Value // the state, to be set
	parts []Part
	units []reflect.Value
	name  func(x reflect.Value) (name string, ok bool)
}

func (o *opened) unit(at any) { o.units = append(o.units, reflect.ValueOf(at).Elem()) }

func (o *opened) part(at any, whole bool, keys ...any) {
	o.parts = append(o.parts, Part{keys, reflect.ValueOf(at).Elem(), whole, len(o.units) - 1})
}

func (t *source[S, A]) open(p *allways.Path[state, action], i int) *opened {
	s := new(S)
	o := &opened{state: reflect.ValueOf(s).Elem(), name: func(reflect.Value) (string, bool) { return "", false }}
	if l := t.looks(); l != nil {
		o.name = l.Name
		*s = l.Open(t.at(p, i), o.unit, o.part)
		return o
	}
	was := t.at(p, i)
	if c, err := plan.For[S](); err == nil { // else there would be no path
		c.Clone(unsafe.Pointer(s), unsafe.Pointer(&was))
	}
	o.part(s, false)
	return o
}

// altered is a model that begins with a state of our choice. If after is set, its steps lead there. Since it has
// no method but those of every model, its states are copied by content, and may be any.
type altered[S, A any] struct {
	allways.Model[S, A]
	before, after *S
}

func (m *altered[S, A]) Init() []S { return []S{*m.before} }

func (m *altered[S, A]) Next(s S, a A) (S, bool) {
	if m.after != nil {
		return *m.after, true
	}
	return m.Model.Next(s, a)
}

func (t *source[S, A]) trial(p *allways.Path[state, action], i int, property string) (*Trial, error) {
	o := t.open(p, i)
	m := &altered[S, A]{Model: t.m, before: o.state.Addr().Interface().(*S)}
	stepper, err := allways.NewStepper(allways.Model[S, A](m))
	if err != nil {
		return nil, err
	}
	steps := i > 0 && t.judgesSteps(property)
	if steps {
		before := t.at(p, i-1)
		m.before, m.after = &before, m.before
	}
	holds := func() (bool, error) {
		q, err := stepper.Start(0)
		if err == nil && steps {
			q, err = stepper.Suppose(q, t.typedPath(p).Step(i-1).Action, 0)
		}
		if err != nil {
			return false, err
		}
		return stepper.Holds(q, q.Len(), property)
	}
	return &Trial{Parts: o.parts, Units: o.units, Name: o.name, Holds: holds}, nil
}

// judgesSteps reports whether a property is one of steps.
func (t *source[S, A]) judgesSteps(property string) bool {
	for _, p := range t.m.Properties() {
		if p.Name() == property {
			return p.Kind() == allways.KindStep
		}
	}
	return false
}
