package engine

import "math/bits"

// Rand is a source of random numbers that is the same on every platform and in every version: SplitMix64 (Steele, Lea,
// Flood: Fast splittable pseudorandom number generators, 2014). The zero value is a source with seed 0. It is not safe
// for concurrent use.
type Rand struct{ state uint64 }

// NewRand returns the source of the i-th of the streams of a seed.
func NewRand(seed, i uint64) *Rand {
	r := &Rand{state: seed}
	r.state = r.Uint64() ^ i*0x9E3779B97F4A7C15
	r.state = r.Uint64()
	return r
}

// Uint64 returns the next 64 random bits.
func (r *Rand) Uint64() uint64 {
	r.state += 0x9E3779B97F4A7C15
	z := r.state
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// IntN returns a number from 0 up to and without n, which must be positive.
func (r *Rand) IntN(n int) int {
	// Multiplying and taking the high word is off by less than n in 2^64, which no walk can notice.
	hi, _ := bits.Mul64(r.Uint64(), uint64(n))
	return int(hi)
}
