package engine

import (
	"slices"
	"sync"

	"github.com/allways-go/allways/internal/visited"
)

// DefaultWalkDepth is the number of states after which a walk ends when there is no depth limit.
const DefaultWalkDepth = 1000

// Picker picks the actions of one walk.
type Schedule interface {
	// Pick returns the position, in candidates, of the action to try. Candidates are indexes of the enabled actions that w
	// has prepared. When the action has no effect, Pick is called again without it. The error is a *Misbehaviour.
	Pick(state []uint32, w Worker, candidates []int) (int, error)
}

// WalkConfig controls a simulation.
type WalkConfig struct {
	Config
	Eventually  Mask // properties that every walk must satisfy somewhere
	Seed        uint64
	Walks       int64                                       // 0 for as many as the budget allows
	NewSchedule func(w Worker, r *Rand, depth int) Schedule // picks the actions of one walk
}

// WalkOutcome is what a simulation found.
type WalkOutcome struct {
	Outcome
	Walks   int64
	Enabled []int64 // by name
	Taken   []int64
}

// Simulate makes random walks. Every walk depends on nothing but the seed and its number; the walks count in the order of
// their numbers, and a stop takes effect after the first walk that asks for it. So the outcome, if not cut by time,
// memory or interruption, is the same for any number of workers.
func Simulate(space Space, cfg *WalkConfig) (*WalkOutcome, error) {
	s := &simulation{cfg: cfg, space: space, budget: cfg.Budget, pending: map[int64]*walk{}}
	s.budget.begin()
	s.turn.L = &s.mu
	var err error
	if s.seen, err = visited.NewFingerprints(visited.Config{MemoryLimit: s.budget.allow}); err != nil {
		s.out.StopReason = s.budget.cutOf(err)
		return &s.out, nil
	}
	defer s.seen.Close()
	s.budget.hold(s.seen)
	defer s.budget.drop(s.seen)
	s.out.Discoveries = map[int]*Discovery{}
	s.out.Enabled, s.out.Taken = make([]int64, NoName+1), make([]int64, NoName+1)
	s.out.NewByName = make([]int64, NoName+1)
	var wg sync.WaitGroup
	for range max(cfg.Workers, 1) {
		w := &walker{simulation: s, worker: space.NewWorker()}
		wg.Go(func() { guarded(w.run, w.abandon) })
	}
	wg.Wait()
	s.out.Distinct = s.budget.Distinct.Load()
	s.out.Omission = visited.OmissionProbability(s.out.Distinct, s.out.Generated)
	s.out.PeakMemory = s.budget.Peak()
	return &s.out, nil
}

// simulation is shared by the workers.
type simulation struct {
	cfg    *WalkConfig
	space  Space
	budget *Budget
	seen   *visited.Fingerprints

	mu      sync.Mutex
	turn    sync.Cond
	started int64
	pending map[int64]*walk // finished walks whose predecessors are not
	counted []*walk         // whose memory later walks use
	ended   bool
	decided Mask
	out     WalkOutcome
}

// maxPending bounds the finished walks that wait for an unfinished one.
const maxPending = 256

// begin hands out the next walk.
func (s *simulation) begin() (x *walk, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.ended && len(s.pending) >= maxPending {
		s.turn.Wait()
	}
	if s.ended || s.cfg.Walks > 0 && s.started >= s.cfg.Walks {
		return nil, false
	}
	old := &walk{}
	if n := len(s.counted); n > 0 {
		old, s.counted = s.counted[n-1], s.counted[:n-1]
	}
	s.started++
	return old.again(s.started - 1), true
}

// finish takes a finished walk, and counts all walks whose turn it is.
func (s *simulation) finish(w *walk) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending[w.number] = w
	for !s.ended && s.pending[s.out.Walks] != nil {
		next := s.pending[s.out.Walks]
		delete(s.pending, s.out.Walks)
		s.count(next)
		s.counted = append(s.counted, next)
	}
	s.turn.Broadcast()
}

