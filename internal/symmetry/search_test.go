package symmetry

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"unsafe"

	"github.com/allways-go/allways/internal/longtest"
)

// Val is a second kind of identifiers.
type Val uint16

// representatives counts the representatives of states, each made of the bits of a number.
func representatives[S any](t *testing.T, bits int, state func(bit func(i int) bool) S, kinds ...Kind) int {
	t.Helper()
	p, err := Compile(reflect.TypeFor[S](), kinds...)
	if err != nil {
		t.Fatal(err)
	}
	x := tester[S]{plan: p}
	met := map[string]bool{}
	for k := range 1 << bits {
		met[content(t, x.rep(state(func(i int) bool { return k>>i&1 != 0 })))] = true
	}
	return len(met)
}

type edge [2]ID

// graphOf draws an undirected graph.
func graphOf(n int) func(bit func(i int) bool) map[edge]bool {
	return func(bit func(i int) bool) map[edge]bool {
		g, k := map[edge]bool{}, 0
		for i := range ID(n) {
			for j := range i {
				if bit(k) {
					g[edge{i, j}], g[edge{j, i}] = true, true
				}
				k++
			}
		}
		return g
	}
}

// Graphs refer to identifiers as regularly as can be. Their numbers up to isomorphism are known: sequences A000088
// and A000273 of the OEIS, and A028657 for matrices of bits up to permutations of rows and columns.
func TestGraphs(t *testing.T) {
	for n, want := range []int{1: 1, 2: 2, 3: 4, 4: 11, 5: 34, 6: 156} {
		if n == 0 || n > longtest.Size(5, 6) {
			continue
		}
		if got := representatives(t, n*(n-1)/2, graphOf(n), Kind{reflect.TypeFor[ID](), n}); got != want {
			t.Errorf("%d graphs of %d nodes, want %d", got, n, want)
		}
	}
	digraph := func(bit func(i int) bool) (g [4]row) {
		for i := range 4 {
			for j := range 3 {
				if bit(3*i + j) {
					g[i].Seen[(i+j+1)%4] = 1
				}
			}
		}
		return g
	}
	type rows struct {
		Row [4]row `allways:"indexed=ID"`
	}
	directed := func(bit func(i int) bool) rows { return rows{digraph(bit)} }
	if got := representatives(t, 12, directed, Kind{reflect.TypeFor[ID](), 4}); got != 218 {
		t.Errorf("%d directed graphs of 4 nodes, want 218", got)
	}
}

type cell struct {
	Row    ID
	Column Val
}

type columns struct {
	Rows []map[ID]*bool `allways:"indexed=Val"`
}

type line struct {
	Cell [4]bool `allways:"indexed=Val"`
}

type table struct {
	Line [3]line `allways:"indexed=ID"`
}

// A matrix of bits is a state with two kinds of identifiers, in whatever way it is written.
func TestMatrices(t *testing.T) {
	const rows, cols = 3, 4
	kinds := []Kind{{reflect.TypeFor[ID](), rows}, {reflect.TypeFor[Val](), cols}}
	for name, got := range map[string]int{
		"arrays": representatives(t, rows*cols, func(bit func(i int) bool) (s table) {
			for i := range rows * cols {
				s.Line[i/cols].Cell[i%cols] = bit(i)
			}
			return s
		}, kinds...),
		"map": representatives(t, rows*cols, func(bit func(i int) bool) map[cell]bool {
			s := map[cell]bool{}
			for i := range rows * cols {
				if bit(i) {
					s[cell{ID(i / cols), Val(i % cols)}] = true
				}
			}
			return s
		}, kinds...),
		"map of maps": representatives(t, rows*cols, func(bit func(i int) bool) map[ID]map[Val]bool {
			s := map[ID]map[Val]bool{}
			for i := range rows * cols {
				if bit(i) {
					if s[ID(i/cols)] == nil {
						s[ID(i/cols)] = map[Val]bool{}
					}
					s[ID(i/cols)][Val(i%cols)] = true
				}
			}
			return s
		}, kinds...),
		"slice of maps": representatives(t, rows*cols, func(bit func(i int) bool) columns {
			s := columns{make([]map[ID]*bool, cols)}
			for i := range rows * cols {
				if s.Rows[i%cols] == nil {
					s.Rows[i%cols] = map[ID]*bool{}
				}
				if bit(i) {
					s.Rows[i%cols][ID(i/cols)] = new(bool)
				}
			}
			return s
		}, kinds...),
	} {
		if got != 87 {
			t.Errorf("%s: %d matrices, want 87", name, got)
		}
	}
}

