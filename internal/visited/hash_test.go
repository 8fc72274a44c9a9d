package visited

import "testing"

// No word of a state makes the hash forget the others: not even one that makes a factor zero.
func TestHashForgetsNothing(t *testing.T) {
	for _, seed := range []uint64{0, 1, 0x9e3779b97f4a7c15} {
		for _, factor := range []uint64{hashMul1 ^ seed, hashMul2, hashSeed ^ seed, 0} {
			for width := 3; width <= 12; width++ {
				for at := 0; at+1 < width; at++ {
					seen := map[uint64]bool{}
					for x := range uint32(1000) {
						vec := make([]uint32, width)
						for i := range vec {
							vec[i] = x
						}
						vec[at], vec[at+1] = uint32(factor), uint32(factor>>32)
						seen[Seeded(vec, seed)] = true
					}
					if len(seen) != 1000 {
						t.Errorf("width %d, %x at %d, seed %x: %d hashes of 1000", width, factor, at, seed, len(seen))
					}
				}
			}
		}
	}
	if Seeded([]uint32{1, 2}, 1) == Seeded([]uint32{1, 2}, 2) {
		t.Error("the seed does not matter")
	}
}
