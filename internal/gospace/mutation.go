package gospace

import (
	"fmt"
	"slices"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/plan"
	"github.com/allways-go/allways/internal/values"
)

// Memory behind references is shared: between a state and its successors, and between the states
// that a worker decodes. That makes searches fast, and it makes a method that changes its argument
// change other states too, perhaps many, perhaps such as are expanded already. Verdicts would be
// wrong, so that every state is compared with its vector when the model is done with it.
//
// The mutation detector names the method that changed a state. It runs when a state is not what it
// was, which shows after the fact: so it gives fresh copies of states to every method in turn, and
// looks which one changes its copy. Private copies for every call would tell at once, but they
// would cost more than the search, and only a broken model needs the answer.

// checkUnchanged encodes the expanded state once more: it differs from its vector if, and only if,
// user code has changed it through a slice, a map or a pointer. Every expanded state is checked,
// since the encoding of successors trusts that memory which was not replaced was not changed. While
// there are few states, each is checked at once, so that code that changes states is mostly caught
// in the act; later many are checked together, since they share most of their memory.
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

// checkLent checks all states since it did so last. If one was changed, the results so far mean
// nothing, and the run ends with a misbehaviour.
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

// maxSearched is the number of states at which the detector tries all methods.
const maxSearched = 1 << 13

// mutated returns the error for a state that was modified and is s now. Most often some method does
// so again when it is given that state. But states share memory, so it may have been given another
// one.
func (w *worker) mutated(s unsafe.Pointer, state []uint32) error {
	if err := w.mutatorAt(state, nil); err != nil {
		return err
	}
	if err := w.mutatorNearby(); err != nil {
		return err
	}
	original := w.newState()
	w.coder.DecodeFresh(state, original)
	what := "its content is not what it was"
	if d := w.splan.Diff(original, s); len(d) > 0 {
		what = plan.DiffText(d)
	}
	return w.misbehaviour(engine.ErrorMutation, "a method or a property", -1,
		notRepeated("a state was modified ("+what+")"))
}

// notRepeated describes a change that no method repeats.
func notRepeated(what string) string {
	return what + ", but calling every method again on fresh copies did not reproduce it: " +
		"some method keeps a reference to a state and modifies it later"
}

// inState adds to a misbehaviour in which state it was.
func (w *worker) inState(err error, vec []uint32) error {
	s := w.newState()
	w.coder.DecodeFresh(vec, s)
	err.(*engine.Misbehaviour).Message += "; it does so in the state " + oneLine(w.StateText(s))
	return err
}

// mutatorNearby searches the first states of the model for one at which a method changes its
// argument.
func (w *worker) mutatorNearby() error {
	met := map[string]bool{}
	var queue [][]uint32
	meet := func(vec []uint32) {
		if key := fmt.Sprint(vec); !met[key] && len(met) < maxSearched {
			met[key] = true
			queue = append(queue, slices.Clone(vec))
		}
	}
	batch := engine.NewBatch(w.space.Words())
	if err := w.Init(batch); err != nil {
		return err
	}
	for i := range batch.Len() {
		meet(batch.Vector(i))
	}
	for ; len(queue) > 0; queue = queue[1:] {
		if err := w.mutatorAt(queue[0], meet); err != nil {
			return w.inState(err, queue[0])
		}
	}
	return nil
}

// mutatorAt gives fresh copies of a state, and of its successors, to every method that reads one,
// and returns the misbehaviour of the first that changes its argument. meet, if there is one, is
// called with the successors inside the boundary. Panics are passed over: they are reported where
// they happened.
func (w *worker) mutatorAt(state []uint32, meet func(vec []uint32)) error {
	if err := w.mutatingReader(state); err != nil {
		return err
	}
	given := w.lend(state)
	var acts values.Slice
	tolerant(func() { acts = w.Code.Actions(values.Slice{Size: w.Action.Size()}, given.s) })
	if err := given.changedBy("Actions"); err != nil {
		return err
	}
	for i := range acts.Len {
		vec, err := w.mutatingStep(given, acts.At(i))
		if err != nil {
			m := err.(*engine.Misbehaviour)
			m.Act, m.Action = i, w.ActionText(acts.At(i))
			return m
		}
		if vec != nil && meet != nil {
			meet(vec)
		}
	}
	return nil
}

// mutatingReader tries what reads a single state.
func (w *worker) mutatingReader(state []uint32) error {
	given := w.lend(state)
	for i := range w.Props {
		p := &w.Props[i]
		if p.State == nil {
			continue
		}
		tolerant(func() { p.State(given.s) })
		if err := given.changedBy(PropertySite(p.Name)); err != nil {
			return err
		}
	}
	if w.Within != nil {
		tolerant(func() { w.Within(given.s) })
		if err := given.changedBy("Within"); err != nil {
			return err
		}
	}
	return given.changedByRepresentative()
}

