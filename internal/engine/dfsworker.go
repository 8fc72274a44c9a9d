package engine

import "sync/atomic"

// dfsWorker is the part of a depth-first search that one goroutine owns.
//
// It looks up the successors of each state at once, where a breadth-first search collects many
// states: their order on the stack decides where it goes next. The batch is thus as small as the
// number of actions, and fewer cache misses overlap. That is the price for going deep.
type dfsWorker struct {
	*dfs
	worker    Worker
	batch     *Batch
	lookup    lookup
	keys      []uint32 // scratch memory of the set
	stack     []uint32 // entries of stride words, the next state last
	current   uint32   // number of the state that is expanded
	busy      uint32   // number of the state that user code sees, or none
	home      atomic.Bool
	state     []uint32 // the state that is expanded
	depth     uint32
	pushes    []int // places in the batch of the successors to push
	bounded   bool
	selfLoops int // steps from the current state to itself
	byName    []int64
}

func newDFSWorker(d *dfs) *dfsWorker {
	words := d.space.Words()
	w := &dfsWorker{
		dfs: d, worker: d.space.NewWorker(), batch: newBatch(words, d.budget), busy: none,
		state: make([]uint32, words), byName: make([]int64, NoName+1),
	}
	w.home.Store(true)
	return w
}

// abandon ends the search because user code ended the worker's goroutine.
func (w *dfsWorker) abandon() {
	if w.budget.Ended() == StopReasonCallback {
		w.endAt(StopReasonCallback) // a visitor ended it, not the model
		return
	}
	x := &Discovery{Property: -1, Err: w.worker.Exited()}
	if w.busy != none {
		x.Trail = w.set.trail(w.busy, -1)
	}
	w.broke(x)
	w.endAt(StopReasonModel)
}

// work runs one of the worker's jobs where user code may end the goroutine.
func (w *dfsWorker) work(job func()) {
	w.home.Store(false)
	defer w.home.Store(true)
	Guarded(job, w.abandon)
}

// IsHome implements [Member].
func (w *dfsWorker) IsHome() bool { return w.home.Load() }

// Call implements [Member].
func (w *dfsWorker) Call() uint64 { return uint64(w.place())<<32 ^ w.worker.Call() }

// place returns the number of the state that user code sees. See [bfsWorker.place].
//
//go:norace
func (w *dfsWorker) place() uint32 { return w.busy }

// Stuck implements [Member].
func (w *dfsWorker) Stuck() *Discovery {
	d := &Discovery{Property: -1, Err: w.worker.Stuck()}
	if busy := w.place(); busy != none {
		d.Trail = w.set.trail(busy, -1)
	}
	return d
}

// askInit pushes the initial states. They have no parent, and their steps no name.
func (w *dfsWorker) askInit() {
	if err := w.worker.Init(w.batch); err != nil {
		w.broke(&Discovery{Property: -1, Err: AsMisbehaviour(err)})
		w.endAt(StopReasonModel)
		return
	}
	w.current = none
	for i := range w.batch.n {
		w.batch.edges[i].name = NoName
	}
	w.flush(true)
}

// run expands the states of the stack until there is no work left for any worker.
func (w *dfsWorker) run() {
	for w.reason.Load() == 0 {
		if len(w.stack) == 0 && !w.refill() {
			return
		}
		if w.budget.gate.Pass(w.budget.watch, &w.home) {
			if w.endAt(w.budget.Ended()); w.reason.Load() != 0 {
				return
			}
		}
		top := len(w.stack) - w.stride
		w.expand(w.stack[top:])
		if w.pool.hungry.Load() > 0 && len(w.stack) >= 2*w.stride {
			w.share()
		}
	}
}

// refill takes work from the pool. It reports false if the pool is empty.
func (w *dfsWorker) refill() bool {
	w.home.Store(true) // it waits, and runs no user code
	work := w.pool.get()
	w.home.Store(false)
	if len(work) == 0 || !w.reserve(len(work)) {
		return false
	}
	w.stack = append(w.stack, work...)
	w.stacks.bytes.Add(-4 * int64(cap(work)))
	return true
}

// reserve makes room on the stack for the given number of words. If there is no memory, it ends the
// run and reports false.
func (w *dfsWorker) reserve(words int) bool {
	need, old := len(w.stack)+words, cap(w.stack)
	if need <= old {
		return true
	}
	need = max(need, 2*old, 1024)
	if !w.budget.allow(4 * int64(need)) { // while the stack is copied, the old one still exists
		w.outOfMemory()
		return false
	}
	w.stacks.bytes.Add(4 * int64(need-old))
	w.stack = append(make([]uint32, 0, need), w.stack...)
	return true
}

