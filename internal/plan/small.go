//go:build go1.26 && !go1.27 && (amd64 || arm64)

package plan

import (
	"math/bits"
	"unsafe"
)

// A range over a map costs some twenty nanoseconds before the first entry, and a call for each: much, where a whole map
// has five entries and takes three words. Maps of at most eight entries are such that the runtime keeps all of them in
// one group of slots, with a byte for each slot that says whether it is taken. Those are read as they lie in memory.
//
// The layout is that of one release of Go, for which alone this file is compiled; in others, and for larger maps, a
// range does the same. The number of taken slots must be the length of the map, so that memory of any other layout is
// hardly taken for this one; and before a type of maps is read in this way, some maps of its kind are read in both.

// smallMap is the head of a map.
type smallMap struct {
	_       uint64         // the number of entries
	_       uintptr        // the seed of hashes
	group   unsafe.Pointer // the group, if tables is 0
	tables  int
	_, _    uint8
	writing uint8
}

// group holds the entries of a small map. The highest bit of a byte of free says that a slot is free.
type group[K, E any] struct {
	free  uint64
	slots [8]struct {
		key  K
		elem E
	}
}

const highBits = 0x8080808080808080

// smallGroup returns the group of a map of n entries, n > 0, and a bit for each slot that is taken, or 0 if the map is
// not small, or being written to, which a range reports.
func smallGroup[K, E any](v unsafe.Pointer, n int) (g *group[K, E], taken uint64) {
	m := *(**smallMap)(v)
	if m.tables != 0 || m.writing != 0 || m.group == nil {
		return nil, 0
	}
	g = (*group[K, E])(m.group)
	if taken = ^g.free & highBits; bits.OnesCount64(taken) != n {
		return nil, 0
	}
	return g, taken
}

// briefSmallMap is briefMap without a range.
func briefSmallMap[K, E plain](v unsafe.Pointer, dst *Brief) (n int, ok bool) {
	entries := len(*(*map[K]E)(v))
	if entries == 0 {
		dst[0] = 0
		return 1, true
	}
	g, left := smallGroup[K, E](v, entries)
	if left == 0 {
		return briefMap[K, E](v, dst)
	}
	var elem E
	size := uint64(unsafe.Sizeof(elem))
	limit := min(64, briefBytes/size)
	*dst = Brief{}
	taken := uint64(0)
	for ; left != 0; left &= left - 1 {
		s := &g.slots[bits.TrailingZeros64(left)>>3&7]
		k := uint64(s.key)
		if k >= limit {
			return 0, false
		}
		taken |= 1 << (k & 63)
		at := k * size
		dst[(1+at/8)%BriefWords] |= uint64(s.elem) << (at % 8 * 8)
	}
	dst[0] = taken
	return 1 + (bits.Len64(taken)*int(size)+7)/8, true
}

// briefSmallSet is briefSet without a range.
func briefSmallSet[K plain](v unsafe.Pointer, dst *Brief) (n int, ok bool) {
	entries := len(*(*map[K]struct{})(v))
	if entries == 0 {
		dst[0] = 0
		return 1, true
	}
	g, left := smallGroup[K, struct{}](v, entries)
	if left == 0 {
		return briefSet[K](v, dst)
	}
	taken := uint64(0)
	for ; left != 0; left &= left - 1 {
		k := uint64(g.slots[bits.TrailingZeros64(left)>>3&7].key)
		if k >= 64 {
			return 0, false
		}
		taken |= 1 << (k & 63)
	}
	dst[0] = taken
	return 1, true
}

// mapBriefer returns the briefer of maps from numbers to numbers.
func mapBriefer[K, E plain]() briefer {
	m := map[K]E{}
	same := sameForms(briefMap[K, E], briefSmallMap[K, E], unsafe.Pointer(&m),
		func(i int) { m[K(i)%20] = E(i) * 0x51 }, func(i int) { delete(m, K(i)%20) })
	if !same {
		return briefMap[K, E]
	}
	return briefSmallMap[K, E]
}

// setBriefer returns the briefer of sets of numbers.
func setBriefer[K plain]() briefer {
	m := map[K]struct{}{}
	same := sameForms(briefSet[K], briefSmallSet[K], unsafe.Pointer(&m),
		func(i int) { m[K(i)%20] = struct{}{} }, func(i int) { delete(m, K(i)%20) })
	if !same {
		return briefSet[K]
	}
	return briefSmallSet[K]
}

// sameForms reports whether two briefers agree on a map to which entries are added and from which some are deleted.
func sameForms(a, b briefer, m unsafe.Pointer, add, drop func(i int)) bool {
	for i := range 60 {
		if i%5 < 3 {
			add(i * 7)
		} else {
			drop(i * 3)
		}
		var x, y Brief
		n, ok := a(m, &x)
		k, also := b(m, &y)
		if n != k || ok != also || ok && x != y {
			return false
		}
	}
	return true
}
