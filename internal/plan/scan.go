package plan

import (
	"cmp"
	"encoding/binary"
	"reflect"
	"slices"
	"sync"
	"unsafe"
)

// Reflection takes some hundred nanoseconds for each entry of a map. Maps from plain numbers to
// plain numbers are frequent in states, so these are read without it: as a map of unsigned numbers
// of the same sizes. All such maps of one pair of sizes look the same in memory and use the same
// hash functions.

// pair is an entry of such a map: the memory of key and element, widened by zeros.
type pair struct{ key, elem uint64 }

// scanner reads the maps of one type.
type scanner struct {
	all   func(v unsafe.Pointer, dst []pair) []pair // appends the entries of the map at v, in any order
	brief briefer
}

// scan reads a map as one of unsigned numbers of the same sizes.
func scan[K, E plain](v unsafe.Pointer, dst []pair) []pair {
	for k, e := range *(*map[K]E)(v) {
		dst = append(dst, pair{uint64(k), uint64(e)})
	}
	return dst
}

func scanSet[K plain](v unsafe.Pointer, dst []pair) []pair {
	for k := range *(*map[K]struct{})(v) {
		dst = append(dst, pair{key: uint64(k)})
	}
	return dst
}

// scanWith returns the scanner for a size of keys and a type of elements.
func scanWith[K plain](elem reflect.Type) *scanner {
	switch elem.Size() {
	case 0:
		return &scanner{scanSet[K], briefSet[K]}
	case 1:
		return &scanner{scan[K, uint8], briefMap[K, uint8]}
	case 2:
		return &scanner{scan[K, uint16], briefMap[K, uint16]}
	case 4:
		return &scanner{scan[K, uint32], briefMap[K, uint32]}
	}
	return &scanner{scan[K, uint64], briefMap[K, uint64]}
}

// scannerOf returns the scanner of a map type, or nil when it needs reflection.
func (p *Plan) scannerOf() *scanner {
	if !littleEndian || !p.key.isPlain() || !p.elem.isPlain() && !p.elem.isUnit() {
		return nil
	}
	switch p.key.typ.Size() {
	case 1:
		return scanWith[uint8](p.elem.typ)
	case 2:
		return scanWith[uint16](p.elem.typ)
	case 4:
		return scanWith[uint32](p.elem.typ)
	case 8:
		return scanWith[uint64](p.elem.typ)
	}
	return nil
}

// BriefOf returns the function that writes brief forms of values, or nil if values of the type have none. ok is false
// for a content that is too long. The first word determines the number n of words, and all others mean nothing.
func BriefOf(p *Plan) func(v unsafe.Pointer, dst *Brief) (n int, ok bool) {
	switch {
	case p.opaque != nil:
		return nil
	case p.scan != nil:
		return p.scan.brief
	case p.kind == reflect.String:
		return briefString
	case p.kind == reflect.Slice && p.elem.isMemory():
		return briefSlice(p.elem.typ.Size())
	}
	return nil
}

// isMemory reports whether equal memory is equal content: there are no references, no floats, which have two
// zeros, and no padding.
func (p *Plan) isMemory() bool {
	switch {
	case p.isPlain():
		return true
	case p.opaque != nil || p.empty || p.typ.Size() == 0:
		return false
	case p.kind == reflect.Array:
		return p.elem.isMemory()
	case p.kind == reflect.Struct:
		size := uintptr(0)
		for _, f := range p.fields {
			if !f.plan.isMemory() {
				return false
			}
			size += f.plan.typ.Size()
		}
		return size == p.typ.Size()
	}
	return false
}

// isPlain reports whether equal memory is equal content, in 8 bytes at most.
func (p *Plan) isPlain() bool {
	return p.opaque == nil && p.kind >= reflect.Bool && p.kind <= reflect.Uint64
}

// memory returns the memory of the plain value at v, widened by zeros, as in a pair.
func (p *Plan) memory(v unsafe.Pointer) uint64 {
	switch p.typ.Size() {
	case 1:
		return uint64(*(*uint8)(v))
	case 2:
		return uint64(*(*uint16)(v))
	case 4:
		return uint64(*(*uint32)(v))
	}
	return *(*uint64)(v)
}

func (p *Plan) isUnit() bool {
	return p.opaque == nil && p.kind == reflect.Struct && p.typ.NumField() == 0
}

var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

var pairs = sync.Pool{New: func() any { return new([]pair) }}

// appendScanned is appendMap for maps with a scanner. It orders the entries by the memory of their
// keys, which is cheaper than by encodings and just as good: any order will do that depends on
// content only.
func (p *Plan) appendScanned(dst []byte, v unsafe.Pointer) []byte {
	kept := pairs.Get().(*[]pair)
	defer pairs.Put(kept)
	all := p.scan.all(v, (*kept)[:0])
	*kept = all
	sortPairs(all)
	dst = binary.AppendUvarint(dst, uint64(len(all)))
	for i := range all {
		dst = p.key.appendNumber(dst, unsafe.Pointer(&all[i].key))
		if !p.elem.isUnit() {
			dst = p.elem.appendNumber(dst, unsafe.Pointer(&all[i].elem))
		}
	}
	return dst
}

// sortPairs sorts by key. Most maps in states are small, and for these a call of a comparison
// function costs more than the comparison.
func sortPairs(all []pair) {
	const small = 16
	if len(all) > small {
		slices.SortFunc(all, func(a, b pair) int { return cmp.Compare(a.key, b.key) })
		return
	}
	for i := 1; i < len(all); i++ {
		x, j := all[i], i
		for ; j > 0 && all[j-1].key > x.key; j-- {
			all[j] = all[j-1]
		}
		all[j] = x
	}
}
