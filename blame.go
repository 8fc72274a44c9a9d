package allways

import (
	"fmt"
	"slices"
	"strconv"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
)

// checkUnchanged encodes the expanded state once more: it differs from its vector if, and only if, user code has changed
// it through a slice, a map or a pointer. Every expanded state is checked, since the encoding of successors trusts that
// memory which was not replaced was not changed: at once while there are few of them, so that who changes states is mostly
// caught in the act, and then many at a time, since they share most of their memory.
func (w *worker[S, A]) checkUnchanged(state []uint32) error { return w.checkSame(&w.s, state) }

// checkJudged is checkUnchanged for the state that properties have seen.
func (w *worker[S, A]) checkJudged(state []uint32) error { return w.checkSame(&w.eval, state) }

const (
	checkedAtOnce = 1 << 12 // states that are checked at once
	checkedInAll  = 1 << 10 // states that are checked together after that
)

func (w *worker[S, A]) checkSame(s *S, state []uint32) error {
	switch {
	case w.flat:
		return nil
	case w.checked < checkedAtOnce:
		w.checked++
		if w.same(s, state) {
			return nil
		}
		return w.culprit(*s, state)
	}
	w.unchecked = append(w.unchecked, state...)
	if len(w.unchecked) < checkedInAll*len(state) {
		return nil
	}
	return w.checkLent()
}

// checkLent checks all states since it did so last. What has come of them by then is no result if one was changed, since
// the run ends as a misbehaviour.
func (w *worker[S, A]) checkLent() error {
	unchecked := w.unchecked
	w.unchecked = w.unchecked[:0]
	if w.flat || w.coder.Returned() {
		return nil
	}
	for vec := range slices.Chunk(unchecked, w.Words()) {
		if err := w.culpritAt(vec, nil); err != nil {
			return w.elsewhere(err, vec)
		}
	}
	if err := w.culpritAnywhere(); err != nil {
		return err
	}
	return w.misbehaviour(ErrorMutation, "a method or a property", -1, notAgain("a state was changed"))
}

// notAgain says that nobody was found who has changed a state.
func notAgain(what string) string {
	return what + ", and not again when it was given to each of them once more: nothing may keep memory of a state and change it later"
}

// elsewhere adds to a misbehaviour in which state it was.
func (w *worker[S, A]) elsewhere(err error, vec []uint32) error {
	var s S
	w.coder.DecodeFresh(vec, unsafe.Pointer(&s))
	err.(*engine.Misbehaviour).Message += "; it does so in the state " + oneLine(w.StateText(s))
	return err
}

// same reports whether s still has the content of its vector.
func (w *worker[S, A]) same(s *S, state []uint32) bool {
	return w.flat || w.coder.Encode(w.again, unsafe.Pointer(s)) == nil && slices.Equal(w.again, state)
}

// mostInquired bounds the states at which the method that changed a state is looked for.
const mostInquired = 1 << 13

// culprit finds out who has changed a state, which is s now: mostly a method that does so again, given that state. But
// memory is shared between states, so it may have been given another one.
func (w *worker[S, A]) culprit(s S, state []uint32) error {
	if err := w.culpritAt(state, nil); err != nil {
		return err
	}
	if err := w.culpritAnywhere(); err != nil {
		return err
	}
	var original S
	w.coder.DecodeFresh(state, unsafe.Pointer(&original))
	what := "its content is not what it was"
	if d := w.diff(original, s); len(d) > 0 {
		what = diffText(d)
	}
	return w.misbehaviour(ErrorMutation, "a method or a property", -1, notAgain("a state was changed ("+what+")"))
}

// culpritAnywhere searches the first states of the model for one at which a method changes its argument.
func (w *worker[S, A]) culpritAnywhere() error {
	met := map[string]bool{}
	var queue [][]uint32
	meet := func(vec []uint32) {
		if key := fmt.Sprint(vec); !met[key] && len(met) < mostInquired {
			met[key] = true
			queue = append(queue, slices.Clone(vec))
		}
	}
	batch := engine.NewBatch(w.Words())
	if err := w.Init(batch); err != nil {
		return err
	}
	for i := range batch.Len() {
		meet(batch.Vector(i))
	}
	for ; len(queue) > 0; queue = queue[1:] {
		if err := w.culpritAt(queue[0], meet); err != nil {
			return w.elsewhere(err, queue[0])
		}
	}
	return nil
}

