package stategraph

import (
	"slices"

	"github.com/allways-go/allways/internal/digraph"
	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/offheap"
)

// edgeList is a growing list of edges, from a node to the id of a state. Each worker has one.
type edgeList struct {
	from, to []uint32
}

// add adds edges to the list, unless there is no memory for them.
func (e *edgeList) add(edges engine.Edges, n *nodes, b *engine.Budget) bool {
	if need := len(e.from) + edges.Len(); need > cap(e.from) {
		need = max(need, 2*cap(e.from), 1024)
		extra := (8 + lassoEdge) * int64(need-cap(e.from))
		// While the list is copied, the old one still exists.
		if !b.Allows(extra + 8*int64(cap(e.from))) {
			return false
		}
		n.bytes.Add(extra)
		e.from = append(make([]uint32, 0, need), e.from...)
		e.to = append(make([]uint32, 0, need), e.to...)
	}
	from, to := e.from, e.to // the lists of two workers may share a cache line
	for i := range edges.Len() {
		from, to = append(from, edges.From(i)), append(to, edges.To(i))
	}
	e.from, e.to = from, to
	return true
}

// lasso returns a shortest lasso of the graph with the given edges, or nil.
func (n *nodes) lasso(edges []*edgeList, ended func() bool) *engine.Trail {
	c := n.compact(edges)
	if c == nil {
		return nil
	}
	defer offheap.Free32(c.To)
	c.Ended = ended
	start, cycle := c.ShortestLasso(n.levels)
	if cycle == nil {
		return nil
	}
	t := &engine.Trail{States: n.trail(start), Act: -1}
	t.Loop = len(t.States) - 1
	for _, v := range cycle[1:] {
		t.States = append(t.States, slices.Clone(n.state(v)))
	}
	return t
}

// compact sorts the edges by source, and then by target, since they arrived in an order
// that depends on timing. It is a counting sort: the offset of a node's edges is the number of
// edges of all nodes before it. It returns nil if the system has no memory.
func (n *nodes) compact(edges []*edgeList) *digraph.Graph {
	m := 0
	for _, e := range edges {
		m += len(e.from)
	}
	c := &digraph.Graph{At: make([]uint32, len(n.ids)+2)}
	var err error
	if c.To, err = offheap.Uint32s(max(m, 1)); err != nil {
		return nil
	}
	each := func(f func(from, to uint32)) {
		for _, e := range edges {
			for i, from := range e.from {
				if to := n.of(e.to[i]); to != none {
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
	c.At = c.At[:len(n.ids)+1]
	for v := range n.ids {
		slices.Sort(c.Out(uint32(v)))
	}
	return c
}
