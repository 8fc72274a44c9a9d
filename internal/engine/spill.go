package engine

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/allways-go/allways/internal/beyond"
	"github.com/allways-go/allways/internal/ranks"
)

// disk is where a breadth-first search goes on when there is no memory for more states; see package beyond. Until then
// it is an ordinary search. In the middle of a level the workers rest, what the search knows is written down, and they
// go on where they were. From then on the exact store holds successors of the current level only, and whether
// they are new is known only when the level has been expanded. So new states are judged by a pass over the next level,
// before it is expanded. Nothing that is reported depends on when the search crosses over.
type disk struct {
	set    *beyond.Set
	most   int         // successors in memory; 0 for as many as there is memory for
	begun  bool        // states are on disk
	full   atomic.Bool // workers must rest until there is room again
	judges bool        // the states of the current level are to be judged
	lost   []finding   // at states of the next level, as far as they were judged in memory
	byName []int64     // new states by name, as those of [deciding]

	mu  sync.Mutex
	err error // first failure
}

// newDisk returns nil if the search is not to go beyond memory.
func newDisk(space Space, cfg *Config, t *deciding) (*disk, error) {
	if cfg.Spill.Dir == "" {
		return nil, nil
	}
	b := cfg.Budget
	set, err := beyond.New(beyond.Config{
		Place: cfg.Spill, Words: space.Words(), Seed: b.seed, Workers: cfg.Workers, Room: b.Spare,
		Ended: func() bool { return b.Look() != StopReasonNone },
	})
	if err != nil {
		return nil, err
	}
	b.hold(set)
	return &disk{set: set, most: set.Most, byName: t.byName}, nil
}

// close removes all files, even if a worker does not come back.
func (d *disk) close(b *Budget) error {
	if d == nil {
		return nil
	}
	b.drop(d.set)
	return d.set.Close()
}

