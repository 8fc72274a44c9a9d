package engine

import (
	"slices"
	"sync/atomic"

	"github.com/allways-go/allways/internal/diskrun"
	"github.com/allways-go/allways/internal/ranks"
	"github.com/allways-go/allways/internal/visited"
)

// bfsWorker is the part of a breadth-first search that one goroutine owns. Workers share nothing
// but the visited set and the column of edge keys. What they find they keep to themselves until the
// end of the level.
type bfsWorker struct {
	*bfs
	index     int // place among the workers of the search
	worker    Worker
	batch     *Batch
	vec       []uint32        // the state that is expanded
	recent    *visited.Recent // made on first use
	lookup    lookup
	first     map[int]position // least place in the current level that decides each property
	broken    *brokenAt        // least misbehaviour in the current level
	ahead     []findingAhead   // findings at states of the next level
	skip      []uint32         // numbers of states of the next level that are not to be expanded
	bounded   bool
	reader    *diskrun.Reader // reader of the current level, on disk
	lo, hi    int             // ranks of a piece of the level that are left
	selfLoops int             // since the last flush
	judging   uint32          // number of the state of the next level that user code sees, or none
	home      atomic.Bool
}

func newBFSWorker(s *bfs) *bfsWorker {
	w := &bfsWorker{
		bfs: s, index: len(s.workers), worker: s.space.NewWorker(), batch: newBatch(s.space.Words(), s.budget), judging: none,
		vec: make([]uint32, s.space.Words()),
	}
	w.home.Store(true)
	return w
}

// position orders the findings of a level: by the rank of the state, then by the action.
type position struct {
	rank int
	act  int // -1 for the state itself
}

func (p position) before(q position) bool {
	return p.rank < q.rank || p.rank == q.rank && p.act < q.act
}

type brokenAt struct {
	position
	err *Misbehaviour
}

// findingAhead is a finding at a state of the next level. The state has a number, but no rank
// before the level is complete.
type findingAhead struct {
	number uint32
	key    ranks.Key // least key of the state, set by leastAhead
	mask   Mask
	err    *Misbehaviour
}

// work is run where user code may end the goroutine.
func (w *bfsWorker) work(chunk int) {
	w.home.Store(false)
	defer w.home.Store(true)
	Guarded(func() { w.run(chunk) }, w.abandon)
}

// IsHome implements [Member].
func (w *bfsWorker) IsHome() bool { return w.home.Load() }

// Call implements [Member].
func (w *bfsWorker) Call() uint64 {
	src, judging := w.place()
	return uint64(src)<<40 ^ uint64(judging)<<24 ^ w.worker.Call() ^ uint64(w.budget.Depth.Load())<<56
}

// place returns the state that is expanded, by rank, and the one that is judged. The worker wrote
// these notes before it called user code, long ago; without a lock or an atomic store for each
// state, only the race detector cannot know that.
//
//go:norace
func (w *bfsWorker) place() (src, judging uint32) { return w.batch.src, w.judging }

// Stuck implements [Member].
func (w *bfsWorker) Stuck() *Discovery {
	d := &Discovery{Property: -1, Err: w.worker.Stuck()}
	src, judging := w.place()
	if w.level == 0 && judging == none || w.lineage != nil {
		return d
	}
	t := &Trail{Act: -1, Loop: -1}
	if w.level > 0 {
		t.States = w.store.trail(w.rank.Number(int(src)))
	}
	if judging != none {
		if k := w.keys.Key(judging); w.level > 0 && k != ranks.NoKey {
			t.States = w.store.trail(w.rank.Number(int(k.Rank())))
		}
		t.States = append(t.States, slices.Clone(w.store.next(judging)))
	}
	d.Trail = t
	return d
}

// run expands pieces of the level, or judges their states, until none is left or there is no room for more.
func (w *bfsWorker) run(chunk int) {
	w.pause()
	w.flush() // what there was no room for
	for !w.ended() && !w.full() {
		if w.lo == w.hi {
			w.lo = int(w.taken.Add(int64(chunk))) - chunk
			w.hi = w.lo + chunk
		}
		w.hi = min(w.hi, w.rank.Len())
		if w.lo >= w.hi {
			w.lo = w.hi
			break
		}
		from := w.lo
		for w.lo < w.hi && !w.ended() && !w.full() {
			w.lo++
			w.pass(w.lo - 1)
			w.pause()
		}
		if !w.judges() {
			w.budget.Expanded.Add(int64(w.lo - from))
		}
	}
	if !w.full() {
		w.flush()
	}
}

// pass expands a state of the level, or judges it.
func (w *bfsWorker) pass(rank int) {
	switch state := w.state(rank); {
	case state == nil: // the search has failed
	case w.judges():
		w.judge(rank, state)
	default:
		w.expand(rank, state)
	}
}

