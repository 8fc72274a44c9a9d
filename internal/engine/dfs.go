package engine

import (
	"math"
	"sync"
	"sync/atomic"

	"github.com/allways-go/allways/internal/visited"
)

// SearchDeep runs a parallel depth-first search: every worker has a stack of its own and hands the lower half of it to
// workers that have run dry. With a depth limit it visits exactly the states that a breadth-first search visits: it keeps
// the least depth at which a state was met, and expands the state again when it is met higher.
func DepthFirst(space Space, cfg *Config) (*Outcome, error) {
	d, err := newDFS(space, cfg)
	if err != nil {
		return &Outcome{StopReason: cfg.Budget.cutOf(err)}, nil
	}
	defer d.close()
	d.run()
	return d.outcome()
}

// dfs is a parallel depth-first search.
type dfs struct {
	cfg    *Config
	space  Space
	budget *Budget
	set    *visited.Exact        // of states, or of fingerprints when they need numbers; nil without numbers
	prints *visited.Fingerprints // used when set is nil
	notes  *column               // by number: how the state was met; see note
	stride int                   // words of a stack entry: a state or its number, and its depth
	pool   pool
	stacks *tally // bytes of the workers' stacks, and of what waits in the pool

	cut      atomic.Uint32
	expanded atomic.Int64
	deepest  atomic.Int64
	mu       sync.Mutex // guards what follows
	decided  atomic.Uint64
	found    map[int]*Discovery
	fault    *Discovery
	boundary bool
	byName   []int64
}

// note is what a depth-first search keeps of a state in one word, so that parent and depth always belong together:
// whether it was expanded, the least depth at which it was met (inverted, so that zero is no note and a greater note is
// a better one), and the parent it was met from.
type note uint64

const (
	expandedBit = note(1) << 63
	maxDFSDepth = math.MaxInt32 - 1
)

func newNote(depth, parent uint32) note {
	return note(maxDFSDepth+1-depth)<<32 | note(parent)
}

func (n note) depth() uint32  { return maxDFSDepth + 1 - uint32(n&^expandedBit>>32) }
func (n note) parent() uint32 { return uint32(n) }

func newDFS(space Space, cfg *Config) (*dfs, error) {
	d := &dfs{cfg: cfg, space: space, budget: cfg.Budget, found: map[int]*Discovery{}, byName: make([]int64, NoName+1)}
	d.budget.begin()
	d.stacks = &tally{}
	d.budget.hold(d.stacks)
	d.pool.workers = max(cfg.Workers, 1)
	d.pool.wake.L = &d.pool.mu
	d.stride = 2
	words := space.Words()
	if cfg.Fingerprints {
		d.stride = words + 1
		words = 2
	}
	var err error
	if cfg.Fingerprints && d.budget.maxDepth == 0 {
		if d.prints, err = visited.NewFingerprints(visited.Config{MemoryLimit: d.budget.allow}); err == nil {
			d.budget.hold(d.prints)
		}
		return d, err
	}
	if d.set, err = visited.NewExact(visited.Config{Words: words, MemoryLimit: d.budget.allow}); err != nil {
		return nil, err
	}
	d.notes = &column{budget: d.budget}
	d.budget.hold(d.set)
	d.budget.hold(d.notes)
	return d, nil
}

func (d *dfs) close() {
	d.budget.drop(d.stacks)
	if d.set == nil {
		d.budget.drop(d.prints)
		d.prints.Close()
		return
	}
	d.budget.drop(d.set)
	d.budget.drop(d.notes)
	d.set.Close()
}

// dfsWorker is what one goroutine of the search owns.
type dfsWorker struct {
	*dfs
	worker  Worker
	batch   *Batch
	lookup  lookup
	keys    []uint32 // fingerprints as states of the set
	stack   []uint32
	current uint32   // number of the state that is expanded
	busy    uint32   // number of the state that user code sees
	state   []uint32 // the state that is expanded
	depth   uint32
	fresh   []int // successors to push
	bounded bool
	loops   int // steps back to the current state
	byName  []int64
}

