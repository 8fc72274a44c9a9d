package engine

import (
	"slices"
	"sync/atomic"

	"github.com/allways-go/allways/internal/digraph"
	"github.com/allways-go/allways/internal/offheap"
)

// graph collects the edges between the states that a search expands. Its nodes are numbered by
// level, then by rank, so that equal runs have equal graphs. A node's number is known before the
// level of its successors is complete, but not the numbers of the successors themselves: edges lead
// from a node to the id of a state, and are translated at the end.
//
// The edges could be computed again instead of kept, by expanding states a second time. But an
// algorithm for components visits edges in depth-first order, and would expand each state when it
// comes to it, one at a time; and the searches for the shortest cycle visit edges many times over.
type graph struct {
	store   *exactStore
	numbers []uint32 // node of a state, by its id; none for states that are not expanded
	ids     []uint32 // id of the state, by node
	levels  []uint32 // level of the state, by node; ascending
	bytes   atomic.Int64
}

// edgeList is a growing list of edges, from a node to the id of a state. Each worker has one.
type edgeList struct {
	from, to []uint32
}

// addEdges records the edges of a batch that was just looked up.
func (g *graph) addEdges(w *bfsWorker, b *Batch) {
	if w.level == 0 {
		return // steps to initial states come from no state
	}
	e := &w.edges
	if need := len(e.from) + b.n; need > cap(e.from) {
		need = max(need, 2*cap(e.from), 1024)
		extra := (8 + lassoEdge) * int64(need-cap(e.from))
		// While the list is copied, the old one still exists.
		if !w.budget.allow(extra + 8*int64(cap(e.from))) {
			w.outOfMemory()
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

// addNodes numbers the states of the next level, which is complete. n includes the states that are
// not expanded.
func (g *graph) addNodes(level int, next *ranking, n int) {
	if n == 0 {
		return
	}
	for end := int(g.store.idOf(uint32(n))); len(g.numbers) < end; {
		g.numbers = append(g.numbers, none)
	}
	for rank := range next.n {
		id := g.store.idOf(next.number(rank))
		g.numbers[id] = uint32(len(g.ids))
		g.ids = append(g.ids, id)
		g.levels = append(g.levels, uint32(level))
	}
	g.bytes.Add(4*int64(n+2*next.n) + lassoNode*int64(next.n))
}

// Bytes that the search for a lasso takes for each edge, its target, and for each node: an offset,
// and five words for components and cycles. They are counted while the graph grows, so that there is
// room for the search when there is no more for the graph.
const (
	lassoEdge = 4
	lassoNode = 24
)

// node returns the node of the state with an id, or none.
func (g *graph) node(id uint32) uint32 {
	if int(id) < len(g.numbers) {
		return g.numbers[id]
	}
	return none // the search stopped before the state was numbered
}

// Size returns the bytes held.
func (g *graph) Size() int64 { return g.bytes.Load() }

// lasso returns a shortest lasso of the collected graph, or nil.
func (g *graph) lasso(s *bfs) *Trail {
	c := g.compact(s)
	if c == nil {
		return nil
	}
	defer offheap.Free32(c.To)
	start, cycle := c.ShortestLasso(g.levels)
	if cycle == nil {
		return nil
	}
	t := &Trail{States: g.store.trailTo(g.ids[start]), Act: -1}
	t.Loop = len(t.States) - 1
	for _, v := range cycle[1:] {
		t.States = append(t.States, slices.Clone(g.store.set.Vector(g.ids[v])))
	}
	return t
}

// compact sorts the collected edges by source, and then by target, since they arrived in an order
// that depends on timing. It is a counting sort: the offset of a node's edges is the number of
// edges of all nodes before it. It returns nil if the system has no memory.
func (g *graph) compact(s *bfs) *digraph.Graph {
	n, m := len(g.ids), 0
	var workers []*bfsWorker
	for _, w := range s.workers {
		if s.crew.present(w) {
			workers = append(workers, w)
			m += len(w.edges.from)
		}
	}
	c := &digraph.Graph{At: make([]uint32, n+2), Ended: s.budget.untilLate()}
	var err error
	if c.To, err = offheap.Uint32s(max(m, 1)); err != nil {
		return nil
	}
	each := func(f func(from, to uint32)) {
		for _, w := range workers {
			for i, from := range w.edges.from {
				if to := g.node(w.edges.to[i]); to != none {
					f(from, to)
				}
			}
		}
	}
	// Counting at from+2 leaves at[from+1] as the place of the next edge of from, and at the end as
	// the end of its edges.
	each(func(from, _ uint32) { c.At[from+2]++ })
	for i := 2; i < len(c.At); i++ {
		c.At[i] += c.At[i-1]
	}
	each(func(from, to uint32) {
		c.To[c.At[from+1]] = to
		c.At[from+1]++
	})
	c.At = c.At[:n+1]
	for v := range n {
		slices.Sort(c.Out(uint32(v)))
	}
	return c
}
