// Package random has the random numbers of walks, which a seed determines on all platforms and in all
// versions. It is not for secrets.
package random

import "math/bits"

// Rand is a source of random numbers. It gives the same numbers on all platforms and in all
// versions, since a seed is part of a reported finding. The algorithm is SplitMix64 (Steele, Lea,
// Flood: Fast splittable pseudorandom number generators, OOPSLA 2014). The zero value is a source
// with seed 0. It is not safe for concurrent use.
type Rand struct{ state uint64 }

// New returns the i-th stream of a seed. Each walk has one, so that walks do not depend on each
// other.
func New(seed, i uint64) *Rand {
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

// IntN returns a number from 0 up to, but not including, n. n must be positive.
func (r *Rand) IntN(n int) int {
	// The high word of the product is biased by less than n in 2^64: far too little to matter.
	hi, _ := bits.Mul64(r.Uint64(), uint64(n))
	return int(hi)
}
