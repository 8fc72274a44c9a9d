package gospace

import (
	"slices"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
)

// checkUnchanged encodes the expanded state once more: it differs from its vector if, and only if, user code has changed
// it through a slice, a map or a pointer. Every expanded state is checked, since the encoding of successors trusts that
// memory which was not replaced was not changed. While there are few states, each is checked at once, so that code that
// changes states is mostly caught in the act; later many are checked together, since they share most of their memory.
func (w *worker) checkUnchanged(state []uint32) error { return w.checkSame(w.s, state) }

// checkJudged is checkUnchanged for the state that properties have seen.
func (w *worker) checkJudged(state []uint32) error { return w.checkSame(w.eval, state) }

const (
	checkedAtOnce = 1 << 12 // states that are checked at once
	checkedInAll  = 1 << 10 // states that are checked together after that
)

func (w *worker) checkSame(s unsafe.Pointer, state []uint32) error {
	switch {
	case w.flat:
		return nil
	case w.checked < checkedAtOnce:
		w.checked++
		if w.same(s, state) {
			return nil
		}
		return w.mutated(s, state)
	}
	w.unchecked = append(w.unchecked, state...)
	if len(w.unchecked) < checkedInAll*len(state) {
		return nil
	}
	return w.checkLent()
}

// checkLent checks all states since it did so last. If one was changed, the results so far are void, and the run ends
// with a misbehaviour.
func (w *worker) checkLent() error {
	unchecked := w.unchecked
	w.unchecked = w.unchecked[:0]
	if w.flat || w.coder.Returned() {
		return nil
	}
	for vec := range slices.Chunk(unchecked, w.space.Words()) {
		if err := w.mutatorAt(vec, nil); err != nil {
			return w.inState(err, vec)
		}
	}
	if err := w.mutatorNearby(); err != nil {
		return err
	}
	return w.misbehaviour(engine.ErrorMutation, "a method or a property", -1, notRepeated("a state was modified"))
}

// same reports whether s still has the content of its vector.
func (w *worker) same(s unsafe.Pointer, state []uint32) bool {
	return w.flat || w.coder.Encode(w.again, s) == nil && slices.Equal(w.again, state)
}
