package gospace

import (
	"fmt"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/label"
	"github.com/allways-go/allways/internal/naming"
	"github.com/allways-go/allways/internal/packer"
	"github.com/allways-go/allways/internal/repeat"
	"github.com/allways-go/allways/internal/values"
	"github.com/allways-go/allways/internal/vector"
)

// Inside a search a state is a vector; only a worker sees it as a Go value, while it calls the
// model. It decodes the state, lists its actions, and encodes each successor before it asks for the
// next one, since the model may build the next one in the same memory. Encoding compares references
// with those of the state it came from: a field that still refers to the same memory has kept its
// content, and keeps its number without a look at it. In models with large states most fields do.

// worker runs a model for one goroutine of the engine. The values of states that it works on live
// in memory that is allocated once: a new value for every step would cost more than the step.
type worker struct {
	*Model
	space   *goSpace
	coder   *vector.Coder
	plain   bool // encoding a successor needs nothing but its memory
	namer   naming.Namer
	packer  *packer.Packer
	choices choices // shown to schedules of walks

	compute   stepper // method that makes the successors of a search: NextInPlace, or else Next
	computing site    // place where that is
	inPlace   bool    // whether questions are answered by NextInPlace

	s       unsafe.Pointer // the state that is expanded or stepped from
	acts    values.Slice
	next    unsafe.Pointer    // result of Next
	canon   unsafe.Pointer    // result of Next in canonical form
	decoded unsafe.Pointer    // memory for canon
	pair    [2]unsafe.Pointer // results of NextInPlace
	renamed unsafe.Pointer    // representative of canon
	eval    unsafe.Pointer    // the state that is evaluated
	vec     []uint32          // vector of s, while single steps are taken from it
	again   []uint32          // scratch memory, to encode a state once more
	checked int               // states that were checked at once; see checkedAtOnce

	unchecked []uint32       // vectors of states that are still to be checked
	where     site           // user code that runs
	act       int            // index of its action, or -1
	calls     uint64         // calls of user code
	keys      []uint32       // instances of constraints that a step takes
	question  []uint32       // the state of a question that is asked again
	numbers   []uint16       // numbers of the names of acts, while single steps are taken
	probe     unsafe.Pointer // the state that is asked about again, if it is flat
	room      answer         // scratch memory
	content   []byte         // scratch memory
	keeping   bool           // whether what methods return is kept
	passes    bool           // whether what methods are given is kept
	judged    int            // predicates evaluated
	passed    repeat.Passed  // values that have passed between this worker and the model
	expected  answer         // last answer about a sampled state
	asked     []uint32       // vector of that state
	symmetric int            // states that were sampled for symmetry
	cached    int64          // bytes that this worker has added to the space's caches

	enabled, taken []int64 // counts by number of name
}

// Init implements [engine.Worker].
func (w *worker) Init(out *engine.Batch) (err error) {
	defer w.recovered(&err, nil, nil)
	w.user(inInit, -1)
	inits := w.Code.Init()
	if inits.Len == 0 {
		return errNoInit()
	}
	for i := range inits.Len {
		w.user(inInit, -1)
		inside, err := w.encode(inits.At(i), out.Slot(), nil, false)
		if err != nil {
			return err
		}
		if inside {
			out.Commit(i, engine.NoName, 0)
		}
	}
	if out.Len() == 0 {
		return &engine.Misbehaviour{
			Kind: engine.ErrorInit, Where: "Within", Act: -1,
			Message: "the boundary excludes all initial states: let Within accept at least one",
		}
	}
	return w.sameInits(initAnswer(out))
}

// Expand implements [engine.Worker].
func (w *worker) Expand(state []uint32, o engine.ExpandOptions, out *engine.Batch) (x engine.Expansion, err error) {
	defer w.recovered(&err, w.s, state)
	if err := w.enter(state); err != nil {
		return x, err
	}
	from, effects := out.Len(), 0
	if w.plain && o.Steps == 0 && o.Labels == nil && (w.flat || !o.Sample) {
		return w.expandPlain(state, o, out, from)
	}
	for i := range w.acts.Len {
		name := w.namer.Number(w.acts.At(i))
		if o.Count {
			w.enabled[name]++
		}
		w.user(w.computing, i)
		slot := out.Slot()
		if !w.compute(w.next, w.s, w.acts.At(i)) {
			continue
		}
		effects++
		if o.Sample {
			w.keepSuccessor()
		}
		inside, err := w.encode(w.next, slot, state, o.Steps != 0 || o.Labels != nil)
		if err != nil {
			return x, err
		}
		var steps engine.Mask
		if o.Labels != nil {
			if steps, err = w.label(state, slot, i, o.Labels); err != nil {
				return x, err
			}
		}
		if !inside {
			x.Bounded = true
			x.Outside = append(x.Outside, uint32(steps))
			continue
		}
		if o.Steps != 0 {
			steps = w.stepsViolated(w.s, i, o.Steps)
		}
		if o.Count {
			w.taken[name]++
		}
		if steps == 0 && !o.SelfLoops && equalWords(slot, state) {
			x.SelfLoops++
			continue
		}
		out.Commit(i, name, steps)
	}
	x.Terminal = effects == 0
	return x, w.audited(state, o, out, from)
}

