package allways

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
)

// sampleEvery is how many states are expanded for one whose steps are run again by the slow guards.
const sampleEvery = 512

// sample runs the steps of a state again, on a copy with nil and empty swapped, and compares. The successors are those
// in out from index from on, without the states for which left says that they were left out.
func (w *worker[S, A]) sample(state []uint32, out *engine.Batch, from int, left func(vec []uint32) bool) error {
	if err := w.checkLent(); err != nil {
		return err
	}
	var s S
	w.splan.Alternate(unsafe.Pointer(&s), unsafe.Pointer(&w.s))
	first := slices.Clone(w.acts)
	acts, err := w.sampleActions(state, s, first)
	if err != nil {
		return err
	}
	if err := w.sameProperties(state, s); err != nil {
		return err
	}
	if err := w.checkUnchanged(state); err != nil { // by an Eventually, perhaps, which nothing has evaluated yet
		return err
	}
	if w.unwatched() {
		if err := w.culpritAt(state, nil); err != nil {
			return err
		}
	}
	w.acts = acts
	vec := make([]uint32, len(state))
	for i := range acts {
		committed := from < out.Len() && out.Act(from) == i
		var expected []uint32
		if committed {
			expected = out.Vector(from)
			from++
		}
		if err := w.sampleStep(state, s, i, vec, expected, left); err != nil {
			return err
		}
	}
	w.acts = first
	if w.rep != nil {
		return w.sampleSymmetry()
	}
	return nil
}

// unwatched reports whether there is user code whose changes of its argument might go unnoticed by checkUnchanged and
// checkJudged: code that sees successors, which may never be expanded.
func (w *worker[S, A]) unwatched() bool {
	steps := slices.ContainsFunc(w.props, func(p Property[S]) bool { return p.step != nil })
	return !w.flat && (steps || w.within != nil || w.rep != nil)
}

// sampleActions lists the actions of both forms of a state again and compares them with the first ones.
func (w *worker[S, A]) sampleActions(state []uint32, s S, first []A) (acts []A, err error) {
	w.user(inActions, -1)
	run := func(s S) error {
		acts = w.model.Actions(nil, s)
		return w.sameActions(first, acts)
	}
	err = w.onAlternate(state, "Actions", -1, s, run)
	return acts, err
}

// sampleStep takes the i-th step of a state again. expected is the successor that was appended, or nil.
func (w *worker[S, A]) sampleStep(state []uint32, s S, i int, vec, expected []uint32, left func(vec []uint32) bool) error {
	return w.onAlternate(state, "Next", i, s, func(s S) error {
		next, ok, nilMap := w.nextOfAlternate(s, w.acts[i], i)
		if nilMap {
			return nil
		}
		inside := false
		if ok {
			w.next = next
			// The vector's fields are encoded one by one; only the whole shows memory that two of them share.
			if _, err := w.splan.Append(nil, unsafe.Pointer(&w.next)); err != nil {
				return w.misbehaviour(ErrorValue, "Next", i, err.Error())
			}
			var err error
			if inside, err = w.encodeNext(vec, nil, false); err != nil {
				return err
			}
		}
		switch {
		case inside && expected == nil && left(vec):
			return nil
		case inside != (expected != nil):
			return w.nondeterminism("Next", i, fmt.Sprintf("it once had an effect inside the boundary (%t) and once not", expected != nil))
		case inside && !slices.Equal(vec, expected):
			return w.nondeterminism("Next", i, "it gave two different states: "+w.fieldDiff(expected, vec))
		}
		return nil
	})
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
	return w.misbehaviour(ErrorNondeterminism, where, act, what+
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
func (w *worker[S, A]) sameProperties(state []uint32, s S) error {
	for i, p := range w.props {
		if p.state == nil {
			continue
		}
		w.user(inProperty+site(i), -1)
		first := p.state(w.s)
		err := w.onAlternate(state, w.site(), -1, s, func(s S) error {
			if p.state(s) != first {
				return w.nondeterminism(w.site(), -1, "it was once true and once false for the same state")
			}
			return nil
		})
		if err != nil {
			return err
		}
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
