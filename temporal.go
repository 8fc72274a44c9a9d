package allways

import (
	"strings"

	"github.com/allways-go/allways/internal/runs"
	"github.com/allways-go/allways/internal/temporal"
)

// Runs. A run begins in an initial state and goes on for as long as there are steps: a run that ends
// stays in its last state forever. A promise about runs holds if every run keeps it that honours the
// fairness constraints of the promise; see [Property.Assuming].

// Formula is a statement about a position of a run: the state there, the step that is taken there, and
// all that follows. Make one with [Predicate], [StepPredicate] and [Enabled], and combine them by the
// methods. The zero value is refused when the model is checked. A formula is immutable, and it may be used
// several times: its predicates are then evaluated only once for each state or step.
type Formula[S any] struct{ root *formula[S] }

// formula is a formula. Predicates differ if their addresses do.
type formula[S any] struct {
	op    temporal.Op
	name  string
	state func(S) bool
	step  any // func(before S, a A, after S) bool
	args  []*formula[S]
}

// Predicate holds where f holds of the state. The name stands for it in reports.
func Predicate[S any](name string, f func(S) bool) Formula[S] {
	return Formula[S]{&formula[S]{op: temporal.State, name: name, state: f}}
}

// StepPredicate holds where the step that is taken changes the state and f holds of it, as <<A>>_v does in
// TLA+. A must be the model's action type.
func StepPredicate[S, A any](name string, f func(before S, a A, after S) bool) Formula[S] {
	x := &formula[S]{op: temporal.Step, name: name}
	if f != nil {
		x.step = f
	}
	return Formula[S]{x}
}

// Enabled holds where a step is possible that satisfies a [StepPredicate], as ENABLED <<A>>_v does in TLA+.
// Steps that lead out of the boundary are possible, too. Any other formula is refused when the model is
// checked.
func Enabled[S any](step Formula[S]) Formula[S] {
	return Formula[S]{&formula[S]{op: temporal.Enabled, args: []*formula[S]{step.root}}}
}

func compose[S any](op temporal.Op, args ...Formula[S]) Formula[S] {
	x := &formula[S]{op: op}
	for _, a := range args {
		x.args = append(x.args, a.root)
	}
	return Formula[S]{x}
}

// Not holds where f does not.
func (f Formula[S]) Not() Formula[S] { return compose(temporal.Not, f) }

// And holds where f and g hold.
func (f Formula[S]) And(g Formula[S]) Formula[S] { return compose(temporal.And, f, g) }

// Or holds where f or g holds.
func (f Formula[S]) Or(g Formula[S]) Formula[S] { return compose(temporal.Or, f, g) }

// Implies holds where g holds or f does not.
func (f Formula[S]) Implies(g Formula[S]) Formula[S] { return compose(temporal.Implies, f, g) }

// Always holds where f holds from there on.
func (f Formula[S]) Always() Formula[S] { return compose(temporal.Always, f) }

// Eventually holds where f holds there or later.
func (f Formula[S]) Eventually() Formula[S] { return compose(temporal.Eventually, f) }

// Until holds where g holds there or later, and f holds until then.
func (f Formula[S]) Until(g Formula[S]) Formula[S] { return compose(temporal.Until, f, g) }

// Release holds where g holds up to and including the first position where f holds, or forever if f never does.
func (f Formula[S]) Release(g Formula[S]) Formula[S] { return compose(temporal.Release, f, g) }

// LeadsTo holds where from there on, wherever f holds, g holds there or later.
func (f Formula[S]) LeadsTo(g Formula[S]) Formula[S] { return f.Implies(g.Eventually()).Always() }

// String returns the formula as it is written in the field, such as "[](p => <>q)".
func (f Formula[S]) String() string {
	if f.root == nil {
		return "(no formula)"
	}
	x, err := f.root.compiled(func(*formula[S]) (int, error) { return 0, nil })
	if err != nil {
		return "(" + err.Error() + ")"
	}
	return x.String()
}

