package allways

import (
	"bytes"
	"fmt"
	"slices"
	"unsafe"
)

// sampleSymmetry checks that the representatives of the state's successors are sound.
func (w *worker[S, A]) sampleSymmetry() error {
	for i, a := range slices.Clone(w.acts) {
		w.user(inNext, i)
		next, ok := w.model.Next(w.s, a)
		if !ok {
			continue
		}
		real := w.clone(next)
		if w.within != nil && !w.within(real) {
			continue
		}
		if err := w.soundAt(real); err != nil {
			return err
		}
	}
	return nil
}

func (w *worker[S, A]) soundAt(s S) error {
	w.user(inRepresentative, -1)
	r := w.clone(w.rep(s))
	if rr := w.clone(w.rep(r)); !w.equal(r, rr) {
		return w.unsound(s, r, "the representative of the representative is another state: "+diffText(w.diff(r, rr)))
	}
	if w.within != nil && !w.within(r) {
		return w.unsound(s, r, "the representative is outside the boundary, and the state is not")
	}
	for i, p := range w.props {
		if p.state == nil {
			continue
		}
		w.user(inProperty+site(i), -1)
		if a, b := p.state(s), p.state(r); a != b {
			return w.unsound(s, r, fmt.Sprintf("property %q is %t of the state and %t of its representative", p.name, a, b))
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
		return w.unsound(s, r, "the steps of the state and of its representative lead to states with different representatives")
	}
	return nil
}

// successorReps returns the representatives of all successors of s inside the boundary, encoded, sorted, without
// repetitions.
func (w *worker[S, A]) successorReps(s S) ([][]byte, error) {
	var all [][]byte
	for i, a := range w.model.Actions(nil, s) {
		w.user(inNext, i)
		next, ok := w.model.Next(s, a)
		if !ok {
			continue
		}
		next = w.clone(next)
		if w.within != nil && !w.within(next) {
			continue
		}
		r := w.rep(next)
		enc, err := w.splan.Append(nil, unsafe.Pointer(&r))
		if err != nil {
			return nil, w.misbehaviour(ErrorValue, "Representative", i, err.Error())
		}
		all = append(all, enc)
	}
	slices.SortFunc(all, bytes.Compare)
	return slices.CompactFunc(all, bytes.Equal), nil
}

func (w *worker[S, A]) unsound(s, r S, what string) error {
	return w.misbehaviour(ErrorSymmetry, "Representative", -1, fmt.Sprintf(
		"%s; the state is %s, its representative is %s", what, w.StateText(s), w.StateText(r)))
}
