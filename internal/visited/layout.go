package visited

import (
	"encoding/binary"
	"math/bits"
)

// layout says how a state lies in a record: each word in as many bytes as its values have needed so far. Words are
// ids of contents, numbered from 0, and packed fields: small numbers, most of which need a byte or two. So records
// are a third of the states, and with them the memory that a search fills and reads.
//
// What is kept of a word is its difference from the word of a first state, bit by bit: numbers of one place that have
// their upper bits in common, as ids that are given out in blocks do, lose them.
type layout struct {
	columns []column
	size    int // bytes of a record
}

// column is a word of a state in a record. It is read through a window of four bytes that lies within the record,
// so that reading is the same for all widths, and touches no record beside it, which another worker may be writing.
type column struct {
	base   uint32 // the word of the first state
	mask   uint32 // bits in use, whole bytes
	at     uint32 // place of the first byte
	window uint32 // place of the window
	shift  uint32 // place of the word in the window, in bits
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
	for i := range wide.columns {
		c := &wide.columns[i]
		c.window = min(c.at, uint32(wide.size-windowLen))
		c.shift = 8 * (c.at - c.window)
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

// write writes a state to an empty record. Each word is written with four bytes while there is room for them: those
// beyond its width are zero, and the words behind it overwrite them.
func (l *layout) write(record []byte, state []uint32) {
	record = record[:l.size]
	for i := range l.columns {
		c := &l.columns[i]
		w, at := state[i]^c.base, int(c.at)
		if at+4 <= len(record) {
			binary.LittleEndian.PutUint32(record[at:at+4], w)
			continue
		}
		for ; at < len(record); at++ {
			record[at] = byte(w)
			w >>= 8
		}
	}
}

// word returns a word of a record.
func (c *column) word(record []byte) uint32 {
	return binary.LittleEndian.Uint32(record[c.window:])>>c.shift&c.mask ^ c.base
}

// read writes the state in a record to dst.
func (l *layout) read(record []byte, dst []uint32) {
	columns := l.columns[:len(dst)]
	for i := range columns {
		dst[i] = columns[i].word(record)
	}
}

// holds reports whether a record holds a state.
func (l *layout) holds(record []byte, state []uint32) bool {
	columns := l.columns[:len(state)]
	for i := range columns {
		if columns[i].word(record) != state[i] {
			return false
		}
	}
	return true
}
