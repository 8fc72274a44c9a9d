package allways

import (
	"bytes"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
)

// sampleEvery is how many states are expanded for one whose steps are run again by the slow guards.
const sampleEvery = 512

// checkUnchanged encodes the expanded state once more: it differs from its vector if, and only if, user code has changed
// it through a slice, a map or a pointer. Every expanded state is checked, since the encoding of successors trusts that
// memory which was not replaced was not changed.
func (w *worker[S, A]) checkUnchanged(state []uint32) error {
	if w.flat {
		return nil
	}
	err := w.coder.Encode(w.again, unsafe.Pointer(&w.s))
	if err == nil && slices.Equal(w.again, state) {
		return nil
	}
	return w.blameMutation(state)
}

// checkJudged is checkUnchanged for the state that properties have seen.
func (w *worker[S, A]) checkJudged(state []uint32) error {
	if w.flat {
		return nil
	}
	err := w.coder.Encode(w.again, unsafe.Pointer(&w.eval))
	if err == nil && slices.Equal(w.again, state) {
		return nil
	}
	var original S
	w.coder.DecodeFresh(state, unsafe.Pointer(&original))
	return w.misbehaviour(FaultMutation, w.site(), -1,
		"it changed the state it was given ("+diffText(w.diff(original, w.eval))+"): a property must only read")
}

// blameMutation finds out which method changes its argument, on fresh copies of the state.
func (w *worker[S, A]) blameMutation(state []uint32) error {
	var original, s S
	w.coder.DecodeFresh(state, unsafe.Pointer(&original))
	w.coder.DecodeFresh(state, unsafe.Pointer(&s))
	changed := func() string {
		if d := w.diff(original, s); len(d) > 0 {
			return fmt.Sprintf("%s: %s became %s", d[0].Path, orNone(d[0].Before), orNone(d[0].After))
		}
		return ""
	}
	w.user(inActions, -1)
	acts := w.model.Actions(nil, s)
	if c := changed(); c != "" {
		return w.misbehaviour(FaultMutation, "Actions", -1, "it changed the state it was given ("+c+"): copy before changing")
	}
	for i, a := range acts {
		w.user(inNext, i)
		w.model.Next(s, a)
		if c := changed(); c != "" {
			w.acts = acts
			return w.misbehaviour(FaultMutation, "Next", i, "it changed the state it was given ("+c+"): copy slices, maps and what pointers lead to before changing them")
		}
	}
	d := "its content is not what it was"
	if c := w.diff(original, w.s); len(c) > 0 {
		d = fmt.Sprintf("%s: %s became %s", c[0].Path, orNone(c[0].Before), orNone(c[0].After))
	}
	return w.misbehaviour(FaultMutation, "a property, Within, Representative or an earlier step", -1, "a state was changed ("+d+"): copy before changing")
}

// sample runs the steps of a state again, on a copy with nil and empty swapped, and compares. The successors are those
// in out from index from on, without the states for which left says that they were left out.
func (w *worker[S, A]) sample(state []uint32, out *engine.Batch, from int, left func(vec []uint32) bool) error {
	var s S
	w.splan.Alternate(unsafe.Pointer(&s), unsafe.Pointer(&w.s))
	first := slices.Clone(w.acts)
	w.user(inActions, -1)
	acts := w.model.Actions(nil, s)
	if err := w.sameActions(first, acts); err != nil {
		return err
	}
	if err := w.sameProperties(s); err != nil {
		return err
	}
	if err := w.readersOnlyRead(state); err != nil {
		return err
	}
	vec := make([]uint32, len(state))
	for i, a := range acts {
		next, ok, nilMap := w.nextOfAlternate(s, a, i)
		if nilMap {
			if from < out.Len() && out.Act(from) == i {
				from++
			}
			continue
		}
		inside := false
		if ok {
			w.next = next
			// The vector's fields are encoded one by one; only the whole shows memory that two of them share.
			if _, err := w.splan.Append(nil, unsafe.Pointer(&w.next)); err != nil {
				return w.misbehaviour(FaultValue, "Next", i, err.Error())
			}
			var err error
			if inside, err = w.encodeNext(vec, nil, false); err != nil {
				return err
			}
		}
		committed := from < out.Len() && out.Act(from) == i
		if inside && !committed && left(vec) {
			continue
		}
		switch {
		case inside != committed:
			return w.nondeterminism("Next", i, fmt.Sprintf("it once had an effect inside the boundary (%t) and once not", committed))
		case inside && !slices.Equal(vec, out.Vector(from)):
			return w.nondeterminism("Next", i, "it gave two different states: "+w.fieldDiff(out.Vector(from), vec))
		}
		if committed {
			from++
		}
	}
	w.acts = first
	if w.rep != nil {
		return w.sampleSymmetry()
	}
	return nil
}

