package plan

import (
	"encoding/binary"
	"math/bits"
	"unsafe"
)

// BriefWords is the width of a [Brief].
const BriefWords = 7

// Brief is a short content in words. Two values of one plan that have a brief form have the same content exactly if
// their forms have the same words. It is no encoding: it means nothing without the plan, and nothing decodes it.
//
// Most maps and slices in states are short: votes by server, a set of ids, a log of three entries. The encoding of
// a map must order its entries, write each of them byte by byte, and then be hashed and compared as a string. Where
// the keys are small numbers there is a shorter way: every entry has a place that its key alone determines, so that
// the entries may come in any order and are ready in one pass. The first word tells which places are taken.
type Brief [BriefWords]uint64

// briefBytes are the bytes after the first word.
const briefBytes = 8 * (BriefWords - 1)

// briefer writes the brief form of the value at v to dst and returns the number of words that it takes. The first
// of them determines this number. ok is false if the content is too long; dst then holds anything.
type briefer func(v unsafe.Pointer, dst *Brief) (n int, ok bool)

// plain are the numbers whose memory is read as a map's.
type plain interface {
	uint8 | uint16 | uint32 | uint64
}

// briefMap is the briefer of maps from numbers to numbers.
func briefMap[K, E plain](v unsafe.Pointer, dst *Brief) (n int, ok bool) {
	var elem E
	size := uint64(unsafe.Sizeof(elem))
	limit := min(64, briefBytes/size)
	m := *(*map[K]E)(v)
	if uint64(len(m)) > limit {
		return 0, false
	}
	*dst = Brief{}
	taken := uint64(0)
	for k, e := range m {
		if uint64(k) >= limit {
			return 0, false
		}
		taken |= 1 << (k & 63)
		at := uint64(k) * size
		dst[(1+at/8)%BriefWords] |= uint64(e) << (at % 8 * 8)
	}
	dst[0] = taken
	return 1 + (bits.Len64(taken)*int(size)+7)/8, true
}

// briefSet is the briefer of sets of numbers.
func briefSet[K plain](v unsafe.Pointer, dst *Brief) (n int, ok bool) {
	m := *(*map[K]struct{})(v)
	if len(m) > 64 {
		return 0, false
	}
	taken := uint64(0)
	for k := range m {
		if uint64(k) >= 64 {
			return 0, false
		}
		taken |= 1 << (k & 63)
	}
	dst[0] = taken
	return 1, true
}

func briefString(v unsafe.Pointer, dst *Brief) (n int, ok bool) {
	s := *(*string)(v)
	return briefMemory(unsafe.Pointer(unsafe.StringData(s)), uintptr(len(s)), len(s), dst)
}

// briefSlice returns the briefer of slices whose elements have a size and are their memory.
func briefSlice(size uintptr) briefer {
	return func(v unsafe.Pointer, dst *Brief) (n int, ok bool) {
		s := *(*[]byte)(v) // its head only, which says the number of elements
		if len(s) > briefBytes {
			return 0, false
		}
		return briefMemory(unsafe.Pointer(unsafe.SliceData(s)), uintptr(len(s))*size, len(s), dst)
	}
}

// briefMemory writes a number of bytes at p, which are a content of some length.
func briefMemory(p unsafe.Pointer, bytes uintptr, length int, dst *Brief) (n int, ok bool) {
	if bytes > briefBytes {
		return 0, false
	}
	left := unsafe.Slice((*byte)(p), bytes)
	dst[0], n = uint64(length), 1
	for ; len(left) >= 8; left = left[8:] {
		dst[n] = binary.LittleEndian.Uint64(left)
		n++
	}
	if len(left) == 0 {
		return n, true
	}
	last := uint64(0)
	for i, b := range left {
		last |= uint64(b) << (8 * i)
	}
	dst[n] = last
	return n + 1, true
}