// audited runs the guards, the slow ones if they are asked for; the successors of state are those in out from
// index from on.
func (w *worker) audited(state []uint32, o engine.ExpandOptions, out *engine.Batch, from int) error {
	if err := w.checkUnchanged(state); err != nil || !o.Sample {
		return err
	}
	return w.sample(state, o, out, from)
}

// expandPlain is the rest of Expand where nothing but the encoding is needed of a successor. States of
// small numbers are encoded by copying and shifting, and their models compute a step in some ten
// nanoseconds: an indirect call, a store to the heap or a deferred function for each step would show.
// The general way has all three.
func (w *worker) expandPlain(state []uint32, o engine.ExpandOptions, out *engine.Batch, from int) (
	x engine.Expansion, err error) {
	p := w.packer
	if o.Count {
		p.Begin(state, out, o.SelfLoops, w.enabled, w.taken)
	} else {
		p.Begin(state, out, o.SelfLoops, nil, nil)
	}
	w.runPlain()
	if x.SelfLoops = p.SelfLoops; p.Err != nil {
		return x, w.misbehaviour(engine.ErrorValue, w.site(), p.Act, p.Err.Error())
	}
	x.Terminal = p.Effects == 0
	return x, w.audited(state, o, out, from)
}

// runPlain computes the successors of w.s.
func (w *worker) runPlain() {
	w.where = w.computing
	defer w.endPlain()
	if w.NextInPlace != nil {
		w.packer.ExpandInPlace(w.NextInPlace, w.pair, w.s, w.acts)
		return
	}
	w.Code.Expand(w.packer, w.s, w.acts)
}

// endPlain, deferred, notes where user code has ended. The first of a pair of successors must not
// be lost when the second one panics, so it is computed again.
func (w *worker) endPlain() {
	p := w.packer
	w.act = p.Act
	p.Ended(w.acts)
	if !p.Paired {
		return
	}
	p.Paired = false
	a := w.acts.At(p.Act - 1)
	ok := w.compute(w.next, w.s, a)
	p.Add(p.Act-1, a, w.next, w.s, ok)
}

// equalWords is slices.Equal for vectors of one width, in line.
func equalWords(a, b []uint32) bool {
	for i, w := range a {
		if w != b[i] {
			return false
		}
	}
	return true
}

// enter decodes a state and lists its actions.
func (w *worker) enter(state []uint32) error {
	w.coder.Decode(state, w.s)
	w.account()
	w.user(inActions, -1)
	w.acts = w.Code.Actions(w.acts, w.s)
	if w.acts.Len > engine.MaxActions {
		return w.misbehaviour(engine.ErrorValue, "Actions", -1, fmt.Sprintf(
			"%d actions are enabled in one state; at most %d are supported", w.acts.Len, engine.MaxActions))
	}
	return nil
}

// encode writes the vector of next to slot, or that of its representative under symmetry, and
// reports whether next is inside the boundary. With see, or when the boundary or symmetry needs it
// anyway, w.canon becomes what user code may see of next. base is the vector of w.s, or nil.
func (w *worker) encode(next unsafe.Pointer, slot, base []uint32, see bool) (inside bool, err error) {
	if base != nil {
		err = w.coder.EncodeFrom(slot, next, w.s, base)
	} else {
		err = w.coder.Encode(slot, next)
	}
	if err != nil {
		return false, w.misbehaviour(engine.ErrorValue, w.site(), w.act, err.Error())
	}
	// The boundary is asked about the state itself, before it is exchanged for its representative:
	// a boundary that tells the two apart is a mistake that the symmetry guard reports.
	rep := w.space.rep
	if !see && w.Within == nil && rep == nil {
		return true, nil
	}
	w.canon = next
	if !w.flat {
		w.canon = w.decoded
		w.coder.Decode(slot, w.canon)
		w.keepGiven(w.canon)
	}
	if w.Within != nil {
		w.where = inWithin
		if !w.Within(w.canon) {
			return false, nil
		}
	}
	if rep == nil {
		return true, nil
	}
	w.where = inRepresentative
	rep(w.renamed, w.canon)
	if err := w.coder.Encode(slot, w.renamed); err != nil {
		return false, w.misbehaviour(engine.ErrorValue, w.site(), w.act, err.Error())
	}
	return true, nil
}

