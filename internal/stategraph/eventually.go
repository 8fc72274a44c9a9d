package stategraph

import (
	"sync/atomic"

	"github.com/allways-go/allways/internal/engine"
)

// Liveness is the result of the search for a refutation of one eventually-property.
type Liveness struct {
	Refuted      *engine.Trail // path to a terminal state (Loop < 0), or a lasso; nil for none
	Complete     bool          // nothing was left out: without a refutation the property holds
	StopReason   engine.StopReason
	Asked        bool // an initial state does not satisfy the property
	Bounded      bool // a path that never satisfies the property leads out of the boundary
	Misbehaviour *engine.Discovery
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
func Eventually(space engine.Space, property int, cfg engine.Config) *Liveness {
	t := &refuting{property: property, budget: cfg.Budget, edges: perWorker[edgeList](&cfg)}
	defer cfg.Budget.Hold(&t.nodes)()
	// A state that may stay as it is forever is a cycle.
	t.nodes.search = engine.Explore(space, cfg, engine.ExpandOptions{SelfLoops: true}, t)
	defer t.nodes.search.Close(nil)
	return t.result()
}

// refuting is the task of a search for behaviours that never satisfy a property.
type refuting struct {
	property int
	budget   *engine.Budget
	nodes    nodes
	edges    []*edgeList // one list for each worker
	asked    atomic.Bool // a state was met that does not satisfy the property
}

// Expanded refutes the property at a terminal state: the path to it never satisfies it and cannot go on.
func (t *refuting) Expanded(_ int, _ uint32, x *engine.Expansion) engine.Mask {
	if x.Terminal {
		return 1 << uint(t.property)
	}
	return 0
}

// Fresh keeps states that satisfy the property from being expanded.
func (t *refuting) Fresh(_ int, w engine.Worker, state []uint32, _ uint32) (skip bool, err error) {
	satisfied, err := w.Satisfies(state, t.property)
	if err == nil && !satisfied && !t.asked.Load() { // the first one, perhaps, and hence an initial state
		t.asked.Store(true)
	}
	return satisfied, err
}

// LookedUp keeps the edges.
func (t *refuting) LookedUp(worker int, e engine.Edges) (kept bool) {
	return t.edges[worker].add(e, &t.nodes, t.budget)
}

// Ranked numbers the states of a level.
func (t *refuting) Ranked(l engine.Level) { t.nodes.add(l) }

// result evaluates the finished search.
func (t *refuting) result() *Liveness {
	s := t.nodes.search
	l := &Liveness{
		StopReason: s.StopReason, Bounded: s.Bounded, Asked: t.asked.Load(), Misbehaviour: s.Misbehaviour, Refuted: s.Decided,
	}
	if l.Misbehaviour != nil {
		l.Misbehaviour.Property = t.property
	}
	if l.Refuted != nil {
		return l
	}
	l.Refuted = t.nodes.lasso(present(s, t.edges), t.budget.UntilLate())
	if l.Refuted == nil && l.StopReason == engine.StopReasonNone {
		l.StopReason = t.budget.Ended() // the search for a lasso may have been interrupted
	}
	l.Complete = l.StopReason == engine.StopReasonNone && !s.Bounded && s.Misbehaviour == nil
	return l
}
