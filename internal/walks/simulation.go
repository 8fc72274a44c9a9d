package walks

import (
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/random"
	"github.com/allways-go/allways/internal/visited"
)

// DefaultWalkDepth is the number of states after which a walk ends if there is no depth limit.
const DefaultWalkDepth = 1000

// Schedule picks the actions of one walk.
type Schedule interface {
	// Pick returns the position in candidates of the action to try. Candidates are indexes of the
	// actions that w prepared. If the action has no effect, Pick is called again without it. The
	// error is a *Misbehaviour.
	Pick(state []uint32, w engine.Worker, candidates []int) (int, error)
}

// WalkConfig controls a simulation.
type WalkConfig struct {
	engine.Config
	Eventually  engine.Mask // properties that every walk must satisfy somewhere
	Seed        uint64
	Walks       int64 // number of walks, 0 means no limit
	NewSchedule func(w engine.Worker, r *random.Rand, depth int) Schedule
	NewJudge    func(w engine.Worker) Judge // makes what judges the runs that the walks of a worker show; nil for none
}

// Judge judges the runs that walks show, for one goroutine.
type Judge interface {
	// Judge returns what the runs of a walk decide, each property at most once. It is called at the end of the walk,
	// and may depend on nothing else. The error is a *Misbehaviour in the state that At was called with.
	Judge(x *Walked) (found []*engine.Discovery, err error)
}

// Walked is a walk that has ended. It is valid during a call of [Judge].
type Walked struct {
	States [][]uint32
	Prints []uint64    // a fingerprint of each state
	Ends   bool        // the last state has no step
	At     func(i int) // is to be called before the model computes on the i-th state
}

// WalkOutcome is the result of a simulation.
type WalkOutcome struct {
	engine.Outcome
	Walks   int64
	Enabled []int64 // number of enabled actions of each name
	Taken   []int64 // number of taken actions of each name
}

// Simulate makes random walks. A walk depends only on the seed and on its number. Walks are counted
// in the order of their numbers, and a stop takes effect after the first walk that asks for it.
// Therefore the outcome is the same for any number of workers, unless time, memory or an
// interruption ends the simulation.
//
// It counts distinct states by fingerprints, straight in a visited set: there are no levels and no
// paths to keep, since a walk is its own path. The count is no more than a figure in the report, so
// a collision of fingerprints does no harm.
func Simulate(space engine.Space, cfg *WalkConfig) (*WalkOutcome, error) {
	s := &simulation{cfg: cfg, space: space, budget: cfg.Budget, finished: map[int64]*walk{}}
	s.budget.Begin()
	s.turn.L = &s.mu
	var err error
	if s.seen, err = visited.NewFingerprints(visited.Config{MemoryLimit: s.budget.Allows}); err != nil {
		s.out.StopReason = engine.OutOfRoom(err)
		return &s.out, nil
	}
	defer s.crew.Release(s.seen.Close)
	defer s.budget.Hold(s.seen)()
	s.out.Discoveries = map[int]*engine.Discovery{}
	s.out.Enabled, s.out.Taken = make([]int64, engine.NoName+1), make([]int64, engine.NoName+1)
	s.out.NewByName = make([]int64, engine.NoName+1)
	for range max(cfg.Workers, 1) {
		w := &walker{simulation: s, worker: space.NewWorker()}
		if cfg.NewJudge != nil {
			w.judge = cfg.NewJudge(w.worker)
		}
		s.crew.Members = append(s.crew.Members, w)
	}
	s.attend()
	s.out.Distinct = s.budget.Distinct.Load()
	s.out.Omission = visited.OmissionProbability(s.out.Distinct, s.out.Generated)
	s.out.PeakMemory = s.budget.Peak()
	return &s.out, nil
}

// simulation is shared by the workers.
type simulation struct {
	cfg    *WalkConfig
	space  engine.Space
	budget *engine.Budget
	seen   *visited.Fingerprints

	mu       sync.Mutex // guards the fields below
	turn     sync.Cond
	started  int64
	finished map[int64]*walk // walks to be counted when all with lower numbers are
	spare    []*walk         // counted walks, whose memory can be used again
	ended    bool
	decided  engine.Mask
	out      WalkOutcome

	crew engine.Crew
}

// attend makes the walks. If a worker does not come back when the simulation must end, its walk counts
// for no more than that.
func (s *simulation) attend() {
	isOver := func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.ended
	}
	back := s.crew.Attend(s.budget, s.run, isOver, func() {
		if r := s.budget.Ended(); r != engine.StopReasonNone {
			s.end(r)
		}
	})
	if back {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range s.crew.Away {
		if m := s.out.Misbehaviour; m == nil || m.Err.Tolerable {
			s.out.Misbehaviour = x
		}
	}
	s.endAt(engine.StopReasonModel)
	s.turn.Broadcast()
}

// run starts the workers and waits for them.
func (s *simulation) run() {
	s.crew.Enter()
	defer s.crew.Leave()
	var wg sync.WaitGroup
	for _, m := range s.crew.Members {
		wg.Go(func() { w := m.(*walker); engine.Guarded(w.run, w.abandon) })
	}
	wg.Wait()
}

// maxFinished limits the finished walks that wait for an unfinished one, and with them memory.
const maxFinished = 256

// begin hands out the next walk.
func (s *simulation) begin() (x *walk, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.ended && len(s.finished) >= maxFinished {
		s.turn.Wait()
	}
	if s.ended || s.cfg.Walks > 0 && s.started >= s.cfg.Walks {
		return nil, false
	}
	old := &walk{}
	if n := len(s.spare); n > 0 {
		old, s.spare = s.spare[n-1], s.spare[:n-1]
	}
	s.started++
	return old.reuse(s.started - 1), true
}

