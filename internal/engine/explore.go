package engine

import (
	"math"

	"github.com/allways-go/allways/internal/beyond"
	"github.com/allways-go/allways/internal/ranks"
)

// Task is what a breadth-first search is for whose findings another package keeps. The workers of the search, which
// have numbers from 0, call all methods but Ranked concurrently.
//
// A state has an id from the time when it is new. Once its level is complete, a state that is to be expanded is a
// node, too. Nodes are numbered by level and rank, so they have the same numbers in every run; ids depend on timing.
type Task interface {
	// Fresh judges a new state, for which w computes. A state that is skipped is not expanded.
	Fresh(worker int, w Worker, state []uint32, id uint32) (skip bool, err error)
	// Expanded sees what kind of state a node is, and returns the properties that it decides.
	Expanded(worker int, node uint32, x *Expansion) Mask
	// LookedUp sees all edges of some nodes. They stand in the order of the nodes that they leave, and of the actions of
	// each. It reports false if there is no memory for them.
	LookedUp(worker int, e Edges) (kept bool)
	// Ranked sees each level once it is complete.
	Ranked(l Level)
}

// Edges are steps between states of which the targets were looked up.
type Edges struct {
	first uint32 // node of the first state of the level
	edges []edge
	ids   []uint32
}

// Len returns the number of edges.
func (e Edges) Len() int { return len(e.edges) }

// From returns the node that the i-th edge leaves.
func (e Edges) From(i int) uint32 { return e.first + e.edges[i].src }

// To returns the id of the state that the i-th edge leads to.
func (e Edges) To(i int) uint32 { return e.ids[i] }

// Label returns the label of the i-th edge, if labels were asked for.
func (e Edges) Label(i int) uint32 { return uint32(e.edges[i].steps) }

// Level is a complete level of a search.
type Level struct {
	Depth int    // number of states on a path to a state of the level
	Len   int    // number of nodes
	End   uint32 // upper bound of the ids of all states so far
	first uint32
	rank  *ranks.Ranking
}

// ID returns the id of the state that the i-th node of the level is.
func (l Level) ID(i int) uint32 { return l.first + l.rank.Number(i) }

// Exploration is a search for a [Task] that has ended. Close it.
type Exploration struct {
	StopReason   StopReason
	Bounded      bool   // a step led out of the boundary
	Decided      *Trail // path to the first state that decides a property; nil for none
	Misbehaviour *Discovery
	Whole        int // nodes of the levels that were expanded as a whole

	search *bfs // nil if there was no memory for it
	store  *exactStore
}

// BreadthFirstFor is [BreadthFirst] for a search of whole states without step properties, which serves a task at the
// same time: what it decides and counts, and where it stops, is the same. The exploration is nil if there is no memory
// for one.
func BreadthFirstFor(space Space, cfg *Config, o ExpandOptions, t Task) (*Outcome, *Exploration, error) {
	cfg.Budget.Begin()
	store, err := newExactStore(space.Words(), cfg.Budget, true)
	if err != nil {
		return &Outcome{StopReason: OutOfRoom(err)}, nil, nil
	}
	both := &serving{
		deciding:  deciding{byName: make([]int64, NoName+1)},
		exploring: exploring{Task: t, options: o, store: store, whole: math.MaxInt64},
	}
	s := newBFS(space, cfg, store, both)
	s.attend()
	return s.outcome(&both.deciding), both.exploring.result(s), nil
}

// serving is the task of [BreadthFirstFor].
type serving struct {
	deciding  deciding
	exploring exploring
}

func (t *serving) expansion(w *bfsWorker) ExpandOptions {
	o := t.exploring.expansion(w)
	o.Count = t.deciding.expansion(w).Count
	return o
}

func (t *serving) expanded(w *bfsWorker, state []uint32, rank int, x *Expansion) {
	t.deciding.expanded(w, state, rank, x)
	t.exploring.expanded(w, state, rank, x)
}

func (t *serving) fresh(w *bfsWorker, state []uint32, number uint32) {
	t.deciding.fresh(w, state, number)
	t.exploring.fresh(w, state, number)
}

