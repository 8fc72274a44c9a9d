package engine

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/allways-go/allways/internal/ranks"
	"github.com/allways-go/allways/internal/watch"
)

// bfs is a level-synchronous parallel breadth-first search: all states of a level are expanded
// before any of the next one. That makes paths shortest, and gives a point between two levels at
// which one goroutine alone can order what the workers found (see endLevel).
//
// Waiting for the slowest worker at the end of each level costs little. A level of a large search
// has thousands of states, and the workers take small pieces of it; the levels that are too small
// to be shared are few and short.
//
// Two searches share it and differ in their task: [BreadthFirst] decides properties, [Explore] serves another
// package, which collects a graph of states.
type bfs struct {
	cfg     *Config
	space   Space
	budget  *Budget
	store   store
	task    task
	keys    *ranks.Column // least edge key of every state of the next level
	lineage *lineage      // paths, if the store keeps none; else nil
	disk    *disk         // continuation beyond memory; nil for none
	rank    ranks.Ranking // order of the current level
	workers []*bfsWorker

	level    int   // depth of the current level, 1 for initial states
	ordinal  int64 // number of states that were expanded in earlier levels
	decided  Mask
	findings []finding
	broken   *finding      // first misbehaviour
	reason   atomic.Uint32 // why the search must end, a StopReason
	bounded  bool

	begun     bool         // the initial states were asked for
	judging   bool         // their judgement has begun
	inits     int          // number of ranks that they have
	expanding bool         // the pass over the current level has begun
	taken     atomic.Int64 // number of its states that workers have taken
	crew      Crew
}

// task is what a breadth-first search is for. The search calls its methods at fixed points; apart
// from ranked, which runs between levels, they are called concurrently by the workers.
type task interface {
	// expansion returns the options of all expansions, apart from the sample of expensive guards.
	expansion(w *bfsWorker) ExpandOptions
	// expanded sees what kind of state of the current level was expanded.
	expanded(w *bfsWorker, state []uint32, rank int, x *Expansion)
	// fresh judges a new state, which has the given number in the next level.
	fresh(w *bfsWorker, state []uint32, number uint32)
	// lookedUp sees a batch of steps whose targets were looked up.
	lookedUp(w *bfsWorker, b *Batch)
	// ranked sees the next level of n states, of which next ranks those to be expanded. The edge
	// keys are still known.
	ranked(s *bfs, next *ranks.Ranking, n int)
}

// finding is a place where a property was decided or a misbehaviour was seen.
type finding struct {
	property int // -1 for a misbehaviour
	level    int
	rank     int
	act      int // index of a last step, or -1
	err      *Misbehaviour
	state    []uint32
	trail    [][]uint32 // nil if the store keeps no paths
}

// BreadthFirst runs a breadth-first search. The error is one of the engine, not of the model.
func BreadthFirst(space Space, cfg *Config) (*Outcome, error) {
	cfg.Budget.Begin()
	t := &deciding{byName: make([]int64, NoName+1)}
	disk, err := newDisk(space, cfg, t)
	if err != nil {
		return nil, err
	}
	store, err := newStore(space, cfg)
	if err != nil {
		return &Outcome{StopReason: OutOfRoom(err)}, disk.close(cfg.Budget)
	}
	s := newBFS(space, cfg, store, t)
	s.disk = disk
	defer s.crew.Release(s.close)
	s.attend()
	out := s.outcome(t)
	if err := errors.Join(disk.failure(), disk.close(cfg.Budget)); err != nil {
		return nil, err
	}
	return out, nil
}

// newBFS makes a search on a store, which the search closes at its end. Each worker gets its own
// Worker of the space, since these are for one goroutine.
func newBFS(space Space, cfg *Config, store store, t task) *bfs {
	s := &bfs{cfg: cfg, space: space, budget: cfg.Budget, store: store, task: t}
	s.keys = &ranks.Column{Allow: s.budget.allow}
	s.budget.hold(s.keys)
	if cfg.Fingerprints || cfg.Spill.Dir != "" {
		s.lineage = &lineage{budget: s.budget}
		s.budget.hold(&s.lineage.bytes)
	}
	for range max(cfg.Workers, 1) {
		w := newBFSWorker(s)
		s.workers, s.crew.Members = append(s.workers, w), append(s.crew.Members, w)
	}
	return s
}