// finish takes a finished walk and counts all walks whose turn has come.
func (s *simulation) finish(w *walk) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.finished[w.number] = w
	for !s.ended && s.finished[s.out.Walks] != nil {
		next := s.finished[s.out.Walks]
		delete(s.finished, s.out.Walks)
		s.count(next)
		s.spare = append(s.spare, next)
	}
	s.turn.Broadcast()
}

// count adds a walk to the outcome. Walks must be counted in the order of their numbers, although
// they finish in any other: which walk is the first to reach a state, to decide a property or to
// hit a limit decides what is reported, and the walks after the one that stops the simulation must
// not count, though some of them are done.
func (s *simulation) count(w *walk) {
	o := &s.out
	o.Walks++
	o.Generated += int64(len(w.prints))
	o.Depth = max(o.Depth, len(w.states))
	o.Bounded = o.Bounded || w.bounded
	for _, t := range w.taken {
		o.Taken[t]++
	}
	for _, e := range w.enabled {
		o.Enabled[e]++
	}
	err := s.countStates(w)
	s.adopt(w)
	s.budget.Generated.Store(o.Generated)
	s.budget.Depth.Store(int64(o.Depth))
	var m *engine.Misbehaviour
	if o.Misbehaviour != nil {
		m = o.Misbehaviour.Err
	}
	switch r := s.budget.Check(); {
	case err != nil:
		s.endAt(engine.OutOfRoom(err))
	case s.cfg.MayStop(s.decided, m):
		s.endAt(engine.StopReasonCondition)
	case r != engine.StopReasonNone:
		s.endAt(r)
	}
}

// countStates counts the states of a walk that no earlier walk met, and shows them to the visitor.
func (s *simulation) countStates(w *walk) error {
	fresh := make([]bool, len(w.prints))
	done, err := s.seen.InsertBatch(w.prints, fresh)
	for i, isNew := range fresh[:done] {
		if !isNew {
			continue
		}
		s.budget.Distinct.Add(1)
		if i > 0 {
			s.out.NewByName[w.taken[i-1]]++
		}
		if s.cfg.Visit != nil {
			trail := func() *engine.Trail { return w.trail(i, -1, -1) }
			s.cfg.Visit(&engine.Visit{State: w.states[i], Depth: i + 1, Trail: trail})
		}
	}
	return err
}

func (s *simulation) endAt(r engine.StopReason) {
	if !s.ended {
		s.ended, s.out.StopReason = true, r
	}
}

// walker makes walks for one goroutine.
type walker struct {
	*simulation
	worker engine.Worker
	judge  Judge // nil for none
	walk   *walk // the current one
	away   atomic.Bool
}

// IsHome implements [engine.Member].
func (w *walker) IsHome() bool { return !w.away.Load() }

// Call implements [engine.Member].
func (w *walker) Call() uint64 {
	x, n := w.place()
	return uint64(x.number)<<48 + uint64(n)<<40 + w.worker.Call()
}

// place returns the walk, and its number of states up to the one that is computed on. See [bfsWorker.place].
//
//go:norace
func (w *walker) place() (x *walk, states int) { return w.walk, w.walk.at() }

// Stuck implements [engine.Member].
func (w *walker) Stuck() *engine.Discovery {
	d := &engine.Discovery{Property: -1, Err: w.worker.Stuck()}
	if x, n := w.place(); n > 0 {
		d.Trail = &engine.Trail{Act: -1, Loop: -1, States: x.copied(n, w.space.Words())}
	}
	return d
}

// abandon finishes the current walk, because user code ended the worker's goroutine. The other
// workers go on until the turn of this walk comes.
func (w *walker) abandon() {
	w.away.Store(false)
	if r := w.budget.Ended(); r != engine.StopReasonNone {
		w.end(r)
		return
	}
	w.walk.misbehaved(w.worker.Exited())
	w.finish(w.walk)
}

// end ends the simulation at once. What finished walks have found is true, though it may not be found
// again: whether they counted in time depends on the machine.
func (s *simulation) end(r engine.StopReason, more ...*walk) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.ended {
		for _, number := range slices.Sorted(maps.Keys(s.finished)) {
			s.adopt(s.finished[number])
		}
		for _, x := range more {
			s.adopt(x)
		}
	}
	s.endAt(r)
	s.turn.Broadcast()
}

// adopt takes over what a walk has found and no earlier one has.
func (s *simulation) adopt(w *walk) {
	o := &s.out
	for _, f := range w.findings {
		if f.property >= 0 && o.Discoveries[f.property] == nil {
			o.Discoveries[f.property] = w.discovery(f)
			s.decided |= 1 << uint(f.property)
		}
		if f.property < 0 && o.Misbehaviour == nil {
			o.Misbehaviour = w.discovery(f)
		}
	}
}

// run makes one walk after the other.
func (w *walker) run() {
	for {
		x, ok := w.begin()
		if !ok {
			return
		}
		x.space, x.worker, x.judge, x.cfg, x.budget = w.space, w.worker, w.judge, w.cfg, w.budget
		w.walk = x
		w.away.Store(true)
		x.run()
		w.away.Store(false)
		if r := w.budget.Ended(); r != engine.StopReasonNone {
			w.end(r, x) // the walk may be incomplete, so it does not count
			return
		}
		w.finish(w.walk)
	}
}
