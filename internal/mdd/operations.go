package mdd

import (
	"cmp"
	"math/big"
	"slices"
)

// Union returns the tuples of either set. Both are of one level.
func (f *Forest) Union(a, b Node) Node {
	switch {
	case a == b || b == None:
		return a
	case a == None:
		return b
	}
	if a > b {
		a, b = b, a
	}
	if r, ok := f.unions.Find(uint32(a), b); ok {
		return r
	}
	level := f.Level(a)
	x, y := f.Edges(a), f.Edges(b)
	w := &f.frames[level]
	w.busy, w.a, w.b = true, a, b
	out := w.out[:0]
	for len(x) > 0 && len(y) > 0 {
		switch {
		case x[0].Value < y[0].Value:
			out = append(out, x[0])
			x = x[1:]
		case x[0].Value > y[0].Value:
			out = append(out, y[0])
			y = y[1:]
		default:
			w.out = out
			if c := f.Union(x[0].Child, y[0].Child); c != None {
				out = append(out, Edge{x[0].Value, c})
			}
			x, y = x[1:], y[1:]
		}
	}
	out = append(append(out, x...), y...)
	w.out = out
	r := f.Make(level, out)
	w.busy = false
	if r != None {
		f.unions.Put(uint32(a), b, r)
	}
	return r
}

// Without returns the tuples of a that are not in b. Nothing is collected meanwhile.
func (f *Forest) Without(a, b Node) Node {
	defer f.pause()()
	return f.without(a, b, map[[2]Node]Node{})
}

func (f *Forest) without(a, b Node, known map[[2]Node]Node) Node {
	switch {
	case a == b:
		return None
	case a == None || b == None:
		return a
	}
	key := [2]Node{a, b}
	if r, ok := known[key]; ok {
		return r
	}
	var out []Edge
	y := f.Edges(b)
	for _, e := range f.Edges(a) {
		for len(y) > 0 && y[0].Value < e.Value {
			y = y[1:]
		}
		other := None
		if len(y) > 0 && y[0].Value == e.Value {
			other = y[0].Child
		}
		if c := f.without(e.Child, other, known); c != None {
			out = append(out, Edge{e.Value, c})
		}
	}
	r := f.Make(f.Level(a), out)
	known[key] = r
	return r
}

// pause stops collecting until the function that it returns is called.
func (f *Forest) pause() (resume func()) {
	roots := f.roots
	f.roots = nil
	return func() { f.roots = roots }
}

// Map returns the tuples of a set with each number replaced: by what to returns for its level. The tuples that are
// the same after it become one. Nothing is collected meanwhile.
func (f *Forest) Map(n Node, to func(level int, value uint32) uint32) Node {
	defer f.pause()()
	return f.mapped(n, to, map[Node]Node{})
}

func (f *Forest) mapped(n Node, to func(level int, value uint32) uint32, known map[Node]Node) Node {
	if n <= Unit {
		return n
	}
	if r, ok := known[n]; ok {
		return r
	}
	level := f.Level(n)
	edges := f.Edges(n)
	out := make([]Edge, 0, len(edges))
	for _, e := range edges {
		if c := f.mapped(e.Child, to, known); c != None {
			out = append(out, Edge{to(level, e.Value), c})
		}
	}
	r := f.Make(level, f.Merge(out))
	known[n] = r
	return r
}

// Merge sorts edges and unites those of equal values, in place.
func (f *Forest) Merge(edges []Edge) []Edge {
	slices.SortFunc(edges, func(a, b Edge) int {
		return cmp.Or(cmp.Compare(a.Value, b.Value), cmp.Compare(a.Child, b.Child))
	})
	out := edges[:0]
	for _, e := range edges {
		if k := len(out) - 1; k >= 0 && out[k].Value == e.Value {
			out[k].Child = f.Union(out[k].Child, e.Child)
			continue
		}
		out = append(out, e)
	}
	return out
}

// Counts are the numbers of tuples of nodes.
type Counts struct {
	f     *Forest
	known map[Node]*big.Int
}

// NewCounts returns counts for the nodes of a forest, which must not be collected meanwhile.
func (f *Forest) NewCounts() *Counts {
	return &Counts{f, map[Node]*big.Int{None: new(big.Int), Unit: big.NewInt(1)}}
}

// Of returns the number of tuples of a set, which must not be changed.
func (c *Counts) Of(n Node) *big.Int {
	if x, ok := c.known[n]; ok {
		return x
	}
	sum := new(big.Int)
	for _, e := range c.f.Edges(n) {
		sum.Add(sum, c.Of(e.Child))
	}
	c.known[n] = sum
	return sum
}

// Below calls do for each node below some nodes, and for these, each once, from the first level to the last.
func (f *Forest) Below(do func(n Node), roots ...Node) {
	layer := slices.Clone(roots)
	slices.Sort(layer)
	layer = slices.Compact(layer)
	for len(layer) > 0 {
		var next []Node
		met := map[Node]bool{}
		for _, n := range layer {
			if n <= Unit {
				continue
			}
			do(n)
			for _, e := range f.Edges(n) {
				if !met[e.Child] {
					met[e.Child] = true
					next = append(next, e.Child)
				}
			}
		}
		layer = next
	}
}
