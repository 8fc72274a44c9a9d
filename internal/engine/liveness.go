package engine

import (
	"slices"
	"sync/atomic"

	"github.com/allways-go/allways/internal/offheap"
)

// Liveness is what a search for a refutation of one eventually-property found.
type Liveness struct {
	Refuted      *Trail // to a terminal state (Loop < 0), or a lasso; nil for none
	Complete     bool   // nothing was left out: without a refutation the property holds
	StopReason   StopReason
	Bounded      bool // a path that never satisfies the property leads out of the boundary
	Misbehaviour *Discovery
}

// Eventually looks for a path that never satisfies the predicate of a property and ends, or runs into a cycle. It
// searches the subgraph of unsatisfied states that are reachable through unsatisfied states alone, breadth-first, and
// keeps its edges. A shortest path to a terminal state comes before a lasso; of the lassos, one with the fewest steps in
// stem and cycle together is reported.
func Eventually(space Space, property int, cfg Config) (*Liveness, error) {
	cfg.Fingerprints, cfg.Visit, cfg.Want, cfg.Steps = false, nil, 0, 0
	cfg.Stop = func(found Mask, _ *Misbehaviour) bool { return found != 0 }
	s, err := newBFS(space, &cfg)
	if err != nil {
		return &Liveness{StopReason: cfg.Budget.cutOf(err)}, nil
	}
	defer s.close()
	s.filter = func(w Worker, state []uint32) (bool, error) {
		ok, err := w.Satisfies(state, property)
		return !ok && err == nil, err
	}
	s.graph = &graph{}
	s.budget.hold(s.graph)
	defer s.budget.drop(s.graph)
	s.run()
	l := &Liveness{StopReason: StopReason(s.cut.Load()), Bounded: s.boundary}
	if s.fault != nil {
		l.Misbehaviour = &Discovery{Property: property, Err: s.fault.err}
		if s.fault.trail != nil {
			l.Misbehaviour.Trail = &Trail{States: s.fault.trail, Act: s.fault.act, Loop: -1}
		}
	}
	if len(s.found) > 0 {
		l.Refuted = &Trail{States: s.found[0].trail, Act: -1, Loop: -1}
		return l, nil
	}
	lasso, ok := s.graph.lasso(s)
	l.Refuted = lasso
	if !ok {
		s.endAt(StopReasonMemory)
		l.StopReason = StopReasonMemory
	}
	if lasso == nil && l.StopReason == StopReasonNone {
		l.StopReason = s.budget.Ended() // perhaps it kept a lasso from being found
	}
	l.Complete = l.StopReason == StopReasonNone && !s.boundary && s.fault == nil
	return l, nil
}

// graph collects the edges between the states that a search expands. Nodes are numbered by level and rank.
type graph struct {
	numbers []uint32 // node of a state by its id in the exact store; none for states that are not expanded
	ids     []uint32 // id of a node's state
	levels  []uint32 // level of a node
	bytes   atomic.Int64
}

// edgeList is a growing list of edges, from a node to the id of a state.
type edgeList struct {
	from, to []uint32
}

// add records the edges of a batch that was just looked up.
func (g *graph) add(w *bfsWorker, b *Batch) {
	if w.level == 0 {
		return
	}
	e := &w.edges
	if need := len(e.from) + b.n; need > cap(e.from) {
		need = max(need, 2*cap(e.from), 1024)
		extra := 8 * int64(need-cap(e.from))
		if !w.budget.allow(8 * int64(need)) { // old and new at once
			w.budget.end(StopReasonMemory)
			w.endAt(StopReasonMemory)
			return
		}
		g.bytes.Add(extra)
		e.from = append(make([]uint32, 0, need), e.from...)
		e.to = append(make([]uint32, 0, need), e.to...)
	}
	for i := range b.n {
		e.from = append(e.from, uint32(w.ordinal)+b.edges[i].src)
		e.to = append(e.to, w.lookup.ids[i])
	}
}

// endLevel numbers the states of what is now the current level; n is how many it has, those that are not expanded
// included.
func (g *graph) endLevel(s *bfs, n int) {
	from := s.store.(*exactStore).curFrom
	if n == 0 {
		return
	}
	for len(g.numbers) < int(from)+n {
		g.numbers = append(g.numbers, none)
	}
	for rank := range s.rank.n {
		id := from + s.rank.number(rank)
		g.numbers[id] = uint32(len(g.ids))
		g.ids = append(g.ids, id)
		g.levels = append(g.levels, uint32(s.level))
	}
	g.bytes.Add(4 * int64(n+2*s.rank.n))
}

// node returns the node of the state with an id, or none.
func (g *graph) node(id uint32) uint32 {
	if int(id) < len(g.numbers) {
		return g.numbers[id]
	}
	return none // the search was cut before the state was numbered
}

// Size returns the bytes held.
func (g *graph) Size() int64 { return g.bytes.Load() }

// lasso returns a shortest lasso of the collected graph, or nil; ok is false when there was no memory to look for one.
func (g *graph) lasso(s *bfs) (t *Trail, ok bool) {
	c, ok := g.compact(s)
	if !ok {
		return nil, false
	}
	defer c.free()
	start, cycle := c.shortestLasso(g.levels)
	if cycle == nil {
		return nil, true
	}
	x := s.store.(*exactStore)
	t = &Trail{States: x.trailTo(g.ids[start]), Act: -1}
	t.Loop = len(t.States) - 1
	for _, v := range cycle[1:] {
		t.States = append(t.States, append([]uint32(nil), x.set.Vector(g.ids[v])...))
	}
	return t, true
}

// compact sorts the collected edges by their source.
func (g *graph) compact(s *bfs) (*adjacency, bool) {
	n, m := len(g.ids), 0
	for _, w := range s.workers {
		m += len(w.edges.from)
	}
	// Offsets, targets, and four words a node for the search of components and cycles.
	if !s.budget.allow(4 * (int64(m) + 6*int64(n))) {
		return nil, false
	}
	c := &adjacency{at: make([]uint32, n+2), ended: func() bool { return s.budget.Ended() != StopReasonNone }}
	var err error
	if c.to, err = offheap.Uint32s(max(m, 1)); err != nil {
		return nil, false
	}
	each := func(f func(from, to uint32)) {
		for _, w := range s.workers {
			for i, from := range w.edges.from {
				if to := g.node(w.edges.to[i]); to != none {
					f(from, to)
				}
			}
		}
	}
	each(func(from, _ uint32) { c.at[from+2]++ })
	for i := 2; i < len(c.at); i++ {
		c.at[i] += c.at[i-1]
	}
	each(func(from, to uint32) {
		c.to[c.at[from+1]] = to
		c.at[from+1]++
	})
	c.at = c.at[:n+1]
	for v := range n {
		slices.Sort(c.out(uint32(v))) // the order of arrival is not the same in every run
	}
	return c, true
}

// adjacency is a directed graph: the successors of node v are to[at[v]:at[v+1]], ascending.
type adjacency struct {
	at    []uint32
	to    []uint32    // outside the Go heap
	ended func() bool // whether the run must end; what was computed then is not complete
}

func (c *adjacency) out(v uint32) []uint32 { return c.to[c.at[v]:c.at[v+1]] }
func (c *adjacency) len() int              { return len(c.at) - 1 }
func (c *adjacency) free()                 { offheap.Free32(c.to) }
