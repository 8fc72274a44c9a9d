package visited

import (
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

func newFingerprints(t testing.TB, c Config) *Fingerprints {
	f, err := NewFingerprints(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

// A set of fingerprints is a set of numbers in which 0 and 1 are one, whatever the batches are, and
// wherever the numbers lie: the last slots of the table go on with the first.
func TestFingerprintsAreASet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, err := NewFingerprints(Config{})
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		number := rapid.OneOf(
			rapid.Uint64Range(0, 5), rapid.Uint64Range(1<<64-6, 1<<64-1), rapid.Uint64(), rapid.Uint64Range(1<<63,
				1<<63+3),
		)
		set := map[uint64]bool{}
		for _, batch := range rapid.SliceOfN(rapid.SliceOfN(number, 0, 80), 0, 40).Draw(t, "batches") {
			found, fresh := make([]bool, len(batch)), make([]bool, len(batch))
			f.ContainsBatch(batch, found)
			for i, fp := range batch {
				if found[i] != set[max(fp, 1)] || f.Contains(fp) != found[i] {
					t.Fatalf("%x: contained %t, want %t", fp, found[i], set[max(fp, 1)])
				}
			}
			if done, err := f.InsertBatch(batch, fresh); done != len(batch) || err != nil {
				t.Fatalf("%d of %d done: %v", done, len(batch), err)
			}
			for i, fp := range batch {
				if fresh[i] == set[max(fp, 1)] {
					t.Fatalf("%x: fresh %t", fp, fresh[i])
				}
				set[max(fp, 1)] = true
			}
			if f.Len() != len(set) {
				t.Fatalf("%d fingerprints, want %d", f.Len(), len(set))
			}
		}
	})
}

// However many goroutines insert while the table grows, each fingerprint is fresh once, none
// is lost, and none is missing when it is looked up after it was inserted.
func TestFingerprintsGrowForAll(t *testing.T) {
	f := newFingerprints(t, Config{})
	const goroutines, numbers, batch = 4, 60_000, 96
	fps := make([]uint64, numbers)
	for i := range fps {
		fps[i] = Hash([]uint32{uint32(i)})
	}
	fresh := make([]int, goroutines)
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			own := slices.Clone(fps)
			rand.New(rand.NewPCG(uint64(g), 8)).Shuffle(len(own), func(i, j int) { own[i], own[j] = own[j], own[i] })
			news, found := make([]bool, batch), make([]bool, batch)
			for part := range slices.Chunk(own, batch) {
				if done, err := f.InsertBatch(part, news[:len(part)]); done != len(part) || err != nil {
					t.Errorf("%d of %d done: %v", done, len(part), err)
					return
				}
				f.ContainsBatch(part, found[:len(part)])
				for i := range part {
					if news[i] {
						fresh[g]++
					}
					if !found[i] {
						t.Errorf("%x is lost", part[i])
						return
					}
				}
			}
		})
	}
	wg.Wait()
	if total := fresh[0] + fresh[1] + fresh[2] + fresh[3]; total != numbers || f.Len() != numbers {
		t.Errorf("%d fresh, %d counted, want %d", total, f.Len(), numbers)
	}
}

// The limit of numbers is exact, however many goroutines run into it, and what is known stays
// known.
func TestFingerprintsLimit(t *testing.T) {
	const limit = 5000
	f := newFingerprints(t, Config{MaxIDs: limit})
	var mu sync.Mutex
	var wg sync.WaitGroup
	added := map[uint64]int{}
	for g := range uint64(4) {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(g, 9))
			fps, fresh := make([]uint64, 50), make([]bool, 50)
			for range 400 {
				for i := range fps {
					fps[i] = Hash([]uint32{r.Uint32N(3 * limit)})
				}
				done, err := f.InsertBatch(fps, fresh)
				if done < len(fps) != errors.Is(err, ErrFull) {
					t.Errorf("%d of %d done: %v", done, len(fps), err)
				}
				mu.Lock()
				for i := range done {
					if fresh[i] {
						added[fps[i]]++
					}
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if f.Len() != limit || len(added) != limit {
		t.Errorf("%d fingerprints, %d fresh, want %d", f.Len(), len(added), limit)
	}
	for fp, times := range added {
		if done, err := f.InsertBatch([]uint64{fp}, make([]bool, 1)); times != 1 || done != 1 || err != nil ||
			!f.Contains(fp) {
			t.Fatalf("%x: fresh %d times, inserted again: %d, %v", fp, times, done, err)
		}
	}
}