// compiled returns a formula without types. number gives the predicates numbers, by the kind of atom.
func (f *formula[S]) compiled(number func(*formula[S]) (int, error)) (x *temporal.Formula, err error) {
	switch {
	case f == nil:
		return nil, errNoFormula
	case f.op == temporal.Enabled && (f.args[0] == nil || f.args[0].op != temporal.Step):
		return nil, errNotStep
	}
	x = &temporal.Formula{Op: f.op, Name: f.name}
	if f.op == temporal.Enabled {
		x.Name = f.args[0].name
		x.Atom, err = number(f.args[0])
		return x, err
	}
	if f.op == temporal.State || f.op == temporal.Step {
		x.Atom, err = number(f)
		return x, err
	}
	for _, a := range f.args {
		y, err := a.compiled(number)
		if err != nil {
			return nil, err
		}
		x.Args = append(x.Args, y)
	}
	return x, nil
}

// LeadsTo promises that on every run, wherever p holds, q holds there or later.
//
// Reports speak of p and q. Predicates with names make the same promise, and reports that say which one failed:
//
//	Temporal(name, Predicate("waiting", p).LeadsTo(Predicate("served", q)))
//
// A boundary or a limit leaves most such promises inconclusive, since a run that breaks them may begin where the search
// ends. Make the state space finite by the model instead: count tries and faults, and let q be possible after the last.
func LeadsTo[S any](name string, p, q func(S) bool) Property[S] {
	return ofRuns(name, KindLeadsTo, Predicate("p", p).LeadsTo(Predicate("q", q)))
}

// InfinitelyOften promises that on every run p holds again and again: after every state there is one in
// which it holds.
func InfinitelyOften[S any](name string, p func(S) bool) Property[S] {
	return ofRuns(name, KindInfinitelyOften, Predicate("p", p).Eventually().Always())
}

// EventuallyForever promises that on every run p holds from some state on.
func EventuallyForever[S any](name string, p func(S) bool) Property[S] {
	return ofRuns(name, KindEventuallyForever, Predicate("p", p).Always().Eventually())
}

// Until promises that on every run q holds in some state, and p in all states before.
func Until[S any](name string, p, q func(S) bool) Property[S] {
	return ofRuns(name, KindUntil, Predicate("p", p).Until(Predicate("q", q)))
}

// Temporal promises that every run satisfies a formula, at its beginning. If [LeadsTo], [InfinitelyOften],
// [EventuallyForever] or [Until] of predicates of states says the same, the property is of that kind.
func Temporal[S any](name string, f Formula[S]) Property[S] {
	kind := KindTemporal
	if x, err := f.root.compiled(func(*formula[S]) (int, error) { return 0, nil }); err == nil {
		kind = PropertyKind(runs.Everyday(x))
	}
	return ofRuns(name, kind, f)
}

// AlwaysPossible promises that from every reachable state a state can be reached in which p holds. Whether
// a run goes there is another question, so no fairness matters. Its counterexample is a shortest path to a
// state from which p is out of reach. A state from which a path leads out of the boundary, or to states that
// a limit has left out, proves nothing. A replay of the path alone proves nothing, either.
func AlwaysPossible[S any](name string, p func(S) bool) Property[S] {
	return ofRuns(name, KindPossible, Predicate("p", p))
}

func ofRuns[S any](name string, kind PropertyKind, f Formula[S]) Property[S] {
	if f.root == nil {
		f.root = &formula[S]{op: temporal.And, args: []*formula[S]{nil}} // which is refused
	}
	return Property[S]{name: name, kind: kind, formula: f.root}
}

// Formula returns what a promise about runs says, and "" for all other properties.
func (p Property[S]) Formula() string {
	if p.formula == nil {
		return ""
	}
	return Formula[S]{p.formula}.String()
}

