package engine

import (
	"maps"
	"sync"
	"sync/atomic"
)

// DepthFirst runs a parallel depth-first search: each worker has its own stack and hands the lower
// half of it to workers that have nothing to do. It needs no barriers between levels, and reaches
// deep states early. What it reports first depends on timing if there are several workers.
//
// With a depth limit it visits the states that a breadth-first search visits. A plain depth-first
// search would not: it may first meet a state at the limit, and leave out successors that are
// within the limit by a shorter path. So the search keeps the least depth at which a state was met,
// and expands the state again when it is met at a lesser one.
func DepthFirst(space Space, cfg *Config) (*Outcome, error) {
	d, err := newDFS(space, cfg)
	if err != nil {
		return &Outcome{StopReason: OutOfRoom(err)}, nil
	}
	defer d.crew.Release(d.close)
	d.attend()
	return d.outcome()
}

// dfs is a parallel depth-first search. Its stack holds numbers of states, or states where only
// fingerprints are kept, and never the path to them: with several workers, a piece of one stack is
// soon part of another. Paths follow from the notes of the set instead; see depthSet.
type dfs struct {
	cfg    *Config
	space  Space
	budget *Budget
	set    *depthSet
	stride int // words of a stack entry: a state or its number, and its depth
	pool   pool
	stacks *tally // bytes of the workers' stacks and of the pool

	workers []*dfsWorker
	crew    Crew

	reason   atomic.Uint32 // why the search must end, a StopReason
	expanded atomic.Int64  // states that were expanded at least once
	deepest  atomic.Int64
	decided  atomic.Uint64 // a Mask

	mu          sync.Mutex // guards the fields below
	discoveries map[int]*Discovery
	broken      *Discovery // first misbehaviour
	bounded     bool
	byName      []int64
}

func newDFS(space Space, cfg *Config) (*dfs, error) {
	d := &dfs{
		cfg: cfg, space: space, budget: cfg.Budget,
		discoveries: map[int]*Discovery{}, byName: make([]int64, NoName+1),
	}
	d.budget.Begin()
	var err error
	if d.set, err = newDepthSet(space.Words(), cfg); err != nil {
		return nil, err
	}
	d.stacks = &tally{}
	d.budget.hold(d.stacks)
	d.pool.workers = max(cfg.Workers, 1)
	d.pool.wake.L = &d.pool.mu
	d.stride = 2
	if cfg.Fingerprints {
		d.stride = space.Words() + 1
	}
	for range d.pool.workers {
		w := newDFSWorker(d)
		d.workers, d.crew.Members = append(d.workers, w), append(d.crew.Members, w)
	}
	return d, nil
}

func (d *dfs) close() {
	d.budget.drop(d.stacks)
	d.set.close()
}

// attend runs the search and sums up the figures of the workers, apart from those that do not come
// back when the search must end. If some states were left at the depth limit, that is the reason to
// stop.
func (d *dfs) attend() {
	ended := func() bool { return d.reason.Load() != 0 }
	if !d.crew.Attend(d.budget, d.run, ended, func() { d.endAt(d.budget.Ended()) }) {
		for _, x := range d.crew.Away {
			d.broke(x)
		}
		d.endAt(StopReasonModel)
	}
	for _, w := range d.workers {
		if !d.crew.present(w) {
			continue
		}
		d.bounded = d.bounded || w.bounded
		for i, n := range w.byName {
			d.byName[i] += n
		}
	}
	if d.expanded.Load() < d.budget.Distinct.Load() {
		d.endAt(StopReasonDepth)
	}
}

// run starts the workers, and waits until all stacks and the pool are empty. No user code runs on its
// own goroutine.
func (d *dfs) run() {
	d.crew.Enter()
	defer d.crew.Leave()
	var wg sync.WaitGroup
	first := d.workers[0]
	wg.Go(func() { first.work(first.askInit) })
	wg.Wait()
	if d.reason.Load() != 0 {
		return
	}
	for _, w := range d.workers {
		wg.Go(func() { w.work(w.run) })
	}
	wg.Wait()
}