func (d *dfs) run() {
	var wg sync.WaitGroup
	workers := make([]*dfsWorker, d.pool.workers)
	for i := range workers {
		workers[i] = &dfsWorker{
			dfs: d, worker: d.space.NewWorker(), batch: NewBatch(d.space.Words()),
			state: make([]uint32, d.space.Words()), byName: make([]int64, NoName+1),
		}
	}
	if err := workers[0].init(); err != nil {
		d.fault = &Discovery{Property: -1, Err: asMisbehaviour(err)}
		d.endAt(StopReasonModel)
		return
	}
	for _, w := range workers {
		wg.Go(func() { guarded(w.run, w.abandon) })
	}
	wg.Wait()
	for _, w := range workers {
		d.boundary = d.boundary || w.bounded
		for i, n := range w.byName {
			d.byName[i] += n
		}
	}
	if d.expanded.Load() < d.budget.Distinct.Load() {
		d.endAt(StopReasonDepth)
	}
}

// abandon ends the search because user code has ended the worker's goroutine.
func (w *dfsWorker) abandon() {
	if w.budget.Ended() == StopReasonCallback {
		w.endAt(StopReasonCallback) // it was not the model's code
		return
	}
	w.misbehaved(w.worker.Exited(), w.busy)
	w.endAt(StopReasonModel)
}

func (d *dfs) endAt(c StopReason) {
	if c != StopReasonNone && d.cut.CompareAndSwap(0, uint32(c)) {
		d.pool.close()
	}
}

func (d *dfs) want() Mask { return (d.cfg.Want | d.cfg.Steps) &^ Mask(d.decided.Load()) }

func (w *dfsWorker) init() error {
	if err := w.worker.Init(w.batch); err != nil {
		return err
	}
	w.current = none
	for i := range w.batch.n {
		w.batch.edges[i].name = NoName
	}
	w.flush(true)
	return nil
}

