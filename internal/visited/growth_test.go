package visited

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
)

// insertAll inserts numbered states in a random order, in batches, and returns the ids by state.
func insertAll(t *testing.T, e *Exact, states, batch int, r *rand.Rand) []uint32 {
	of := make([]uint32, states)
	vecs, hashes := make([]uint32, 0, 2*batch), make([]uint64, 0, batch)
	ids, fresh := make([]uint32, batch), make([]bool, batch)
	for part := range slices.Chunk(r.Perm(states), batch) {
		vecs, hashes = vecs[:0], hashes[:0]
		for _, i := range part {
			vecs = append(vecs, uint32(i), uint32(i)>>3)
			hashes = append(hashes, Hash(vecs[len(vecs)-2:]))
		}
		if done, err := e.InsertBatch(vecs, hashes, len(part), ids, fresh); done != len(part) || err != nil {
			t.Errorf("%d of %d done: %v", done, len(part), err)
			return of
		}
		for k, i := range part {
			of[i] = ids[k]
		}
	}
	return of
}

// Beyond a size at which several goroutines fill the index anew, all callers still get the same
// dense ids, and the states stand where the ids say.
func TestExactGrowsForAll(t *testing.T) {
	const goroutines, states = 3, 300_000
	e := newExact(t, Config{Words: 2})
	ids := make([][]uint32, goroutines)
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() { ids[g] = insertAll(t, e, states, 128, rand.New(rand.NewPCG(uint64(g), 10))) })
	}
	wg.Wait()
	if e.Len() != states {
		t.Fatalf("%d states, want %d", e.Len(), states)
	}
	for i, id := range ids[0] {
		if v := e.Vector(id); int(id) >= states || v[0] != uint32(i) || v[1] != uint32(i)>>3 {
			t.Fatalf("state %d has id %d, which is %v", i, id, v)
		}
		for g := range goroutines {
			if ids[g][i] != id {
				t.Fatalf("state %d has the ids %d and %d", i, id, ids[g][i])
			}
		}
	}
	for i := range uint32(1000) {
		if id, ok := e.Lookup([]uint32{i, i >> 3}); !ok || id != ids[0][i] {
			t.Fatalf("state %d is looked up as %d, %t", i, id, ok)
		}
		if id, ok := e.Lookup([]uint32{i, i>>3 + 1}); ok {
			t.Fatalf("a state that was never inserted is looked up as %d", id)
		}
	}
}

// States with one and the same hash are compared in full, so that the set stays right, if slow.
func TestEqualHashes(t *testing.T) {
	e := newExact(t, Config{Words: 1})
	const n = 600
	for range 2 {
		for i := range uint32(n) {
			ids, fresh := make([]uint32, 1), make([]bool, 1)
			if _, err := e.InsertBatch([]uint32{i}, []uint64{^uint64(5)}, 1, ids, fresh); err != nil || ids[0] != i {
				t.Fatalf("state %d has id %d: %v", i, ids[0], err)
			}
		}
	}
	if e.Len() != n {
		t.Errorf("%d states, want %d", e.Len(), n)
	}
}

// Every bit of every word changes about half of the hash, and so does the length.
func TestHash(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 11))
	for words := 1; words <= 13; words++ {
		vec := make([]uint32, words)
		for i := range vec {
			vec[i] = r.Uint32()
		}
		base := Hash(vec)
		if Hash(slices.Clone(vec)) != base {
			t.Errorf("%v has two hashes", vec)
		}
		if Hash(append(slices.Clone(vec), 0)) == base {
			t.Errorf("%v and the same with a zero behind have one hash", vec)
		}
		for i := range 32 * words {
			vec[i/32] ^= 1 << (i % 32)
			if n := ones(Hash(vec) ^ base); n < 8 || n > 56 {
				t.Errorf("%d words: bit %d changes %d bits of the hash", words, i, n)
			}
			vec[i/32] ^= 1 << (i % 32)
		}
	}
	seen := map[uint64]bool{}
	for i := range uint32(200_000) {
		seen[Hash([]uint32{i, i & 7})] = true
	}
	if len(seen) != 200_000 {
		t.Errorf("%d hashes of 200000 states", len(seen))
	}
}

func ones(x uint64) (n int) {
	for ; x != 0; x &= x - 1 {
		n++
	}
	return n
}

func BenchmarkInsert(b *testing.B) {
	const batch = 128
	for _, c := range []struct {
		name string
		pool uint32 // states to choose from: the fewer, the more are known
	}{{"known", 1 << 12}, {"mixed", 1 << 20}, {"new", 0}} {
		vecs, hashes := make([]uint32, 5*batch), make([]uint64, batch)
		r, next := rand.New(rand.NewPCG(1, 1)), uint32(0)
		fill := func() {
			for i := range batch {
				if next++; c.pool > 0 {
					vecs[5*i] = r.Uint32N(c.pool)
				} else {
					vecs[5*i] = next
				}
				hashes[i] = Hash(vecs[5*i : 5*i+5])
			}
		}
		ids, fresh := make([]uint32, batch), make([]bool, batch)
		b.Run("exact/"+c.name, func(b *testing.B) {
			e := newExact(b, Config{Words: 5})
			for n := 0; n < b.N; n += batch {
				fill()
				e.InsertBatch(vecs, hashes, batch, ids, fresh)
			}
		})
		b.Run("fingerprints/"+c.name, func(b *testing.B) {
			f := newFingerprints(b, Config{})
			for n := 0; n < b.N; n += batch {
				fill()
				f.InsertBatch(hashes, fresh)
			}
		})
	}
}
