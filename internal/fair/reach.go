package fair

import (
	"slices"
	"sort"
	"sync/atomic"

	"github.com/allways-go/allways/internal/temporal"
)

// Answer is the answer to the question which is the first node from which something cannot be reached.
type Answer struct {
	Found bool
	Node  uint32 // if found: the first in breadth-first order
	Open  bool   // from some node it can only be reached outside of the graph, if at all
	Ended bool   // the search ended early: nothing found means nothing
}

// AlwaysPossible looks for a node from which no path leads to a target.
func AlwaysPossible(g *Graph, target func(v uint32) bool, ended func() bool, progress *atomic.Uint64) (Answer, error) {
	s := everyRun(&Search{Graph: g, Ended: ended, Progress: progress})
	if err := g.Check(0); err != nil {
		return Answer{}, err
	}
	p, err := newProduct(s)
	if err != nil {
		return Answer{}, err
	}
	return s.firstWithout(p, target), nil
}

// NoFairRun looks for a node from which no fair run goes on: the constraints exclude every run that
// leads there. It does not use the automaton.
func (s *Search) NoFairRun() (Answer, error) {
	s = everyRun(s)
	e, err := s.emptiness()
	if err != nil {
		return Answer{}, err
	}
	if e.run(); e.late {
		return Answer{Ended: true}, nil
	}
	return s.firstWithout(e.product, e.isFair), nil
}

// everyRun returns a copy of s with an automaton that accepts every run.
func everyRun(s *Search) *Search {
	every := *s
	every.Automaton = &temporal.Automaton{Initial: []int{0}, States: [][]temporal.Edge{{{}}}, Accepting: []bool{true}}
	return &every
}

// What a pair can reach, as bits.
const (
	toTarget uint8 = 1 << iota
	toOutside
)

// firstWithout returns the first node from which no target can be reached. Reachability follows the
// components, which are left in the order of the edges between them, last ones first: so edges need
// not be stored in the opposite direction.
func (s *Search) firstWithout(p *product, target func(id uint32) bool) Answer {
	reach := make([]uint8, p.size())
	c := &components{product: p, mark: make([]uint32, p.size()), clock: clock{ended: s.Ended, progress: s.Progress}}
	c.enter = func(w *walk) {
		if target(w.id) {
			reach[w.id] = toTarget
		}
		if p.leaves(w) {
			reach[w.id] |= toOutside
		}
	}
	c.leave = func(members []uint32, _ bool) {
		var all uint8
		for _, id := range members {
			all |= reach[id]
			w := p.from(id)
			for s, ok := p.next(&w); ok; s, ok = p.next(&w) {
				all |= reach[s.to]
			}
		}
		for _, id := range members {
			reach[id], c.mark[id] = all, done
		}
	}
	p.roots(c.visit)
	a := Answer{Ended: c.late}
	for v := range p.n {
		switch {
		case c.late:
		case reach[v] == 0:
			a.Found, a.Node = true, v
			return a
		case reach[v] == toOutside:
			a.Open = true
		}
	}
	return a
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

// Path returns a shortest path from an initial node to v: its nodes, and the edges between them. Ties go
// to the lower node and the earlier edge.
func (g *Graph) Path(v uint32) (nodes, edges []uint32) {
	first := make([]uint32, v+1) // the first edge to each node
	for e := len(g.To) - 1; e >= 0; e-- {
		if to := g.To[e]; to <= v {
			first[to] = uint32(e)
		}
	}
	nodes = []uint32{v}
	for v >= uint32(g.Inits) {
		edges = append(edges, first[v])
		v = uint32(sort.Search(len(g.At), func(i int) bool { return g.At[i] > first[v] })) - 1
		nodes = append(nodes, v)
	}
	slices.Reverse(nodes)
	slices.Reverse(edges)
	return nodes, edges
}