// Assuming returns the promise for runs that honour fairness constraints, in addition to those that it has.
// It is for [Eventually] and the promises about runs; for others it is refused when the model is checked.
func (p Property[S]) Assuming(f ...Fairness[S]) Property[S] {
	p.fair = append(p.fair[:len(p.fair):len(p.fair)], f...)
	if len(f) == 0 {
		return p
	}
	if p.kind == KindEventually && p.formula == nil && p.state != nil {
		p.formula = Predicate("p", p.state).Eventually().root
	}
	return p
}

// Fairness is a constraint on runs. Make one with [WeaklyFair], [StronglyFair], [WeaklyFairEach],
// [StronglyFairEach] or [MayStop]. A value that several properties assume is evaluated once for each step.
type Fairness[S any] struct{ constraint *constraint }

// constraint is a constraint; constraints differ if their addresses do.
type constraint struct {
	name    string
	strong  bool
	step    any // func(before S, a A, after S) bool
	key     any // func(before S, a A, after S) (any, bool)
	mayStop bool
}

// WeaklyFair is the constraint that a step that satisfies f is taken again and again if such a step stays
// enabled from some state on. Only steps that change the state count. A must be the model's action type. For all steps
// there is [WeaklyFairNext].
func WeaklyFair[S, A any](name string, f func(before S, a A, after S) bool) Fairness[S] {
	return fairStep(name, false, f)
}

// StronglyFair is the constraint that a step that satisfies f is taken again and again if such a step is
// enabled again and again. Only steps that change the state count.
func StronglyFair[S, A any](name string, f func(before S, a A, after S) bool) Fairness[S] {
	return fairStep(name, true, f)
}

func fairStep[S, A any](name string, strong bool, f func(before S, a A, after S) bool) Fairness[S] {
	return Fairness[S]{&constraint{name: name, strong: strong, step: f}}
}

// WeaklyFairNext is the constraint that some step that changes the state is taken if there is one: no run stays
// forever in a state that it could leave. Promises that assume it are about the runs of
// Init /\ [][Next]_v /\ WF_v(Next) of TLA+, those that assume only [MayStop] about those of Init /\ [][Next]_v.
func WeaklyFairNext[S any]() Fairness[S] {
	return Fairness[S]{&constraint{name: "any step", step: func(S, S) bool { return true }}}
}

// WeaklyFairEach is one [WeaklyFair] for each value of key, such as one for each process. Steps for which
// key reports false belong to none.
func WeaklyFairEach[S, A any, K comparable](name string, key func(before S, a A, after S) (K, bool)) Fairness[S] {
	return fairEach(name, false, key)
}

// StronglyFairEach is one [StronglyFair] for each value of key.
func StronglyFairEach[S, A any, K comparable](name string, key func(before S, a A, after S) (K, bool)) Fairness[S] {
	return fairEach(name, true, key)
}

func fairEach[S, A any, K comparable](name string, strong bool, key func(S, A, S) (K, bool)) Fairness[S] {
	c := &constraint{name: name, strong: strong}
	if key != nil {
		c.key = func(before S, a A, after S) (any, bool) {
			k, ok := key(before, a, after)
			return k, ok
		}
	}
	return Fairness[S]{c}
}

// MayStop lets runs stop in any state, unless another constraint forbids it, as a specification
// Init /\ [][Next]_v of TLA+ does. Without it runs go on for as long as there are steps. The two differ from
// [WeaklyFairNext] by steps that change nothing, which go on and make no progress.
func MayStop[S any]() Fairness[S] { return Fairness[S]{&constraint{name: "may stop", mayStop: true}} }

// Name returns the name of the constraint, after the kind of fairness, such as "weakly fair: deliveries".
func (f Fairness[S]) Name() string {
	c := f.constraint
	switch {
	case c == nil:
		return ""
	case c.mayStop:
		return runs.StopsAnywhere
	}
	kind := "weakly fair"
	if c.strong {
		kind = "strongly fair"
	}
	if c.key != nil {
		kind += ", each"
	}
	return strings.TrimSuffix(kind+": "+c.name, ": ")
}
