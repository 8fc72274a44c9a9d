package visited

import (
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
)

// batches inserts random vectors of three small words, with repetitions, and returns the fresh ones.
func batches(t *testing.T, e *Exact, seed uint64, rounds int) (fresh [][3]uint32) {
	r := rand.New(rand.NewPCG(seed, 1))
	const n = 100
	vecs, hashes, ids, news := make([]uint32, 3*n), make([]uint64, n), make([]uint32, n), make([]bool, n)
	for range rounds {
		for i := range n {
			for k := range 3 {
				vecs[3*i+k] = uint32(r.IntN(20))
			}
			hashes[i] = Hash(vecs[3*i : 3*i+3])
		}
		if done, err := e.InsertBatch(vecs, hashes, n, ids, news); done != n || err != nil {
			t.Errorf("done %d, %v", done, err)
			return fresh
		}
		for i := range n {
			v := vecs[3*i : 3*i+3]
			if !slices.Equal(e.Vector(ids[i]), v) {
				t.Errorf("id %d is %v, want %v", ids[i], e.Vector(ids[i]), v)
				return fresh
			}
			if news[i] {
				fresh = append(fresh, [3]uint32(v))
			}
		}
	}
	return fresh
}

// However many insert at once, while the tables grow, every state is fresh once, and ids are
// dense.
func TestExactlyOneIsFresh(t *testing.T) {
	e, err := NewExact(Config{Words: 3, Parents: true})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	var mu sync.Mutex
	var wg sync.WaitGroup
	seen, total := map[[3]uint32]bool{}, 0
	for g := range uint64(4) {
		wg.Go(func() {
			fresh := batches(t, e, g, 300)
			mu.Lock()
			defer mu.Unlock()
			total += len(fresh)
			for _, v := range fresh {
				seen[v] = true
			}
		})
	}
	wg.Wait()
	if len(seen) != total || e.Len() != total {
		t.Errorf("%d states, %d fresh, %d ids", len(seen), total, e.Len())
	}
	for v := range seen {
		if _, ok := e.Lookup(v[:]); !ok {
			t.Fatalf("%v is lost", v)
		}
	}
}

func TestRefusalsKeepTheSetUsable(t *testing.T) {
	for _, c := range []struct {
		name string
		cfg  Config
		want error
	}{
		{"ids", Config{Words: 1, MaxIDs: 5}, ErrFull},
		{"memory", Config{Words: 1, MemoryLimit: func() func(int64) bool {
			left := int64(64 << 10)
			return func(extra int64) bool { left -= extra; return left >= 0 }
		}()}, ErrMemory},
	} {
		e, err := NewExact(c.cfg)
		if err != nil {
			t.Fatal(err)
		}
		n := uint32(0)
		for ; n < 1<<20; n++ {
			if _, _, err = e.Insert([]uint32{n}); err != nil {
				break
			}
		}
		if !errors.Is(err, c.want) || e.Len() != int(n) {
			t.Errorf("%s: %v after %d, %d kept", c.name, err, n, e.Len())
		}
		for i := range n {
			if id, fresh, err := e.Insert([]uint32{i}); fresh || id != i || c.want == ErrFull && err != nil {
				t.Fatalf("%s: state %d has id %d, fresh %t, %v", c.name, i, id, fresh, err)
			}
			if n > 1000 {
				break // without memory even a known state may be refused
			}
		}
		e.Close()
	}
}

func TestFingerprints(t *testing.T) {
	f, err := NewFingerprints(Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, seen := rand.New(rand.NewPCG(5, 6)), map[uint64]bool{}
	for range 500 {
		fps, fresh := make([]uint64, 50), make([]bool, 50)
		for i := range fps {
			fps[i] = uint64(r.IntN(20_000)) * 0x9E3779B97F4A7C15
		}
		if _, err := f.InsertBatch(fps, fresh); err != nil {
			t.Fatal(err)
		}
		for i, fp := range fps {
			if fresh[i] == seen[max(fp, 1)] {
				t.Fatalf("fingerprint %x: fresh %t, seen %t", fp, fresh[i], seen[fp])
			}
			seen[max(fp, 1)] = true
		}
	}
	if f.Len() != len(seen) || !f.Contains(0x9E3779B97F4A7C15) && seen[0x9E3779B97F4A7C15] {
		t.Errorf("%d fingerprints, want %d", f.Len(), len(seen))
	}
}

func TestOmissionProbability(t *testing.T) {
	if p := OmissionProbability(1<<32, 1<<33); p != 1 {
		t.Errorf("2^32 of 2^33: %g", p)
	}
	if p := OmissionProbability(1_000_000, 5_000_000); p < 2e-7 || p > 3e-7 {
		t.Errorf("a million of five: %g", p)
	}
}

func BenchmarkExactInsert(b *testing.B) {
	e, err := NewExact(Config{Words: 5})
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	const n = 128
	r := rand.New(rand.NewPCG(1, 1))
	vecs, hashes, ids, fresh := make([]uint32, 5*n), make([]uint64, n), make([]uint32, n), make([]bool, n)
	for b.Loop() {
		for i := range n {
			vecs[5*i] = r.Uint32N(1 << 20)
			hashes[i] = Hash(vecs[5*i : 5*i+5])
		}
		if _, err := e.InsertBatch(vecs, hashes, n, ids, fresh); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(e.Size())/float64(e.Len()), "B/state")
}