// attend runs the search, and goes on without it if user code does not come back when the search
// must end. What the workers that did come back have found is kept.
func (s *bfs) attend() {
	if s.crew.Attend(s.budget, s.run, s.ended, func() { s.endAt(s.budget.Ended()) }) {
		return
	}
	for _, w := range s.workers {
		if !s.crew.present(w) {
			continue
		}
		for i, at := range w.first {
			s.findings = append(s.findings, s.findingAt(i, at))
		}
		s.bounded = s.bounded || w.bounded
	}
	for _, d := range s.crew.Away {
		if s.broken == nil || s.broken.err.Tolerable {
			s.broken = &finding{property: -1, act: -1, level: s.level, err: d.Err}
			if d.Trail != nil {
				s.broken.trail = d.Trail.States
			}
		}
	}
	s.endAt(StopReasonModel)
}

func (s *bfs) close() {
	s.budget.drop(s.keys)
	if s.lineage != nil {
		s.budget.drop(&s.lineage.bytes)
	}
	s.store.close()
}

// run searches level by level until no state is left or there is a reason to stop. If user code has
// ended its goroutine, it goes on where it was.
func (s *bfs) run() {
	if !s.begin() {
		return
	}
	for s.rank.Len() > 0 && (s.judges() || !s.cfg.MayStop(s.decided, s.misbehaviour())) {
		if max := s.budget.maxDepth; max > 0 && s.level >= max && !s.judges() {
			s.endAt(StopReasonDepth)
			return
		}
		if !s.expanding {
			s.passLevel()
		}
		s.expanding = false
		if !s.endPass() {
			return
		}
	}
	if s.rank.Len() > 0 {
		s.endAt(StopReasonCondition)
	}
}

// endAt makes the search end. The first reason counts.
func (s *bfs) endAt(r StopReason) {
	if r != StopReasonNone {
		s.reason.CompareAndSwap(0, uint32(r))
	}
}

func (s *bfs) ended() bool { return s.reason.Load() != 0 }

func (s *bfs) outOfMemory() { s.endAt(StopReasonMemory) }

func (s *bfs) misbehaviour() *Misbehaviour {
	if s.broken == nil {
		return nil
	}
	return s.broken.err
}

// begin makes the initial states the first level, unless it has been done, and reports whether the search may go on.
func (s *bfs) begin() bool {
	if !s.begun && !s.init() {
		return false
	}
	if s.judging {
		s.judging = false
		return s.endLevel(s.inits)
	}
	return true
}

// init judges the initial states. The space numbers initial states as a state numbers its actions. Here
// these numbers become the ranks of parents that do not exist, so that initial states have edge
// keys and are ranked as all others are.
func (s *bfs) init() bool {
	w := s.workers[0]
	batch := NewBatch(s.space.Words())
	s.begun = true
	if err := s.askInit(w, batch); err != nil {
		s.broken = &finding{property: -1, act: -1, err: AsMisbehaviour(err)}
		s.endAt(StopReasonModel)
		return false
	}
	if n := batch.Len(); n > 0 {
		s.inits = int(batch.edges[n-1].act) + 1
	}
	s.judging = true
	s.judgeInits(w, batch)
	return true
}

// judgeInits looks up the initial states, which judges them. There may be far more of them than a
// batch should hold, and Commit takes the source of a step from its batch: so they are copied, piece
// by piece, to the worker's own batch.
func (s *bfs) judgeInits(w *bfsWorker, batch *Batch) {
	s.crew.Enter()
	defer s.crew.Leave()
	defer w.home.Store(true)
	w.home.Store(false)
	Guarded(func() {
		for i := range batch.Len() {
			copy(w.batch.Slot(), batch.Vector(i))
			w.batch.src = batch.edges[i].act
			w.batch.Commit(0, NoName, 0)
			if w.batch.n >= batchLen {
				w.flush()
			}
		}
		w.flush()
	}, w.abandon)
}

