package engine

import "sync/atomic"

// Liveness is the result of the search for a refutation of one eventually-property.
type Liveness struct {
	Refuted      *Trail // path to a terminal state (Loop < 0), or a lasso; nil for none
	Complete     bool   // nothing was left out: without a refutation the property holds
	StopReason   StopReason
	Asked        bool // an initial state does not satisfy the property
	Bounded      bool // a path that never satisfies the property leads out of the boundary
	Misbehaviour *Discovery
}

// Eventually searches for a behaviour that never satisfies the predicate of a property: a path to a
// terminal state, or a lasso. Such a behaviour consists of unsatisfied states alone, so the search
// is limited to the subgraph of unsatisfied states that are reachable through unsatisfied states.
// It explores that graph breadth-first and keeps its edges.
//
// A shortest path to a terminal state comes first. Without one, the graph is searched for a cycle,
// and of the lassos one with the fewest steps in stem and cycle together is reported.
//
// A lasso among the states that were met refutes the property whatever has ended the pass: so it is
// looked for in any case, in memory that was kept free for it, and for a moment longer than the run
// should last.
//
// The limitation loses nothing. A behaviour that never satisfies the predicate has unsatisfied
// states only, so all of it lies in that graph; and in a finite graph it either ends or comes back
// to a state that it had before. Often the graph is much smaller than the state space: once a
// request is answered, nothing that follows matters.
//
// Each property has a separate pass, after the search for all others. That search would have to
// keep all edges, at 8 bytes each, where there are often several times as many edges as states; and
// a violated invariant, which is the more frequent mistake, would be reported later.
func Eventually(space Space, property int, cfg Config) (*Liveness, error) {
	cfg.Fingerprints, cfg.Visit, cfg.Want, cfg.Steps = false, nil, 0, 0
	cfg.Stop = func(decided Mask, _ *Misbehaviour) bool { return decided != 0 }
	cfg.Budget.begin()
	exact, err := newExactStore(space.Words(), cfg.Budget)
	if err != nil {
		return &Liveness{StopReason: outOfRoom(err)}, nil
	}
	t := &refuting{property: property, graph: &graph{store: exact}}
	s := newBFS(space, &cfg, exact, t)
	defer s.crew.release(s.close)
	s.budget.hold(t.graph)
	defer s.budget.drop(t.graph)
	s.attend()
	return t.result(s), nil
}

// refuting is the task of a search for behaviours that never satisfy a property.
type refuting struct {
	property int
	graph    *graph
	asked    atomic.Bool // a state was met that does not satisfy the property
}

// expansion asks for self-loops: a state that may stay as it is forever is a cycle.
func (t *refuting) expansion(*bfsWorker) ExpandOptions { return ExpandOptions{SelfLoops: true} }

// expanded refutes the property at a terminal state: the path to it never satisfies it and cannot go on.
func (t *refuting) expanded(w *bfsWorker, _ []uint32, rank int, x *Expansion) {
	if x.Terminal {
		w.decide(1<<uint(t.property), position{rank, -1})
	}
}

// fresh keeps states that satisfy the property from being expanded.
func (t *refuting) fresh(w *bfsWorker, state []uint32, number uint32) {
	satisfied, err := w.worker.Satisfies(state, t.property)
	switch {
	case err != nil:
		w.ahead = append(w.ahead, findingAhead{number: number, err: asMisbehaviour(err)})
	case satisfied:
		w.skip = append(w.skip, number)
	case !t.asked.Load(): // the first one, perhaps, and hence an initial state
		t.asked.Store(true)
	}
}

func (t *refuting) lookedUp(w *bfsWorker, b *Batch) { t.graph.addEdges(w, b) }

func (t *refuting) ranked(s *bfs, next *ranking, n int) { t.graph.addNodes(s.level+1, next, n) }

// result evaluates the finished search.
func (t *refuting) result(s *bfs) *Liveness {
	l := &Liveness{StopReason: StopReason(s.reason.Load()), Bounded: s.bounded, Asked: t.asked.Load()}
	if s.broken != nil {
		l.Misbehaviour = s.broken.discovery()
		l.Misbehaviour.Property = t.property
	}
	if len(s.findings) > 0 {
		l.Refuted = &Trail{States: s.findings[0].trail, Act: -1, Loop: -1}
		return l
	}
	l.Refuted = t.graph.lasso(s)
	if l.Refuted == nil && l.StopReason == StopReasonNone {
		l.StopReason = s.budget.Ended() // the search for a lasso may have been interrupted
	}
	l.Complete = l.StopReason == StopReasonNone && !s.bounded && s.broken == nil
	return l
}
