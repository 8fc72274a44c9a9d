package search

import (
	"slices"

	"github.com/allways-go/allways/internal/engine"
)

// Predicates on states are asked again with whole states, for which it takes a worker.

// answers are what predicates say about a state: for each property of states, whether it holds; for each step,
// its effect and the properties of steps that it violates.
type answers struct {
	holds engine.Mask
	steps []engine.Mask
}

// aboutStates is the kind of questions about states.
const aboutStates = "properties"

// outside stands for a step that leaves the boundary.
const outside = 1 << 63

// repeatState keeps a state with what predicates say about it.
func (w *Worker) repeatState(state []uint32) {
	if !w.askable() {
		return
	}
	key := questionKey(append([]uint32{aboutState}, state...)...)
	vec := slices.Clone(state)
	first := w.ask(vec)
	calls := len(w.properties) + len(first.steps)
	w.repeats.Add(key, aboutStates, question{again: func(_ int, by auditor) error {
		x := by.(*Worker)
		return x.unlike(vec, first, x.ask(vec))
	}}, calls, true, questionBytes+4*len(vec)+8*len(first.steps))
}

// askable reports whether there is anything to ask about states.
func (sp *space) askable() bool { return len(sp.properties) > 0 || sp.sys.Within != nil }

// newAuditors makes the workers for the end of a run: one reads states as the search did, the other one with maps
// filled in another order.
func (sp *space) newAuditors() (all auditors) {
	for k := range all {
		w := &Worker{expander: newExpander(sp, func(string) uint16 { return 0 })}
		w.judge.orbits = nil
		if k == 0 {
			w.judge.private = newMemo(len(sp.sys.Aux))
		}
		all[k] = w
	}
	return all
}

// ask evaluates the predicates on a state, and on its steps if any predicate sees these.
func (w *Worker) ask(state []uint32) (a answers) {
	want := engine.Mask(0)
	view := w.judge.view(0, state)
	for k := range w.properties {
		p := &w.properties[k]
		switch {
		case p.Step != nil:
			want |= 1 << uint(k)
		case p.Test != nil && p.Aux < 0:
			w.site.predicate(p.Where)
			if p.Test(view) {
				a.holds |= 1 << uint(k)
			}
		}
	}
	if want == 0 && w.sys.Within == nil {
		return a
	}
	w.m = w.fresh()
	dst := make([]uint32, len(state))
	for i := range w.n + 1 {
		steps := w.steps(state, i)
		for k := range steps {
			s := &steps[k]
			if !w.apply(state, i, s, dst) {
				continue
			}
			violated := engine.Mask(outside)
			if w.sys.Within == nil || w.judge.within(dst) {
				violated = w.judge.stepsViolated(state, w.action(w.receiver(i), s), dst, want)
			}
			a.steps = append(a.steps, violated)
		}
	}
	return a
}

// unlike returns an error if predicates have not said the same about a state.
func (w *Worker) unlike(state []uint32, a, b answers) error {
	fail := func(where, of string) error {
		return &engine.Misbehaviour{
			Kind: engine.ErrorNondeterminism, Where: where, Act: -1, State: w.judge.text(state), Message: twoAnswers(of),
		}
	}
	differ := func(x, y engine.Mask, of string) error {
		for k := range w.properties {
			if (x ^ y).Has(k) {
				return fail(w.properties[k].Where, of)
			}
		}
		return nil
	}
	if err := differ(a.holds, b.holds, "state"); err != nil {
		return err
	}
	for i := range min(len(a.steps), len(b.steps)) {
		x, y := a.steps[i], b.steps[i]
		if x == y {
			continue
		}
		if x == outside || y == outside {
			return fail("Boundary", "state")
		}
		return differ(x, y, "step")
	}
	return nil
}