// stepsViolated evaluates properties of a step from s to w.canon.
func (w *worker) stepsViolated(s unsafe.Pointer, act int, want engine.Mask) (violated engine.Mask) {
	for i := range w.Props {
		f := w.Props[i].Step
		if f == nil || !want.Has(i) {
			continue
		}
		w.where = inProperty + site(i)
		if !f(s, w.acts.At(act), w.canon) {
			violated |= 1 << uint(i)
		}
	}
	return violated
}

// label returns the number of the label of the step from w.s to w.canon. A step that changes nothing has none.
func (w *worker) label(from, to []uint32, act int, t *label.Table) (engine.Mask, error) {
	if w.space.rep == nil && equalWords(from, to) || w.space.rep != nil && w.equal(w.canon, w.s) {
		return 0, nil
	}
	a, steps := w.acts.At(act), uint64(0)
	for k, i := range t.Steps {
		w.where = inProperty + site(i)
		if w.Props[i].Step(w.s, a, w.canon) {
			steps |= 1 << uint(k)
		}
	}
	keys := w.keys[:0]
	for k, i := range t.Keyed {
		w.where = inProperty + site(i)
		if key, ok := w.Props[i].Key(w.s, a, w.canon); ok {
			n, err := t.Instance(k, key)
			if err != nil {
				return 0, w.misbehaviour(engine.ErrorValue, w.site(), act, err.Error())
			}
			keys = append(keys, n)
		}
	}
	w.keys = keys
	return engine.Mask(t.Number(steps, keys)), nil
}

// Eval implements [engine.Worker].
func (w *worker) Eval(state []uint32, want engine.Mask, terminal bool) (decided engine.Mask, err error) {
	defer w.recovered(&err, w.eval, state)
	w.coder.Decode(state, w.eval)
	w.keepGiven(w.eval)
	for i := range w.Props {
		p := &w.Props[i]
		if !want.Has(i) || terminal != p.Kind.Terminal() {
			continue
		}
		w.user(inProperty+site(i), -1)
		holds, err := w.holdsSteadily(i, state)
		if err != nil {
			return decided, err
		}
		if p.Kind.DecidedBy(holds) {
			decided |= 1 << uint(i)
		}
	}
	return decided, w.checkJudged(state)
}

// Satisfies implements [engine.Worker].
func (w *worker) Satisfies(state []uint32, property int) (ok bool, err error) {
	defer w.recovered(&err, w.eval, state)
	w.coder.Decode(state, w.eval)
	w.keepGiven(w.eval)
	w.user(inProperty+site(property), -1)
	if ok, err = w.holdsSteadily(property, state); err != nil {
		return ok, err
	}
	return ok, w.checkJudged(state)
}

// Actions implements [engine.Worker].
func (w *worker) Actions(state []uint32) (n int, err error) {
	defer w.recovered(&err, w.s, state)
	if err := w.enter(state); err != nil {
		return 0, err
	}
	w.vec = append(w.vec[:0], state...)
	w.keepGiven(w.s)
	w.keepActions()
	return w.acts.Len, w.checkUnchanged(w.vec)
}

// Apply implements [engine.Worker].
func (w *worker) Apply(i int, want engine.Mask, dst []uint32) (e engine.Effect, steps engine.Mask, err error) {
	defer w.recovered(&err, w.s, w.vec)
	w.user(inNext, i)
	if w.Code.Next(w.next, w.s, w.acts.At(i)) {
		inside, err := w.encode(w.next, dst, w.vec, want != 0)
		if err != nil {
			return engine.NoEffect, 0, err
		}
		e = engine.Outside
		if inside {
			e = engine.Inside
		}
		if inside && want != 0 {
			steps = w.stepsViolated(w.s, i, want)
		}
	}
	if err := w.checkUnchanged(w.vec); err != nil {
		return engine.NoEffect, 0, err
	}
	return e, steps, w.sameStep(i, e, dst, want, steps)
}

// Names implements [engine.Worker].
func (w *worker) Names() (names []uint16, err error) {
	names = w.numbers[:0]
	defer w.recovered(&err, w.s, w.vec)
	for i := range w.acts.Len {
		names = append(names, w.namer.Number(w.acts.At(i)))
	}
	w.numbers = names
	return names, nil
}

// account keeps the space informed of the memory of the decoding cache.
func (w *worker) account() {
	if size := w.coder.CacheSize(); size != w.cached {
		w.space.caches.Add(size - w.cached)
		w.cached = size
	}
}
