package stategraph

import (
	"math"
	"slices"
	"sync/atomic"

	"github.com/allways-go/allways/internal/engine"
)

// none is no node.
const none = math.MaxUint32

// numbering numbers the states that a search expands by level, then by rank, so that equal runs have
// equal graphs. A node's number is known before the level of its successors is complete, but not the
// numbers of the successors themselves: edges lead from a node to the id of a state, and are
// translated at the end.
type numbering struct {
	search  *engine.Exploration // set when it has ended
	numbers []uint32            // node of a state, by its id; none for states that are not expanded
	ids     []uint32            // id of the state, by node
	ends    []int               // number of nodes up to the end of each level
}

// add numbers the states of a level, and returns the bytes that it takes for that.
func (n *numbering) add(l engine.Level) (bytes int64) {
	bytes = 4 * int64(int(l.End)-len(n.numbers)+l.Len)
	for len(n.numbers) < int(l.End) {
		n.numbers = append(n.numbers, none)
	}
	for i := range l.Len {
		id := l.ID(i)
		n.numbers[id] = uint32(len(n.ids))
		n.ids = append(n.ids, id)
	}
	n.ends = append(n.ends, len(n.ids))
	return bytes
}

// of returns the node of the state with an id, or none.
func (n *numbering) of(id uint32) uint32 {
	if int(id) < len(n.numbers) {
		return n.numbers[id]
	}
	return none // the search stopped before the state was numbered
}

// endOf returns the number of nodes up to the end of the level of a node.
func (n *numbering) endOf(node int) int {
	i, _ := slices.BinarySearch(n.ends, node+1)
	return n.ends[i]
}

// nodes are the states of a graph that is searched for a lasso, with their levels.
//
// The edges could be computed again instead of kept, by expanding states a second time. But an
// algorithm for components visits edges in depth-first order, and would expand each state when it
// comes to it, one at a time; and the searches for the shortest cycle visit edges many times over.
type nodes struct {
	numbering
	levels []uint32     // level of the state, by node; ascending
	bytes  atomic.Int64 // memory of these and of the edges
}

// Bytes that the search for a lasso takes for each edge, its target, and for each node: an offset,
// and five words for components and cycles. They are counted while the graph grows, so that there is
// room for the search when there is no more for the graph.
const (
	lassoEdge = 4
	lassoNode = 24
)

// Size returns the bytes held.
func (n *nodes) Size() int64 { return n.bytes.Load() }

// add numbers the states of a level.
func (n *nodes) add(l engine.Level) {
	n.bytes.Add(n.numbering.add(l) + (4+lassoNode)*int64(l.Len))
	for range l.Len {
		n.levels = append(n.levels, uint32(l.Depth))
	}
}

// state returns the vector of a node.
func (n *numbering) state(node uint32) []uint32 { return n.search.State(n.ids[node]) }

// trail returns the path to a node, along the tree of the search.
func (n *numbering) trail(node uint32) [][]uint32 { return n.search.Trail(n.ids[node]) }

// perWorker returns what each worker of a search keeps to itself.
func perWorker[T any](cfg *engine.Config) (all []*T) {
	for range max(cfg.Workers, 1) {
		all = append(all, new(T))
	}
	return all
}

// present returns what those workers have kept that have come back from user code.
func present[T any](search *engine.Exploration, all []*T) (kept []*T) {
	for i, x := range all {
		if search.Present(i) {
			kept = append(kept, x)
		}
	}
	return kept
}
