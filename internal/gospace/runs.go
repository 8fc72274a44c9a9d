package gospace

import (
	"fmt"
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

// label returns which step predicates a step satisfies, and adds the instances that it takes to a set.
func (c *Model) label(s, a, next unsafe.Pointer, to keys) (steps uint64) {
	if c.equal(s, next) {
		return 0
	}
	for n, k := range c.Atoms(property.StepAtom) {
		if c.Props[k].Step(c.own(s), a, c.own(next)) {
			steps |= 1 << uint(n)
		}
	}
	for n, k := range c.Atoms(property.KeyAtom) {
		if v, ok := c.Props[k].Key(c.own(s), a, c.own(next)); ok {
			to[key{n, v}] = true
		}
	}
	return steps
}

// Unfair returns the text of the first constraint that a run breaks, or "".
func (r *run) unfair(f *Fair) string {
	if !f.Keyed {
		bit := uint64(1) << uint(f.Atom)
		fair := r.honours(f.Strong, func(i int) (bool, bool) {
			return r.positions[i].Step&bit != 0, r.positions[i].Enabled&bit != 0
		})
		if !fair {
			return f.Name
		}
		return ""
	}
	for _, enabled := range r.enabled[r.loop:] {
		for k := range enabled {
			if k.atom != f.Atom {
				continue
			}
			if !r.honours(f.Strong, func(i int) (bool, bool) { return r.taken[i][k], r.enabled[i][k] }) {
				return fmt.Sprintf("%s %v", f.Name, k.value)
			}
		}
	}
	return ""
}

// honours reports whether the loop honours a constraint.
func (r *run) honours(strong bool, at func(i int) (taken, enabled bool)) bool {
	disabled, never := false, true
	for i := r.loop; i < len(r.positions); i++ {
		taken, enabled := at(i)
		if taken {
			return true
		}
		disabled, never = disabled || !enabled, never && !enabled
	}
	if strong {
		return never
	}
	return disabled
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
		for i := range prop.Runs.Fair {
			if r.unfair(&prop.Runs.Fair[i]) != "" {
				return
			}
		}
		if !temporal.Holds(prop.Runs.Formula, r.positions, r.loop) {
			v = property.Violated
		}
	})
	if failure != nil {
		err = failure
	}
	return v, err
}
