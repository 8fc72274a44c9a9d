package runs

import (
	"fmt"

	"github.com/allways-go/allways/internal/property"
	"github.com/allways-go/allways/internal/temporal"
)

// Explanation says why a path refutes a promise about runs.
type Explanation struct {
	Words string   // words for what never happens, or goes wrong
	Fair  []string // a line for each constraint: what the loop does for it
}

// Explain explains a run that refutes a promise of some kind.
func (r *Run) Explain(k property.Kind, p *Promise) Explanation {
	e := Explanation{Words: r.words(k, p.Formula)}
	for i := range p.Fair {
		for _, x := range r.instances(&p.Fair[i]) {
			e.Fair = append(e.Fair, x.String()+": "+r.why(x.honour(r)))
		}
	}
	return e
}

// why says how a loop honours a constraint.
func (r *Run) why(h honour) string {
	switch {
	case h.taken >= 0:
		return fmt.Sprintf("step %d takes it", h.taken+1)
	case h.never && r.Loop == len(r.Positions)-1:
		return "not enabled " + where(r.Loop)
	case h.never:
		return "never enabled on the cycle"
	}
	return "not enabled " + where(h.disabled)
}

// where names a state of a path.
func where(state int) string {
	if state == 0 {
		return "in the initial state"
	}
	return fmt.Sprintf("after step %d", state)
}

// words says in which way a run does not keep a promise. Everyday formulas of predicates of states have words, however
// they were written; others are quoted.
func (r *Run) words(k property.Kind, f *temporal.Formula) string {
	if k == property.Eventually {
		return "it never holds"
	}
	kind, p, q := shape(f)
	switch kind {
	case property.LeadsTo:
		last := r.last(q)
		return fmt.Sprintf("%v holds %s, and %v never after that", p, where(r.first(last+1, true, p)), q)
	case property.InfinitelyOften:
		return fmt.Sprintf("%v never holds again %s", p, r.from())
	case property.EventuallyForever:
		return fmt.Sprintf("%v does not hold %s, again and again", p, where(r.first(r.Loop, false, p)))
	case property.Until:
		if at := r.first(0, false, p); at >= 0 {
			if met := r.first(0, true, q); met < 0 || met > at {
				return fmt.Sprintf("%v does not hold %s, and %v has not held until then", p, where(at), q)
			}
		}
		return q.String() + " never holds"
	case property.Always:
		return fmt.Sprintf("%v does not hold %s", p, where(r.first(0, false, p)))
	case property.Eventually:
		return p.String() + " never holds"
	}
	return "the run does not satisfy " + f.String()
}

// Everyday returns the kind of property that promises the same as a formula of predicates of states, and Temporal for
// all other formulas.
func Everyday(f *temporal.Formula) property.Kind {
	switch k, _, _ := shape(f); k {
	case property.LeadsTo, property.InfinitelyOften, property.EventuallyForever, property.Until:
		return k
	}
	return property.Temporal // also for kinds that have other ways to be decided
}

// shape recognises everyday formulas of predicates of states: the kind of property that says the same, or Temporal.
func shape(f *temporal.Formula) (k property.Kind, p, q *temporal.Formula) {
	arg := func(f *temporal.Formula, op temporal.Op) *temporal.Formula { // nil if it is no such formula
		if f == nil || f.Op != op {
			return nil
		}
		return f.Args[0]
	}
	inner := arg(f, temporal.Always)
	if p := arg(inner, temporal.Implies); p.OfStates() {
		if q := arg(inner.Args[1], temporal.Eventually); q.OfStates() {
			return property.LeadsTo, p, q
		}
	}
	if f.Op == temporal.Until && f.Args[0].OfStates() && f.Args[1].OfStates() {
		return property.Until, f.Args[0], f.Args[1]
	}
	for _, x := range []struct {
		kind property.Kind
		p    *temporal.Formula
	}{
		{property.InfinitelyOften, arg(inner, temporal.Eventually)},
		{property.EventuallyForever, arg(arg(f, temporal.Eventually), temporal.Always)},
		{property.Always, inner},
		{property.Eventually, arg(f, temporal.Eventually)},
	} {
		if x.p.OfStates() {
			return x.kind, x.p, nil
		}
	}
	return property.Temporal, nil, nil
}

// holds reports whether a formula of states holds at a position.
func (r *Run) holds(f *temporal.Formula, i int) bool {
	return temporal.Holds(f, r.Positions[i:i+1], 0)
}

// first returns the first position from one on where a formula of states holds or does not; -1 if it does nowhere.
func (r *Run) first(from int, want bool, f *temporal.Formula) int {
	for i := from; i < len(r.Positions); i++ {
		if r.holds(f, i) == want {
			return i
		}
	}
	return -1
}

// last returns the last position where a formula of states holds; -1 if it does nowhere.
func (r *Run) last(f *temporal.Formula) int {
	for i := len(r.Positions) - 1; i >= 0; i-- {
		if r.holds(f, i) {
			return i
		}
	}
	return -1
}

// from names the part of a run that goes on without end.
func (r *Run) from() string {
	if r.Loop == len(r.Positions)-1 {
		return where(r.Loop) + ", where the run stays"
	}
	return "on the cycle"
}
