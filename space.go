package allways

import (
	"fmt"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/vector"
)

// space is a compiled model as the engine sees it: states are vectors, actions are indexes, names are numbers.
type space[S, A any] struct {
	*machine[S, A]
	rep    func(S) S // nil without symmetry reduction
	names  *nameTable
	caches atomic.Int64     // bytes of the workers' decoding caches
	native engine.Native[S] // the model's own space, in the place of all the rest; or nil

	mu      sync.Mutex
	workers []*worker[S, A]
	natives []*nativeWorker[S, A]
}

func newSpace[S, A any](m *machine[S, A], symmetry bool) (*space[S, A], error) {
	sp := &space[S, A]{machine: m, names: newNameTable(m.actionNames)}
	if symmetry {
		sp.rep = m.representative
	}
	if n, ok := m.model.(nativeModel[S]); ok {
		var err error
		if sp.native, err = n.NativeSpace(symmetry); err != nil {
			return nil, &ModelError{Kind: ErrorDeclaration, Message: err.Error()}
		}
	}
	return sp, nil
}

// counts returns how often actions were enabled and taken, by number of name, for each worker.
func (sp *space[S, A]) counts() (enabled, taken [][]int64) {
	for _, w := range sp.workers {
		enabled, taken = append(enabled, w.enabled), append(taken, w.taken)
	}
	for _, w := range sp.natives {
		e, t := w.Counts()
		enabled, taken = append(enabled, e), append(taken, t)
	}
	return enabled, taken
}

// Words implements [engine.Space].
func (sp *space[S, A]) Words() int {
	if sp.native != nil {
		return sp.native.Words()
	}
	return sp.layout.Words()
}

// Memory implements [engine.Space].
func (sp *space[S, A]) Memory() int64 {
	if sp.native != nil {
		return sp.native.Memory()
	}
	return sp.layout.Size() + sp.caches.Load()
}

// finish looks, after a run, for changes of states that were not noticed yet.
func (sp *space[S, A]) finish() *ModelError {
	if sp.native != nil {
		if err := sp.native.Finish(); err != nil {
			e := &ModelError{Kind: ErrorMutation, Message: err.Error()}
			if f, ok := err.(faulty); ok {
				e.Kind = f.ErrorKind()
			}
			return e
		}
	}
	for _, w := range sp.workers {
		if err := w.checkLent(); err != nil {
			return err.(*engine.Misbehaviour).Err.(*ModelError)
		}
	}
	return nil
}

// NewWorker implements [engine.Space].
func (sp *space[S, A]) NewWorker() engine.Worker {
	if sp.native != nil {
		return sp.newNativeWorker()
	}
	return sp.newWorker()
}

func (sp *space[S, A]) newWorker() *worker[S, A] {
	w := &worker[S, A]{
		space: sp, coder: sp.layout.NewCoder(), flat: sp.layout.Flat(), packed: sp.layout.Packed(),
		enabled: make([]int64, engine.NoName+1), taken: make([]int64, engine.NoName+1),
		again: make([]uint32, sp.layout.Words()),
	}
	w.namer = newNamer(sp.names, sp.actionName)
	sp.mu.Lock()
	sp.workers = append(sp.workers, w)
	sp.mu.Unlock()
	return w
}

// worker runs a model for one goroutine of the engine. States live in its fields, since a local variable whose address
// is taken for encoding would be allocated anew for every step.
type worker[S, A any] struct {
	*space[S, A]
	coder  *vector.Coder
	flat   bool // every value of the state type is canonical as it stands, and cannot be changed through a copy
	packed bool // encoding needs nothing but the value
	namer  namer[A]

	s       S // the state that is expanded or stepped from
	acts    []A
	next    S        // what Next returned
	canon   S        // next in canonical form
	eval    S        // the state that is judged
	vec     []uint32 // of s, while single steps are taken from it
	again   []uint32 // for encoding once more
	checked int      // states that were checked to be as they were

	unchecked []uint32 // vectors of states that are still to be checked
	where     site     // which user code runs
	act       int      // index of its action, or -1
	paired    bool     // the result of the action before it is still to be added
	numbers   []uint16 // of the names of acts, while single steps are taken
	cached    int64    // what this worker has added to space.caches

	enabled, taken []int64 // by number of name
}

// Init implements [engine.Worker].
func (w *worker[S, A]) Init(out *engine.Batch) (err error) {
	defer w.recovered(&err, nil, nil)
	w.user(inInit, -1)
	inits := w.model.Init()
	if len(inits) == 0 {
		return &engine.Misbehaviour{Err: errNoInit(), Act: -1}
	}
	for i := range inits {
		w.next = inits[i]
		w.user(inInit, -1)
		// The vector's fields are encoded one by one; only the whole shows memory that two of them share.
		if _, err := w.splan.Append(nil, unsafe.Pointer(&w.next)); err != nil {
			return w.misbehaviour(ErrorValue, w.site(), -1, err.Error())
		}
		inside, err := w.encodeNext(out.Slot(), nil, false)
		if err != nil {
			return err
		}
		if inside {
			out.Commit(i, engine.NoName, 0)
		}
	}
	if out.Len() == 0 {
		return &engine.Misbehaviour{Act: -1, Err: &ModelError{
			Kind: ErrorInit, Where: "Within", Message: "the boundary excludes all initial states: let Within accept at least one",
		}}
	}
	return nil
}

