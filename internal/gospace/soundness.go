package gospace

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/plan"
	"github.com/allways-go/allways/internal/symmetry"
	"github.com/allways-go/allways/internal/values"
)

// Symmetry reduction (Ip, Dill: Better verification through symmetry, 1996) keeps one state of each
// orbit, the set of states that differ by a permutation of interchangeable parts. It is sound if
// the permutations are automorphisms of the state graph that properties and boundary do not notice.
// A user who writes Representative by hand may get that wrong, and a wrong one loses states without
// a trace. Permutations are not known here, but what they imply can be tested on single states: a
// state and its representative satisfy the same predicates, and their successors have the same
// representatives. If that holds of all reachable states, and not only of those near the
// representatives, states and representatives are bisimilar, and the reduced search is right.

// walkAway is the number of steps that a search walks away from each state that it samples.
const walkAway = 6

// sampleSymmetry checks that representatives are sound of states on a walk from the expanded state, which leads
// away from the states that the search visits.
func (w *worker) sampleSymmetry() error {
	content, err := w.splan.Append(nil, w.s) // the walk must not depend on how workers take turns
	if err != nil {
		return w.misbehaviour(engine.ErrorValue, "Next", -1, err.Error())
	}
	h := fnv.New64a()
	h.Write(content)
	return w.walk(w.clone(w.s), walkAway, h.Sum64(), func() bool { return false })
}

// walk checks the states of a random walk of the model, which goes to states that a reduced search does not visit.
func (w *worker) walk(s unsafe.Pointer, length int, seed uint64, ended func() bool) error {
	r := rand.New(rand.NewPCG(seed, walkAway))
	for range length {
		next := w.successors(s)
		if len(next) == 0 || ended() {
			return nil
		}
		s = next[r.IntN(len(next))]
		if err := w.soundAt(s); err != nil {
			return err
		}
	}
	return nil
}

// successors returns the successors of a state inside the boundary.
func (w *worker) successors(s unsafe.Pointer) (all []unsafe.Pointer) {
	w.user(inActions, -1)
	acts := w.Code.Actions(values.Slice{Size: w.Action.Size()}, s)
	for i := range acts.Len {
		w.user(inNext, -1)
		if !w.Code.Next(w.next, s, acts.At(i)) {
			continue
		}
		next := w.clone(w.next)
		if w.user(inWithin, -1); w.Within == nil || w.Within(next) {
			all = append(all, next)
		}
	}
	return all
}

// represent returns the representative of s in canonical form.
func (w *worker) represent(s unsafe.Pointer) unsafe.Pointer {
	r := w.newState()
	w.space.rep(r, s)
	return w.clone(r)
}

// soundAt returns an error if the representative of s may not stand for it.
func (w *worker) soundAt(s unsafe.Pointer) error {
	w.user(inRepresentative, -1)
	r := w.represent(s)
	if rr := w.represent(r); !w.equal(r, rr) {
		return w.unsound(s, r,
			"the representative of the representative is another state: "+plan.DiffText(w.splan.Diff(r, rr))+
				"; several kinds of identifiers are declared together, in one Interchangeable")
	}
	w.user(inWithin, -1)
	what, told, err := "the representative is outside the boundary, and the state is not", false, error(nil)
	if w.Within == nil || w.Within(r) {
		what, told, err = w.compared(s, r, nil)
	}
	if err != nil || what == "" {
		return err
	}
	if err := w.steady(s); err != nil {
		return err
	}
	if w.equal(s, r) {
		return w.misbehaviour(engine.ErrorNondeterminism, w.site(), -1, "asked twice about the same state: "+what)
	}
	if !told { // by a property, of what is the same
		what += w.disguised(s, r)
	}
	return w.unsound(s, r, what)
}

// steady returns an error if the model does not always answer the same about a state, or about those that were met
// before: then symmetry is not the reason.
func (w *worker) steady(s unsafe.Pointer) error {
	if err := w.space.repeats.log.Again(func() bool { return false }, w.ask); err != nil {
		return err
	}
	vec := make([]uint32, w.space.Words())
	if err := w.coder.Encode(vec, s); err != nil {
		return nil // it is of no state of the search
	}
	a, _, err := w.answer(vec, canonical)
	if err != nil {
		return err
	}
	a = slices.Clone(a)
	for i := range diagnosed {
		if err := w.ask(question{vec, a}, i); err != nil {
			return err
		}
	}
	return nil
}

