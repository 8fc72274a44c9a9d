package engine

import (
	"sync"
	"sync/atomic"
)

// bfs is a level-synchronous parallel breadth-first search.
type bfs struct {
	cfg     *Config
	space   Space
	budget  *Budget
	store   store
	keys    *column // least edge key of every state of the next level
	rank    ranking // of the current level
	workers []*bfsWorker
	filter  func(w Worker, state []uint32) (bool, error) // which states to expand; nil for all
	edges   [][]edgeKey                                  // keys by rank of every level; kept only when asked for
	keep    *tally                                       // counts the memory of edges; nil when they are not kept
	graph   *graph                                       // collects the edges of the search; nil for none

	level    int // depth of the current level, 1 for initial states
	ordinal  int64
	decided  Mask
	found    []finding
	fault    *finding
	cut      atomic.Uint32
	boundary bool
	byName   []int64
}

// finding is where something was found.
type finding struct {
	property int
	level    int
	rank     int
	act      int // index of a last step, or -1
	err      *Misbehaviour
	state    []uint32
	trail    [][]uint32 // nil when the store keeps no parents
}

// bfsWorker is what one goroutine of a search owns.
type bfsWorker struct {
	*bfs
	worker  Worker
	batch   *Batch
	recent  *recent
	lookup  lookup
	first   map[int]position // by property: least position in the current level
	fault   *faultAt         // least misbehaviour at a state of the current level
	hits    []hit            // findings at states of the next level
	skip    []uint32         // states of the next level that the filter keeps from being expanded
	bounded bool             // a step led out of the boundary
	loops   int              // steps back to the same state since the last flush
	edges   edgeList         // of the graph, if one is collected
	judged  uint32           // the state of the next level that is judged now, or none
}

// position orders findings of a level: by rank of the state, then by action.
type position struct {
	rank int
	act  int // -1 for the state itself
}

func (p position) before(q position) bool {
	return p.rank < q.rank || p.rank == q.rank && p.act < q.act
}

type faultAt struct {
	position
	err *Misbehaviour
}

// hit is a finding at a state of the next level, whose rank is known only at the end of the level.
type hit struct {
	local uint32
	mask  Mask
	err   *Misbehaviour
}

// Search runs a breadth-first search. The error is one of the engine's own, not of the model.
func BreadthFirst(space Space, cfg *Config) (*Outcome, error) {
	s, err := newBFS(space, cfg)
	if err != nil {
		return &Outcome{StopReason: cfg.Budget.cutOf(err)}, nil
	}
	defer s.close()
	s.run()
	return s.outcome(), nil
}

func newBFS(space Space, cfg *Config) (*bfs, error) {
	s := &bfs{cfg: cfg, space: space, budget: cfg.Budget, byName: make([]int64, NoName+1)}
	s.keys = &column{budget: s.budget}
	s.budget.begin()
	var err error
	if cfg.Fingerprints {
		s.store, err = newFingerprintStore(space.Words(), s.budget)
	} else {
		s.store, err = newExactStore(space.Words(), s.budget)
	}
	if err != nil {
		return nil, err
	}
	s.budget.hold(s.keys)
	for range max(cfg.Workers, 1) {
		s.workers = append(s.workers, &bfsWorker{bfs: s, worker: space.NewWorker(), batch: NewBatch(space.Words()), judged: none})
	}
	return s, nil
}

func (s *bfs) close() {
	s.budget.drop(s.keys)
	s.store.close()
}

// run searches level by level until nothing is left or a reason to stop is met.
func (s *bfs) run() {
	if !s.init() {
		return
	}
	for s.rank.n > 0 && !s.cfg.stop(s.decided, s.faultErr()) {
		if max := s.budget.maxDepth; max > 0 && s.level >= max {
			s.endAt(StopReasonDepth)
			return
		}
		s.expandLevel()
		if !s.endLevel(s.rank.n) {
			return
		}
	}
	if s.rank.n > 0 {
		s.endAt(StopReasonCondition)
	}
}

func (s *bfs) endAt(c StopReason) {
	if c != StopReasonNone {
		s.cut.CompareAndSwap(0, uint32(c))
	}
}
func (s *bfs) ended() bool { return s.cut.Load() != 0 }
func (s *bfs) want() Mask  { return s.cfg.Want &^ s.decided }
func (s *bfs) faultErr() *Misbehaviour {
	if s.fault == nil {
		return nil
	}
	return s.fault.err
}

// init fills the first level.
func (s *bfs) init() bool {
	w := s.workers[0]
	batch := NewBatch(s.space.Words())
	if err := w.worker.Init(batch); err != nil {
		s.fault = &finding{property: -1, level: 0, rank: 0, act: -1, err: asMisbehaviour(err)}
		s.endAt(StopReasonModel)
		return false
	}
	for i := range batch.Len() {
		copy(w.batch.Slot(), batch.Vector(i))
		w.batch.src = batch.edges[i].act
		w.batch.Commit(0, NoName, 0)
		if w.batch.n >= batchLen {
			w.flush()
		}
	}
	w.flush()
	inits := 0
	if n := batch.Len(); n > 0 {
		inits = int(batch.edges[n-1].act) + 1
	}
	return s.endLevel(inits)
}

// smallLevel is the size up to which a level is expanded by one worker, since starting others costs more.
const smallLevel = 64

func (s *bfs) expandLevel() {
	workers := s.workers
	if s.rank.n <= smallLevel {
		workers = workers[:1]
	}
	// Small pieces at first and at last keep all workers busy to the end of the level; large ones would not.
	chunk := min(max(s.rank.n/(len(workers)*8), 1), 4096)
	var next atomic.Int64
	var wg sync.WaitGroup
	defer wg.Wait() // even when the first worker's goroutine, which is the caller's, is ended by user code
	for _, w := range workers[1:] {
		wg.Go(func() { guarded(func() { w.run(&next, chunk) }, w.abandon) })
	}
	guarded(func() { workers[0].run(&next, chunk) }, workers[0].abandon)
}

