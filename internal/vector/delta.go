package vector

import (
	"encoding/binary"
	"math/bits"
	"unsafe"
)

// piece is 8 bytes of a packed type's memory, with the places of these bytes in the vector.
type piece struct {
	off  uintptr
	mask uint64 // the bytes that are content and belong to no earlier piece
	to   [8]place
}

// place is where the bits of a byte begin in the vector.
type place struct {
	word  uint32
	shift uint8
}

// cover returns the pieces of a packed type, in order. The last one ends with the type, and may
// overlap the one before. Types of less than 8 bytes have none.
func (l *Layout) cover() []piece {
	size := l.size
	if !l.Packed() || size < 8 {
		return nil
	}
	pieces := make([]piece, (size+7)/8)
	for i := range pieces {
		pieces[i].off = min(8*uintptr(i), size-8)
	}
	put := func(off uintptr, word uint32, shift uint8) {
		p := &pieces[off/8]
		p.mask |= 0xff << (8 * (off - p.off))
		p.to[off-p.off] = place{word, shift}
	}
	for _, o := range l.copied {
		for k := range uintptr(4) {
			put(o.off+k, o.word, uint8(8*k))
		}
	}
	for _, o := range l.bytes {
		put(o.off, o.word, o.shift)
	}
	for _, o := range l.bools {
		for k := range uintptr(o.n) {
			put(o.off+8-uintptr(o.n)+k, o.word, o.shift+uint8(k))
		}
	}
	return pieces
}

// EncodeChange is Encode for packed types (see [Layout.Packed]) and a value that differs little
// from the one at base, whose vector is baseVec. It reports whether the vectors differ.
//
// A step changes a few bytes of a state. Encoding of a packed type moves each byte to a separate
// place, so it commutes with exclusive or: the vector of v is the vector of base, exclusive or
// the vector of v exclusive or base. The latter is mostly zero. So the two values are compared 8
// bytes at a time, and only bytes that differ are moved.
func (c *Coder) EncodeChange(dst []uint32, v, base unsafe.Pointer, baseVec []uint32) (changed bool) {
	if len(c.pieces) == 0 {
		c.encodePacked(dst, v)
		return !sameWords(dst, baseVec)
	}
	//lint:ignore S1001 the loop is inlined, the built-in function is not
	for i, w := range baseVec {
		dst[i] = w
	}
	size := c.size
	for off := uintptr(0); off+8 <= size; off += 8 {
		if d := load(unsafe.Add(v, off)) ^ load(unsafe.Add(base, off)); d != 0 {
			changed = c.pieces[off/8].flip(dst, d) || changed
		}
	}
	if size%8 != 0 {
		if d := load(unsafe.Add(v, size-8)) ^ load(unsafe.Add(base, size-8)); d != 0 {
			changed = c.pieces[size/8].flip(dst, d) || changed
		}
	}
	return changed
}

// flip flips the bits of a vector that correspond to those of d, and reports whether there are any.
func (p *piece) flip(dst []uint32, d uint64) bool {
	d &= p.mask
	if d == 0 {
		return false
	}
	for d != 0 {
		at := bits.TrailingZeros64(d) &^ 7
		to := &p.to[at>>3&7]
		dst[to.word] ^= uint32(uint8(d>>(at&63))) << (to.shift & 31)
		d &^= 0xff << (at & 63)
	}
	return true
}

func load(p unsafe.Pointer) uint64 { return binary.LittleEndian.Uint64((*[8]byte)(p)[:]) }

func sameWords(a, b []uint32) bool {
	for i, w := range a {
		if w != b[i] {
			return false
		}
	}
	return true
}
