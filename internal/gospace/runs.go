package gospace

import (
	"fmt"
	"slices"
	"strings"
	"unsafe"

	"github.com/allways-go/allways/internal/property"
	"github.com/allways-go/allways/internal/temporal"
)

// translate makes the automaton; nil has none to make.
func (r *Runs) translate(k property.Kind) (err error) {
	if r == nil || k == property.Possible {
		return nil
	}
	r.Automaton, err = temporal.Translate(&temporal.Formula{Op: temporal.Not, Args: []*temporal.Formula{r.Formula}})
	return err
}

// Text returns the formula of a promise about runs; nil has none.
func (r *Runs) Text() string {
	if r == nil {
		return ""
	}
	return r.Formula.String()
}

// Assumptions returns the names of the constraints of a promise about runs.
func (r *Runs) Assumptions() (names []string) {
	if r == nil {
		return nil
	}
	for i := range r.Fair {
		names = append(names, r.Fair[i].Name)
	}
	if r.MayStop {
		names = append(names, "runs may stop anywhere")
	}
	return names
}

// Atoms returns the properties that are atoms of a kind.
func (c *Model) Atoms(k property.Kind) (all []int) {
	for i := c.Promises; i < len(c.Props); i++ {
		if c.Props[i].Kind == k {
			all = append(all, i)
		}
	}
	return all
}

// run is a path that goes on without end, as formulas see it.
type run struct {
	positions []temporal.Position
	loop      int    // position that follows the last one
	taken     []keys // by position: the instances of keyed constraints that the step takes
	enabled   []keys // and those that some step would take
}

// keys are instances of keyed constraints.
type keys map[key]bool

type key struct {
	atom  int // number among the atoms of its kind
	value any
}