func (t *serving) lookedUp(w *bfsWorker, b *Batch) { t.exploring.lookedUp(w, b) }

func (t *serving) ranked(s *bfs, next *ranks.Ranking, n int) {
	t.deciding.ranked(s, next, n)
	t.exploring.ranked(s, next, n)
}

// Explore searches breadth-first for a task, with the options of all expansions. It stops at the end of the level in
// which a state decides a property.
func Explore(space Space, cfg Config, o ExpandOptions, t Task) *Exploration {
	cfg.Fingerprints, cfg.Visit, cfg.Spill = false, nil, beyond.Place{}
	cfg.Stop = func(decided Mask, _ *Misbehaviour) bool { return decided != 0 }
	cfg.Budget.Begin()
	store, err := newExactStore(space.Words(), cfg.Budget, true)
	if err != nil {
		return &Exploration{StopReason: OutOfRoom(err)}
	}
	x := &exploring{Task: t, options: o, store: store, whole: math.MaxInt64}
	s := newBFS(space, &cfg, store, x)
	s.attend()
	return x.result(s)
}

// Present reports whether what a worker has kept may be read: whether it has come back from user code.
func (x *Exploration) Present(worker int) bool {
	return x.search != nil && x.search.crew.present(x.search.workers[worker])
}

// State returns the vector of the state with an id. It is valid until Close.
func (x *Exploration) State(id uint32) []uint32 { return x.store.set.Vector(id) }

// Trail returns the path to the state with an id, along the tree of the search.
func (x *Exploration) Trail(id uint32) [][]uint32 { return x.store.trailTo(id) }

// Close frees the memory of the search and, by the function unless it is nil, that of the task, when no worker can
// come back to either.
func (x *Exploration) Close(task func()) {
	if task == nil {
		task = func() {}
	}
	if x.search == nil {
		task()
		return
	}
	x.search.crew.Release(func() {
		x.search.close()
		task()
	})
}

// exploring makes a task of this package of a [Task].
type exploring struct {
	Task
	options ExpandOptions
	store   *exactStore
	whole   int64 // nodes of levels that were expanded as a whole, if the search was cut
}

func (t *exploring) expansion(*bfsWorker) ExpandOptions { return t.options }

func (t *exploring) expanded(w *bfsWorker, _ []uint32, rank int, x *Expansion) {
	if m := t.Expanded(w.index, uint32(w.ordinal)+uint32(rank), x); m != 0 {
		w.decide(m, position{rank, -1})
	}
}

func (t *exploring) fresh(w *bfsWorker, state []uint32, number uint32) {
	skip, err := t.Fresh(w.index, w.worker, state, t.store.idOf(number))
	switch {
	case err != nil:
		w.ahead = append(w.ahead, findingAhead{number: number, err: AsMisbehaviour(err)})
	case skip:
		w.skip = append(w.skip, number)
	}
}

func (t *exploring) lookedUp(w *bfsWorker, b *Batch) {
	if w.level == 0 {
		return // steps to initial states come from no state
	}
	if !t.LookedUp(w.index, Edges{first: uint32(w.ordinal), edges: b.edges[:b.n], ids: w.lookup.ids}) {
		w.outOfMemory()
	}
}

func (t *exploring) ranked(s *bfs, next *ranks.Ranking, n int) {
	if s.ended() {
		t.whole = min(t.whole, s.ordinal)
	}
	first := t.store.idOf(0)
	t.Ranked(Level{Depth: s.level + 1, Len: next.Len(), End: first + uint32(n), first: first, rank: next})
}

// result sums up the search.
func (t *exploring) result(s *bfs) *Exploration {
	x := &Exploration{
		StopReason: StopReason(s.reason.Load()), Bounded: s.bounded, search: s, store: t.store,
		Whole: int(min(t.whole, s.ordinal)),
	}
	if s.broken != nil {
		x.Misbehaviour = s.broken.discovery()
	}
	if len(s.findings) > 0 {
		x.Decided = &Trail{States: s.findings[0].trail, Act: -1, Loop: -1}
	}
	return x
}
