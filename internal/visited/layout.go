package visited

import (
	"encoding/binary"
	"math/bits"
	"unsafe"
)

// layout says how a state lies in a record: each word in as many bytes as its values have needed so far. Words are
// ids of contents, numbered from 0, and packed fields: small numbers, most of which need a byte or two. So records
// are a third of the states, and with them the memory that a search fills and reads.
//
// What is kept of a word is its difference from the word of a first state, bit by bit: numbers of one place that have
// their upper bits in common, as ids that are given out in blocks do, lose them.
//
// Records are read and written by windows of four bytes, so that all widths are treated alike. No window reaches into
// the record behind, which another worker may be writing: the last columns are read through the last window. These
// are loops of few instructions, without checks of bounds, since each state of a search passes them several times.
type layout struct {
	columns []column
	inner   int // number of columns that have four bytes from their place on
	size    int // bytes of a record
}

// column is a word of a state in a record.
type column struct {
	base uint32 // the word of the first state
	mask uint32 // bits in use, whole bytes
	at   uint32 // place of the first byte
}

const windowLen = 4

// newLayout returns the layout of records that can hold nothing but one state.
func newLayout(state []uint32) *layout {
	l := &layout{columns: make([]column, len(state))}
	for i, w := range state {
		l.columns[i].base = w
	}
	return l.widened(make([]uint32, len(state)))
}

// widened returns a layout that also has room for some bits of each word.
func (l *layout) widened(more []uint32) *layout {
	wide := &layout{columns: make([]column, len(more))}
	for i, c := range l.columns {
		bytes := (bits.Len32(c.mask|more[i]) + 7) / 8
		wide.columns[i] = column{base: c.base, mask: uint32(1<<(8*bytes) - 1), at: uint32(wide.size)}
		wide.size += bytes
	}
	wide.size = max(wide.size, windowLen)
	for _, c := range wide.columns {
		if int(c.at)+windowLen <= wide.size {
			wide.inner++
		}
	}
	return wide
}

// bits returns the bits of each word in which states that stand back to back differ from the first state.
func (l *layout) bits(states []uint32) []uint32 {
	all := make([]uint32, len(l.columns))
	for ; len(states) > 0; states = states[len(all):] {
		for i, w := range states[:len(all)] {
			all[i] |= w ^ l.columns[i].base
		}
	}
	return all
}

// fits reports whether a record has room for a state.
func (l *layout) fits(state []uint32) bool {
	if l == nil {
		return false
	}
	columns, over := l.columns[:len(state)], uint32(0)
	for i := range columns {
		over |= (state[i] ^ columns[i].base) &^ columns[i].mask
	}
	return over == 0
}

// windowAt returns four bytes of a record.
func windowAt(record []byte, at uint32) []byte {
	return (*[windowLen]byte)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(record)), at))[:]
}

// write writes a state to an empty record. The bytes beyond the width of a word are zero, and the words behind it
// overwrite them.
func (l *layout) write(record []byte, state []uint32) {
	record, columns := record[:l.size], l.columns[:len(state)]
	for i := range columns[:l.inner] {
		c := &columns[i]
		binary.LittleEndian.PutUint32(windowAt(record, c.at), state[i]^c.base)
	}
	for i := l.inner; i < len(columns); i++ {
		w := state[i] ^ columns[i].base
		for at := columns[i].at; int(at) < len(record); at++ {
			record[at] = byte(w)
			w >>= 8
		}
	}
}

// read writes the state in a record to dst.
func (l *layout) read(record []byte, dst []uint32) {
	record, columns := record[:l.size], l.columns[:len(dst)]
	for i := range columns[:l.inner] {
		c := &columns[i]
		dst[i] = binary.LittleEndian.Uint32(windowAt(record, c.at))&c.mask ^ c.base
	}
	for i := l.inner; i < len(columns); i++ {
		dst[i] = l.tail(record, i)
	}
}

// holds reports whether a record holds a state.
func (l *layout) holds(record []byte, state []uint32) bool {
	record, columns, differ := record[:l.size], l.columns[:len(state)], uint32(0)
	for i := range columns[:l.inner] {
		c := &columns[i]
		differ |= binary.LittleEndian.Uint32(windowAt(record, c.at))&c.mask ^ c.base ^ state[i]
	}
	for i := l.inner; i < len(columns); i++ {
		differ |= l.tail(record, i) ^ state[i]
	}
	return differ == 0
}

// tail returns one of the last words of a record.
func (l *layout) tail(record []byte, i int) uint32 {
	c, last := &l.columns[i], uint32(l.size-windowLen)
	shift := 8 * (c.at - last)
	return uint32(uint64(binary.LittleEndian.Uint32(windowAt(record, last)))>>(shift&63))&c.mask ^ c.base
}
