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

// words says in which way a run does not keep a promise.
func (r *Run) words(k property.Kind, f *temporal.Formula) string {
	holds := func(f *temporal.Formula, i int) bool {
		return temporal.Holds(f, r.Positions[i:], max(r.Loop-i, 0)) // only of formulas about now, beyond the loop
	}
	first := func(from int, want bool, f *temporal.Formula) int {
		for i := from; i < len(r.Positions); i++ {
			if holds(f, i) == want {
				return i
			}
		}
		return -1
	}
	switch k {
	case property.LeadsTo:
		p, q := f.Args[0].Args[0], f.Args[0].Args[1].Args[0]
		last := -1
		for i := range r.Positions {
			if holds(q, i) {
				last = i
			}
		}
		if at := first(last+1, true, p); at >= 0 {
			return fmt.Sprintf("%s holds %s, and %s never after that", p.Name, where(at), q.Name)
		}
	case property.InfinitelyOften:
		return fmt.Sprintf("%s never holds again %s", f.Args[0].Args[0].Name, r.from())
	case property.EventuallyForever:
		p := f.Args[0].Args[0]
		return fmt.Sprintf("%s does not hold %s, again and again", p.Name, where(first(r.Loop, false, p)))
	case property.Until:
		p, q := f.Args[0], f.Args[1]
		if at := first(0, false, p); at >= 0 {
			if met := first(0, true, q); met < 0 || met > at {
				return fmt.Sprintf("%s does not hold %s, and %s has not held until then", p.Name, where(at), q.Name)
			}
		}
		return q.Name + " never holds"
	case property.Eventually:
		return "it never holds"
	}
	return "the run does not satisfy " + f.String()
}

// from names the part of a run that goes on without end.
func (r *Run) from() string {
	if r.Loop == len(r.Positions)-1 {
		return where(r.Loop) + ", where the run stays"
	}
	return "on the cycle"
}