// failure returns what has failed.
func (d *disk) failure() error {
	if d == nil {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.err != nil {
		return d.err
	}
	return d.set.Err()
}

// onDisk reports whether the search has crossed over.
func (s *bfs) onDisk() bool { return s.disk != nil && s.disk.begun }

// judges reports whether the workers judge the states of the level, and do not expand them.
func (s *bfs) judges() bool { return s.disk != nil && s.disk.judges }

// full reports whether the workers must rest.
func (s *bfs) full() bool { return s.disk != nil && s.disk.full.Load() }

// canSpill makes the workers rest, if that can make room. The search ends where it cannot.
func (s *bfs) canSpill(reason StopReason) bool {
	if s.disk == nil || s.level == 0 || reason != StopReasonMemory {
		return false
	}
	s.disk.full.Store(true)
	return true
}

// shortage returns the reason to stop, given that of the budget: lack of memory if the store holds as much as it may.
func (s *bfs) shortage(r StopReason) StopReason {
	if r == StopReasonNone && s.disk != nil && s.level > 0 && s.disk.most > 0 && s.store.nextLen() >= s.disk.most {
		return StopReasonMemory
	}
	return r
}

// fail ends the search because of an error.
func (s *bfs) fail(err error) {
	switch {
	case err == nil, errors.Is(err, beyond.ErrEnded):
		return
	case errors.Is(err, beyond.ErrLevel):
		s.endAt(StopReasonIDs)
		return
	}
	s.disk.mu.Lock()
	defer s.disk.mu.Unlock()
	if s.disk.err == nil {
		s.disk.err = err
	}
	s.outOfMemory()
}

// leastCandidates is the number of successors that must fit into memory. With fewer, most of the work would be with
// files.
const leastCandidates = 1 << 10

// makeRoom writes to disk what the store holds, and empties it. All workers rest.
func (s *bfs) makeRoom() {
	d := s.disk
	d.full.Store(false)
	if d.begun && d.most == 0 && s.store.nextLen() < leastCandidates {
		s.outOfMemory() // the space alone takes it all
		return
	}
	s.fail(s.empty())
	s.endAt(s.budget.Ended())
}

// empty is makeRoom for any number of successors.
func (s *bfs) empty() error {
	d, st := s.disk, s.store.(*exactStore)
	st.set.Seal()
	if !d.begun {
		d.begun = true
		if err := s.cross(st); err != nil {
			return err
		}
	}
	n := st.nextLen()
	if err := d.set.Candidates(st.set, st.curEnd, s.keys); err != nil {
		return err
	}
	s.keys.Clear(n)
	st.close()
	fresh, err := newExactStore(s.space.Words(), s.budget, false)
	if err != nil {
		s.outOfMemory()
		return nil
	}
	s.store = fresh
	return nil
}

// cross writes what was known before the search went to disk: the states that were met in older levels, and those of
// the current one, by rank.
func (s *bfs) cross(st *exactStore) error {
	d := s.disk
	for i, h := range s.leastAhead() {
		d.lost = append(d.lost, finding{
			property: i, level: s.level + 1, act: -1, err: h.err, state: st.next(h.number),
		})
	}
	s.budget.Distinct.Store(int64(st.curEnd))
	vec := make([]uint32, s.space.Words())
	state := func(rank int) []uint32 { return st.read(s.rank.Number(rank), vec) }
	if err := d.set.Frontier(s.rank.Len(), state); err != nil {
		return err
	}
	s.rank = ranks.Ascending(s.rank.Len())
	return d.set.Known(st.set, st.curEnd)
}

// endPass ends a pass over the current level, and reports whether the search may go on.
func (s *bfs) endPass() bool {
	if s.disk != nil && !s.disk.begun && !s.lineage.fits(s.store.nextLen()) {
		s.makeRoom()
	}
	switch {
	case s.judges():
		return s.judged()
	case s.onDisk():
		return s.settle()
	}
	return s.endLevel(s.rank.Len())
}

// settle is endLevel on disk, but for the judgement of the next level.
func (s *bfs) settle() bool {
	s.gatherCurrent()
	d := s.disk
	s.closeReaders()
	if !s.ended() {
		s.fail(s.empty())
	}
	if s.ended() {
		s.gatherUnsettled()
		return false
	}
	n, births, err := d.set.Settle(d.byName)
	if s.fail(err); err != nil {
		s.endAt(s.budget.Ended())
		s.gatherUnsettled()
		return false
	}
	s.lineage.levels = append(s.lineage.levels, births)
	s.ordinal += int64(s.rank.Len())
	s.rank, d.lost = ranks.Ascending(n), nil
	if n > 0 {
		s.level++
	}
	s.budget.Distinct.Add(int64(n))
	s.budget.Depth.Store(int64(s.level))
	s.budget.Expanded.Store(s.ordinal)
	if d.judges = s.cfg.Want&^s.decided != 0; !d.judges {
		return s.judged()
	}
	return true
}

// gatherUnsettled records the findings of a level that will not be complete.
func (s *bfs) gatherUnsettled() {
	for _, f := range s.disk.lost {
		switch {
		case f.property >= 0:
			s.decided |= 1 << uint(f.property)
			s.findings = append(s.findings, f)
		case s.broken == nil:
			s.broken = &f
		}
	}
	s.disk.lost = nil
}

// judged ends the judgement of a level.
func (s *bfs) judged() bool {
	s.disk.judges = false
	s.gatherCurrent()
	s.visit()
	s.closeReaders()
	return !s.ended()
}

// judge evaluates a state of the current level.
func (w *bfsWorker) judge(rank int, state []uint32) {
	w.batch.src = uint32(rank)
	at := position{rank, -1}
	mask, err := w.worker.Eval(state, w.cfg.Want&^w.decided, false)
	if w.decide(mask, at); err != nil {
		w.misbehaved(at, err)
	}
}

// state returns a state of the current level, valid until the next call by the worker; nil if it cannot be read.
func (w *bfsWorker) state(rank int) []uint32 {
	if !w.onDisk() {
		return w.store.read(w.rank.Number(rank), w.vec)
	}
	var err error
	if w.reader == nil {
		if w.reader, err = w.disk.set.NewReader(); err != nil {
			w.fail(err)
			return nil
		}
	}
	state, err := w.reader.At(int64(rank))
	w.fail(err)
	return state
}

// stateAt returns a copy of a state of the current level; nil if it cannot be read. It uses no reader of a worker,
// since one that is stuck may come back at any time.
func (s *bfs) stateAt(rank int) []uint32 {
	if !s.onDisk() {
		return s.store.current(s.rank.Number(rank))
	}
	r, err := s.disk.set.NewReader()
	if err != nil {
		s.fail(err)
		return nil
	}
	defer s.disk.set.Done(r)
	state, err := r.At(int64(rank))
	s.fail(err)
	return slices.Clone(state)
}

// closeReaders closes what the workers have read the level by.
func (s *bfs) closeReaders() {
	for _, w := range s.workers {
		if w.reader != nil {
			s.disk.set.Done(w.reader)
			w.reader = nil
		}
	}
}
