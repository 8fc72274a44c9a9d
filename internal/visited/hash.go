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

// Hash mixes a state into 64 bits, all of them fit for use. It folds 128-bit products, as wyhash does, and takes 16 bytes
// a product. Equal vectors have equal hashes within a process; the numbers in them are interned ids, so that a hash means
// nothing to another process.
func Hash(vec []uint32) uint64 {
	n := len(vec)
	p := unsafe.Pointer(unsafe.SliceData(vec))
	h := uint64(hashSeed) ^ uint64(n)
	for ; n > 4; n -= 4 {
		h = fold(pair(p)^hashMul1, pair(unsafe.Add(p, 8))^h)
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
	return fold(hashMul2^uint64(len(vec)), fold(a^hashMul1, b^h))
}

// pair reads two words; they are only aligned as words, so they are not read at once where that matters.
func pair(p unsafe.Pointer) uint64 {
	return uint64(*(*uint32)(p)) | uint64(*(*uint32)(unsafe.Add(p, 4)))<<32
}

func fold(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}
