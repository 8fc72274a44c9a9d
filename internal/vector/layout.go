// Package vector packs the values of one Go type into fixed-width vectors of 32-bit words, and
// back: small numbers and bools into bits, everything behind a reference into the id of its
// interned content. Two values have equal vectors exactly if they have equal contents. Package plan
// says what content is; the engine uses the vectors.
//
// # The layout of a vector
//
// A vector should be narrow, since its width is the memory of a state, and quick to make, since
// every successor is encoded. So a field takes the cheapest of four forms that is lossless:
//
//   - A field behind a reference, and an array too large to be spread out, takes one word: the id of
//     its interned content. So does a type that brings its own encoding.
//   - A number of 64 bits takes one word, although most of its values would not fit. Nearly all
//     values in states are small, and the few others are interned; a bit of the word tells which.
//     A float takes its bits, which are two words for a float64.
//   - A run of memory that is its own encoding, such as neighbouring fields of int32 or [4]uint8, is
//     copied four bytes at a time, whatever fields these bytes belong to.
//   - What is left of such runs, single bytes, and bools are packed into the last words of the
//     vector, bit by bit.
//
// The parts are placed in this order, which needs no bits for alignment: words first, then bytes,
// then groups of bools, then single bools. Only the packed words at the end must be cleared before
// they are filled.
//
// # Why not one id for the whole state
//
// To intern the whole encoding of a state would be simpler: a state would be one number, and the
// visited set a table of contents. But a step changes a small part of a state, and then all of it
// would be encoded, hashed, compared and stored again. Interned field by field, the unchanged parts
// keep their ids without a look at them, and a large log that a thousand states share is stored
// once. The other extreme, to spread out all that is behind references, would make vectors as wide
// as the largest log.
//
// The unit is the field, since fields are what programs change one at a time. A vector is never
// wider than one word for a reference and the memory of the rest.
package vector

import (
	"reflect"
	"slices"
	"unsafe"

	"github.com/allways-go/allways/internal/intern"
	"github.com/allways-go/allways/internal/plan"
)

// Layout describes how the values of a type are packed into vectors. It is safe for concurrent use.
// Make one with [NewLayout].
type Layout struct {
	typ    reflect.Type
	size   uintptr
	others []op    // fields that are neither copied nor packed: numbers of 64 bits, floats, interned contents
	copied []op    // 4 bytes of memory that are a word
	bytes  []op    // a byte or a bool, shifted into a word
	bools  []op    // 8 bools that end at off+8, of which the last n count, shifted into a word
	pieces []piece // pieces of a type that is packed as a whole; see cover
	words  int
	bitsAt int // first of the words that are filled bit by bit
	cells  []cell
	wide   *intern.Table // numbers of 64 bits that do not fit a word
	flat   bool
}

// NewLayout compiles the layout of a type. The error is that of package plan for types without
// content.
func NewLayout(t reflect.Type) (*Layout, error) {
	if _, err := plan.Of(t); err != nil {
		return nil, err
	}
	c := &compiler{layout: &Layout{typ: t, size: t.Size(), wide: intern.NewTable(), flat: true}}
	if err := c.walk(t, 0, ""); err != nil {
		return nil, err
	}
	c.assign()
	c.layout.pieces = c.layout.cover()
	return c.layout, nil
}

// Words returns the width of the vectors, at least 1.
func (l *Layout) Words() int { return l.words }

// Flat reports whether the memory of every value determines its content and is canonical: there are
// no references, whose memory is elsewhere, and no floats, which have two zeros.
func (l *Layout) Flat() bool { return l.flat }

// Packed reports whether every field is a bool or a number of at most 32 bits. Encoding is then
// copying and shifting, and cannot fail.
func (l *Layout) Packed() bool { return l.flat && len(l.others) == 0 }

// Direct reports whether [Coder.EncodeStep] is possible: every interned field is a reference.
func (l *Layout) Direct() bool {
	return !slices.ContainsFunc(l.cells, func(x cell) bool { return x.kind == headerNone })
}

// Size returns the bytes that the interned contents take.
func (l *Layout) Size() int64 {
	size := int64(0)
	for i := range l.cells {
		size += l.cells[i].table.Size()
	}
	if l.wide.Len() > 0 {
		size += l.wide.Size()
	}
	return size
}

// cell is a field whose content is interned.
type cell struct {
	path  string // name of the field, for errors; empty if it is the whole value
	typ   reflect.Type
	plan  *plan.Plan
	table *intern.Table
	kind  headerKind
	brief func(v unsafe.Pointer, dst *plan.Brief) (n int, ok bool) // see plan.BriefOf; may be nil
}

// headerKind says how the memory of an interned field is compared and copied. If a field has the
// same header as in the state that it was made from, it refers to the same memory, and has the same
// content; see [Coder.EncodeFrom].
type headerKind uint8

const (
	headerOne   headerKind = iota // one pointer: maps and pointers
	headerPair                    // two words, the first a pointer: strings, and slices up to their capacity
	headerSlice                   // as headerPair, copied with the capacity
	headerIface                   // two pointers: interfaces
	headerNone                    // any memory, too long to compare
)

func headerOf(t reflect.Type) headerKind {
	if plan.Opaque(t) {
		return headerNone
	}
	switch t.Kind() {
	case reflect.Map, reflect.Pointer:
		return headerOne
	case reflect.String:
		return headerPair
	case reflect.Slice:
		return headerSlice
	case reflect.Interface:
		return headerIface
	}
	return headerNone
}

// op is one instruction of the encoder and the decoder. Each list of ops uses only some of the
// fields.
type op struct {
	code  opCode  // others: what to do
	shift uint8   // bytes, bools: place in the word
	n     uint8   // bools: number of bools that count
	mask  uint8   // bytes: content of the byte, 1 for a bool
	word  uint32  // place in the vector
	off   uintptr // place in the value
	cell  uint32  // opIntern: index of the cell
}

// opCode says what an op of the list others does.
type opCode uint8

const (
	opInt     opCode = iota // a signed 64-bit number
	opUint                  // an unsigned 64-bit number
	opFloat32               // a float in a word
	opFloat64               // a float in two words
	opIntern                // the id of a content
)
