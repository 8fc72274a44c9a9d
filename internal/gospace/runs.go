package gospace

import (
	"fmt"
	"unsafe"

	"github.com/allways-go/allways/internal/property"
	"github.com/allways-go/allways/internal/runs"
	"github.com/allways-go/allways/internal/temporal"
)

// Atoms returns the properties that are atoms of a kind.
func (c *Model) Atoms(k property.Kind) (all []int) {
	for i := c.Promises; i < len(c.Props); i++ {
		if c.Props[i].Kind == k {
			all = append(all, i)
		}
	}
	return all
}

// runOf returns the run that a path describes: a lasso, or a path after whose end nothing happens, which stays
// there. It returns nil if the path describes none.
func (p *Path) runOf(mayStop bool) (*runs.Run, error) {
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
	r := &runs.Run{Loop: p.loop}
	last := len(p.states) - 1
	if p.loop < 0 {
		r.Loop, last = last, last+1
	}
	for i := range last {
		if err := p.addTo(r, i); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// addTo appends the i-th state and the step from there to a run.
func (p *Path) addTo(r *runs.Run, i int) error {
	c, s := p.model, p.states[i]
	at, taken, enabled := temporal.Position{}, runs.Keys{}, runs.Keys{}
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
	r.Add(at, taken, enabled)
	return nil
}

// label returns which step predicates a step satisfies, and adds the instances that it takes to a set, unless it
// is nil.
func (c *Model) label(s, a, next unsafe.Pointer, to runs.Keys) (steps uint64) {
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
			to[runs.Key{Atom: n, Value: v}] = true
		}
	}
	return steps
}

// asRun calls f with the run that a path describes, for a promise about runs; f is not called if it describes none.
func (p *Path) asRun(prop *Property, f func(r *runs.Run)) (err error) {
	failure := guard(PropertySite(prop.Name), func() {
		var r *runs.Run
		if r, err = p.runOf(prop.Runs.MayStop); r != nil {
			f(r)
		}
	})
	if failure != nil {
		return failure
	}
	return err
}

// judgeRun says what a path shows of a promise about runs.
func (p *Path) judgeRun(prop *Property) (v property.Verdict, err error) {
	if prop.Kind == property.Possible {
		return property.Inconclusive, nil // one path does not show what is out of reach
	}
	err = p.asRun(prop, func(r *runs.Run) {
		if r.Refutes(prop.Runs) {
			v = property.Violated
		}
	})
	return v, err
}

// Explain explains a path that refutes the i-th property.
func (p *Path) Explain(i int) (e runs.Explanation, err error) {
	prop := &p.model.Props[i]
	if prop.Kind == property.Possible {
		e.Words = fmt.Sprintf("no path from its last state leads to one in which %s holds", prop.Runs.Formula.Name)
		return e, nil
	}
	err = p.asRun(prop, func(r *runs.Run) { e = r.Explain(prop.Kind, prop.Runs) })
	return e, err
}
