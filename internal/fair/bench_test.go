package fair

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/allways-go/allways/internal/adjacency"
	"github.com/allways-go/allways/internal/temporal"
)

// largeGraph returns a graph of a million nodes and five times as many edges. Steps lead mostly to
// nodes nearby, so that there are components of all sizes. Each edge takes one of three actions.
func largeGraph(n int) *Graph {
	r := rand.New(rand.NewPCG(1, 12))
	g := &Graph{Inits: 1, State: make([]uint64, n), Flags: make([]Flag, n)}
	b := adjacency.NewBuilder(nil)
	b.Grow(n)
	w := b.NewWriter()
	for c := range int32(3) {
		g.Labels = append(g.Labels, Label{Steps: 1 << c, Takes: []int32{c}})
	}
	for v := range n {
		list, _ := w.Room(uint32(v), 5)
		for e := range 5 {
			to := v + 1 // the next node, so that all are reached
			if e > 0 {
				to = v + r.IntN(2000) - 1000
			}
			list[e] = adjacency.NewEdge(uint32(min(max(to, 0), n-1)), uint32(r.IntN(3)))
		}
		g.State[v] = uint64(r.IntN(4))
	}
	g.Edges = b.Lists(n, n)
	return g
}

func BenchmarkLeadsTo(b *testing.B) {
	g := largeGraph(1_000_000)
	p := &temporal.Formula{Op: temporal.State, Atom: 0, Name: "p"}
	q := &temporal.Formula{Op: temporal.State, Atom: 1, Name: "q"}
	for name, f := range map[string]*temporal.Formula{
		"leads to":         leadsTo(p, q),
		"infinitely often": unary(temporal.Always, unary(temporal.Eventually, p)),
		"forever":          unary(temporal.Eventually, unary(temporal.Always, p)),
	} {
		for _, strong := range []bool{false, true} {
			for _, workers := range []int{1, 2} {
				kind := map[bool]string{false: "weak", true: "strong"}[strong]
				b.Run(fmt.Sprintf("%s/%s/workers=%d", name, kind, workers), func(b *testing.B) {
					benchmarkSearch(b, g, f, Constraint{strong}, workers)
				})
			}
		}
	}
}

// benchmarkSearch decides a formula under three constraints, but for the lasso.
func benchmarkSearch(b *testing.B, g *Graph, f *temporal.Formula, c Constraint, workers int) {
	b.ReportAllocs()
	a, err := temporal.Translate(temporal.Negate(f))
	if err != nil {
		b.Fatal(err)
	}
	s := &Search{Graph: g, Automaton: a, Constraints: []Constraint{c, c, c}, Workers: workers}
	for b.Loop() {
		e, err := s.emptiness()
		if err != nil {
			b.Fatal(err)
		}
		e.run()
	}
}

func unary(op temporal.Op, f *temporal.Formula) *temporal.Formula {
	return &temporal.Formula{Op: op, Args: []*temporal.Formula{f}}
}

func leadsTo(p, q *temporal.Formula) *temporal.Formula {
	return unary(temporal.Always, &temporal.Formula{
		Op: temporal.Implies, Args: []*temporal.Formula{p, unary(temporal.Eventually, q)},
	})
}
