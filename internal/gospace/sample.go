package gospace

import (
	"fmt"
	"slices"
	"sync/atomic"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/plan"
	"github.com/allways-go/allways/internal/repeat"
	"github.com/allways-go/allways/internal/values"
	"github.com/allways-go/allways/internal/visited"
)

// A verdict rests on the model answering the same question in the same way, however often, when and
// by whom it is asked. Whether it does is tried by asking again; see package repeat. Three answers
// are compared for each of the first states of a run: that of the search, a second one at once, about
// the other form of the state, and at the end of the run as many more as package repeat asks for.
// Small models, in which a rare state is all there is, are so checked without gaps.
//
// Later states are sampled, since to ask twice halves the speed of a search. What a sample can miss
// is easy to say. If a share p of the states shows a mistake, n sampled states miss it with
// probability (1-p)^n. A search of half a million states samples a thousand of them beyond the first,
// and then a mistake in one state of 200 escapes in 0.7 percent of all searches, if it is in none of
// the first. Mutation is different: one modified state may make any number of later ones wrong, so it
// is looked for everywhere; see mutation.go.

const (
	// SampleFirst is the number of states that are expanded first and are all asked about again.
	SampleFirst = repeat.First
	// SampleEvery is how many states are expanded after that for one that is asked about again.
	SampleEvery = 512
	// symmetrySampled is the number of states that each worker samples first for symmetry.
	symmetrySampled = 512
)

// question is a state with the answer that the model gave. The state is nil for Init, whose answer is
// the initial states.
type question struct {
	state  []uint32
	answer answer
}

// repeats is what a space keeps of the answers of its model.
type repeats struct {
	log  repeat.Log[question]
	init atomic.Pointer[answer] // first answer of Init
	full atomic.Bool            // the log keeps no more
}

// sample asks the model about an expanded state again, in its other form, and compares. The answer of
// the search is in w.acts and, from index from on, in out.
func (w *worker) sample(state []uint32, o engine.ExpandOptions, out *engine.Batch, from int) error {
	if err := w.checkLent(); err != nil {
		return err
	}
	first, err := w.searched(o, out, from)
	if err != nil {
		return err
	}
	w.acts = values.Clone(w.Action, w.acts) // the model may be given their memory again
	w.keepGiven(w.s)
	w.keepActions()
	second, ordered, err := w.askedAgain(state, first, o.SelfLoops)
	if err != nil {
		return err
	}
	w.expected, w.asked = append(w.expected[:0], second...), append(w.asked[:0], state...)
	if w.NextInPlace != nil {
		w.inPlace = true
		_, _, err := w.askedAgain(state, w.expected, true)
		w.inPlace = false
		if err != nil {
			return err
		}
	}
	if w.unwatched() {
		if err := w.mutatorAt(state, nil); err != nil {
			return err
		}
	}
	w.remember(state, ordered)
	if w.space.rep != nil && (w.symmetric < symmetrySampled || w.space.repeats.full.Load()) {
		w.symmetric++
		return w.sampleSymmetry()
	}
	return nil
}

// askedAgain returns the answer on the other form of a state, which must be the one that the search had.
func (w *worker) askedAgain(state []uint32, first answer, loops bool) (second answer, ordered bool, err error) {
	s, ordered := w.given(state, alternate)
	w.keepGiven(s)
	w.keeping = true
	second, err = w.answerOn(s, alternate)
	w.keeping = false
	if err := w.checkUnchanged(state); err != nil { // by an Eventually, perhaps, which nothing has evaluated yet
		return nil, false, err
	}
	if d := w.compare(first, second, state, loops); err != nil || d.what != "" {
		return nil, false, w.diagnose(state, first, loops, d, err)
	}
	return second, ordered, nil
}

// remember keeps an answer to be compared with later ones.
func (w *worker) remember(state []uint32, ordered bool) {
	r := &w.space.repeats
	if r.full.Load() {
		return
	}
	a := slices.Clone(w.expected)
	calls := 1 + int(a[6])
	q := question{slices.Clone(state), a}
	if !r.log.Add(visited.Hash(state), "", q, calls, ordered, 4*(len(state)+len(a))) {
		r.full.Store(true)
	}
}

// unwatched reports whether there is user code whose changes of its argument might go unnoticed by
// checkUnchanged and checkJudged: code that sees successors, which may never be expanded.
func (w *worker) unwatched() bool {
	return !w.flat && (w.steps != 0 || w.Within != nil || w.space.rep != nil)
}

// diagnosed is how often the model is asked to find out what an answer depends on.
const diagnosed = 64