// endAt makes the search end. The first reason counts.
func (d *dfs) endAt(r StopReason) {
	if r != StopReasonNone && d.reason.CompareAndSwap(0, uint32(r)) {
		d.pool.close()
	}
}

func (d *dfs) outOfMemory() { d.endAt(StopReasonMemory) }

// open returns the properties, of both kinds, that are not decided yet.
func (d *dfs) open() Mask { return (d.cfg.Want | d.cfg.Steps) &^ Mask(d.decided.Load()) }

// decide records the properties of a mask that are not decided yet, at the state with a number or
// by an action from it.
func (d *dfs) decide(mask Mask, id uint32, act int) {
	if mask &^= Mask(d.decided.Load()); mask == 0 {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := 0; mask != 0; i, mask = i+1, mask>>1 {
		if mask&1 == 0 || d.discoveries[i] != nil {
			continue
		}
		d.discoveries[i] = &Discovery{Property: i, Trail: d.set.trail(id, act)}
		d.decided.Or(1 << uint(i))
	}
	d.stopIfAsked()
}

// misbehaved records a misbehaviour at the state with a number.
func (d *dfs) misbehaved(m *Misbehaviour, id uint32) {
	d.broke(&Discovery{Property: -1, Err: m, Trail: d.set.trail(id, -1)})
}

// broke records a misbehaviour: the first one, or the first that leaves no rest to search.
func (d *dfs) broke(x *Discovery) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.broken == nil || d.broken.Err.Tolerable && !x.Err.Tolerable {
		d.broken = x
	}
	d.stopIfAsked()
}

// stopIfAsked ends the search if its stop condition holds. The lock must be held.
func (d *dfs) stopIfAsked() {
	var m *Misbehaviour
	if d.broken != nil {
		m = d.broken.Err
	}
	if d.cfg.MayStop(Mask(d.decided.Load()), m) {
		d.endAt(StopReasonCondition)
	}
}

func (d *dfs) outcome() (*Outcome, error) {
	d.mu.Lock() // a worker that comes back late may still find something
	found, broken := maps.Clone(d.discoveries), d.broken
	d.mu.Unlock()
	o := &Outcome{
		StopReason: StopReason(d.reason.Load()), Bounded: d.bounded, Discoveries: found, Misbehaviour: broken,
		Generated: d.budget.Generated.Load(), Distinct: d.budget.Distinct.Load(), Depth: int(d.deepest.Load()),
		NewByName: d.byName,
	}
	if d.set.limited {
		o.Depth = d.set.leastDepth()
	}
	if broken != nil && (o.StopReason == StopReasonNone || o.StopReason == StopReasonCondition) {
		o.StopReason = StopReasonModel
	}
	if d.cfg.Fingerprints {
		o.Omission = d.set.omission(o.Distinct, o.Generated)
		o.RecordBytes = 4 * d.space.Words()
		if d.crew.left {
			return o, nil
		}
		if err := d.searchAgain(o); err != nil {
			return nil, err
		}
	}
	o.PeakMemory = d.budget.Peak()
	return o, nil
}

// searchAgain finds the trails of what a search with fingerprints decided. It searches
// breadth-first until the same properties are decided.
func (d *dfs) searchAgain(o *Outcome) error {
	decided := Mask(d.decided.Load())
	if decided == 0 && d.broken == nil {
		return nil
	}
	d.cfg.retrace()
	again, err := BreadthFirst(d.space, &Config{
		Workers: d.cfg.Workers, Fingerprints: true, Budget: d.budget, Repeat: true,
		Want: d.cfg.Want & decided, Steps: d.cfg.Steps & decided, Inits: d.cfg.Inits & decided,
		Stop: func(m Mask, bad *Misbehaviour) bool { return m == decided && (d.broken == nil || bad != nil) },
	})
	if err != nil {
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