// askInit asks for the initial states.
func (s *bfs) askInit(w *bfsWorker, batch *Batch) (err error) {
	s.crew.Enter()
	defer s.crew.Leave()
	defer w.home.Store(true)
	w.home.Store(false)
	Guarded(func() { err = w.worker.Init(batch) }, func() {
		s.broken = &finding{property: -1, act: -1, err: w.worker.Exited()}
		s.endAt(StopReasonModel)
	})
	return err
}

// smallLevel is the size up to which one worker expands a level alone. Starting the others would
// take longer.
const smallLevel = 64

// passLevel expands all states of the current level, or judges them.
func (s *bfs) passLevel() {
	s.expanding = true
	s.taken.Store(0)
	s.share()
	for s.full() && !s.ended() {
		if s.makeRoom(); !s.ended() { // else there may be no store any more
			s.share()
		}
	}
}

// share lets the workers go on with the current level. They take pieces of it from a counter, so that a worker
// with expensive states takes fewer of them.
func (s *bfs) share() {
	workers := s.workers
	if s.rank.Len() <= smallLevel {
		workers = workers[:1]
	}
	// Several pieces for each worker keep all of them busy to the end of the level; large pieces
	// keep them from fighting for the counter, and their states share successors, which the table
	// of recent states filters out.
	chunk := min(max(s.rank.Len()/(len(workers)*8), 1), 4096)
	var wg sync.WaitGroup
	s.crew.Enter()
	defer s.crew.Leave()
	// Deferred, since user code may end this goroutine, too.
	defer wg.Wait()
	for _, w := range workers[1:] {
		wg.Go(func() { w.work(chunk) })
	}
	workers[0].work(chunk)
}

// outcome sums up the search. Paths that the store did not keep are computed again.
func (s *bfs) outcome(t *deciding) *Outcome {
	o := &Outcome{
		StopReason: StopReason(s.reason.Load()), Bounded: s.bounded,
		Generated: s.budget.Generated.Load(), Distinct: s.budget.Distinct.Load(), Depth: s.level,
		NewByName: t.byName, Discoveries: map[int]*Discovery{},
	}
	if s.broken != nil && (o.StopReason == StopReasonNone || o.StopReason == StopReasonCondition) {
		o.StopReason = StopReasonModel
	}
	o.Omission = s.store.omission(o.Distinct, o.Generated)
	o.RecordBytes = 4 * s.space.Words()
	if f, ok := s.store.(*fingerprintStore); ok {
		o.RecordBytes = f.record
	}
	all := slices.Clone(s.findings)
	if s.broken != nil && s.broken.level > 0 {
		all = append(all, *s.broken)
	}
	if s.lineage != nil && len(all) > 0 && !s.crew.left {
		s.cfg.retrace()
		traced, w := slices.Clone(all), s.space.NewWorker()
		if s.budget.watch.Do(func() { s.traceAll(w, traced) }, w.Call) != watch.GivenUp {
			all = traced
		}
	}
	for _, f := range all {
		if f.property < 0 {
			o.Misbehaviour = f.discovery()
		} else {
			o.Discoveries[f.property] = f.discovery()
		}
	}
	if s.broken != nil && o.Misbehaviour == nil {
		o.Misbehaviour = &Discovery{Property: -1, Err: s.broken.err}
	}
	o.PeakMemory = s.budget.Peak()
	if s.disk != nil {
		o.Written, o.Read = s.disk.set.Written(), s.disk.set.Read()
	}
	return o
}

// discovery returns the finding as it is reported.
func (f *finding) discovery() *Discovery {
	d := &Discovery{Property: f.property, Err: f.err}
	if f.trail != nil {
		d.Trail = &Trail{States: f.trail, Act: f.act, Loop: -1}
	}
	return d
}
