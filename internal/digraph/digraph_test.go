package digraph

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/allways-go/allways/internal/longtest"
)

// digraph makes an adjacency of edges, in the order in which compact sorts them.
func digraph(edges [][]int) *Graph {
	c := &Graph{At: []uint32{0}, Ended: func() bool { return false }}
	for _, out := range edges {
		for _, to := range slices.Sorted(slices.Values(out)) {
			c.To = append(c.To, uint32(to))
		}
		c.At = append(c.At, uint32(len(c.To)))
	}
	return c
}

// reachability returns whether a path of at least one edge leads from one node to another, and the
// length of a shortest one (Floyd, Warshall).
func distances(edges [][]int) [][]int {
	const far = 1 << 30
	n := len(edges)
	d := make([][]int, n)
	for i := range d {
		d[i] = slices.Repeat([]int{far}, n)
		for _, to := range edges[i] {
			d[i][to] = 1
		}
	}
	for k := range n {
		for i := range n {
			for j := range n {
				d[i][j] = min(d[i][j], d[i][k]+d[k][j])
			}
		}
	}
	for i := range d {
		for j := range d[i] {
			if d[i][j] >= far {
				d[i][j] = 0
			}
		}
	}
	return d
}

// randomDigraph returns random edges of nodes that are numbered by level, as a search numbers them,
// and the levels.
func randomDigraph(r *rand.Rand) (edges [][]int, levels []uint32) {
	n := 1 + r.IntN(14)
	edges, levels = make([][]int, n), make([]uint32, n)
	density, level := 1+r.IntN(3), uint32(1)
	for i := range n {
		if i > 0 && r.IntN(3) == 0 {
			level++
		}
		levels[i] = level
		for range r.IntN(density + 1) {
			edges[i] = append(edges[i], r.IntN(n))
		}
	}
	return edges, levels
}

func TestShortestLasso(t *testing.T) {
	lassos := 0
	for seed := range uint64(longtest.Size(2000, 20_000)) {
		edges, levels := randomDigraph(rand.New(rand.NewPCG(seed, 6)))
		best, at := 0, -1 // the first node with the least sum of depth and cycle
		for v, row := range distances(edges) {
			if sum := int(levels[v]) + row[v]; row[v] > 0 && (at < 0 || sum < best) {
				best, at = sum, v
			}
		}
		start, cycle := digraph(edges).ShortestLasso(levels)
		if at < 0 {
			if cycle != nil {
				t.Fatalf("seed %d: %v has the cycle %v", seed, edges, cycle)
			}
			continue
		}
		lassos++
		if int(start) != at || int(levels[start])+len(cycle) != best || cycle[0] != start {
			t.Fatalf("seed %d: %v, levels %v: cycle %v from node %d, want %d steps from %d", seed, edges, levels, cycle,
				start, best, at)
		}
		for i, v := range cycle {
			if next := cycle[(i+1)%len(cycle)]; !slices.Contains(edges[v], int(next)) {
				t.Fatalf("seed %d: %v has no edge from %d to %d of cycle %v", seed, edges, v, next, cycle)
			}
		}
	}
	if lassos < longtest.Size(100, 1000) {
		t.Errorf("only %d graphs had a cycle", lassos)
	}
}

// Two nodes are in one component when each can be reached from the other, and a node lies on a
// cycle when it can be reached from itself.
func TestComponents(t *testing.T) {
	for seed := range uint64(longtest.Size(500, 5000)) {
		edges, _ := randomDigraph(rand.New(rand.NewPCG(seed, 7)))
		d := distances(edges)
		component, cyclic := digraph(edges).Components()
		for i := range edges {
			if cyclic[i] != (d[i][i] > 0) {
				t.Fatalf("seed %d: %v: node %d on a cycle: %t", seed, edges, i, cyclic[i])
			}
			for j := range edges {
				same := i == j || d[i][j] > 0 && d[j][i] > 0
				if same != (component[i] == component[j]) {
					t.Fatalf("seed %d: %v: nodes %d and %d are in components %d and %d", seed, edges, i, j,
						component[i], component[j])
				}
			}
		}
	}
}

// The search for components needs no deep stack: a path of a million nodes is no deeper than one
// of ten.
func TestLongCycle(t *testing.T) {
	n := uint32(longtest.Size(100_000, 1_000_000))
	c := &Graph{Ended: func() bool { return false }}
	levels := make([]uint32, n)
	for i := range n {
		c.At, c.To, levels[i] = append(c.At, i), append(c.To, (i+1)%n), i+1
	}
	c.At = append(c.At, n)
	if start, cycle := c.ShortestLasso(levels); start != 0 || len(cycle) != int(n) {
		t.Errorf("a cycle of %d nodes from %d, want all from 0", len(cycle), start)
	}
}

// A run that has to end leaves the search for cycles at once, in every part of it.
func TestLassoEnds(t *testing.T) {
	const n = 40 * endedEvery
	c := &Graph{}
	levels := make([]uint32, n)
	for i := range uint32(n) {
		c.At, c.To, levels[i] = append(c.At, i), append(c.To, (i+1)%n), 1
	}
	c.At = append(c.At, n)
	after := func(looks int) {
		c.Ended = func() bool { looks--; return looks < 0 }
	}
	after(2)
	if component, _ := c.Components(); component[0] != none {
		t.Error("the components were searched to the end")
	}
	after(n) // never
	component, _ := c.Components()
	after(2)
	if cycle := (&cycleSearch{Graph: c, component: component}).from(0, n); cycle != nil {
		t.Error("a cycle was searched to the end")
	}
	for _, looks := range []int{0, 1, 2, 20, 41, 45, 60} {
		total := 0
		c.Ended = func() bool { total++; return total > looks }
		c.ShortestLasso(levels)
		if total > looks+3 {
			t.Errorf("it looked %d times after the end", total-looks)
		}
	}
}
