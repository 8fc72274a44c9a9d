package tables

import (
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"
)

// Pairs keep the first id they are given, whatever the numbers are.
func TestPairsAreAMap(t *testing.T) {
	number := rapid.OneOf(rapid.Uint32Range(0, 200), rapid.Uint32Max(1<<32-2), rapid.Just(uint32(1<<32-2)))
	rapid.Check(t, func(t *rapid.T) {
		var size atomic.Int64
		p, want := Pairs{sized: sized{&size}}, map[[2]uint32]uint32{}
		for range rapid.IntRange(0, 2000).Draw(t, "operations") {
			key, id := [2]uint32{number.Draw(t, "a"), number.Draw(t, "b")}, rapid.Uint32().Draw(t, "id")
			first, known := want[key]
			if got, ok := p.Find(key[0], key[1]); ok != known || got != first {
				t.Fatalf("%v is %d, %t; want %d, %t", key, got, ok, first, known)
			}
			if !known {
				want[key], first = id, id
			}
			if got := p.Keep(key[0], key[1], id); got != first {
				t.Fatalf("%v is %d, want %d", key, got, first)
			}
		}
		if room := size.Load() / pairBytes; room < 2*int64(len(want)) && len(want) > 0 {
			t.Fatalf("room for %d pairs is counted, there are %d", room, len(want))
		}
	})
}

// All goroutines agree on every id, and see it from then on.
func TestPairsAreShared(t *testing.T) {
	var size atomic.Int64
	p, seen := Pairs{sized: sized{&size}}, [4][]uint32{}
	var all sync.WaitGroup
	for w := range seen {
		all.Go(func() {
			r := rand.New(rand.NewPCG(uint64(w), 0))
			for range 20_000 {
				a, b := r.Uint32N(100), r.Uint32N(100)
				id := p.Keep(a, b, r.Uint32())
				if again, ok := p.Find(a, b); !ok || again != id {
					t.Errorf("%d, %d was %d and is %d, %t", a, b, id, again, ok)
					return
				}
			}
			for k := range uint32(100 * 100) {
				id, _ := p.Find(k/100, k%100)
				seen[w] = append(seen[w], id)
			}
		})
	}
	all.Wait()
	final := make([]uint32, 0, 100*100)
	for k := range uint32(100 * 100) {
		id, _ := p.Find(k/100, k%100)
		final = append(final, id)
	}
	for w, ids := range seen {
		for k, id := range ids {
			if id != 0 && id != final[k] { // 0 may be of a pair that was not there yet
				t.Errorf("goroutine %d has read %d for pair %d, which is %d", w, id, k, final[k])
			}
		}
	}
}

// Lists of an arena stay where they are and as they are, however long they are.
func TestArenaKeepsLists(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var size atomic.Int64
		a := Arena[uint16]{sized: sized{&size}}
		var at []uint32
		var lists [][]uint16
		for range rapid.IntRange(0, 50).Draw(t, "lists") {
			n := rapid.OneOf(rapid.IntRange(0, 5), rapid.IntRange(0, 3<<chunkBits)).Draw(t, "length")
			list := make([]uint16, n)
			for i := range list {
				list[i] = uint16(len(lists) + i)
			}
			at, lists = append(at, a.Add(list)), append(lists, list)
		}
		for i, want := range lists {
			if got := a.List(at[i], len(want)); !slices.Equal(got, want) {
				t.Fatalf("list %d of %d values has changed", i, len(want))
			}
		}
	})
}

// A table that was cleared is empty, and counts no memory.
func TestClear(t *testing.T) {
	var size atomic.Int64
	p, s := Pairs{sized: sized{&size}}, Segmented[uint64]{sized: sized{&size}}
	for k := range uint32(3000) {
		p.Keep(k, k, k)
		*s.Room(k) = 1
	}
	p.Clear()
	s.Clear()
	if _, ok := p.Find(1, 1); ok || s.At(1) != nil || size.Load() != 0 {
		t.Errorf("after Clear: found %t, %v, %d bytes", ok, s.At(1), size.Load())
	}
	if p.Keep(1, 1, 7); *s.Room(1) != 0 {
		t.Error("an old value came back")
	}
	if id, ok := p.Find(1, 1); id != 7 || !ok {
		t.Errorf("a new pair is %d, %t", id, ok)
	}
}
