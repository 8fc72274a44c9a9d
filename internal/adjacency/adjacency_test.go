package adjacency

import (
	"runtime"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/allways-go/allways/internal/offheap"
)

// An edge is what it was made of.
func TestEdge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		to, label := rapid.Uint32().Draw(t, "to"), rapid.Uint32().Draw(t, "label")
		if e := NewEdge(to, label); e.To() != to || e.Label() != label {
			t.Fatalf("%d with %d became %d with %d", to, label, e.To(), e.Label())
		}
	})
}

// listOf returns the list that a node is to have.
func listOf(v uint32, n int) (list []Edge) {
	for i := range n {
		list = append(list, NewEdge(v*7+uint32(i), uint32(n)))
	}
	return list
}

// Lists of all lengths that several goroutines write, in any order, are read as they were written.
func TestBuilder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lengths := rapid.SliceOfN(rapid.OneOf(rapid.IntRange(0, 40), rapid.IntRange(0, 9000)), 1, 60).Draw(t, "lengths")
		order := rapid.Permutation(indexes(len(lengths))).Draw(t, "order")
		whole := rapid.IntRange(0, len(lengths)).Draw(t, "whole")
		allowed := int64(0)
		b := NewBuilder(func(bytes int64) bool { allowed += bytes; return true })
		workers := 1
		if allowed = 0; rapid.Bool().Draw(t, "parallel") {
			workers, b = 2, NewBuilder(nil)
		}
		b.Grow(len(lengths))
		var wg sync.WaitGroup
		for i := range workers {
			wg.Go(func() {
				w := b.NewWriter()
				for k := i; k < len(order); k += workers {
					v := order[k]
					room, _ := w.Room(uint32(v), lengths[v])
					copy(room, listOf(uint32(v), lengths[v]))
				}
			})
		}
		wg.Wait()
		if size := b.Size() - 8*int64(len(lengths)); workers == 1 && size != allowed {
			t.Errorf("it holds %d bytes of edges, and asked for %d", size, allowed)
		}
		l := b.Lists(len(lengths), whole)
		if l.Len() != len(lengths) {
			t.Errorf("%d lists, want %d", l.Len(), len(lengths))
		}
		for v, n := range lengths {
			want := listOf(uint32(v), n)
			if v >= whole {
				want = nil
			}
			if got := l.Of(uint32(v)); !slices.Equal(got, want) {
				t.Fatalf("node %d has %d edges, want %d", v, len(got), len(want))
			}
		}
		b.Free()
		if held := offheap.Held(); held != 0 {
			t.Errorf("%d bytes are held at the end", held)
		}
	})
}

func indexes(n int) (all []int) {
	for i := range n {
		all = append(all, i)
	}
	return all
}

// The longest list is possible, and what it takes is little more than its edges.
func TestLongList(t *testing.T) {
	b := NewBuilder(nil)
	defer b.Free()
	b.Grow(2)
	w := b.NewWriter()
	for v := range uint32(2) {
		room, ok := w.Room(v, MaxDegree)
		if !ok {
			t.Fatal("no memory")
		}
		room[MaxDegree-1] = NewEdge(v, v)
	}
	l := b.Lists(2, 2)
	if e := l.Edge(1, MaxDegree-1); e != NewEdge(1, 1) || len(l.Of(0)) != MaxDegree {
		t.Errorf("the last edge is %x, of %d", e, len(l.Of(0)))
	}
}

// Little memory is wasted: there are no more than nine places for eight edges, from some thousand on.
func TestWaste(t *testing.T) {
	for _, n := range []int{2000, 20_000, 200_000} {
		b := NewBuilder(nil)
		b.Grow(n)
		w := b.NewWriter()
		for v := range n {
			w.Room(uint32(v), 7)
		}
		if size := b.Size() - 8*int64(n); size > 9*7*int64(n) {
			t.Errorf("%d edges take %d bytes", 7*n, size)
		}
		b.Free()
	}
}

// A writer without memory says so, and what was written before stays.
func TestNoMemory(t *testing.T) {
	left := int64(4 << 10)
	b := NewBuilder(func(bytes int64) bool { left -= bytes; return left >= 0 })
	b.Grow(1000)
	w, written := b.NewWriter(), uint32(0)
	for ; written < 1000; written++ {
		room, ok := w.Room(written, 3)
		if !ok {
			break
		}
		copy(room, listOf(written, 3))
	}
	if written == 0 || written == 1000 {
		t.Fatalf("%d lists have found memory", written)
	}
	l := b.Lists(1000, 1000)
	for v := range uint32(1000) {
		want := listOf(v, 3)
		if v >= written {
			want = nil
		}
		if !slices.Equal(l.Of(v), want) {
			t.Errorf("node %d has the list %x", v, l.Of(v))
		}
	}
	if l.Clear(0); len(l.Of(0)) != 0 {
		t.Error("a list is not empty after Clear")
	}
}

// Nodes that are numbered anew keep their lists.
func TestPermute(t *testing.T) {
	l := New([]Edge{NewEdge(1, 2), NewEdge(2, 0)}, nil, []Edge{NewEdge(0, 7)})
	l.Permute([]uint32{2, 0})
	want := []Edge{NewEdge(1, 2), NewEdge(2, 0)}
	if l.Len() != 2 || !slices.Equal(l.Of(0), []Edge{NewEdge(0, 7)}) || !slices.Equal(l.Of(1), want) {
		t.Errorf("%v, %v", l.Of(0), l.Of(1))
	}
}

// TestSizeWhileGrowing: reports of progress ask for the size at any time. Run it with -race.
func TestSizeWhileGrowing(t *testing.T) {
	b := NewBuilder(nil)
	var wg sync.WaitGroup
	wg.Go(func() {
		for range 100 {
			b.Grow(10)
		}
	})
	for b.Size() < 8*1000 {
		runtime.Gosched()
	}
	wg.Wait()
}