// mutatingStep tries what runs for a single step, and returns the successor if it is inside the
// boundary.
func (w *worker) mutatingStep(given *lent, a unsafe.Pointer) ([]uint32, error) {
	tolerant(func() { w.actionName(a) })
	if err := given.changedBy("ActionName"); err != nil {
		return nil, err
	}
	next := w.newState()
	ok, inside := false, true
	if w.NextInPlace != nil { // before Next, which may call it
		tolerant(func() { w.NextInPlace(next, given.s, a) })
		if err := given.changedBy("NextInPlace"); err != nil {
			return nil, err
		}
	}
	tolerant(func() { ok = w.Code.Next(next, given.s, a) })
	if err := given.changedBy("Next"); err != nil {
		return nil, err
	}
	vec := make([]uint32, w.space.Words())
	if !ok || w.coder.Encode(vec, next) != nil {
		return nil, nil
	}
	after := w.lend(vec)
	if w.Within != nil {
		tolerant(func() { inside = w.Within(after.s) })
		if err := after.changedBy("Within"); err != nil || !inside {
			return nil, err
		}
	}
	for i := range w.Props {
		p := &w.Props[i]
		if p.Step == nil {
			continue
		}
		tolerant(func() { p.Step(given.s, a, after.s) })
		for _, s := range []*lent{given, after} {
			if err := s.changedBy(PropertySite(p.Name)); err != nil {
				return nil, err
			}
		}
	}
	return vec, after.changedByRepresentative()
}

// lent is a state that is given to user code, and what it was before.
type lent struct {
	*worker
	s, original unsafe.Pointer
}

// lend makes copies of a state that share memory with nothing.
func (w *worker) lend(state []uint32) *lent {
	l := &lent{worker: w, s: w.newState(), original: w.newState()}
	w.coder.DecodeFresh(state, l.s)
	w.coder.DecodeFresh(state, l.original)
	return l
}

// changedBy returns a misbehaviour if the state is not what it was; where has had it last.
func (l *lent) changedBy(where string) error {
	if l.equal(l.s, l.original) {
		return nil
	}
	what := "its content"
	if d := l.splan.Diff(l.original, l.s); len(d) > 0 {
		c := d[0].Named()
		what = fmt.Sprintf("%s: %s became %s", c.Path, c.Before, c.After)
	}
	return l.misbehaviour(engine.ErrorMutation, where, -1, "it changed the state it was given ("+what+
		"): copy slices, maps and what pointers lead to before changing them")
}

// changedByRepresentative gives the state to Representative, if the search uses it.
func (l *lent) changedByRepresentative() error {
	rep := l.space.rep
	if rep == nil {
		return nil
	}
	tolerant(func() { rep(l.newState(), l.s) })
	return l.changedBy("Representative")
}

// tolerant runs user code whose panics are of no interest.
func tolerant(f func()) {
	defer func() { _ = recover() }()
	f()
}

// keepGiven keeps a state that user code is given.
func (w *worker) keepGiven(s unsafe.Pointer) {
	if !w.flat && w.passes {
		w.passed.Keep("a state that a method or a property was given", w.splan, w.State, s)
	}
}

// keepActions keeps what Actions has returned.
func (w *worker) keepActions() {
	if w.aplan == nil || !w.aplan.Refers() {
		return
	}
	for i := range w.acts.Len {
		w.passed.Keep(passedAction, w.aplan, w.Action, w.acts.At(i))
	}
}

// keepSuccessor keeps what Next has returned.
func (w *worker) keepSuccessor() {
	if !w.flat {
		w.passed.Keep("a state that Next returned", w.splan, w.State, w.next)
	}
}

// checkPassed returns an error if a value was changed after it was passed. It calls progress before each of many
// values.
func (w *worker) checkPassed(progress func()) error {
	what, was, now, changed := w.passed.Changed(progress)
	if !changed {
		return nil
	}
	p, how := w.splan, "its content is not what it was"
	if what == passedAction {
		p = w.aplan
	}
	if now != nil {
		how = plan.DiffText(p.Diff(was, now))
	}
	return w.misbehaviour(engine.ErrorMutation, "a method or a property", -1, fmt.Sprintf(
		"%s was changed after the method had returned (%s): some method keeps a reference and modifies it later; "+
			"copy what you keep, and keep nothing between calls", what, how))
}

const passedAction = "an action that Actions returned"
