// Package digraph looks for short cycles in directed graphs.
package digraph

import (
	"math"
	"slices"
)

// none is no node.
const none = math.MaxUint32

// Graph is a directed graph: the successors of node v are To[At[v]:At[v+1]], ascending.
type Graph struct {
	At    []uint32
	To    []uint32
	Ended func() bool // reports whether to stop; results after that are incomplete
}

// Out returns the successors of a node.
func (c *Graph) Out(v uint32) []uint32 { return c.To[c.At[v]:c.At[v+1]] }

func (c *Graph) len() int { return len(c.At) - 1 }

// cycleWork limits the search for a lasso with the fewest steps, in visited edges per edge of the
// graph. Beyond it the best lasso so far is taken. One search per node would be quadratic in the
// worst case. The limit is generous: the first lasso limits the length of all further ones, so most
// searches end after a few steps.
const cycleWork = 64

// endedEvery is the number of steps between two checks whether the run has ended.
const endedEvery = 1 << 12

// ShortestLasso returns the node at which the stem of a lasso ends, and the cycle from that node
// on. The sum of the node's depth, given in levels, and the length of the cycle is minimal. Ties go
// to the lower node. A nil cycle means that the graph has none.
//
// A search for any cycle would be simpler, and a depth-first search finds one at once. But such
// cycles are as long as the search was deep, and a person has to read them: the time for a short
// one is well spent.
//
// A cycle lies within one strongly connected component. So the components are computed first, in
// linear time: they tell which nodes lie on a cycle at all, and keep the breadth-first searches for
// cycles from leaving the component.
func (c *Graph) ShortestLasso(levels []uint32) (start uint32, cycle []uint32) {
	component, cyclic := c.Components()
	search := &cycleSearch{Graph: c, component: component}
	best := math.MaxInt
	for v := range uint32(c.len()) {
		if c.Ended() {
			break
		}
		depth := int(levels[v])
		if depth+1 >= best || search.work > cycleWork*len(c.To) {
			break // levels ascend, and a cycle has at least one step
		}
		if !cyclic[v] {
			continue
		}
		if shorter := search.from(v, best-depth-1); shorter != nil {
			start, cycle, best = v, shorter, depth+len(shorter)
		}
	}
	return start, cycle
}

// cycleSearch finds shortest cycles through given nodes, breadth-first.
type cycleSearch struct {
	*Graph
	component []uint32
	parent    []uint32
	seen      []uint32 // start+1 of the last search that reached each node; never cleared
	queue     []uint32
	work      int // edges visited in all searches
}

// from returns a shortest cycle through v with at most bound nodes, v first, or nil.
func (s *cycleSearch) from(v uint32, bound int) []uint32 {
	if s.seen == nil {
		s.seen, s.parent = make([]uint32, s.len()), make([]uint32, s.len())
	}
	s.queue = append(s.queue[:0], v)
	s.seen[v], s.parent[v] = v+1, none
	for length, lo := 1, 0; lo < len(s.queue) && length <= bound; length++ {
		hi := len(s.queue)
		for ; lo < hi; lo++ {
			if lo%endedEvery == endedEvery-1 && s.Ended() {
				return nil
			}
			u := s.queue[lo]
			for _, t := range s.Out(u) {
				s.work++
				if t == v {
					return s.path(u)
				}
				if s.component[t] == s.component[v] && s.seen[t] != v+1 {
					s.seen[t], s.parent[t] = v+1, u
					s.queue = append(s.queue, t)
				}
			}
		}
	}
	return nil
}

// path returns the nodes from the start of the search to u.
func (s *cycleSearch) path(u uint32) []uint32 {
	var nodes []uint32
	for ; u != none; u = s.parent[u] {
		nodes = append(nodes, u)
	}
	slices.Reverse(nodes)
	return nodes
}

// Components returns the strongly connected component of every node, and whether the node lies on a
// cycle: it is in a component of several nodes, or has an edge to itself. The algorithm is Tarjan's
// (Depth-first search and linear graph algorithms, SIAM J. Comput. 1972). It uses an explicit stack
// instead of recursion, since a path may have as many nodes as the graph.
func (c *Graph) Components() (component []uint32, cyclic []bool) {
	n := c.len()
	t := &tarjan{
		Graph: c, index: make([]uint32, n), low: make([]uint32, n),
		component: make([]uint32, n), cyclic: make([]bool, n),
	}
	for i := range t.component {
		t.component[i] = none
	}
	for v := range uint32(n) {
		if t.index[v] != 0 {
			continue
		}
		if c.Ended() {
			break
		}
		t.visit(v)
	}
	return t.component, t.cyclic
}

type tarjan struct {
	*Graph
	index     []uint32 // order of the first visit, from 1; 0 for nodes not visited yet
	low       []uint32 // least index of a node on the stack that is known to be reachable
	component []uint32
	cyclic    []bool
	count     uint32
	stack     []uint32 // visited nodes without a component
	path      []tarjanFrame
}

type tarjanFrame struct {
	node uint32
	next uint32 // position of the next edge in to
}

// enter visits a new node.
func (t *tarjan) enter(v uint32) {
	t.count++
	t.index[v], t.low[v] = t.count, t.count
	t.stack = append(t.stack, v)
	t.path = append(t.path, tarjanFrame{v, t.At[v]})
}

// visit visits all nodes that are reachable from root and were not visited before.
func (t *tarjan) visit(root uint32) {
	t.enter(root)
	for steps := 1; len(t.path) > 0; steps++ {
		if steps%endedEvery == 0 && t.Ended() {
			return
		}
		f := &t.path[len(t.path)-1]
		v := f.node
		if f.next < t.At[v+1] {
			w := t.To[f.next]
			f.next++
			switch {
			case w == v:
				t.cyclic[v] = true
			case t.index[w] == 0:
				t.enter(w)
			case t.component[w] == none:
				t.low[v] = min(t.low[v], t.index[w])
			}
			continue
		}
		t.path = t.path[:len(t.path)-1]
		if len(t.path) > 0 {
			p := t.path[len(t.path)-1].node
			t.low[p] = min(t.low[p], t.low[v])
		}
		if t.low[v] == t.index[v] {
			t.leave(v)
		}
	}
}

// leave takes the component with the root v from the stack. If it has several nodes, all of them
// lie on cycles.
func (t *tarjan) leave(v uint32) {
	for {
		w := t.stack[len(t.stack)-1]
		t.stack = t.stack[:len(t.stack)-1]
		t.component[w] = v
		if w == v {
			return
		}
		t.cyclic[w], t.cyclic[v] = true, true
	}
}
