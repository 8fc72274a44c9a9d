package symmetry

import (
	"encoding/binary"
	"math"
	"math/bits"
	"unsafe"
)

// seed and the tokens are arbitrary odd numbers. Hashes must be the same in every process, since
// they determine which member of an orbit becomes the representative, and runs must be
// reproducible. Hashes of package maphash are not.
const (
	seed           uint64 = 0x9e3779b97f4a7c15
	tokenReference uint64 = 0xc2b2ae3d27d4eb4f
	tokenSelf      uint64 = 0x165667b19e3779f9
	tokenOwner     uint64 = 0xd6e8feb86659fd93
	tokenLink      uint64 = 0xa0761d6478bd642f
	tokenPointer   uint64 = 0xe7037ed1a0b428db
	tokenValue     uint64 = 0x8ebc6af09c88c6e3
	tokenNone      uint64 = 0x589965cc75374cc3
)

// mix joins two numbers into a hash, by folding a product of 128 bits, as wyhash does (Wang Yi,
// 2019).
func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a^0x2d358dccaa6c78a5, b^0x8bb84b93962eacc9)
	return hi ^ lo
}

func hashString(h uint64, s string) uint64 {
	return hashBytes(h, unsafe.Slice(unsafe.StringData(s), len(s)))
}

// hashBytes takes 8 bytes at a time. The length goes in first, so that the zeros that fill up the
// last 8 bytes mean nothing.
func hashBytes(h uint64, b []byte) uint64 {
	h = mix(h, uint64(len(b)))
	for ; len(b) >= 8; b = b[8:] {
		h = mix(h, binary.LittleEndian.Uint64(b))
	}
	var last uint64
	for i, x := range b {
		last |= uint64(x) << (8 * i)
	}
	return mix(h, last)
}

func hashFloat(h uint64, f float64) uint64 {
	if f != f {
		return mix(h, tokenNone) // all NaNs are the same content
	}
	return mix(h, math.Float64bits(f+0)) // so are -0 and +0
}

// Two contents that a renaming makes equal must have equal hashes. So a hash takes from an
// identifier what a renaming leaves as it is, its rank, and from what a renaming moves the set and
// not the order. All else is hashed as it is. Contents that differ should have different hashes,
// but nothing depends on it: see work.

// hash continues h with the content at v, in which identifiers appear as their ranks. The owner of
// the place appears as itself: "my vote is for me" is the same for all identifiers, and must not
// depend on a rank that is yet to be split.
func (w *work) hash(n *node, v unsafe.Pointer, h uint64) uint64 {
	if w.failed {
		return h
	}
	switch n.op {
	case opPlain:
		return hashBytes(h, unsafe.Slice((*byte)(v), n.size))
	case opFloat:
		if n.size == 4 {
			return hashFloat(h, float64(*(*float32)(v)))
		}
		return hashFloat(h, *(*float64)(v))
	case opComplex:
		c := n.value(v).Complex()
		return hashFloat(hashFloat(h, real(c)), imag(c))
	case opString:
		return hashString(h, *(*string)(v))
	case opOpaque:
		if b, err := n.plan.Append(nil, v); err == nil { // package plan reports the error
			return hashBytes(h, b)
		}
	case opID:
		return w.hashIdentifier(n, v, h)
	case opStruct:
		for _, f := range n.used(v) {
			h = w.hash(f.node, unsafe.Add(v, f.off), h)
		}
	case opArray:
		return w.hashElements(n, v, n.count, h)
	case opSlice, opMap, opPointer, opInterface:
		if w.descend() {
			h = w.hashReferenced(n, v, h)
			w.ascend()
		}
	}
	return h
}

// hashReferenced continues h with what the slice, map, pointer or interface at v refers to. An
// indexed slice must have an element for each identifier, or moving elements would not be a
// renaming.
func (w *work) hashReferenced(n *node, v unsafe.Pointer, h uint64) uint64 {
	switch n.op {
	case opSlice:
		first, count := sliceAt(v)
		if n.kind != nil && count > 0 && count < n.kind.N {
			w.failed = true
			return h
		}
		return w.hashElements(n, first, count, mix(h, uint64(count)))
	case opMap:
		return w.hashMap(n, v, h)
	case opPointer:
		if at := *(*unsafe.Pointer)(v); at != nil {
			return w.hash(n.elem, at, mix(h, tokenPointer))
		}
	case opInterface:
		if q, at := w.open(n, v); q != nil {
			return w.hash(q, at, mix(h, q.name))
		}
	}
	return mix(h, tokenNone)
}

// hashIdentifier continues h with an identifier. A value out of range is no identifier, and is
// hashed as the number that it is: it means the same in all members of the orbit.
func (w *work) hashIdentifier(n *node, v unsafe.Pointer, h uint64) uint64 {
	i, ok := w.identifier(n, v)
	if !ok {
		return mix(mix(h, tokenNone), number(n.size, v))
	}
	return mix(h, w.alias(i))
}

// alias returns what stands for an identifier in a hash.
func (w *work) alias(i int) uint64 {
	if i == w.owner {
		return tokenSelf
	}
	w.used = true
	return mix(tokenReference, w.rank[i])
}

// hashElements hashes elements in order. Those that belong to identifiers are hashed by a sum
// instead: their order is the one of the names.
func (w *work) hashElements(n *node, first unsafe.Pointer, count int, h uint64) uint64 {
	k := 0
	if n.kind != nil && count >= n.kind.N {
		outer := w.owner
		var sum uint64
		for ; k < n.kind.N; k++ {
			w.owner = outer
			alias := w.alias(n.kind.base + k)
			w.owner = n.kind.base + k
			sum += w.hash(n.elem, unsafe.Add(first, uintptr(k)*n.elem.size), alias)
		}
		w.owner = outer
		h = mix(h, sum)
	}
	for ; k < count; k++ {
		h = w.hash(n.elem, unsafe.Add(first, uintptr(k)*n.elem.size), h)
	}
	return h
}

// hashMap hashes entries by a sum, since maps have no order.
func (w *work) hashMap(n *node, v unsafe.Pointer, h uint64) uint64 {
	m := n.value(v)
	if m.Len() == 0 {
		return mix(h, tokenNone)
	}
	key, value := n.scratch()
	var sum uint64
	for it := m.MapRange(); it.Next(); {
		key.SetIterKey(it)
		value.SetIterValue(it)
		sum += w.hash(n.elem, value.Addr().UnsafePointer(), w.hash(n.key, key.Addr().UnsafePointer(), seed))
	}
	return mix(mix(h, uint64(m.Len())), sum)
}