// abandon ends the search because user code has ended the worker's goroutine.
func (w *bfsWorker) abandon() {
	w.endAt(StopReasonModel)
	err := w.worker.Exited()
	if w.judged != none {
		w.hits = append(w.hits, hit{local: w.judged, err: err})
		return
	}
	w.misbehaved(position{int(w.batch.src), err.Act}, err)
}

// run expands pieces of the level until none is left.
func (w *bfsWorker) run(next *atomic.Int64, chunk int) {
	for !w.ended() {
		hi := int(next.Add(int64(chunk)))
		lo := hi - chunk
		if lo >= w.rank.n {
			break
		}
		hi = min(hi, w.rank.n)
		for rank := lo; rank < hi && !w.ended(); rank++ {
			w.expand(rank)
			w.endAt(w.budget.Ended()) // states without successors are never flushed
		}
		w.budget.Expanded.Add(int64(hi - lo))
	}
	w.flush()
}

func (w *bfsWorker) expand(rank int) {
	number := w.rank.number(rank)
	state := w.store.current(number)
	from := w.batch.n
	w.batch.src = uint32(rank)
	o := ExpandOptions{Steps: w.cfg.Steps &^ w.decided, Count: !w.cfg.Repeat && w.filter == nil, SelfLoops: w.graph != nil}
	if e := w.cfg.SampleEvery; e > 0 {
		n := w.ordinal + int64(rank)
		o.Sample = n < int64(e) || n%int64(e) == 0 // all of a small model
	}
	w.batch.recent = nil
	if !o.Sample && w.graph == nil && w.rank.n > smallLevel {
		if w.recent == nil {
			w.recent = newRecent(w.space.Words())
		}
		w.batch.recent = w.recent
	}
	x, err := w.worker.Expand(state, o, w.batch)
	if err != nil {
		w.misbehaved(position{rank, actOf(err)}, err)
	}
	w.bounded = w.bounded || x.Bounded
	w.loops += x.SelfLoops
	if o.Steps != 0 {
		for i := from; i < w.batch.n; i++ {
			w.hitSteps(w.batch.edges[i].steps, position{rank, int(w.batch.edges[i].act)})
		}
	}
	if err == nil && x.Terminal {
		w.atTerminal(state, rank)
	}
	if w.batch.n >= batchLen {
		w.flush()
	}
}

func actOf(err error) int { return asMisbehaviour(err).Act }

func (w *bfsWorker) atTerminal(state []uint32, rank int) {
	if w.graph != nil {
		w.hitSteps(1, position{rank, -1}) // the graph is about one property only
		return
	}
	want := w.want()
	if want == 0 {
		return
	}
	mask, err := w.worker.Eval(state, want, true)
	if err != nil {
		w.misbehaved(position{rank, -1}, err)
		return
	}
	w.hitSteps(mask, position{rank, -1})
}

func (w *bfsWorker) misbehaved(at position, err error) {
	if w.fault == nil || at.before(w.fault.position) {
		w.fault = &faultAt{at, asMisbehaviour(err)}
	}
}

func (w *bfsWorker) hitSteps(m Mask, at position) {
	for i := 0; m != 0; i, m = i+1, m>>1 {
		if m&1 == 0 {
			continue
		}
		if old, ok := w.first[i]; !ok || at.before(old) {
			if w.first == nil {
				w.first = map[int]position{}
			}
			w.first[i] = at
		}
	}
}

// flush looks up the collected successors.
func (w *bfsWorker) flush() {
	b := w.batch
	if b.n == 0 && b.known == 0 && w.loops == 0 {
		return
	}
	err := w.store.insert(b, &w.lookup)
	if err != nil {
		w.endAt(w.budget.cutOf(err))
	}
	generated := b.n + b.known + w.loops
	w.loops = 0
	fresh := 0
	for i := range b.n {
		local := w.lookup.local[i]
		if local == none {
			continue
		}
		if !w.lookup.fresh[i] && len(w.workers) == 1 {
			continue // one worker meets every state by its least key first
		}
		key := w.keys.at(local)
		if key == nil {
			w.budget.end(StopReasonMemory)
			w.endAt(StopReasonMemory)
			break
		}
		offer(key, newEdgeKey(b.edges[i].src, int(b.edges[i].act), b.edges[i].name))
		if w.lookup.fresh[i] {
			fresh++
			w.judged = local
			w.met(b.Vector(i), local)
			w.judged = none
		}
	}
	if w.graph != nil {
		w.graph.add(w, b)
	}
	b.Reset()
	w.budget.Generated.Add(int64(generated))
	w.budget.Distinct.Add(int64(fresh))
	if w.cfg.Repeat {
		w.endAt(w.budget.Ended()) // a repeated search must get as far as the first one did
	} else {
		w.endAt(w.budget.check())
	}
}

// met evaluates the properties of a new state.
func (w *bfsWorker) met(state []uint32, local uint32) {
	if w.filter != nil {
		pass, err := w.filter(w.worker, state)
		if err != nil {
			w.hits = append(w.hits, hit{local: local, err: asMisbehaviour(err)})
		} else if !pass {
			w.skip = append(w.skip, local)
		}
		return
	}
	want := w.want()
	if want == 0 {
		return
	}
	mask, err := w.worker.Eval(state, want, false)
	if mask != 0 || err != nil {
		h := hit{local: local, mask: mask}
		if err != nil {
			h.err = asMisbehaviour(err)
		}
		w.hits = append(w.hits, h)
	}
}
