package gospace

import (
	"fmt"
	"runtime"
	"slices"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
)

// The guards of this file run all methods a second time, which would halve the speed of a search.
// So they run for a sample: nondeterminism that matters shows in many states, and a sampled state
// costs less than a percent when one in SampleEvery is taken.
//
// What a sample can miss is easy to say. If a share p of the states shows a mistake, n sampled
// states miss it with probability (1-p)^n. A search of half a million states samples a thousand of
// them, and then a mistake in one state of 200 escapes in 0.7 percent of all searches. The first
// SampleEvery states are all sampled, so that small models, in which a rare state is all there is,
// are checked without gaps. Mutation is different: one modified state may make any number of later
// ones wrong, so it is looked for everywhere; see mutation.go.
//
// The second run gets the other form of the state, not the same one again. Either shows
// nondeterminism, and this one also shows code that tells nil from empty.

// SampleEvery is how many states are expanded for one whose steps are run again by the slow guards.
const SampleEvery = 512

// sample runs the steps of a state again, on a copy with nil and empty swapped, and compares. The
// successors are those in out from index from on, without the states for which left says that they
// were left out.
func (w *worker) sample(state []uint32, out *engine.Batch, from int, left func(vec []uint32) bool) error {
	if err := w.checkLent(); err != nil {
		return err
	}
	s := w.newState()
	w.splan.Alternate(s, w.s)
	first := cloneValues(w.Action, w.acts)
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
		if err := w.mutatorAt(state, nil); err != nil {
			return err
		}
	}
	w.acts = acts
	vec := make([]uint32, len(state))
	for i := range acts.Len {
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
	if w.space.rep != nil {
		return w.sampleSymmetry()
	}
	return nil
}

// unwatched reports whether there is user code whose changes of its argument might go unnoticed by
// checkUnchanged and checkJudged: code that sees successors, which may never be expanded.
func (w *worker) unwatched() bool {
	return !w.flat && (w.steps != 0 || w.Within != nil || w.space.rep != nil)
}

// sampleActions lists the actions of both forms of a state again and compares them with the first
// ones.
func (w *worker) sampleActions(state []uint32, s unsafe.Pointer, first Values) (acts Values, err error) {
	w.user(inActions, -1)
	run := func(s unsafe.Pointer) error {
		acts = w.Code.Actions(Values{Size: w.Action.Size()}, s)
		return w.sameActions(first, acts)
	}
	err = w.onAlternate(state, "Actions", -1, s, run)
	return acts, err
}

// sampleStep takes the i-th step of a state again. expected is the successor that was appended, or
// nil.
func (w *worker) sampleStep(
	state []uint32, s unsafe.Pointer, i int, vec, expected []uint32, left func(vec []uint32) bool,
) error {
	return w.onAlternate(state, "Next", i, s, func(s unsafe.Pointer) error {
		ok, nilMap := w.nextOfAlternate(s, i)
		if nilMap {
			return nil
		}
		inside := false
		if ok {
			// The vector's fields are encoded one by one; only the whole shows memory that two of
			// them share.
			if _, err := w.splan.Append(nil, w.next); err != nil {
				return w.misbehaviour(engine.ErrorValue, "Next", i, err.Error())
			}
			var err error
			if inside, err = w.encode(w.next, vec, nil, false); err != nil {
				return err
			}
		}
		switch {
		case inside && expected == nil && left(vec):
			return nil
		case inside != (expected != nil):
			return w.nondeterminism("Next", i, fmt.Sprintf(
				"it once had an effect inside the boundary (%t) and once not", expected != nil))
		case inside && !slices.Equal(vec, expected):
			return w.nondeterminism("Next", i, "it gave two different states: "+w.fieldDiff(expected, vec))
		}
		return nil
	})
}

// nextOfAlternate runs Next on a state with nil and empty swapped. Writing to a map that is nil
// only there is no mistake: a model may rely on never being given one.
func (w *worker) nextOfAlternate(s unsafe.Pointer, i int) (ok, nilMap bool) {
	defer func() {
		if r := recover(); r != nil {
			if e, isRuntime := r.(runtime.Error); !isRuntime || e.Error() != "assignment to entry in nil map" {
				panic(r)
			}
			nilMap = true
		}
	}()
	w.user(inNext, i)
	return w.Code.Next(w.next, s, w.acts.At(i)), false
}

func (w *worker) nondeterminism(where string, act int, what string) error {
	return w.misbehaviour(engine.ErrorNondeterminism, where, act, what+
		"; it must depend on its arguments alone, and not on time, random numbers, map order, shared variables, "+
		"or whether a slice or map is nil or empty")
}

func (w *worker) sameActions(a, b Values) error {
	if a.Len != b.Len {
		return w.nondeterminism("Actions", -1, fmt.Sprintf(
			"it once returned %d actions and once %d for the same state", a.Len, b.Len))
	}
	for i := range a.Len {
		if !w.equalActions(a.At(i), b.At(i)) {
			return w.nondeterminism("Actions", -1, fmt.Sprintf(
				"action %d was once %s and once %s for the same state",
				i, w.ActionText(a.At(i)), w.ActionText(b.At(i))))
		}
	}
	return nil
}

func (w *worker) equalActions(a, b unsafe.Pointer) bool {
	if w.aplan == nil {
		return w.ActionText(a) == w.ActionText(b)
	}
	return w.aplan.Equal(a, b)
}

// sameProperties evaluates the state predicates on both forms of the expanded state.
func (w *worker) sameProperties(state []uint32, s unsafe.Pointer) error {
	for i := range w.Props {
		p := &w.Props[i]
		if p.State == nil {
			continue
		}
		w.user(inProperty+site(i), -1)
		first := p.State(w.s)
		err := w.onAlternate(state, w.site(), -1, s, func(s unsafe.Pointer) error {
			if p.State(s) != first {
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
func (w *worker) fieldDiff(a, b []uint32) string {
	x, y := w.newState(), w.newState()
	w.coder.DecodeFresh(a, x)
	w.coder.DecodeFresh(b, y)
	return diffText(w.splan.Diff(x, y))
}