// diagnose finds out why the model has not answered as it did in the search, but with the difference
// d, or a panic, on the other form of a state.
func (w *worker) diagnose(state []uint32, first answer, loops bool, d differs, panicked error) error {
	a, _, err := w.answer(state, canonical)
	if err != nil {
		return err
	}
	a = slices.Clone(a)
	if d := w.compare(first, a, state, loops); d.what != "" && panicked == nil {
		if err := w.disagreement(state); err != nil {
			return err
		}
		return w.nondeterminism(d, state)
	}
	return w.explain(state, a, d, panicked)
}

// disagreement is the error of a model whose NextInPlace does not do what Next does. It returns nil if there is
// another reason for a difference: one of them does not always do the same.
func (w *worker) disagreement(state []uint32) error {
	if w.NextInPlace == nil {
		return nil
	}
	var all [4]answer
	for i := range all {
		w.inPlace = i%2 == 1
		x, _, err := w.answer(state, canonical)
		w.inPlace = false
		if err != nil {
			return err
		}
		all[i] = slices.Clone(x)
	}
	a, b := all[0], all[1]
	d := w.compare(a, b, state, true)
	if d.where != "Next" || !slices.Equal(a, all[2]) || !slices.Equal(b, all[3]) {
		return nil
	}
	what := "only one of them has an effect"
	x, y := w.answered(a)[d.act], w.answered(b)[d.act]
	if n := atSuccessor + w.space.Words(); len(x) >= n && len(y) >= n {
		what = "they lead to different states: " + w.fieldDiff(x[atSuccessor:n], y[atSuccessor:n])
	}
	e := w.misbehaviour(engine.ErrorNondeterminism, "NextInPlace", d.act, "it does not do what Next does: "+what+
		"; make it change the state to the one that Next returns, and report the same").(*engine.Misbehaviour)
	s, _ := w.given(state, canonical)
	e.State = w.StateText(s)
	return e
}

// explain finds out why two answers about a state have the difference d, or one of them is a panic; a
// is an answer on the canonical form. If that form is sometimes answered differently, that is the
// reason, and else the form may be.
func (w *worker) explain(state []uint32, a answer, d differs, panicked error) error {
	for i := range diagnosed {
		b, _, err := w.answer(state, form(i%2))
		if err != nil {
			return err
		}
		if d := w.compare(a, b, state, true); d.what != "" {
			return w.nondeterminism(d, state)
		}
	}
	b, _, err := w.answer(state, alternate)
	if err != nil && b[0] == 0 {
		return err
	}
	if d := w.compare(a, b, state, true); d.what != "" {
		return w.dependsOnForm(state, a, d, err)
	}
	if panicked != nil {
		return panicked
	}
	return w.nondeterminism(d, state)
}

// dependsOnForm is the error of a model that answers a on the canonical form of a state, and on the
// other one with the difference d or with a panic.
func (w *worker) dependsOnForm(state []uint32, a answer, d differs, err error) error {
	form := w.decisiveForm(state, func(s unsafe.Pointer) bool {
		b, err := w.answerOn(s, alternate)
		return err != nil || w.compare(a, b, state, true).what != ""
	})
	if form == "" {
		form = "slices and maps are nil or empty"
	}
	m, panicked := err.(*engine.Misbehaviour)
	if !panicked {
		e := w.nondeterminism(d, state).(*engine.Misbehaviour)
		e.Message += "; here it depends on whether " + form
		return e
	}
	d = differs{m.Where, m.Act, fmt.Sprintf("whether it panics (%s) depends on whether %s", m.Message, form)}
	e := w.nondeterminism(d, state).(*engine.Misbehaviour)
	e.Action, e.Panic, e.Stack = m.Action, m.Panic, m.Stack
	return e
}

// nondeterminism is the error of a model that has answered a question in two ways, perhaps because it
// has changed the state in between.
func (w *worker) nondeterminism(d differs, state []uint32) error {
	if state != nil && !w.flat {
		if err := w.mutatorAt(state, nil); err != nil {
			return err
		}
	}
	if !w.flat && !w.coder.Returned() {
		return w.misbehaviour(engine.ErrorMutation, "a method or a property", -1, notRepeated("a state was modified"))
	}
	if d.where == "Next" && w.NextInPlace != nil {
		d.where = "Next or NextInPlace"
	}
	e := w.misbehaviour(engine.ErrorNondeterminism, d.where, d.act, d.what+
		"; it must depend on its arguments alone, and not on time, random numbers, map order, shared variables, "+
		"or whether a slice or map is nil or empty").(*engine.Misbehaviour)
	if state != nil {
		s, _ := w.given(state, canonical)
		e.State = w.StateText(s)
	}
	return e
}

// initAnswer returns the initial states, as words: for each its index and its vector.
func initAnswer(out *engine.Batch) (a answer) {
	for i := range out.Len() {
		a = append(append(a, uint32(out.Act(i))), out.Vector(i)...)
	}
	return a
}