func (w *dfsWorker) run() {
	for w.cut.Load() == 0 {
		if len(w.stack) == 0 {
			if !w.refill() {
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

// refill takes work from the pool; it reports false when there is none left.
func (w *dfsWorker) refill() bool {
	work := w.pool.get()
	if len(work) == 0 || !w.reserve(len(work)) {
		return false
	}
	w.stack = append(w.stack, work...)
	w.stacks.bytes.Add(-4 * int64(cap(work)))
	return true
}

// reserve makes room on the stack for so many words more. It reports false, and ends the run, when there is no memory.
func (w *dfsWorker) reserve(words int) bool {
	need, old := len(w.stack)+words, cap(w.stack)
	if need <= old {
		return true
	}
	need = max(need, 2*old, 1024)
	if !w.budget.allow(4 * int64(need)) { // old and new at once
		w.budget.end(StopReasonMemory)
		w.endAt(StopReasonMemory)
		return false
	}
	w.stacks.bytes.Add(4 * int64(need-old))
	w.stack = append(make([]uint32, 0, need), w.stack...)
	return true
}

// share hands the lower half of the stack, the states met first, to workers that have none.
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

func (w *dfsWorker) expand(entry []uint32) {
	w.depth = entry[w.stride-1]
	if w.cfg.Fingerprints {
		copy(w.state, entry)
	} else {
		w.current = entry[0]
		copy(w.state, w.set.Vector(w.current))
	}
	if w.set != nil && w.cfg.Fingerprints {
		w.current, _ = w.set.Lookup(fingerprintKey(w.state))
	}
	w.stack = w.stack[:len(w.stack)-w.stride]
	first, ok := w.claim()
	if !ok {
		return
	}
	w.busy = w.current
	if first {
		w.expanded.Add(1)
		w.budget.Expanded.Add(1)
	}
	o := ExpandOptions{Steps: w.cfg.Steps & w.want(), Count: first}
	if e := w.cfg.SampleEvery; e > 0 && first {
		n := w.expanded.Load() - 1
		o.Sample = n < int64(e) || n%int64(e) == 0 // all of a small model
	}
	x, err := w.worker.Expand(w.state, o, w.batch)
	w.bounded = w.bounded || x.Bounded
	w.loops = x.SelfLoops
	if err != nil {
		w.misbehaved(asMisbehaviour(err), w.current)
	}
	for i := range w.batch.n {
		w.decide(w.batch.edges[i].steps, w.current, int(w.batch.edges[i].act))
	}
	if err == nil && x.Terminal {
		w.eval(w.state, w.current, true)
	}
	w.flush(first)
}

// claim decides whether the state on top of the stack is to be expanded now, and whether for the first time.
func (w *dfsWorker) claim() (first, ok bool) {
	if w.set == nil {
		return true, true
	}
	if max := w.budget.maxDepth; max > 0 && int(w.depth) >= max {
		return false, false
	}
	at := w.notes.at(w.current)
	for {
		old := note(at.Load())
		if old.depth() < w.depth {
			return false, false // met higher meanwhile, and put on a stack from there
		}
		if old&expandedBit != 0 {
			return false, true
		}
		if at.CompareAndSwap(uint64(old), uint64(old|expandedBit)) {
			return true, true
		}
	}
}

// flush looks up the successors of the current state and pushes those to be expanded, the first action's on top.
func (w *dfsWorker) flush(count bool) {
	b := w.batch
	err := w.insert(b)
	w.fresh = w.fresh[:0]
	distinct := int64(0)
	for i := range b.n {
		fresh := w.lookup.fresh[i]
		id := uint32(none)
		if w.set != nil {
			id = w.lookup.ids[i]
		}
		if fresh {
			distinct++
			w.byName[min(b.edges[i].name, NoName)]++
		}
		if w.higher(id, fresh) {
			w.fresh = append(w.fresh, i)
		}
	}
	if count {
		w.budget.Generated.Add(int64(b.n + w.loops))
	}
	w.loops = 0
	w.budget.Distinct.Add(distinct)
	for k := len(w.fresh) - 1; k >= 0; k-- {
		w.push(w.fresh[k])
	}
	// Whoever inserted a state judges it, even when another worker met it meanwhile and was first to note it.
	for i := range b.n {
		if w.lookup.fresh[i] {
			w.met(b.Vector(i), w.lookup.ids[i])
		}
	}
	b.Reset()
	if err != nil {
		w.endAt(w.budget.cutOf(err))
	}
	w.endAt(w.budget.check())
}

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
	w.cfg.Visit(&Visit{State: state, Depth: int(w.depth) + 1, Trail: func() *Trail { return w.trail(id, -1) }})
}

func (w *dfsWorker) insert(b *Batch) error {
	w.lookup.prepare(b)
	l := &w.lookup
	var done int
	var err error
	switch {
	case w.set == nil:
		done, err = w.prints.InsertBatch(b.hashes[:b.n], l.fresh)
	case w.cfg.Fingerprints:
		w.keys = w.keys[:0]
		for i := range b.n {
			w.keys = append(w.keys, fingerprintKey(b.Vector(i))...)
			b.hashes[i] = visited.Hash(w.keys[2*i:])
		}
		done, err = w.set.InsertBatch(w.keys, b.hashes, b.n, l.ids, l.fresh)
	default:
		done, err = w.set.InsertBatch(b.vecs, b.hashes, b.n, l.ids, l.fresh)
	}
	b.n = min(b.n, done)
	return err
}

func fingerprintKey(state []uint32) []uint32 {
	h := visited.Hash(state)
	return []uint32{uint32(h), uint32(h >> 32)}
}

// higher notes that a state was met, and reports whether it is to be expanded: when it is new, or when there is a depth
// limit and it was never met so high before.
func (w *dfsWorker) higher(id uint32, fresh bool) bool {
	if w.set == nil {
		return fresh
	}
	at := w.notes.at(id)
	if at == nil {
		w.budget.end(StopReasonMemory)
		w.endAt(StopReasonMemory)
		return false
	}
	n := newNote(w.depth+1, w.current)
	for {
		old := note(at.Load())
		if old != 0 && (w.budget.maxDepth == 0 || old.depth() <= w.depth+1) {
			return false
		}
		if at.CompareAndSwap(uint64(old), uint64(n|old&expandedBit)) {
			return true
		}
	}
}

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

func (w *dfsWorker) eval(state []uint32, id uint32, terminal bool) {
	want := w.cfg.Want & w.want()
	if want == 0 {
		return
	}
	w.busy = id
	mask, err := w.worker.Eval(state, want, terminal)
	if err != nil {
		w.misbehaved(asMisbehaviour(err), id)
	}
	w.decide(mask, id, -1)
}

func (w *dfsWorker) decide(mask Mask, id uint32, act int) {
	if mask &^= Mask(w.decided.Load()); mask == 0 {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := 0; mask != 0; i, mask = i+1, mask>>1 {
		if mask&1 == 0 || w.found[i] != nil {
			continue
		}
		w.found[i] = &Discovery{Property: i, Trail: w.trail(id, act)}
		w.decided.Or(1 << uint(i))
	}
	w.stopIfAsked()
}

func (w *dfsWorker) misbehaved(m *Misbehaviour, id uint32) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fault == nil {
		w.fault = &Discovery{Property: -1, Err: m, Trail: w.trail(id, -1)}
	}
	w.stopIfAsked()
}

func (d *dfs) stopIfAsked() {
	var fault *Misbehaviour
	if d.fault != nil {
		fault = d.fault.Err
	}
	if d.cfg.stop(Mask(d.decided.Load()), fault) {
		d.endAt(StopReasonCondition)
	}
}

// trail follows the notes back to an initial state; nil when only fingerprints are kept, or when there was no memory for
// the state's note.
func (d *dfs) trail(id uint32, act int) *Trail {
	if d.set == nil || d.cfg.Fingerprints {
		return nil
	}
	t := &Trail{Act: act, Loop: -1}
	for id != none {
		n := note(d.notes.get(id))
		if n == 0 {
			return nil
		}
		t.States = append(t.States, append([]uint32(nil), d.set.Vector(id)...))
		id = n.parent()
	}
	reverse(t.States)
	return t
}

func (d *dfs) outcome() (*Outcome, error) {
	o := &Outcome{
		StopReason: StopReason(d.cut.Load()), Bounded: d.boundary, Discoveries: d.found, Misbehaviour: d.fault,
		Generated: d.budget.Generated.Load(), Distinct: d.budget.Distinct.Load(), Depth: int(d.deepest.Load()),
		NewByName: d.byName,
	}
	if d.notes != nil && d.budget.maxDepth > 0 {
		o.Depth = d.leastDepth()
	}
	if d.fault != nil && (o.StopReason == StopReasonNone || o.StopReason == StopReasonCondition) {
		o.StopReason = StopReasonModel
	}
	if d.cfg.Fingerprints {
		o.Omission = visited.OmissionProbability(o.Distinct, o.Generated)
		if err := d.searchAgain(o); err != nil {
			return nil, err
		}
	}
	o.PeakMemory = d.budget.Peak()
	return o, nil
}

// leastDepth returns the greatest of the least depths of all states.
func (d *dfs) leastDepth() int {
	deepest := uint32(0)
	for id := range d.set.Len() {
		if n := note(d.notes.get(uint32(id))); n != 0 {
			deepest = max(deepest, n.depth())
		}
	}
	return int(deepest)
}

// searchAgain finds trails for what a search that kept only fingerprints has decided, breadth-first.
func (d *dfs) searchAgain(o *Outcome) error {
	found := Mask(d.decided.Load())
	if found == 0 && d.fault == nil {
		return nil
	}
	d.cfg.retrace()
	var again *Outcome
	var err error
	var wg sync.WaitGroup
	wg.Go(func() { // user code may end this goroutine, as it may have done in the search
		again, err = BreadthFirst(d.space, &Config{
			Workers: d.cfg.Workers, Fingerprints: true, Budget: d.budget, Want: d.cfg.Want & found, Steps: d.cfg.Steps & found,
			Stop:   func(m Mask, fault *Misbehaviour) bool { return m == found && (d.fault == nil || fault != nil) },
			Repeat: true,
		})
	})
	wg.Wait()
	if again == nil {
		return err
	}
	for i := range o.Discoveries {
		if x := again.Discoveries[i]; x != nil {
			o.Discoveries[i] = x
		}
	}
	if o.Misbehaviour != nil && again.Misbehaviour != nil {
		o.Misbehaviour = again.Misbehaviour
	}
	return nil
}
