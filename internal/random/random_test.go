package random

import (
	"slices"
	"testing"
)

// The numbers are those of SplitMix64 as published, and of the streams that walks have been
// recorded with: after a change, seeds that were written down mean other walks.
func TestRandIsPinned(t *testing.T) {
	take := func(r *Rand, n int) (out []uint64) {
		for range n {
			out = append(out, r.Uint64())
		}
		return out
	}
	zero, published := &Rand{}, []uint64{0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F}
	if got := take(zero, 3); !slices.Equal(got, published) {
		t.Errorf("seed 0: %#x, want %#x", got, published)
	}
	for _, c := range []struct {
		seed, stream uint64
		want         []uint64
	}{
		{0, 0, []uint64{0x238275bc38fcbe91, 0xf89a2566b5822c54}},
		{0, 1, []uint64{0xda47fb2041b77535, 0x9fa1fde973527e04}},
		{42, 0, []uint64{0x6310bf04d8207f46, 0xebdb7216a4ffed50}},
		{42, 7, []uint64{0xf428dc928ae7f3a4, 0xcbe7dec9d07bd439}},
		{1<<64 - 1, 1 << 40, []uint64{0x3294922d9767ba18, 0xd52a5befa5034c42}},
	} {
		if got := take(New(c.seed, c.stream), 2); !slices.Equal(got, c.want) {
			t.Errorf("seed %d, stream %d: %#x, want %#x", c.seed, c.stream, got, c.want)
		}
	}
	var small []int
	r := New(1, 2)
	for range 12 {
		small = append(small, r.IntN(10))
	}
	if want := []int{0, 5, 5, 7, 4, 0, 5, 2, 0, 5, 4, 1}; !slices.Equal(small, want) {
		t.Errorf("numbers below 10: %v, want %v", small, want)
	}
}

func TestIntN(t *testing.T) {
	r := New(3, 4)
	const n, rounds = 7, 70_000
	var counts [n]int
	for range rounds {
		counts[r.IntN(n)]++ // out of range would panic
	}
	for i, c := range counts {
		if c < rounds/n*9/10 || c > rounds/n*11/10 {
			t.Errorf("%d came %d times in %d", i, c, rounds)
		}
	}
	if got := r.IntN(1); got != 0 {
		t.Errorf("below 1: %d", got)
	}
}

// Streams of one seed, and equal streams of neighbouring seeds, have nothing in common.
func TestStreamsDiffer(t *testing.T) {
	seen := map[uint64]bool{}
	for seed := range uint64(100) {
		for stream := range uint64(100) {
			x := New(seed, stream).Uint64()
			if seen[x] {
				t.Fatalf("seed %d, stream %d begins like another one", seed, stream)
			}
			seen[x] = true
		}
	}
}