// sameInits compares the initial states with those that Init has returned first.
func (w *worker) sameInits(a answer) error {
	r := &w.space.repeats
	if r.init.CompareAndSwap(nil, &a) {
		r.log.Add(0, "Init", question{answer: a}, 1+len(a)/(1+w.space.Words()), true, 4*len(a))
		return nil
	}
	first, n := *r.init.Load(), 1+w.space.Words()
	if slices.Equal(first, a) {
		return nil
	}
	what := fmt.Sprintf("it once returned %d initial states inside the boundary and once %d", len(first)/n, len(a)/n)
	for i := 0; i < min(len(first), len(a)) && len(first) == len(a); i += n {
		if x, y := first[i:i+n], a[i:i+n]; !slices.Equal(x, y) {
			what = fmt.Sprintf("initial state %d was once another one: %s", x[0], w.fieldDiff(x[1:], y[1:]))
			break
		}
	}
	return w.nondeterminism(differs{"Init", -1, what}, nil)
}

// shifted is the number of turns among which some call methods more often than others.
const shifted = 24

// ask asks a question again.
func (w *worker) ask(q question, turn int) error {
	w.question, w.passes, w.inPlace = q.state, turn == 0, w.NextInPlace != nil && turn/2%2 == 0
	if q.state == nil {
		batch := engine.NewBatch(w.space.Words())
		return w.Init(batch)
	}
	if turn%2 == 1 && turn < shifted {
		tolerant(func() { w.shift(q.state) })
	}
	b, _, err := w.answer(q.state, form(1-turn%2))
	if err != nil {
		return err
	}
	if d := w.compare(q.answer, b, q.state, true); d.what != "" {
		return w.explain(q.state, slices.Clone(b), d, nil)
	}
	return nil
}

// sameStep compares a single step with the answer that the model gave about the state just before.
func (w *worker) sameStep(i int, e engine.Effect, dst []uint32, want, broken engine.Mask) error {
	if !slices.Equal(w.asked, w.vec) {
		return nil
	}
	steps := w.answered(w.expected)
	if i >= len(steps) {
		return w.nondeterminism(differs{"Actions", -1, "it once returned more actions than before"}, w.vec)
	}
	b := []uint32{steps[i][atAction], steps[i][atName], effectNone}
	if e != engine.NoEffect {
		b[atEffect] = effectOut
		b = append(b, dst...)
		if e == engine.Inside {
			b[atEffect] = effectIn
			b = append(b, low(uint64(broken)), high(uint64(broken)), low(uint64(want)), high(uint64(want)))
		} else {
			b = append(b, 0, 0, 0, 0)
		}
	}
	if where, what := w.differentStep(steps[i], b, w.vec, true); what != "" {
		return w.nondeterminism(differs{where, i, what}, w.vec)
	}
	return nil
}

// holdsSteadily evaluates a predicate on the state to be judged, among the first ones twice: a verdict
// rests on each of these answers.
func (w *worker) holdsSteadily(i int, state []uint32) (holds bool, err error) {
	f := w.Props[i].State
	holds = f(w.eval)
	if w.judged >= SampleFirst {
		return holds, nil
	}
	if w.judged++; f(w.eval) != holds {
		d := differs{PropertySite(w.Props[i].Name), -1, "it was once true and once false for the same state"}
		return holds, w.nondeterminism(d, state)
	}
	return holds, nil
}

// decisiveForm names the first place in a state whose form alone makes the outcome another one. It
// returns "" when no place does. A content may have several representations in Go: a nil or an empty
// slice, +0 or -0. Searches show models one form of each, and a model whose outcome depends on the
// form would behave otherwise in production, where the form is whatever the program made. The user
// needs to know which field it was.
func (w *worker) decisiveForm(state []uint32, other func(s unsafe.Pointer) bool) string {
	for k := 0; ; k++ {
		s, _ := w.given(state, canonical)
		alternate := w.newState()
		w.splan.Alternate(alternate, s)
		place := plan.SwapForm(w.splan, s, alternate, k)
		if place == "" || other(s) {
			return place
		}
	}
}

// shift calls each method once more than a question does, so that code whose answer depends on the
// number of calls meets another number.
func (w *worker) shift(state []uint32) {
	s, _ := w.given(state, canonical)
	for i := range w.Props {
		if p := &w.Props[i]; p.State != nil {
			w.user(inProperty+site(i), -1)
			p.State(s)
		}
	}
	w.user(inActions, -1)
	w.acts = w.Code.Actions(values.Slice{Size: w.Action.Size()}, s)
	if w.acts.Len == 0 {
		return
	}
	if w.user(inNext, 0); !w.Code.Next(w.next, s, w.acts.At(0)) {
		return
	}
	if inside, err := w.encode(w.next, w.again, nil, true); inside && err == nil {
		w.stepsViolated(s, 0, w.steps)
	}
}
