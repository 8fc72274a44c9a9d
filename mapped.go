package allways

import (
	"unsafe"

	"github.com/allways-go/allways/internal/refine"
	"github.com/allways-go/allways/internal/temporal"
	"github.com/allways-go/allways/internal/usercode"
)

// Mapped returns the promises of an abstract model as promises of a model whose states map to its states. Together
// with [Refines] they say that each run of the model, seen through the map, is a run of the abstract model as that
// has declared it. Each name begins with the given one. There are
//
//   - the properties of the abstract model, of the states to which states map. Predicates of steps see a step as
//     the abstract steps to which it maps: [AlwaysStep] must hold of all of them, a [StepPredicate] of one that
//     changes the abstract state, and what is [Enabled] is so in the abstract model;
//   - each fairness constraint of the abstract model (method Fairness), as a promise about runs: weak fairness of A
//     is []<>(~ENABLED <<A>> \/ <<A>>), strong fairness []<>ENABLED <<A>> => []<><<A>>;
//   - progress, unless the abstract model has [MayStop]: a run rests forever only in a state in which the abstract
//     model may, since it has no step there, or one that changes nothing.
//
// What the abstract properties assume is not assumed: the promises are about all runs that honour what the model
// itself assumes. Constraints by key, as of [WeaklyFairEach], are refused: they are one promise for each value of the
// key, and the values are known only when the search has ended, while promises are made before. Give the abstract model
// a constraint for each value, in a loop.
//
// The abstract model is asked for its properties at once, so call Mapped where the model is asked for its own.
func Mapped[S, T, B any](name string, abstract Model[T, B], to func(S) T) []Property[S] {
	refused := func(wrong string) []Property[S] { return []Property[S]{{name: name, kind: KindTemporal, wrong: wrong}} }
	r := refinementOf(abstract, to)
	x, wrong := r.abstraction()
	if wrong != "" {
		return refused(wrong)
	}
	fixed, err := snapshot(abstract)
	if err != nil {
		return refused(unusable(err))
	}
	m := &mapping[S, T, B]{Abstraction: x, name: name, to: to, done: map[*formula[T]]*formula[S]{}}
	err = usercode.Run("Properties or Fairness of the abstract model", func() {
		for _, p := range fixed.Properties() {
			m.property(p)
		}
		h, _ := hooksOf(fixed)
		m.fairness(h.fairness)
	})
	if err != nil {
		return refused(unusable(err))
	}
	return m.all
}

// mapping maps the promises of an abstract model.
type mapping[S, T, B any] struct {
	*refine.Abstraction
	name string
	to   func(S) T
	done map[*formula[T]]*formula[S]
	all  []Property[S]
}

func (m *mapping[S, T, B]) add(p Property[S], name string) {
	p.name, p.mapped = m.name+": "+name, m.Abstraction
	m.all = append(m.all, p)
}

// property adds a property of the abstract model.
func (m *mapping[S, T, B]) property(p Property[T]) {
	q := Property[S]{kind: p.kind, state: m.state(p.state), wrong: p.wrong}
	switch {
	case p.refines != nil: // of a model that is more abstract yet
		further := p.refines.to
		q.refines = &refinement{model: p.refines.model}
		if further != nil {
			q.refines.to = func(dst, s unsafe.Pointer) {
				t := m.to(*(*S)(s))
				further(dst, unsafe.Pointer(&t))
			}
		}
	case p.kind == KindEventually: // also with constraints, which are not assumed
	case p.formula != nil:
		q.formula = m.formula(p.formula)
	case p.step != nil:
		var f refine.Predicate
		if f, q.wrong = onStep[T, B](p.step); q.wrong == "" && f != nil {
			asked := m.Ask(f)
			q.step = func(before, after S) bool { return asked.Only(unsafe.Pointer(&before), unsafe.Pointer(&after)) }
		}
	}
	m.add(q, p.name)
}

func (m *mapping[S, T, B]) state(f func(T) bool) func(S) bool {
	if f == nil {
		return nil
	}
	return func(s S) bool { return f(m.to(s)) }
}

// formula returns a formula about the abstract model as one about the model. Formulas with shared parts stay so.
func (m *mapping[S, T, B]) formula(x *formula[T]) *formula[S] {
	if x == nil {
		return nil
	}
	if y, ok := m.done[x]; ok {
		return y
	}
	y := &formula[S]{op: x.op, name: x.name, state: m.state(x.state)}
	m.done[x] = y
	switch {
	case x.op == temporal.Enabled && x.args[0] != nil && x.args[0].op == temporal.Step:
		*y = *m.offered(x.args[0].name, x.args[0].step)
	case x.op == temporal.Step:
		y.step = m.taken(x.step)
	default:
		for _, a := range x.args {
			y.args = append(y.args, m.formula(a))
		}
	}
	return y
}

// taken returns the predicate of steps that map to an abstract step which satisfies step and changes the state.
func (m *mapping[S, T, B]) taken(step any) any {
	f, wrong := onStep[T, B](step)
	if f == nil || wrong != "" {
		return step // which is refused when the model is checked
	}
	asked := m.Ask(f)
	return func(before, after S) bool { return asked.Takes(unsafe.Pointer(&before), unsafe.Pointer(&after)) }
}

// offered returns the predicate of states in which such a step is possible in the abstract model.
func (m *mapping[S, T, B]) offered(name string, step any) *formula[S] {
	f, wrong := onStep[T, B](step)
	if f == nil || wrong != "" {
		return &formula[S]{op: temporal.Step, name: name, step: step} // which is refused when the model is checked
	}
	asked := m.Ask(f)
	return &formula[S]{op: temporal.State, name: "ENABLED " + name, state: func(s S) bool {
		return asked.Offers(unsafe.Pointer(&s))
	}}
}

// fairness adds what the abstract model assumes, and that it goes on while it can.
func (m *mapping[S, T, B]) fairness(declared func() []Fairness[T]) {
	mayStop := false
	if declared != nil {
		for _, f := range declared() {
			c := f.constraint
			switch {
			case c == nil:
				m.add(Property[S]{wrong: "promises a Fairness without a value: make it with WeaklyFair"}, "fairness")
			case c.mayStop:
				mayStop = true
			case c.step == nil:
				m.add(Property[S]{kind: KindTemporal, wrong: "promises fairness by key, which is one promise for each value of " +
					"the key, and these are not known before the search: give the abstract model a constraint for each value"},
					f.Name())
			default:
				m.add(Property[S]{kind: KindTemporal, formula: m.fair(c).root}, f.Name())
			}
		}
	}
	if !mayStop {
		asked := m.Ask(nil)
		rests := Predicate("the abstract model may stay", func(s S) bool { return asked.MayStay(unsafe.Pointer(&s)) })
		moves := Formula[S]{&formula[S]{op: temporal.Step, name: "an abstract step", step: m.taken(anyStep[T, B])}}
		m.add(Temporal("", rests.Or(moves).Eventually().Always()), "progress")
	}
}

func anyStep[T, B any](T, B, T) bool { return true }

// fair returns what a constraint of the abstract model says of runs.
func (m *mapping[S, T, B]) fair(c *constraint) Formula[S] {
	name := c.name
	if name == "" {
		name = "a step"
	}
	enabled := Formula[S]{m.offered(name, c.step)}
	taken := Formula[S]{&formula[S]{op: temporal.Step, name: name, step: m.taken(c.step)}}
	if c.strong {
		return enabled.Eventually().Always().Implies(taken.Eventually().Always())
	}
	return enabled.Not().Or(taken).Eventually().Always()
}
