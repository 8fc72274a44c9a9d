package gospace

import (
	"bytes"
	"fmt"
	"slices"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
)

// Symmetry reduction (Ip, Dill: Better verification through symmetry, 1996) keeps one state of each
// orbit, the set of states that differ by a permutation of interchangeable parts. It is sound if
// the permutations are automorphisms of the state graph that properties and boundary do not notice.
// A user who writes Representative by hand may get that wrong, and a wrong one loses states without
// a trace. Permutations are not known here, but what they imply can be tested on single states: a
// state and its representative satisfy the same predicates, and their successors have the same
// representatives.

// sampleSymmetry checks that the representatives of the state's successors are sound.
func (w *worker) sampleSymmetry() error {
	acts := cloneValues(w.Action, w.acts)
	for i := range acts.Len {
		w.user(inNext, i)
		if !w.Code.Next(w.next, w.s, acts.At(i)) {
			continue
		}
		real := w.clone(w.next)
		if w.Within != nil && !w.Within(real) {
			continue
		}
		if err := w.soundAt(real); err != nil {
			return err
		}
	}
	return nil
}

// represent returns the representative of s in canonical form.
func (w *worker) represent(s unsafe.Pointer) unsafe.Pointer {
	r := w.newState()
	w.space.rep(r, s)
	return w.clone(r)
}

func (w *worker) soundAt(s unsafe.Pointer) error {
	w.user(inRepresentative, -1)
	r := w.represent(s)
	if rr := w.represent(r); !w.equal(r, rr) {
		return w.unsound(s, r,
			"the representative of the representative is another state: "+diffText(w.splan.Diff(r, rr)))
	}
	if w.Within != nil && !w.Within(r) {
		return w.unsound(s, r, "the representative is outside the boundary, and the state is not")
	}
	for i := range w.Props {
		p := &w.Props[i]
		if p.State == nil {
			continue
		}
		w.user(inProperty+site(i), -1)
		if a, b := p.State(s), p.State(r); a != b {
			return w.unsound(s, r, fmt.Sprintf(
				"property %q is %t of the state and %t of its representative", p.Name, a, b))
		}
	}
	a, err := w.successorReps(s)
	if err != nil {
		return err
	}
	b, err := w.successorReps(r)
	if err != nil {
		return err
	}
	if !slices.EqualFunc(a, b, bytes.Equal) {
		return w.unsound(s, r,
			"the steps of the state and of its representative lead to states with different representatives")
	}
	return nil
}

// successorReps returns the representatives of all successors of s inside the boundary, encoded,
// sorted, without repetitions: a representative may offer its actions in another order, and two
// steps of one state may lead to one orbit.
func (w *worker) successorReps(s unsafe.Pointer) ([][]byte, error) {
	var all [][]byte
	acts := w.Code.Actions(Values{Size: w.Action.Size()}, s)
	for i := range acts.Len {
		w.user(inNext, i)
		next := w.newState()
		if !w.Code.Next(next, s, acts.At(i)) {
			continue
		}
		next = w.clone(next)
		if w.Within != nil && !w.Within(next) {
			continue
		}
		r := w.newState()
		w.space.rep(r, next)
		enc, err := w.splan.Append(nil, r)
		if err != nil {
			return nil, w.misbehaviour(engine.ErrorValue, "Representative", i, err.Error())
		}
		all = append(all, enc)
	}
	slices.SortFunc(all, bytes.Compare)
	return slices.CompactFunc(all, bytes.Equal), nil
}

func (w *worker) unsound(s, r unsafe.Pointer, what string) error {
	return w.misbehaviour(engine.ErrorSymmetry, "Representative", -1, fmt.Sprintf(
		"%s; the state is %s, its representative is %s", what, w.StateText(s), w.StateText(r)))
}