// pause waits while the gate of the run is shut, and ends the search if the run has ended: flush would
// look, but is never called for states without successors.
func (w *bfsWorker) pause() {
	w.budget.gate.Pass(w.budget.watch, &w.home)
	w.endAt(w.budget.Ended())
}

// abandon ends the search because user code ended the worker's goroutine.
func (w *bfsWorker) abandon() {
	w.endAt(StopReasonModel)
	err := w.worker.Exited()
	if w.judging != none {
		w.ahead = append(w.ahead, findingAhead{number: w.judging, err: err})
		return
	}
	w.misbehaved(position{int(w.batch.src), err.Act}, err)
}

// expand expands the state with a rank and notes what it decides. The successors go to the batch,
// and are looked up when it is full.
func (w *bfsWorker) expand(rank int, state []uint32) {
	from := w.batch.n
	w.batch.src = uint32(rank)
	o := w.task.expansion(w)
	o.Sample = w.cfg.samples(w.ordinal + int64(rank))
	w.batch.recent = w.filter(o)
	x, err := w.worker.Expand(state, o, w.batch)
	if err != nil {
		m := AsMisbehaviour(err)
		w.misbehaved(position{rank, m.Act}, m)
	}
	w.bounded = w.bounded || x.Bounded
	w.selfLoops += x.SelfLoops
	if o.Steps != 0 {
		for i := from; i < w.batch.n; i++ {
			w.decide(w.batch.edges[i].steps, position{rank, int(w.batch.edges[i].act)})
		}
	}
	if err == nil {
		w.task.expanded(w, state, rank, &x)
	}
	if w.batch.n >= batchLen {
		w.flush()
	}
}

// filter returns the filter of repetitions for an expansion, or nil. Filtering is sound because a
// worker expands states by ascending rank: a repetition has a greater edge key than the step before
// it. It is not used when every step counts, for samples, whose successors are compared, nor for
// levels too small to fill it.
func (w *bfsWorker) filter(o ExpandOptions) *visited.Recent {
	if o.Sample || o.SelfLoops || w.rank.Len() <= smallLevel || w.space.Words() > visited.MaxRecent {
		return nil
	}
	if w.recent == nil {
		w.recent = visited.NewRecent(w.space.Words())
	}
	return w.recent
}

// misbehaved notes a misbehaviour at a state of the current level.
func (w *bfsWorker) misbehaved(at position, err error) {
	if w.broken == nil || at.before(w.broken.position) {
		w.broken = &brokenAt{at, AsMisbehaviour(err)}
	}
}

// decide notes that properties are decided at a state of the current level, or by a step from it.
func (w *bfsWorker) decide(m Mask, at position) {
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
	if b.n == 0 && b.known == 0 && w.selfLoops == 0 {
		return
	}
	done, err := w.store.insert(b, &w.lookup)
	if err != nil {
		if w.canSpill(OutOfRoom(err)) {
			return // the batch stays until there is room
		}
		w.endAt(OutOfRoom(err))
		b.n = done
	}
	fresh, ok := w.noteEdges(b)
	if !ok {
		return
	}
	generated := b.n + b.known + w.selfLoops
	w.selfLoops = 0
	w.task.lookedUp(w, b)
	b.Reset()
	w.budget.Generated.Add(int64(generated))
	w.budget.Distinct.Add(int64(fresh))
	if w.cfg.Repeat {
		w.endAt(w.budget.Ended()) // a repeated search must get as far as the first one did
	} else {
		if r := w.shortage(w.budget.Check()); !w.canSpill(r) {
			w.endAt(r)
		}
	}
}

// noteEdges offers the steps of a batch to the states of the next level that they lead to, judges
// the new ones among these, and returns their number. It reports false if that must be done again, when there is room.
func (w *bfsWorker) noteEdges(b *Batch) (fresh int, ok bool) {
	for i := range b.n {
		number := w.lookup.local[i]
		if number == none {
			continue
		}
		if !w.lookup.fresh[i] && len(w.workers) == 1 {
			continue // a single worker meets every state by its least key first
		}
		key := w.keys.At(number)
		if key == nil {
			if w.canSpill(StopReasonMemory) {
				return 0, false
			}
			w.outOfMemory()
			break
		}
		ranks.Offer(key, ranks.NewKey(b.edges[i].src, int(b.edges[i].act), b.edges[i].name))
		if w.lookup.fresh[i] && !w.onDisk() { // there it is not known yet whether it is new
			fresh++
			w.judging = number
			w.task.fresh(w, b.Vector(i), number)
			w.judging = none
		}
	}
	return fresh, true
}
