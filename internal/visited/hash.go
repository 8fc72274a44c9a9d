package visited

import (
	"math/bits"
	"unsafe"
)

// Constants of wyhash (Wang Yi, public domain): odd, with as many ones as zeros in every byte.
const (
	hashSeed = 0xa0761d6478bd642f
	hashMul1 = 0xe7037ed1a0b428db
	hashMul2 = 0x8ebc6af09c88c6e3
)

// Seeded mixes a state into 64 bits, all of good quality: the index uses the upper half as tag, and
// fingerprints use them all. It folds products of 128 bits, as wyhash does, each of which takes 16
// bytes of the state. A hash means nothing to another process, since states contain ids of interned
// contents.
//
// The seed is another one in every run: states that one run takes for one, the next tells apart.
func Seeded(vec []uint32, seed uint64) uint64 {
	n := len(vec)
	p := unsafe.Pointer(unsafe.SliceData(vec))
	h, mul := hashSeed^seed^uint64(n), hashMul1^seed
	for ; n > 4; n -= 4 {
		h = fold(pair(p)^mul, pair(unsafe.Add(p, 8))^h)
		p = unsafe.Add(p, 16)
	}
	var a, b uint64
	switch n {
	case 4:
		a, b = pair(p), pair(unsafe.Add(p, 8))
	case 3:
		a, b = pair(p), uint64(*(*uint32)(unsafe.Add(p, 8)))
	case 2:
		a = pair(p)
	case 1:
		a = uint64(*(*uint32)(p))
	}
	return fold(hashMul2^uint64(len(vec)), fold(a^mul, b^h))
}

// Hash is Seeded where no seed matters.
func Hash(vec []uint32) uint64 { return Seeded(vec, 0) }

// pair reads two words. The compiler reads them at once where the processor needs no alignment.
func pair(p unsafe.Pointer) uint64 {
	return uint64(*(*uint32)(p)) | uint64(*(*uint32)(unsafe.Add(p, 4)))<<32
}

// fold multiplies and combines both halves of the product: the upper half depends on all bits of a
// and b, the lower one makes up for factors with few bits. The factors themselves are added, since a
// factor of zero would otherwise forget the other one, and with it all of the state so far.
func fold(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ a ^ lo ^ b
}
