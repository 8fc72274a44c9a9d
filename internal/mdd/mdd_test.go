package mdd

import (
	"maps"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

const levels = 3

// tuples is the naive form of a set.
type tuples map[[levels]uint32]bool

func drawTuples(t *rapid.T, name string) tuples {
	set := tuples{}
	for range rapid.IntRange(0, 12).Draw(t, name) {
		var x [levels]uint32
		for i := range x {
			x[i] = rapid.Uint32Range(0, 3).Draw(t, "number")
		}
		set[x] = true
	}
	return set
}

func (s tuples) node(f *Forest) Node {
	n := None
	for x := range s {
		n = f.Union(n, f.Tuple(x[:]))
	}
	return n
}

// all reads a node back.
func all(f *Forest, n Node) tuples {
	set := tuples{}
	var x [levels]uint32
	var walk func(n Node, level int)
	walk = func(n Node, level int) {
		if n == None {
			return
		}
		if level == levels {
			set[x] = true
			return
		}
		for _, e := range f.Edges(n) {
			x[level] = e.Value
			walk(e.Child, level+1)
		}
	}
	walk(n, 0)
	return set
}

func where(s tuples, keep func(x [levels]uint32) bool) tuples {
	s = maps.Clone(s)
	maps.DeleteFunc(s, func(x [levels]uint32, _ bool) bool { return !keep(x) })
	return s
}

// Every operation does to nodes what its name says of sets, equal sets are equal nodes, and counts are exact.
func TestNodesAreSets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := New(levels, nil)
		a, b := drawTuples(t, "a"), drawTuples(t, "b")
		x, y := a.node(f), b.node(f)
		same := func(what string, n Node, want tuples) {
			t.Helper()
			if got := all(f, n); !maps.Equal(got, want) {
				t.Fatalf("%s is %v, want %v", what, got, want)
			}
			if n != want.node(f) {
				t.Fatalf("%s is another node than the same set, made in another way", what)
			}
			if c := f.NewCounts().Of(n); c.Cmp(big.NewInt(int64(len(want)))) != 0 {
				t.Fatalf("%s has %v tuples by its count, and %d", what, c, len(want))
			}
		}
		union := maps.Clone(a)
		maps.Copy(union, b)
		same("the set", x, a)
		same("the union", f.Union(x, y), union)
		same("the difference", f.Without(x, y), where(a, func(v [levels]uint32) bool { return !b[v] }))
		halves := tuples{}
		for v := range a {
			halves[[levels]uint32{v[0] / 2, 7, v[2]}] = true
		}
		same("the mapped set", f.Map(x, func(level int, v uint32) uint32 { return []uint32{v / 2, 7, v}[level] }), halves)
	})
}

// Counts go beyond numbers of 64 bits.
func TestCountsAreBig(t *testing.T) {
	const levels = 50
	f := New(levels, nil)
	n := Unit
	for l := levels - 1; l >= 0; l-- {
		var edges []Edge
		for v := range uint32(100) {
			edges = append(edges, Edge{v, n})
		}
		n = f.Make(l, edges)
	}
	if got, want := f.NewCounts().Of(n), new(big.Int).Exp(big.NewInt(100), big.NewInt(levels), nil); got.Cmp(want) != 0 {
		t.Errorf("%v tuples, want %v", got, want)
	}
}

// A collection keeps what is needed, with its numbers, and gives the numbers of the rest to others; what is
// remembered of them is forgotten, so that operations stay right.
func TestCollecting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := New(levels, nil)
		var kept []tuples
		var nodes []Node
		f.KeepOnly(func(mark func(Node)) {
			for _, n := range nodes {
				mark(n)
			}
		}, nil)
		for range rapid.IntRange(1, 20).Draw(t, "rounds") {
			a := drawTuples(t, "set")
			n := a.node(f)
			if len(kept) > 0 {
				other := rapid.IntRange(0, len(kept)-1).Draw(t, "other")
				n = f.Union(n, nodes[other])
				maps.Copy(a, kept[other])
			}
			kept, nodes = append(kept, a), append(nodes, n)
			if rapid.Bool().Draw(t, "drop") {
				i := rapid.IntRange(0, len(kept)-1).Draw(t, "dropped")
				kept, nodes = slices.Delete(kept, i, i+1), slices.Delete(nodes, i, i+1)
			}
			if rapid.Bool().Draw(t, "collect") {
				f.collect(nil)
				below := 0
				f.Below(func(Node) { below++ }, nodes...)
				if below != f.Nodes() {
					t.Fatalf("%d nodes after a collection, of which %d are needed", f.Nodes(), below)
				}
			}
			for i, want := range kept {
				if got := all(f, nodes[i]); !maps.Equal(got, want) || want.node(f) != nodes[i] {
					t.Fatalf("set %d is %v, want %v", i, got, want)
				}
			}
		}
	})
}

// A union that is interrupted by collections is the same as without.
func TestCollectingDuringUnions(t *testing.T) {
	build := func(eager bool) tuples {
		f := New(levels, nil)
		sum := None
		if eager {
			f.KeepOnly(func(mark func(Node)) { mark(sum) }, nil)
		}
		for i := range uint32(60) {
			f.Pace(0)
			n := Unit
			for l := levels - 1; l >= 0; l-- {
				n = f.Make(l, []Edge{{i % 3, n}, {3 + i*uint32(l+1)%7, n}})
				f.placed = 0 // so that only unions are interrupted
			}
			f.placed = 1
			sum = f.Union(sum, n)
		}
		if eager && f.Stats().Collections == 0 {
			t.Error("nothing was collected")
		}
		return all(f, sum)
	}
	if a, b := build(true), build(false); !maps.Equal(a, b) || len(a) == 0 {
		t.Errorf("with collections %d tuples, without %d", len(a), len(b))
	}
}

// Memory is asked for before it is taken, and what is held never exceeds what was allowed.
func TestBudget(t *testing.T) {
	const budget = 1 << 20
	var f *Forest
	f = New(2, func(extra int64) bool { return f.Size()+extra <= budget })
	for i := uint32(0); !f.Full(); i++ {
		f.Tuple([]uint32{i, i})
		if f.Size() > budget {
			t.Fatalf("%d bytes are held, and %d allowed", f.Size(), budget)
		}
	}
	if n := f.Tuple([]uint32{0, 1}); n != None {
		t.Errorf("a forest that is full has made node %d", n)
	}
	if f.Size() < budget/4 {
		t.Errorf("refused when only %d of %d bytes were held", f.Size(), budget)
	}
}
