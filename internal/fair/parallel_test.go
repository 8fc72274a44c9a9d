package fair

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/allways-go/allways/internal/adjacency"
	"github.com/allways-go/allways/internal/longtest"
	"github.com/allways-go/allways/internal/temporal"
)

// islands returns a graph of n nodes with components of all sizes: the steps from a node lead to the next one, a
// little ahead and, if it is on an island, back to its shore. The predicates of states and the labels are random; rare
// says how many nodes there are to one where predicate 0 holds.
func islands(r *rand.Rand, n, largest, rare int) *Graph {
	g := &Graph{Inits: 1 + r.IntN(3), State: make([]uint64, n), Flags: make([]Flag, n)}
	for c := range int32(3) {
		g.Labels = append(g.Labels, Label{Steps: 1 << c, Takes: []int32{c}})
	}
	lists := make([][]adjacency.Edge, n)
	add := func(from, to int) {
		if to < n {
			lists[from] = append(lists[from], adjacency.NewEdge(uint32(to), uint32(r.IntN(3))))
		}
	}
	for v := 0; v < n; {
		end := min(v+1+r.IntN(largest), n)
		for shore := v; v < end; v++ {
			add(v, v+1)
			if add(v, v+1+r.IntN(20)); r.IntN(3) > 0 {
				add(v, shore+r.IntN(v-shore+1))
			}
			if r.IntN(rare) == 0 {
				g.State[v] = 1
			}
			g.State[v] |= uint64(r.IntN(2)) << 1
			if len(lists[v]) == 0 || len(lists[v]) == 1 && lists[v][0].To() == uint32(v) {
				lists[v], g.Flags[v] = nil, Terminal
			}
		}
	}
	g.Edges = adjacency.New(lists...)
	return g
}

// marked returns, for each pair, the least pair of its fair component, or none.
func marked(e *emptiness) (all []uint32) {
	least := map[uint32]uint32{}
	for id := range e.size() {
		mark := e.mark[id]
		if !e.isFair(id) {
			all = append(all, none)
			continue
		}
		if _, ok := least[mark]; !ok {
			least[mark] = id
		}
		all = append(all, least[mark])
	}
	return all
}

// Whatever the number of workers, the same components are fair, and the same lasso is found.
func TestTogether(t *testing.T) {
	fair, unfair := 0, 0
	for seed := range uint64(longtest.Size(60, 3000)) {
		r := rand.New(rand.NewPCG(seed, 16))
		n := []int{200, 3 * largeComponent}[min(r.IntN(4), 1)]
		g := islands(r, n, []int{40, n, n}[r.IntN(3)], []int{3, 50}[r.IntN(2)])
		f := everyday(r)
		if r.IntN(3) == 0 {
			f = randomFormula(r, 4)
		}
		a, err := temporal.Translate(temporal.Negate(f))
		if err != nil {
			t.Fatal(err)
		}
		s := &Search{Graph: g, Automaton: a, MayStop: r.IntN(4) == 0}
		for range testConstraints {
			s.Constraints = append(s.Constraints, Constraint{r.IntN(2) == 0})
		}
		one, err := s.emptiness()
		if err != nil {
			t.Fatal(err)
		}
		one.run()
		want := marked(one)
		result, err := s.Run()
		if err != nil {
			t.Fatal(err)
		}
		if fair++; result.Lasso == nil {
			fair--
			unfair++
		}
		for workers := 2; workers <= 3; workers++ {
			e, err := s.emptiness()
			if err != nil {
				t.Fatal(err)
			}
			e.workers = workers
			e.run()
			if e.open != one.open || (e.fair > 0) != (one.fair > 0) || !slices.Equal(marked(e), want) {
				t.Fatalf("seed %d, %d nodes, %s: %d workers mark other components", seed, n, f, workers)
			}
			s.Workers = workers
			if got, err := s.Run(); err != nil || !reflect.DeepEqual(got, result) {
				t.Fatalf("seed %d, %d nodes, %s: %d workers find %+v, %v; one %+v", seed, n, f, workers, got, err, result)
			}
		}
		s.Workers = 0
	}
	if min(fair, unfair) < 10 {
		t.Errorf("%d graphs have a fair run, and %d none", fair, unfair)
	}
}

// Several workers end soon when they have to, and then say nothing.
func TestTogetherEnds(t *testing.T) {
	p, q := atom(temporal.State, 0), atom(temporal.State, 1)
	a, err := temporal.Translate(temporal.Negate(leadsTo(p, q)))
	if err != nil {
		t.Fatal(err)
	}
	s := &Search{Graph: largeGraph(50_000), Automaton: a, Constraints: make([]Constraint, 3), Workers: 2}
	for _, looks := range []int64{1, 2, 5, 20} {
		var n atomic.Int64
		s.Ended = func() bool { return n.Add(1) >= looks }
		if r, err := s.Run(); err != nil || r.Lasso != nil || !r.Ended {
			t.Fatalf("it ended at look %d: %+v, %v", looks, r, err)
		}
	}
}

// A search counts the pairs that it deals with: all that can be reached, and those of a state that waits.
func TestDone(t *testing.T) {
	p, q := atom(temporal.State, 0), atom(temporal.State, 1)
	for _, f := range []*temporal.Formula{leadsTo(p, q), eventually(always(p))} {
		a, err := temporal.Translate(temporal.Negate(f))
		if err != nil {
			t.Fatal(err)
		}
		var done atomic.Int64
		s := &Search{Graph: largeGraph(10_000), Automaton: a, Constraints: make([]Constraint, 3), Done: &done}
		e, err := s.emptiness()
		if err != nil {
			t.Fatal(err)
		}
		e.run()
		reached := int64(0)
		for id, mark := range e.mark {
			if mark != 0 || e.waiting() && slices.Contains(a.Initial, id/e.Graph.Len()) {
				reached++
			}
		}
		if done.Load() != reached || reached > s.Pairs() {
			t.Errorf("%s: %d of %d pairs are done, want %d", f, done.Load(), s.Pairs(), reached)
		}
	}
}
