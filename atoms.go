package allways

import (
	"errors"
	"unsafe"

	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/property"
	"github.com/allways-go/allways/internal/runs"
)

// atoms collects the predicates of promises about runs, each once, as properties that no one sees.
type atoms[S, A any] struct {
	all     []gospace.Property
	numbers map[any]int // number among the atoms of its kind, by the address of a formula or constraint
	count   map[property.Kind]int
}

func newAtoms[S, A any]() *atoms[S, A] {
	return &atoms[S, A]{numbers: map[any]int{}, count: map[property.Kind]int{}}
}

var (
	errNoFormula = errors.New("has a formula without a value: make it with Predicate, StepPredicate or Enabled")
	errNotStep   = errors.New("uses Enabled of a formula that is no StepPredicate")
)

// runs completes a promise about runs.
func (t *atoms[S, A]) runs(p Property[S], out *gospace.Property) {
	if p.formula == nil {
		out.Wrong = "assumes fairness, and is no promise about runs: use Assuming with Eventually, LeadsTo, Temporal " +
			"and the like"
		return
	}
	f, err := p.formula.compiled(func(x *formula[S]) (int, error) { return t.predicate(x) })
	if err != nil {
		out.Wrong = err.Error()
		return
	}
	r := &runs.Promise{Formula: f}
	for _, x := range p.fair {
		if err := t.assume(x.constraint, r); err != nil {
			out.Wrong = err.Error()
			return
		}
	}
	if p.kind == KindPossible && len(p.fair) > 0 {
		out.Wrong = "assumes fairness, which makes no difference to what is possible"
	}
	out.Runs = r
}

// predicate returns the number of a predicate.
func (t *atoms[S, A]) predicate(x *formula[S]) (int, error) {
	if n, ok := t.numbers[x]; ok {
		return n, nil
	}
	q := gospace.Property{Name: x.name, Kind: property.Atom, State: onState(x.state)}
	if x.state == nil {
		q.Kind = property.StepAtom
		if q.Step, q.Wrong = onStep[S, A](x.step); q.Wrong != "" {
			return 0, errors.New("has a step predicate that " + q.Wrong)
		}
	}
	if q.State == nil && q.Step == nil {
		return 0, errors.New("has a predicate without a function")
	}
	return t.add(x, q), nil
}

func (t *atoms[S, A]) add(address any, q gospace.Property) int {
	if q.Name == "" {
		q.Name = "p"
	}
	n := t.count[q.Kind]
	t.count[q.Kind]++
	t.numbers[address], t.all = n, append(t.all, q)
	return n
}

// assume adds a constraint.
func (t *atoms[S, A]) assume(c *constraint, r *runs.Promise) error {
	switch {
	case c == nil:
		return errors.New("assumes a Fairness without a value: make it with WeaklyFair or StronglyFair")
	case c.mayStop:
		r.MayStop = true
		return nil
	}
	x := runs.Fair{Name: Fairness[S]{c}.Name(), Strong: c.strong, Keyed: c.step == nil}
	n, known := t.numbers[c]
	if !known {
		q := gospace.Property{Name: c.name, Kind: property.StepAtom}
		if x.Keyed {
			q.Kind = property.KeyAtom
			f, ok := c.key.(func(S, A, S) (any, bool))
			if c.key == nil {
				return errors.New("assumes a constraint by key without a function")
			} else if !ok {
				return errors.New("assumes a constraint with a key that " + mismatch(c.key, f))
			}
			q.Key = func(before, a, after unsafe.Pointer) (any, bool) {
				return f(*(*S)(before), *(*A)(a), *(*S)(after))
			}
		} else if q.Step, q.Wrong = onStep[S, A](c.step); q.Wrong != "" {
			return errors.New("assumes a constraint that " + q.Wrong)
		} else if q.Step == nil {
			return errors.New("assumes a constraint without a function: for all steps there is WeaklyFairNext")
		}
		n = t.add(c, q)
	}
	x.Atom = n
	r.Fair = append(r.Fair, x)
	return nil
}