// Columns of two kinds are sorted each on its own.
func TestSortedKinds(t *testing.T) {
	type state struct {
		A [3]int8  `allways:"indexed=ID"`
		B [4]int16 `allways:"indexed=Val"`
		C [3]bool  `allways:"indexed=ID"`
	}
	p, err := Compile(reflect.TypeFor[state](), Kind{reflect.TypeFor[ID](), 3}, Kind{reflect.TypeFor[Val](), 4})
	if err != nil || !p.Sorted() {
		t.Fatal(err, p.Sorted())
	}
	s := state{[3]int8{1, -1, 1}, [4]int16{4, 3, 2, 1}, [3]bool{true, false, false}}
	p.Sort(unsafe.Pointer(&s))
	if want := (state{[3]int8{-1, 1, 1}, [4]int16{1, 2, 3, 4}, [3]bool{false, false, true}}); s != want {
		t.Errorf("%v, want %v", s, want)
	}
}

// Regular structures of many identifiers have few leaves.
func TestRegularStructures(t *testing.T) {
	const many = 24
	pairs := func(linked func(i, j int) bool) map[edge]bool {
		g := map[edge]bool{}
		for i := range many {
			for j := range many {
				if i != j && (linked(i, j) || linked(j, i)) {
					g[edge{ID(i), ID(j)}] = true
				}
			}
		}
		return g
	}
	p, err := Compile(reflect.TypeFor[map[edge]bool](), Kind{reflect.TypeFor[ID](), many})
	if err != nil {
		t.Fatal(err)
	}
	x := tester[map[edge]bool]{plan: p}
	r := rand.New(rand.NewPCG(1, 1))
	for name, g := range map[string]map[edge]bool{
		"all":       pairs(func(i, j int) bool { return true }),
		"ring":      pairs(func(i, j int) bool { return j == (i+1)%many }),
		"pairs":     pairs(func(i, j int) bool { return i^1 == j }),
		"triangles": pairs(func(i, j int) bool { return i/3 == j/3 }),
		"parts":     pairs(func(i, j int) bool { return i%2 != j%2 }),
		"torus":     pairs(func(i, j int) bool { return i%4 == j%4 && j == (i+4)%many || i/4 == j/4 && j%4 == (i+1)%4 }),
		"cube":      pairs(func(i, j int) bool { d := i ^ j; return i < 16 && j < 16 && d&(d-1) == 0 }),
	} {
		want := content(t, x.rep(g))
		for range longtest.Size(1, 20) {
			moved := map[edge]bool{}
			to := r.Perm(many)
			for e := range g {
				moved[edge{ID(to[e[0]]), ID(to[e[1]])}] = true
			}
			if content(t, x.rep(moved)) != want {
				t.Errorf("%s: representatives differ", name)
			}
		}
		w := p.borrow()
		w.order(unsafe.Pointer(&g))
		if w.found.leaves > many*many {
			t.Errorf("%s: %d leaves", name, w.found.leaves)
		}
		p.pool.Put(w)
	}
}

func TestKindErrors(t *testing.T) {
	type state struct {
		A [3]bool `allways:"indexed=ID"`
		B [2]bool `allways:"indexed=Val"`
	}
	id, val := reflect.TypeFor[ID](), reflect.TypeFor[Val]()
	for want, kinds := range map[string][]Kind{
		`"Val" is not the type of the identifiers: want ` + "`allways:\"indexed=ID\"`": {{id, 3}},
		"state.B: tag `allways:\"indexed=Val\"`: the array has 2 elements for 3":       {{id, 3}, {val, 3}},
		"two kinds of identifiers are called ID":                                       {{id, 3}, {val, 2}, {id, 3}},
	} {
		if _, err := Compile(reflect.TypeFor[state](), kinds...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
	if _, err := Compile(reflect.TypeFor[scalars](), Kind{id, n}, Kind{val, 2}); err == nil ||
		!strings.Contains(fmt.Sprint(err), "nothing in it is indexed by, keyed by or refers to symmetry.Val") {
		t.Errorf("%v", err)
	}
}