// disguised names a field that makes a state differ from its representative, in words that end an error. A renamed
// state need not be one that the model can reach, so that its code may panic: such a field explains nothing.
func (w *worker) disguised(s, r unsafe.Pointer) string {
	return symmetry.Disguised(w.State, func(f *symmetry.Numbers, rename func(s unsafe.Pointer)) (explains bool) {
		defer func() {
			if recover() != nil {
				explains = false
			}
		}()
		c := w.clone(r)
		if rename(c); w.equal(c, r) {
			return false
		}
		what, _, err := w.compared(s, c, f)
		return err == nil && what == ""
	})
}

// compared says in what the conducts of a state and its representative differ, or returns "", as [symmetry.Difference]
// does. Of the states that their steps lead to, it overlooks the content of a hidden field.
func (w *worker) compared(s, r unsafe.Pointer, hidden *symmetry.Numbers) (what string, told bool, err error) {
	a, err := w.conductOf(s, hidden)
	if err != nil {
		return "", false, err
	}
	b, err := w.conductOf(r, hidden)
	if err != nil {
		return "", false, err
	}
	what, told = symmetry.Difference(a, b, func(i int) string {
		if i >= w.Promises {
			return fmt.Sprintf("the predicate %q of a promise about runs", w.Props[i].Name)
		}
		return fmt.Sprintf("property %q", w.Props[i].Name)
	})
	return what, told, nil
}

// conductOf evaluates a state and takes all its steps.
func (w *worker) conductOf(s unsafe.Pointer, hidden *symmetry.Numbers) (c symmetry.Conduct, err error) {
	c.Terminal = true
	w.user(inActions, -1)
	acts := w.Code.Actions(values.Slice{Size: w.Action.Size()}, s)
	for i := range acts.Len {
		w.user(inNext, -1)
		next := w.newState()
		if !w.Code.Next(next, s, acts.At(i)) {
			continue
		}
		c.Terminal = false
		next = w.clone(next)
		w.user(inWithin, -1)
		if w.Within != nil && !w.Within(next) {
			c.Bounded = true
			continue
		}
		step, err := w.stepOf(s, acts.At(i), next, hidden)
		if err != nil {
			return c, err
		}
		c.Steps = append(c.Steps, step)
	}
	c.Holds = w.holds(nil, s, c.Terminal)
	return c, nil
}

// holds appends for each property whether a state satisfies it; false for those that are not asked in the state.
func (w *worker) holds(dst []bool, s unsafe.Pointer, terminal bool) []bool {
	for i := range w.Props {
		p, holds := &w.Props[i], false
		if p.State != nil && (terminal || !p.Kind.Terminal()) {
			w.user(inProperty+site(i), -1)
			holds = p.State(s)
		}
		dst = append(dst, holds)
	}
	return dst
}

// stepOf returns the step properties that a step violates, and the representative of its result.
func (w *worker) stepOf(s, action, next unsafe.Pointer, hidden *symmetry.Numbers) (step symmetry.Step, err error) {
	step.Violated = w.violations(s, action, next)
	w.user(inRepresentative, -1)
	r := w.newState()
	w.space.rep(r, next)
	hidden.Hide(r)
	if step.To, err = w.splan.Append(nil, r); err != nil {
		return step, w.misbehaviour(engine.ErrorValue, "Representative", -1, err.Error())
	}
	return step, nil
}

// violations returns the step properties that a step violates, as bits.
func (w *worker) violations(s, action, next unsafe.Pointer) (violated uint64) {
	if w.steps == 0 {
		return 0
	}
	for i := range w.Props {
		if f := w.Props[i].Step; f != nil {
			w.user(inProperty+site(i), -1)
			if !f(s, action, next) {
				violated |= 1 << uint(i)
			}
		}
	}
	return violated
}

func (w *worker) unsound(s, r unsafe.Pointer, what string) error {
	return w.misbehaviour(engine.ErrorSymmetry, "Representative", -1, fmt.Sprintf(
		"%s; the state is %s, its representative is %s", what, w.StateText(s), w.StateText(r)))
}