// culpritAt gives fresh copies of a state, and of its successors, to every method that reads one, and returns the
// misbehaviour of the first that changes its argument. meet, if there is one, is called with the successors inside the
// boundary. Panics are passed over: they are reported where they happened.
func (w *worker[S, A]) culpritAt(state []uint32, meet func(vec []uint32)) error {
	if err := w.readersAt(state); err != nil {
		return err
	}
	given := w.lend(state)
	var acts []A
	tolerant(func() { acts = w.model.Actions(nil, given.s) })
	if err := given.changedBy("Actions"); err != nil {
		return err
	}
	for i, a := range acts {
		vec, err := w.culpritStep(given, a)
		if err != nil {
			m := err.(*engine.Misbehaviour)
			m.Act, m.Action = i, w.safeText(a)
			return m
		}
		if vec != nil && meet != nil {
			meet(vec)
		}
	}
	return nil
}

// readersAt tries what reads a single state.
func (w *worker[S, A]) readersAt(state []uint32) error {
	given := w.lend(state)
	for _, p := range w.props {
		if p.state == nil {
			continue
		}
		tolerant(func() { p.state(given.s) })
		if err := given.changedBy(propertySite(p.name)); err != nil {
			return err
		}
	}
	if w.within != nil {
		tolerant(func() { w.within(given.s) })
		if err := given.changedBy("Within"); err != nil {
			return err
		}
	}
	if w.rep == nil {
		return nil
	}
	tolerant(func() { w.rep(given.s) })
	return given.changedBy("Representative")
}

// culpritStep tries what runs for a single step, and returns the successor if it is inside the boundary.
func (w *worker[S, A]) culpritStep(given *lent[S, A], a A) ([]uint32, error) {
	tolerant(func() { w.actionName(a) })
	if err := given.changedBy("ActionName"); err != nil {
		return nil, err
	}
	var next S
	ok, inside := false, true
	tolerant(func() { next, ok = w.model.Next(given.s, a) })
	if err := given.changedBy("Next"); err != nil {
		return nil, err
	}
	vec := make([]uint32, w.Words())
	if !ok || w.coder.Encode(vec, unsafe.Pointer(&next)) != nil {
		return nil, nil
	}
	after := w.lend(vec)
	if w.within != nil {
		tolerant(func() { inside = w.within(after.s) })
		if err := after.changedBy("Within"); err != nil || !inside {
			return nil, err
		}
	}
	for i, f := range w.steps {
		if f == nil {
			continue
		}
		tolerant(func() { f(given.s, a, after.s) })
		for _, s := range []*lent[S, A]{given, after} {
			if err := s.changedBy(propertySite(w.props[i].name)); err != nil {
				return nil, err
			}
		}
	}
	if w.rep == nil {
		return vec, nil
	}
	tolerant(func() { w.rep(after.s) })
	return vec, after.changedBy("Representative")
}

// lent is a state that is given to user code, and what it was before.
type lent[S, A any] struct {
	*worker[S, A]
	s, original S
}

// lend makes copies of a state that share memory with nothing.
func (w *worker[S, A]) lend(state []uint32) *lent[S, A] {
	l := &lent[S, A]{worker: w}
	w.coder.DecodeFresh(state, unsafe.Pointer(&l.s))
	w.coder.DecodeFresh(state, unsafe.Pointer(&l.original))
	return l
}

// changedBy returns a misbehaviour if the state is not what it was; where has had it last.
func (l *lent[S, A]) changedBy(where string) error {
	if l.equal(l.s, l.original) {
		return nil
	}
	what := "its content"
	if d := l.diff(l.original, l.s); len(d) > 0 {
		what = fmt.Sprintf("%s: %s became %s", d[0].Path, orNone(d[0].Before), orNone(d[0].After))
	}
	return l.misbehaviour(ErrorMutation, where, -1, "it changed the state it was given ("+what+
		"): copy slices, maps and what pointers lead to before changing them")
}

// tolerant runs user code whose panics are of no interest.
func tolerant(f func()) {
	defer func() { _ = recover() }()
	f()
}

func propertySite(name string) string { return "property " + strconv.Quote(name) }
