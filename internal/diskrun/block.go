package diskrun

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

// A block holds the differences between each record and the one before it, that of the first from a record of zeros. A
// difference is one set of bits for each 64 words, which tells the words that differ, and for each of those how much
// it grows. All of these are varints. The bits stand in the reverse order of the words: neighbours in a sorted run
// differ in their last words, so that the set mostly fits a byte.

// groupLen is the number of words that a set of bits is for.
const groupLen = 64

// appendDiff appends the difference of rec from last.
func appendDiff(b []byte, last, rec []uint32) []byte {
	for lo := 0; lo < len(rec); lo += groupLen {
		hi := min(lo+groupLen, len(rec))
		set := uint64(0)
		for i := lo; i < hi; i++ {
			if rec[i] != last[i] {
				set |= 1 << (hi - 1 - i)
			}
		}
		b = binary.AppendUvarint(b, set)
		for set != 0 {
			top := bits.Len64(set) - 1
			i := hi - 1 - top
			b = binary.AppendUvarint(b, zigzag(rec[i]-last[i]))
			set &^= 1 << top
		}
	}
	return b
}

// zigzag gives small numbers to small changes in both directions.
func zigzag(change uint32) uint64 { return uint64(change<<1 ^ uint32(int32(change)>>31)) }

func unzigzag(z uint32) uint32 { return z>>1 ^ -(z & 1) }

// errDiff says that bytes are no difference.
var errDiff = errors.New("it holds what no run holds")

// applyDiff changes a record by the difference at the beginning of b, and returns the rest of b.
func applyDiff(b []byte, rec []uint32) ([]byte, error) {
	for lo := 0; lo < len(rec); lo += groupLen {
		hi := min(lo+groupLen, len(rec))
		set, n := binary.Uvarint(b)
		if n <= 0 || bits.Len64(set) > hi-lo {
			return nil, errDiff
		}
		b = b[n:]
		for set != 0 {
			top := bits.Len64(set) - 1
			set &^= 1 << top
			if len(b) > 0 && b[0] < 0x80 { // most changes are small, and binary.Uvarint is not inlined
				rec[hi-1-top] += unzigzag(uint32(b[0]))
				b = b[1:]
				continue
			}
			z, n := binary.Uvarint(b)
			if n <= 0 || z>>32 != 0 {
				return nil, errDiff
			}
			rec[hi-1-top] += unzigzag(uint32(z))
			b = b[n:]
		}
	}
	return b, nil
}