// runOf returns the run that a path describes: a lasso, or a path after whose end nothing happens, which stays
// there. It returns nil if the path describes none.
func (p *Path) runOf(mayStop bool) (*run, error) {
	ends := mayStop
	if p.loop < 0 && !mayStop {
		var err error
		if ends, err = p.ends(); err != nil {
			return nil, err
		}
	}
	if p.loop < 0 && !ends {
		return nil, nil
	}
	r := &run{loop: p.loop}
	last := len(p.states) - 1
	if p.loop < 0 {
		r.loop, last = last, last+1
	}
	for i := range last {
		if err := r.add(p, i); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// add appends the i-th state of a path and the step from there.
func (r *run) add(p *Path, i int) error {
	c, s := p.model, p.states[i]
	at, taken, enabled := temporal.Position{}, keys{}, keys{}
	for n, k := range c.Atoms(property.Atom) {
		if c.Props[k].State(c.own(s)) {
			at.State |= 1 << uint(n)
		}
	}
	if i < len(p.actions) {
		at.Step = c.label(s, p.actions[i], p.states[i+1], taken)
	}
	all, err := c.Transitions(s)
	if err != nil {
		return err
	}
	for _, t := range all {
		if t.Err != nil {
			return t.Err
		}
		if t.Effect {
			at.Enabled |= c.label(s, t.Action, t.Next, enabled)
		}
	}
	r.positions, r.taken, r.enabled = append(r.positions, at), append(r.taken, taken), append(r.enabled, enabled)
	return nil
}

// label returns which step predicates a step satisfies, and adds the instances that it takes to a set, unless it is nil.
func (c *Model) label(s, a, next unsafe.Pointer, to keys) (steps uint64) {
	if c.equal(s, next) {
		return 0
	}
	for n, k := range c.Atoms(property.StepAtom) {
		if c.Props[k].Step(c.own(s), a, c.own(next)) {
			steps |= 1 << uint(n)
		}
	}
	if to == nil {
		return steps
	}
	for n, k := range c.Atoms(property.KeyAtom) {
		if v, ok := c.Props[k].Key(c.own(s), a, c.own(next)); ok {
			to[key{n, v}] = true
		}
	}
	return steps
}

// instance is a fairness constraint for one value of its key, or one without keys.
type instance struct {
	*Fair
	key *key
}

// instances returns what a constraint demands of a loop: of those by key, the ones that are enabled somewhere in it.
func (r *run) instances(f *Fair) (all []instance) {
	if !f.Keyed {
		return []instance{{Fair: f}}
	}
	seen := keys{}
	for _, enabled := range r.enabled[r.loop:] {
		for k := range enabled {
			if k.atom == f.Atom && !seen[k] {
				seen[k] = true
				all = append(all, instance{f, &k})
			}
		}
	}
	slices.SortFunc(all, func(a, b instance) int { return strings.Compare(a.String(), b.String()) })
	return all
}

// String returns the name of the constraint, and the key.
func (x instance) String() string {
	if x.key == nil {
		return x.Name
	}
	return fmt.Sprintf("%s (%v)", x.Name, x.key.value)
}

// at reports whether the step at a position takes the instance, and whether it is enabled there.
func (x instance) at(r *run, i int) (taken, enabled bool) {
	if x.key != nil {
		return r.taken[i][*x.key], r.enabled[i][*x.key]
	}
	bit := uint64(1) << uint(x.Atom)
	return r.positions[i].Step&bit != 0, r.positions[i].Enabled&bit != 0
}

// honour is how a loop honours a constraint.
type honour struct {
	taken, disabled int  // positions; -1 for none
	never           bool // it is enabled nowhere in the loop
}

func (x instance) honour(r *run) honour {
	h := honour{-1, -1, true}
	for i := len(r.positions) - 1; i >= r.loop; i-- {
		taken, enabled := x.at(r, i)
		if taken {
			h.taken = i
		}
		if !enabled {
			h.disabled = i
		}
		h.never = h.never && !enabled
	}
	return h
}

// fair reports whether that is enough.
func (x instance) fair(h honour) bool {
	return h.taken >= 0 || h.never || h.disabled >= 0 && !x.Strong
}

// fair reports whether a run honours constraints.
func (r *run) fair(all []Fair) bool {
	for i := range all {
		for _, x := range r.instances(&all[i]) {
			if !x.fair(x.honour(r)) {
				return false
			}
		}
	}
	return true
}

// judgeRun says what a path shows of a promise about runs.
func (p *Path) judgeRun(prop *Property) (v property.Verdict, err error) {
	if prop.Kind == property.Possible {
		return property.Inconclusive, nil // one path does not show what is out of reach
	}
	failure := guard(propertySite(prop.Name), func() {
		var r *run
		if r, err = p.runOf(prop.Runs.MayStop); r == nil {
			return
		}
		if r.fair(prop.Runs.Fair) && !temporal.Holds(prop.Runs.Formula, r.positions, r.loop) {
			v = property.Violated
		}
	})
	if failure != nil {
		err = failure
	}
	return v, err
}

// Explanation says why a path refutes a promise about runs.
type Explanation struct {
	Words string   // what never happens, or goes wrong
	Fair  []string // how the loop honours each constraint
}

// Explain explains a path that refutes the i-th property.
func (p *Path) Explain(i int) (e Explanation, err error) {
	prop := &p.model.Props[i]
	if prop.Kind == property.Possible {
		e.Words = fmt.Sprintf("no path from its last state leads to one in which %s holds", prop.Runs.Formula.Name)
		return e, nil
	}
	failure := guard(propertySite(prop.Name), func() {
		var r *run
		if r, err = p.runOf(prop.Runs.MayStop); r == nil {
			return
		}
		e.Words = r.words(prop)
		for k := range prop.Runs.Fair {
			for _, x := range r.instances(&prop.Runs.Fair[k]) {
				e.Fair = append(e.Fair, x.String()+": "+r.why(x.honour(r)))
			}
		}
	})
	if failure != nil {
		err = failure
	}
	return e, err
}

// why says how a loop honours a constraint.
func (r *run) why(h honour) string {
	switch {
	case h.taken >= 0:
		return fmt.Sprintf("step %d takes it", h.taken+1)
	case h.never && r.loop == len(r.positions)-1:
		return "not enabled " + where(r.loop)
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
func (r *run) words(prop *Property) string {
	f := prop.Runs.Formula
	holds := func(f *temporal.Formula, i int) bool {
		return temporal.Holds(f, r.positions[i:], max(r.loop-i, 0)) // only of formulas about now, beyond the loop
	}
	first := func(from int, want bool, f *temporal.Formula) int {
		for i := from; i < len(r.positions); i++ {
			if holds(f, i) == want {
				return i
			}
		}
		return -1
	}
	switch prop.Kind {
	case property.LeadsTo:
		p, q := f.Args[0].Args[0], f.Args[0].Args[1].Args[0]
		last := -1
		for i := range r.positions {
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
		return fmt.Sprintf("%s does not hold %s, again and again", p.Name, where(first(r.loop, false, p)))
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
func (r *run) from() string {
	if r.loop == len(r.positions)-1 {
		return where(r.loop) + ", where the run stays"
	}
	return "on the cycle"
}