// nextOfAlternate runs Next on a state with nil and empty swapped. Writing to a map that is nil only there is no fault: a
// model may rely on never being given one.
func (w *worker[S, A]) nextOfAlternate(s S, a A, i int) (next S, ok, nilMap bool) {
	defer func() {
		if r := recover(); r != nil {
			if e, isRuntime := r.(runtime.Error); !isRuntime || e.Error() != "assignment to entry in nil map" {
				panic(r)
			}
			nilMap = true
		}
	}()
	w.user(inNext, i)
	next, ok = w.model.Next(s, a)
	return next, ok, false
}

func (w *worker[S, A]) nondeterminism(where string, act int, what string) error {
	return w.misbehaviour(FaultNondeterminism, where, act, what+
		"; it must depend on its arguments alone, and not on time, random numbers, map order, shared variables, or whether a slice or map is nil or empty")
}

func (w *worker[S, A]) sameActions(a, b []A) error {
	if len(a) != len(b) {
		return w.nondeterminism("Actions", -1, fmt.Sprintf("it once returned %d actions and once %d for the same state", len(a), len(b)))
	}
	for i := range a {
		if !w.equalActions(&a[i], &b[i]) {
			return w.nondeterminism("Actions", -1, fmt.Sprintf("action %d was once %s and once %s for the same state", i, w.safeText(a[i]), w.safeText(b[i])))
		}
	}
	return nil
}

func (w *worker[S, A]) equalActions(a, b *A) bool {
	if w.aplan == nil {
		return w.ActionText(*a) == w.ActionText(*b)
	}
	return w.aplan.Equal(unsafe.Pointer(a), unsafe.Pointer(b))
}

// sameProperties evaluates the state predicates on both forms of the expanded state.
func (w *worker[S, A]) sameProperties(s S) error {
	for i, p := range w.props {
		if p.state == nil {
			continue
		}
		w.user(inProperty+site(i), -1)
		if p.state(w.s) != p.state(s) {
			return w.nondeterminism("property "+strconv.Quote(p.name), -1, "it was once true and once false for the same state")
		}
	}
	return nil
}

// readersOnlyRead checks that Within and Representative leave their argument alone.
func (w *worker[S, A]) readersOnlyRead(state []uint32) error {
	if w.flat {
		return nil
	}
	var s S
	check := func(where string) error {
		if d := w.diff(w.s, s); len(d) > 0 {
			return w.misbehaviour(FaultMutation, where, -1, "it changed the state it was given ("+diffText(d)+"): copy before changing")
		}
		return nil
	}
	w.coder.DecodeFresh(state, unsafe.Pointer(&s))
	if w.within != nil {
		w.user(inWithin, -1)
		w.within(s)
		if err := check("Within"); err != nil {
			return err
		}
	}
	if w.rep != nil {
		w.user(inRepresentative, -1)
		w.rep(s)
		return check("Representative")
	}
	return nil
}

// fieldDiff names the first fields in which two states differ.
func (w *worker[S, A]) fieldDiff(a, b []uint32) string {
	var x, y S
	w.coder.DecodeFresh(a, unsafe.Pointer(&x))
	w.coder.DecodeFresh(b, unsafe.Pointer(&y))
	return diffText(w.diff(x, y))
}

func diffText(d []Change) string {
	const most = 3
	var parts []string
	for i, c := range d {
		if i == most {
			parts = append(parts, fmt.Sprintf("and %d more", len(d)-most))
			break
		}
		parts = append(parts, fmt.Sprintf("%s is %s or %s", c.Path, orNone(c.Before), orNone(c.After)))
	}
	return strings.Join(parts, ", ")
}

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
			return nil, w.misbehaviour(FaultValue, "Representative", i, err.Error())
		}
		all = append(all, enc)
	}
	slices.SortFunc(all, bytes.Compare)
	return slices.CompactFunc(all, bytes.Equal), nil
}

func (w *worker[S, A]) unsound(s, r S, what string) error {
	return w.misbehaviour(FaultSymmetry, "Representative", -1, fmt.Sprintf(
		"%s; the state is %s, its representative is %s", what, w.StateText(s), w.StateText(r)))
}