func (s *simulation) count(w *walk) {
	o := &s.out
	o.Walks++
	o.Generated += int64(len(w.prints))
	o.Depth = max(o.Depth, len(w.states))
	o.Bounded = o.Bounded || w.outside
	for _, t := range w.taken {
		o.Taken[t]++
	}
	for _, e := range w.enabled {
		o.Enabled[e]++
	}
	fresh := make([]bool, len(w.prints))
	done, err := s.seen.InsertBatch(w.prints, fresh)
	for i, f := range fresh[:done] {
		if f {
			s.budget.Distinct.Add(1)
			if i > 0 {
				o.NewByName[w.taken[i-1]]++
			}
			if s.cfg.Visit != nil {
				s.cfg.Visit(&Visit{State: w.states[i], Depth: i + 1, Trail: func() *Trail { return w.trail(i, -1, -1) }})
			}
		}
	}
	for _, f := range w.found {
		if f.property >= 0 && o.Discoveries[f.property] == nil {
			o.Discoveries[f.property] = w.discovery(f)
			s.decided |= 1 << uint(f.property)
		}
		if f.property < 0 && o.Misbehaviour == nil {
			o.Misbehaviour = w.discovery(f)
		}
	}
	s.budget.Generated.Store(o.Generated)
	s.budget.Depth.Store(int64(o.Depth))
	var fault *Misbehaviour
	if o.Misbehaviour != nil {
		fault = o.Misbehaviour.Err
	}
	switch c := s.budget.check(); {
	case err != nil:
		s.endAt(s.budget.cutOf(err))
	case s.cfg.stop(s.decided, fault):
		s.endAt(StopReasonCondition)
	case c != StopReasonNone:
		s.endAt(c)
	}
}

func (s *simulation) endAt(c StopReason) {
	if !s.ended {
		s.ended, s.out.StopReason = true, c
	}
}

// walker makes walks for one goroutine.
type walker struct {
	*simulation
	worker Worker
	walk   *walk // that is made now
}

// abandon finishes the walk whose user code has ended the worker's goroutine; the others go on until its turn comes.
func (w *walker) abandon() {
	if c := w.budget.Ended(); c != StopReasonNone {
		w.end(c)
		return
	}
	w.walk.misbehaved(w.worker.Exited())
	w.finish(w.walk)
}

// end ends the simulation at once.
func (w *walker) end(c StopReason) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.endAt(c)
	w.turn.Broadcast()
}

func (w *walker) run() {
	for {
		x, ok := w.begin()
		if !ok {
			return
		}
		w.walk = x
		x.space, x.worker, x.cfg, x.budget = w.space, w.worker, w.cfg, w.budget
		x.run()
		if c := w.budget.Ended(); c != StopReasonNone {
			// The walk may have been cut short, so that it says nothing that could be said again.
			w.end(c)
			return
		}
		w.finish(w.walk)
	}
}

// again returns a walk that uses the memory of one that is over. What that one has found is not part of it.
func (x *walk) again(number int64) *walk {
	return &walk{
		number: number, slab: x.slab[:0], states: x.states[:0], prints: x.prints[:0], taken: x.taken[:0], enabled: x.enabled[:0], found: x.found[:0],
		batch: x.batch, candidates: x.candidates, next: x.next,
	}
}

// walk is one random walk.
type walk struct {
	number int64
	space  Space
	worker Worker
	cfg    *WalkConfig
	budget *Budget

	slab    []uint32 // memory of states
	states  [][]uint32
	prints  []uint64
	taken   []uint16
	enabled []uint16
	outside bool // a step led out of the boundary
	open    Mask // eventually-properties that were not satisfied yet
	where   map[string]int
	decided Mask
	found   []sight
	batch   *Batch // for initial states, and those that are sampled

	candidates []int
	next       []uint32
}

func (x *walk) run() {
	depth := x.budget.maxDepth
	if depth == 0 {
		depth = DefaultWalkDepth
	}
	r := NewRand(x.cfg.Seed, uint64(x.number))
	picker := x.cfg.NewSchedule(x.worker, r, depth)
	x.open = x.cfg.Eventually
	if !x.init(r) {
		return
	}
	for len(x.states) < depth {
		if x.budget.Ended() != StopReasonNone || !x.step(picker) {
			return
		}
	}
}

func (x *walk) init(r *Rand) bool {
	x.clear()
	if err := x.worker.Init(x.batch); err != nil {
		x.misbehaved(err)
		return false
	}
	return x.enter(x.batch.Vector(r.IntN(x.batch.Len())))
}

// clear empties the batch.
func (x *walk) clear() {
	if x.batch == nil {
		x.batch = NewBatch(x.space.Words())
	}
	x.batch.Reset()
}

// enter moves to a state and judges it. It reports false when the walk has come to an end.
func (x *walk) enter(state []uint32) bool {
	at := len(x.slab)
	x.slab = append(x.slab, state...)
	state = x.slab[at:len(x.slab):len(x.slab)]
	x.states = append(x.states, state)
	x.prints = append(x.prints, visited.Hash(state))
	mask, err := x.worker.Eval(state, x.cfg.Want&^x.decided, false)
	if err != nil {
		x.misbehaved(err)
		return false
	}
	x.decide(mask, -1, -1)
	for i := range 64 {
		if !x.open.Has(i) {
			continue
		}
		ok, err := x.worker.Satisfies(state, i)
		if err != nil {
			x.misbehaved(err)
			return false
		}
		if ok {
			x.open &^= 1 << uint(i)
		}
	}
	return x.open == 0 || !x.loops(state)
}

