package fair

import (
	"slices"

	"github.com/allways-go/allways/internal/temporal"
)

// Answer is the answer to the question which is the first node from which no target can be reached.
type Answer struct {
	Found bool
	Node  uint32 // the first such node in breadth-first order, if found
	Open  bool   // there may be such a node beyond what was searched, or one that reaches a target there only
	Ended bool   // the search ended early: nothing found means nothing
}

// What a node can reach, as bits.
const (
	toTarget  uint8 = 1 << iota
	toOutside       // where steps leave the graph or are not known
)

// AlwaysPossible looks for a node from which no path leads to a target. Nodes outside of a boundary are
// not asked for, but paths may lead through them: that leaves the answer open. So does a node that was
// not expanded, since the target may be out of reach from the nodes after it. Reachability follows the
// strongly connected components, which are left in the order of the edges between them, last ones
// first: so edges need not be stored in the opposite direction.
func AlwaysPossible(g *Graph, target func(v uint32) bool, ended func() bool) (Answer, error) {
	if err := g.Check(); err != nil {
		return Answer{}, err
	}
	every := &temporal.Automaton{Initial: []int{0}, States: [][]temporal.Edge{{{}}}, Accepting: []bool{true}}
	p, err := newProduct(&Search{Graph: g, Automaton: every})
	if err != nil {
		return Answer{}, err
	}
	reach := make([]uint8, p.n)
	c := &components{product: p, mark: make([]uint32, p.n), clock: clock{ended: ended}}
	open := false
	c.enter = func(w *walk) {
		open = open || g.flag(w.node, Unexpanded)
		if target(w.node) {
			reach[w.node] = toTarget
		}
		if p.leaves(w) {
			reach[w.node] |= toOutside
		}
	}
	c.leave = func(members []uint32, _ bool) {
		var all uint8
		for _, v := range members {
			all |= reach[v]
			for _, e := range g.Edges.Of(v) {
				all |= reach[e.To()]
			}
		}
		for _, v := range members {
			reach[v], c.mark[v] = all, done
		}
	}
	p.roots(c.visit)
	if c.late {
		return Answer{Ended: true}, nil
	}
	v := slices.Index(reach, 0)
	return Answer{Found: v >= 0, Node: uint32(max(v, 0)), Open: open || slices.Contains(reach, toOutside)}, nil
}

// NeverEnabled returns the constraints whose action is enabled in no node.
func (g *Graph) NeverEnabled(constraints int) (never []int) {
	some := make([]bool, constraints)
	for v := range uint32(g.Len()) {
		g.changing(v, func(l *Label) {
			for _, c := range l.Takes {
				some[c] = true
			}
		})
	}
	for c, enabled := range some {
		if !enabled {
			never = append(never, c)
		}
	}
	return never
}
