package tables

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"
)

// pairs is a map from pairs of ids.
type pairs interface {
	Find(a, b uint32) (id uint32, ok bool)
	Keep(a, b, id uint32) uint32
}

// Pairs and rows keep the first id they are given, whatever the numbers are.
func TestPairsAreAMap(t *testing.T) {
	small := rapid.Uint32Range(0, 200)
	number := rapid.OneOf(small, rapid.Uint32Max(1<<32-2), rapid.Just(uint32(1<<32-2)))
	for name, c := range map[string]struct {
		make  func(size *atomic.Int64) pairs
		first *rapid.Generator[uint32]
		bytes int64 // least bytes of a pair
	}{
		"Pairs": {func(size *atomic.Int64) pairs { return &Pairs{sized: sized{size}} }, number, 2 * pairBytes},
		"Rows": {func(size *atomic.Int64) pairs {
			r := &Rows{}
			r.CountIn(size)
			return r
		}, rapid.OneOf(small, rapid.Uint32Max(2<<segmentBits)), 8},
	} {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			var size atomic.Int64
			p, want := c.make(&size), map[[2]uint32]uint32{}
			for range rapid.IntRange(0, 2000).Draw(t, "operations") {
				key, id := [2]uint32{c.first.Draw(t, "a"), number.Draw(t, "b")}, rapid.Uint32().Draw(t, "id")
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
			if size.Load() < c.bytes*int64(len(want)) {
				t.Fatalf("%d bytes are counted, there are %d pairs", size.Load(), len(want))
			}
		}))
	}
}

// All goroutines agree on every id, and see it from then on.
func TestPairsAreShared(t *testing.T) {
	t.Run("Pairs", func(t *testing.T) { testShared(t, &Pairs{}) })
	t.Run("Rows", func(t *testing.T) { testShared(t, &Rows{}) })
}

func testShared(t *testing.T, p pairs) {
	seen := [4][]uint32{}
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

// Words of rows and pairs do not disturb each other.
func TestWordsOfRows(t *testing.T) {
	var r Rows
	for id := range uint32(2000) {
		if id%3 == 0 {
			r.SetWord(id, uint64(id)<<32|1)
		}
		for b := range id % 7 {
			r.Keep(id, b, id+b)
		}
	}
	for id := range uint32(2000) {
		want := uint64(0)
		if id%3 == 0 {
			want = uint64(id)<<32 | 1
		}
		if got := r.Word(id); got != want {
			t.Errorf("the word of %d is %x, want %x", id, got, want)
		}
		for b := range id % 7 {
			if got, ok := r.Find(id, b); got != id+b || !ok {
				t.Errorf("%d, %d is %d, %t", id, b, got, ok)
			}
		}
	}
	if w := r.Word(1 << 20); w != 0 {
		t.Errorf("the word of an unknown id is %d", w)
	}
}

// Couples are numbered: equal ones have one id, whichever goroutine is first, others have others, and ids lead back.
// No block has ids of two groups.
func TestCouples(t *testing.T) {
	const groups, each = 3, 700
	c, ids := NewCouples(groups), [4][]uint32{}
	couple := func(k int) (group int, a, b uint32) { return k % groups, uint32(k % 50), uint32(k) }
	var all sync.WaitGroup
	for w := range ids {
		ids[w] = make([]uint32, groups*each)
		all.Go(func() {
			for _, k := range rand.New(rand.NewPCG(uint64(w), 1)).Perm(groups * each) {
				group, a, b := couple(k)
				id, err := c.Add(group, a, b)
				if found, ok := c.Find(a, b); err != nil || !ok || found != id {
					t.Errorf("couple %d is %d and was found as %d, %t, %v", k, id, found, ok, err)
				}
				ids[w][k] = id
			}
		})
	}
	all.Wait()
	owner, couples := map[uint32]int{}, map[uint32]int{}
	for k, id := range ids[0] {
		for w := range ids {
			if ids[w][k] != id {
				t.Errorf("couple %d is %d for one and %d for another", k, id, ids[w][k])
			}
		}
		group, a, b := couple(k)
		if x, y := c.Pair(id); x != a || y != b {
			t.Errorf("id %d is of %d, %d, want %d, %d", id, x, y, a, b)
		}
		if old, ok := couples[id]; ok {
			t.Errorf("couples %d and %d share id %d", old, k, id)
		}
		couples[id] = k
		if g, ok := owner[id>>blockBits]; ok && g != group {
			t.Errorf("groups %d and %d share a block", g, group)
		}
		owner[id>>blockBits] = group
	}
	if want := groups * (each/(1<<blockBits) + 1); len(owner) != want {
		t.Errorf("%d blocks are in use, want %d", len(owner), want)
	}
	c.blocks = math.MaxInt32 >> blockBits
	for k := range 1 << blockBits {
		if _, err := c.Add(0, 1<<20, uint32(k)); err != nil {
			return
		}
	}
	t.Error("there is room for couples without end")
}

// A table that was cleared is empty, and counts no memory.
func TestClear(t *testing.T) {
	var size atomic.Int64
	p, s, r := Pairs{sized: sized{&size}}, Segmented[uint64]{sized: sized{&size}}, Rows{}
	r.CountIn(&size)
	for k := range uint32(3000) {
		p.Keep(k, k, k)
		*s.Room(k) = 1
		r.SetWord(k%100, 1)
		r.Keep(k%100, k, k)
	}
	p.Clear()
	s.Clear()
	r.Clear()
	if _, ok := p.Find(1, 1); ok || s.At(1) != nil || size.Load() != 0 {
		t.Errorf("after Clear: found %t, %v, %d bytes", ok, s.At(1), size.Load())
	}
	if _, ok := r.Find(1, 1); ok || r.Word(1) != 0 {
		t.Errorf("after Clear: a row has a pair %t, and the word %d", ok, r.Word(1))
	}
	if p.Keep(1, 1, 7); *s.Room(1) != 0 {
		t.Error("an old value came back")
	}
	if id, ok := p.Find(1, 1); id != 7 || !ok {
		t.Errorf("a new pair is %d, %t", id, ok)
	}
}