// share hands the lower half of the stack to workers that have nothing to do. These states were met
// first and tend to have the largest subtrees, so that work is rarely handed over.
func (w *dfsWorker) share() {
	half := len(w.stack) / w.stride / 2 * w.stride
	if !w.budget.allow(4 * int64(half)) {
		return // the others stay idle until the limit ends the search
	}
	work := append(make([]uint32, 0, half), w.stack[:half]...)
	w.stacks.bytes.Add(4 * int64(half))
	w.pool.put(work)
	w.stack = w.stack[:copy(w.stack, w.stack[half:])]
}

// expand takes the top entry from the stack and, unless that became needless, expands its state. It
// becomes needless when another worker has met the state at a lesser depth, and pushed it, while
// the entry was waiting.
func (w *dfsWorker) expand(entry []uint32) {
	w.depth = entry[w.stride-1]
	if w.cfg.Fingerprints {
		copy(w.state, entry)
		w.current = w.set.numberOf(w.state)
	} else {
		w.current = entry[0]
		w.set.set.Read(w.current, w.state)
	}
	w.stack = w.stack[:len(w.stack)-w.stride]
	first, ok := w.set.claim(w.current, w.depth)
	if !ok {
		return
	}
	w.busy = w.current
	if first {
		w.expanded.Add(1)
		w.budget.Expanded.Add(1)
	}
	o := ExpandOptions{Steps: w.cfg.Steps & w.open(), Count: first}
	o.Sample = w.cfg.samples(w.expanded.Load() - 1)
	x, err := w.worker.Expand(w.state, o, w.batch)
	w.bounded = w.bounded || x.Bounded
	w.selfLoops = x.SelfLoops
	if err != nil {
		w.misbehaved(AsMisbehaviour(err), w.current)
	}
	for i := range w.batch.n {
		w.decide(w.batch.edges[i].steps, w.current, int(w.batch.edges[i].act))
	}
	if err == nil && x.Terminal {
		w.eval(w.state, w.current, true)
	}
	w.flush(first)
}

// flush looks up the successors of the current state and pushes those that are to be expanded, the
// first action's on top.
func (w *dfsWorker) flush(count bool) {
	b := w.batch
	err := w.set.insert(b, &w.lookup, &w.keys)
	w.pushes = w.pushes[:0]
	distinct := int64(0)
	for i := range b.n {
		fresh := w.lookup.fresh[i]
		if fresh {
			distinct++
			w.byName[min(b.edges[i].name, NoName)]++
		}
		push, ok := w.set.meet(w.set.number(&w.lookup, i), fresh, w.depth+1, w.current)
		if !ok {
			w.outOfMemory()
		}
		if push {
			w.pushes = append(w.pushes, i)
		}
	}
	if count {
		w.budget.Generated.Add(int64(b.n + w.selfLoops))
	}
	w.selfLoops = 0
	w.budget.Distinct.Add(distinct)
	for k := len(w.pushes) - 1; k >= 0; k-- {
		w.push(w.pushes[k])
	}
	// The worker that inserted a state judges it, even if another one met the state meanwhile and
	// noted it first: exactly one worker inserts it.
	for i := range b.n {
		if w.lookup.fresh[i] {
			w.met(b.Vector(i), w.lookup.ids[i])
		}
	}
	b.Reset()
	if err != nil {
		w.endAt(OutOfRoom(err))
	}
	w.endAt(w.budget.Check())
}

// push puts the i-th state of the batch on the stack.
func (w *dfsWorker) push(i int) {
	if !w.reserve(w.stride) {
		return
	}
	if w.cfg.Fingerprints {
		w.stack = append(w.stack, w.batch.Vector(i)...)
	} else {
		w.stack = append(w.stack, w.lookup.ids[i])
	}
	w.stack = append(w.stack, w.depth+1)
}

// met judges a new state and shows it to the visitor.
func (w *dfsWorker) met(state []uint32, id uint32) {
	w.eval(state, id, false)
	for old := w.deepest.Load(); old < int64(w.depth)+1; old = w.deepest.Load() {
		if w.deepest.CompareAndSwap(old, int64(w.depth)+1) {
			w.budget.Depth.Store(int64(w.depth) + 1)
			break
		}
	}
	if w.cfg.Visit == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cfg.Visit(&Visit{State: state, Depth: int(w.depth) + 1, Trail: func() *Trail { return w.set.trail(id, -1) }})
}

// eval evaluates the properties of a state, which user code may see under the number id.
func (w *dfsWorker) eval(state []uint32, id uint32, terminal bool) {
	want := w.cfg.Want
	if w.depth == 0 { // an initial state
		want |= w.cfg.Inits
	}
	want &= w.open()
	if want == 0 {
		return
	}
	w.busy = id
	mask, err := w.worker.Eval(state, want, terminal)
	if err != nil {
		w.misbehaved(AsMisbehaviour(err), id)
	}
	w.decide(mask, id, -1)
}