// loops reports whether a walk that still owes an eventually-property has come back to one of its states: that refutes
// the property, for the walk could go round for ever.
func (x *walk) loops(state []uint32) bool {
	if x.where == nil {
		x.where = map[string]int{}
	}
	key := keyOf(state)
	at, ok := x.where[key]
	if !ok {
		x.where[key] = len(x.states) - 1
		return false
	}
	x.states, x.prints = x.states[:len(x.states)-1], x.prints[:len(x.prints)-1]
	x.taken = x.taken[:len(x.taken)-1]
	x.decide(x.open, -1, at)
	return true
}

func keyOf(state []uint32) string {
	b := make([]byte, 0, 4*len(state))
	for _, w := range state {
		b = append(b, byte(w), byte(w>>8), byte(w>>16), byte(w>>24))
	}
	return string(b)
}

// step takes one action; it reports false when the walk has come to an end.
func (x *walk) step(p Schedule) bool {
	state := x.states[len(x.states)-1]
	if err := x.sample(state); err != nil {
		x.misbehaved(err)
		return false
	}
	n, err := x.worker.Actions(state)
	if err != nil {
		x.misbehaved(err)
		return false
	}
	names, err := x.worker.Names()
	if err != nil {
		x.misbehaved(err)
		return false
	}
	x.enabled = append(x.enabled, names...)
	candidates := x.candidates[:0]
	for i := range n {
		candidates = append(candidates, i)
	}
	x.candidates = candidates
	next, left := append(x.next[:0], state...), false
	x.next = next
	for len(candidates) > 0 {
		k, err := p.Pick(state, x.worker, candidates)
		if err != nil {
			x.misbehaved(err)
			return false
		}
		act := candidates[k]
		effect, steps, err := x.worker.Apply(act, x.cfg.Steps&^x.decided, next)
		if err != nil {
			x.misbehaved(err)
			return false
		}
		if effect == Inside {
			x.decide(steps, act, -1)
			x.taken = append(x.taken, names[act])
			return x.enter(next)
		}
		left = left || effect == Outside
		candidates = slices.Delete(candidates, k, k+1)
	}
	x.outside = x.outside || left
	if !left {
		x.end(state)
	}
	return false
}

// sample runs the slow guards on one of many states, which one depending on nothing but the walk.
func (x *walk) sample(state []uint32) error {
	every := int64(x.cfg.SampleEvery)
	if every == 0 || (x.number+int64(len(x.states)))%every != 1%every {
		return nil
	}
	x.clear()
	_, err := x.worker.Expand(state, ExpandOptions{Sample: true, SelfLoops: true}, x.batch)
	return err
}

// end judges a walk that has come to a terminal state.
func (x *walk) end(state []uint32) {
	mask, err := x.worker.Eval(state, x.cfg.Want&^x.decided, true)
	if err != nil {
		x.misbehaved(err)
		return
	}
	x.decide(mask|x.open, -1, -1)
}

func (x *walk) decide(m Mask, act, loop int) {
	for i := 0; m != 0; i, m = i+1, m>>1 {
		if m&1 != 0 && !x.decided.Has(i) {
			x.decided |= 1 << uint(i)
			x.found = append(x.found, sight{property: i, last: len(x.states) - 1, act: act, loop: loop})
		}
	}
}

func (x *walk) misbehaved(err error) {
	x.found = append(x.found, sight{property: -1, err: asMisbehaviour(err), last: len(x.states) - 1, act: -1, loop: -1})
}

// sight is a finding of a walk, before it is known whether it counts.
type sight struct {
	property        int // -1 for a misbehaviour
	err             *Misbehaviour
	last, act, loop int // the trail; there is none when last is -1
}

func (x *walk) discovery(f sight) *Discovery {
	d := &Discovery{Property: f.property, Err: f.err}
	if f.last >= 0 {
		d.Trail = x.trail(f.last, f.act, f.loop)
	}
	return d
}

func (x *walk) trail(last, act, loop int) *Trail {
	t := &Trail{Act: act, Loop: loop}
	for _, state := range x.states[:last+1] {
		t.States = append(t.States, slices.Clone(state)) // the next walk uses the memory again
	}
	return t
}