// Expand implements [engine.Worker].
func (w *worker[S, A]) Expand(state []uint32, o engine.ExpandOptions, out *engine.Batch) (x engine.Expansion, err error) {
	defer w.recovered(&err, &w.s, state)
	if err := w.enter(state); err != nil {
		return x, err
	}
	from, effects := out.Len(), 0
	if w.packed && o.Steps == 0 && w.within == nil && w.rep == nil {
		effects, x.SelfLoops = w.expandPacked(state, o, out)
		x.Terminal = effects == 0
		return x, w.sampled(state, o, out, from)
	}
	for i := range w.acts {
		name := w.namer.number(&w.acts[i])
		if o.Count {
			w.enabled[name]++
		}
		w.user(inNext, i)
		slot := out.Slot()
		var ok bool
		if w.next, ok = w.model.Next(w.s, w.acts[i]); !ok {
			continue
		}
		effects++
		inside, err := w.encodeNext(slot, state, o.Steps != 0)
		if err != nil {
			return x, err
		}
		if !inside {
			x.Bounded = true
			continue
		}
		var steps engine.Mask
		if o.Steps != 0 {
			steps = w.stepsViolated(i, o.Steps)
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
	if err := w.checkUnchanged(state); err != nil {
		return x, err
	}
	return x, w.sampled(state, o, out, from)
}

// sampled runs the slow guards if they are asked for; the successors of state are those in out from index from on.
func (w *worker[S, A]) sampled(state []uint32, o engine.ExpandOptions, out *engine.Batch, from int) error {
	if !o.Sample {
		return nil
	}
	loops := func(vec []uint32) bool { return !o.SelfLoops && equalWords(vec, state) }
	return w.sample(state, out, from, loops)
}

// expandPacked is the rest of Expand for states that are encoded by copying and shifting, where nothing but the encoding
// is needed of a successor. It is a function of its own for the sake of speed: successors stay on the stack, and each is
// encoded only after the next one was computed, since a value whose bytes have just been written can be read in larger
// pieces only after a wait.
func (w *worker[S, A]) expandPacked(state []uint32, o engine.ExpandOptions, out *engine.Batch) (effects, loops int) {
	model, s, acts := w.model, w.s, w.acts
	to := packer{coder: w.coder, out: out, state: state, loops: o.SelfLoops, enabled: w.enabled, taken: w.taken}
	if !o.Count {
		to.enabled, to.taken = nil, nil
	}
	defer w.keepFirst(&to)
	i := 0
	for ; i+1 < len(acts); i += 2 {
		w.user(inNext, i)
		a, aok := model.Next(s, acts[i])
		w.user(inNext, i+1)
		w.paired = true
		b, bok := model.Next(s, acts[i+1])
		w.paired = false
		to.add(i, w.namer.number(&acts[i]), unsafe.Pointer(&a), unsafe.Pointer(&s), aok)
		to.add(i+1, w.namer.number(&acts[i+1]), unsafe.Pointer(&b), unsafe.Pointer(&s), bok)
	}
	if i < len(acts) {
		w.user(inNext, i)
		a, ok := model.Next(s, acts[i])
		to.add(i, w.namer.number(&acts[i]), unsafe.Pointer(&a), unsafe.Pointer(&s), ok)
	}
	return to.effects, to.unchanged
}

// keepFirst computes the first successor of a pair again if the second one panics, which must not lose it.
func (w *worker[S, A]) keepFirst(to *packer) {
	if !w.paired {
		return
	}
	w.paired = false
	i := w.act - 1
	next, ok := w.model.Next(w.s, w.acts[i])
	to.add(i, w.namer.number(&w.acts[i]), unsafe.Pointer(&next), unsafe.Pointer(&w.s), ok)
}

// packer appends successors of one packed state to a batch. It is not generic because functions of other packages are
// not put in line where generic code is compiled, which is the user's package.
type packer struct {
	coder          *vector.Coder
	out            *engine.Batch
	state          []uint32 // the vector of the state
	loops          bool     // append successors that equal the state, too
	enabled, taken []int64  // to be counted in, by number of name; nil for not
	effects        int
	unchanged      int // successors that were not appended
}

// add appends the result of an action; without effect, it only counts it.
func (p *packer) add(act int, name uint16, next, base unsafe.Pointer, effect bool) {
	if p.enabled != nil {
		p.enabled[name]++
	}
	if !effect {
		return
	}
	p.effects++
	if p.taken != nil {
		p.taken[name]++
	}
	if !p.coder.EncodeChange(p.out.Slot(), next, base, p.state) && !p.loops {
		p.unchanged++
		return
	}
	p.out.Commit(act, name, 0)
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
func (w *worker[S, A]) enter(state []uint32) error {
	w.coder.Decode(state, unsafe.Pointer(&w.s))
	w.account()
	w.user(inActions, -1)
	w.acts = ownActions(w.acts, w.model.Actions(w.acts[:0], w.s))
	if len(w.acts) > engine.MaxActions {
		return w.misbehaviour(ErrorValue, "Actions", -1, fmt.Sprintf("%d actions are enabled in one state; at most %d are supported", len(w.acts), engine.MaxActions))
	}
	return nil
}

// ownActions returns the actions in memory that the model does not hold: one that returned a slice of its own, as if there
// was no destination, would find later actions written to it.
func ownActions[A any](dst, got []A) []A {
	if len(got) > 0 && cap(dst) > 0 && &got[0] == &dst[:1][0] {
		return got
	}
	return append(dst[:0], got...)
}

// encodeNext writes w.next to slot, as its representative under symmetry, and reports whether it is inside the boundary.
// With see, or when the boundary or symmetry needs it anyway, w.canon becomes what user code may see of w.next. base is
// the vector of w.s, or nil.
func (w *worker[S, A]) encodeNext(slot, base []uint32, see bool) (inside bool, err error) {
	if base != nil {
		err = w.coder.EncodeFrom(slot, unsafe.Pointer(&w.next), unsafe.Pointer(&w.s), base)
	} else {
		err = w.coder.Encode(slot, unsafe.Pointer(&w.next))
	}
	if err != nil {
		return false, w.misbehaviour(ErrorValue, w.site(), w.act, err.Error())
	}
	if !see && w.within == nil && w.rep == nil {
		return true, nil
	}
	w.canonical(slot)
	if w.within != nil {
		w.where = inWithin
		if !w.within(w.canon) {
			return false, nil
		}
	}
	if w.rep == nil {
		return true, nil
	}
	w.where = inRepresentative
	w.next = w.rep(w.canon)
	if err := w.coder.Encode(slot, unsafe.Pointer(&w.next)); err != nil {
		return false, w.misbehaviour(ErrorValue, w.site(), w.act, err.Error())
	}
	return true, nil
}

// canonical makes w.canon the state that slot encodes.
func (w *worker[S, A]) canonical(slot []uint32) {
	if w.flat {
		w.canon = w.next
		return
	}
	w.coder.Decode(slot, unsafe.Pointer(&w.canon))
}

func (w *worker[S, A]) stepsViolated(act int, want engine.Mask) (violated engine.Mask) {
	for i, f := range w.steps {
		if f == nil || !want.Has(i) {
			continue
		}
		w.where = inProperty + site(i)
		if !f(w.s, w.acts[act], w.canon) {
			violated |= 1 << uint(i)
		}
	}
	return violated
}

// Eval implements [engine.Worker].
func (w *worker[S, A]) Eval(state []uint32, want engine.Mask, terminal bool) (decided engine.Mask, err error) {
	defer w.recovered(&err, &w.eval, state)
	w.coder.Decode(state, unsafe.Pointer(&w.eval))
	for i := range w.props {
		p := &w.props[i]
		if !want.Has(i) || terminal != (p.kind == KindDeadlock) {
			continue
		}
		w.user(inProperty+site(i), -1)
		if p.state(w.eval) == (p.kind == KindSometimes) {
			decided |= 1 << uint(i)
		}
	}
	return decided, w.checkJudged(state)
}

// Satisfies implements [engine.Worker].
func (w *worker[S, A]) Satisfies(state []uint32, property int) (ok bool, err error) {
	defer w.recovered(&err, &w.eval, state)
	w.coder.Decode(state, unsafe.Pointer(&w.eval))
	w.user(inProperty+site(property), -1)
	ok = w.props[property].state(w.eval)
	return ok, w.checkJudged(state)
}

// Actions implements [engine.Worker].
func (w *worker[S, A]) Actions(state []uint32) (n int, err error) {
	defer w.recovered(&err, &w.s, state)
	if err := w.enter(state); err != nil {
		return 0, err
	}
	w.vec = append(w.vec[:0], state...)
	return len(w.acts), w.checkUnchanged(w.vec)
}

// Apply implements [engine.Worker].
func (w *worker[S, A]) Apply(i int, want engine.Mask, dst []uint32) (e engine.Effect, steps engine.Mask, err error) {
	defer w.recovered(&err, &w.s, w.vec)
	w.user(inNext, i)
	var ok bool
	if w.next, ok = w.model.Next(w.s, w.acts[i]); !ok {
		return engine.NoEffect, 0, w.checkUnchanged(w.vec)
	}
	inside, err := w.encodeNext(dst, w.vec, want != 0)
	if err != nil {
		return engine.NoEffect, 0, err
	}
	if !inside {
		return engine.Outside, 0, w.checkUnchanged(w.vec)
	}
	if want != 0 {
		steps = w.stepsViolated(i, want)
	}
	return engine.Inside, steps, w.checkUnchanged(w.vec)
}

// account keeps the space informed of the memory of the decoding cache.
func (w *worker[S, A]) account() {
	if size := w.coder.CacheSize(); size != w.cached {
		w.caches.Add(size - w.cached)
		w.cached = size
	}
}
