// Package vector packs the values of one Go type into fixed-width vectors of 32-bit words, and back: small numbers and
// bools into bits, everything behind a reference into the id of its interned content. Two values have equal vectors if,
// and only if, they have equal content. The meaning of content is package plan's; what vectors are good for is the
// engine's.
package vector

import (
	"fmt"
	"reflect"

	"github.com/allways-go/allways/internal/intern"
	"github.com/allways-go/allways/internal/plan"
)

// Layout says where the fields of a type stand in its vectors. It is safe for concurrent use. Make one with NewLayout.
type Layout struct {
	typ    reflect.Type
	size   uintptr
	others []op    // fields that are neither copied nor packed
	copied []op    // 4 bytes of memory that are a word
	bytes  []op    // a byte or a bool, shifted into a word
	bools  []op    // 8 bools that end at off+8, of which the last n count, shifted into a word
	pieces []piece // the memory of a packed type
	words  int
	bitsAt int // first of the words that are filled bit by bit
	cells  []cell
	wide   *intern.Table // 64-bit numbers that do not fit a word
	flat   bool
	parts  []Cell
}

// Cell describes a field of a layout, for reports.
type Cell struct {
	Path string
	Type string
	Bits int // in the vector; for interned fields the 32 bits of the id
	// Interned is the number of different contents met so far, -1 for fields that are not interned.
	Interned int
}

// NewLayout compiles the layout of a type. The error is that of package plan for types without content.
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

// Flat reports whether a value's memory determines its content and is canonical as it stands: no references, no floats.
func (l *Layout) Flat() bool { return l.flat }

// Packed reports whether every field is a bool or a number of at most 32 bits, so that encoding is copying and shifting.
func (l *Layout) Packed() bool { return l.flat && len(l.others) == 0 }

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

// Describe lists the fields in the order of the type, with the number of different contents met so far.
func (l *Layout) Describe() []Cell {
	parts := append([]Cell(nil), l.parts...)
	cell := 0
	for i := range parts {
		if parts[i].Interned == 0 {
			parts[i].Interned = l.cells[cell].table.Len()
			cell++
		}
	}
	return parts
}

// cell is a field whose content is interned.
type cell struct {
	typ   reflect.Type
	plan  *plan.Plan
	table *intern.Table
	kind  headerKind
}

// headerKind says how the memory of an interned field is compared and copied.
type headerKind uint8

const (
	headerOne   headerKind = iota // one pointer: maps and pointers
	headerPair                    // two words, the first a pointer: strings, and slices up to their capacity
	headerSlice                   // as headerPair, copied with the capacity
	headerIface                   // two pointers: interfaces
	headerNone                    // any memory, without a short comparison
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

// op is one instruction of the encoder and the decoder; which fields mean something depends on the list it stands in.
type op struct {
	code  opCode
	shift uint8
	n     uint8 // bools
	mask  uint8 // the bits of a byte that belong to it
	word  uint32
	off   uintptr
	cell  uint32
}

type opCode uint8

const (
	opCopied  opCode = iota
	opInt            // a signed 64-bit number
	opUint           // an unsigned 64-bit number
	opFloat32        // a float in a word
	opFloat64        // a float in two words
	opIntern         // the id of a content
)

// maxFlatWords is the number of words beyond which an array is interned as a whole.
const maxFlatWords = 64

// compiler collects the fields of a type.
type compiler struct {
	layout *Layout
	whole  []op  // ops that fill whole words
	raw    []run // memory that is its own encoding
	bools  []uintptr
}

type run struct{ off, size uintptr }

func (c *compiler) walk(t reflect.Type, off uintptr, path string) error {
	if plan.Opaque(t) {
		return c.intern(t, off, path)
	}
	part := func(bits int) { c.part(t, path, bits, -1) }
	switch t.Kind() {
	case reflect.Bool:
		part(1)
		c.bools = append(c.bools, off)
	case reflect.Int8, reflect.Uint8, reflect.Int16, reflect.Uint16, reflect.Int32, reflect.Uint32:
		part(t.Bits())
		c.addRaw(off, t.Size())
	case reflect.Int, reflect.Int64:
		part(32)
		c.addInt(opInt, off, t.Size())
	case reflect.Uint, reflect.Uint64:
		part(32)
		c.addInt(opUint, off, t.Size())
	case reflect.Float32:
		part(32)
		c.addFloat(opFloat32, off)
	case reflect.Float64:
		part(64)
		c.addFloat(opFloat64, off)
	case reflect.Complex64:
		part(64)
		c.addFloat(opFloat32, off)
		c.addFloat(opFloat32, off+4)
	case reflect.Complex128:
		part(128)
		c.addFloat(opFloat64, off)
		c.addFloat(opFloat64, off+8)
	case reflect.Struct:
		return c.walkStruct(t, off, path)
	case reflect.Array:
		return c.walkArray(t, off, path)
	default:
		return c.intern(t, off, path)
	}
	return nil
}

func (c *compiler) part(t reflect.Type, path string, bits, interned int) {
	c.layout.parts = append(c.layout.parts, Cell{Path: path, Type: t.String(), Bits: bits, Interned: interned})
}

func (c *compiler) walkStruct(t reflect.Type, off uintptr, path string) error {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Name == "_" {
			continue
		}
		name := f.Name
		if path != "" {
			name = path + "." + name
		}
		if err := c.walk(f.Type, off+f.Offset, name); err != nil {
			return err
		}
	}
	return nil
}

func (c *compiler) walkArray(t reflect.Type, off uintptr, path string) error {
	if flatBits(t) > 32*maxFlatWords {
		return c.intern(t, off, path)
	}
	for i := range t.Len() {
		if err := c.walk(t.Elem(), off+uintptr(i)*t.Elem().Size(), fmt.Sprintf("%s[%d]", path, i)); err != nil {
			return err
		}
	}
	return nil
}

// flatBits returns how many bits of vector a type takes when it is not interned as a whole.
func flatBits(t reflect.Type) int {
	if plan.Opaque(t) {
		return 32
	}
	switch t.Kind() {
	case reflect.Bool:
		return 1
	case reflect.Int8, reflect.Uint8, reflect.Int16, reflect.Uint16:
		return t.Bits()
	case reflect.Float64, reflect.Complex64:
		return 64
	case reflect.Complex128:
		return 128
	case reflect.Array:
		if t.Len() == 0 {
			return 0
		}
		if each := flatBits(t.Elem()); each <= 32*maxFlatWords {
			return t.Len() * each
		}
		return 32 * t.Len()
	case reflect.Struct:
		sum := 0
		for i := range t.NumField() {
			sum += flatBits(t.Field(i).Type)
		}
		return sum
	}
	return 32
}

func (c *compiler) addRaw(off, size uintptr) {
	if n := len(c.raw); n > 0 && c.raw[n-1].off+c.raw[n-1].size == off {
		c.raw[n-1].size += size
		return
	}
	c.raw = append(c.raw, run{off, size})
}

func (c *compiler) addInt(code opCode, off, size uintptr) {
	if size == 4 { // int and uint on a 32-bit platform
		c.addRaw(off, size)
		return
	}
	c.whole = append(c.whole, op{code: code, off: off})
}

func (c *compiler) addFloat(code opCode, off uintptr) {
	c.layout.flat = false
	c.whole = append(c.whole, op{code: code, off: off})
}

func (c *compiler) intern(t reflect.Type, off uintptr, path string) error {
	p, err := plan.Of(t)
	if err != nil {
		return err
	}
	c.layout.flat = false
	c.part(t, path, 32, 0)
	c.whole = append(c.whole, op{code: opIntern, off: off, cell: uint32(len(c.layout.cells))})
	c.layout.cells = append(c.layout.cells, cell{typ: t, plan: p, table: intern.NewTable(), kind: headerOf(t)})
	return nil
}

// assign gives every op its place: whole words first, then what is packed, from wide to narrow, so that nothing straddles
// a word.
func (c *compiler) assign() {
	l := c.layout
	for _, o := range c.whole {
		o.word = uint32(l.words)
		l.words++
		if o.code == opFloat64 {
			l.words++
		}
		l.others = append(l.others, o)
	}
	var bytes []uintptr
	for _, r := range c.raw {
		for ; r.size >= 4; r.off, r.size = r.off+4, r.size-4 {
			l.copied = append(l.copied, op{off: r.off, word: uint32(l.words)})
			l.words++
		}
		for ; r.size > 0; r.off, r.size = r.off+1, r.size-1 {
			bytes = append(bytes, r.off)
		}
	}
	l.bitsAt = l.words
	bits := 0
	place := func(o op, width int) op {
		if bits%32+width > 32 {
			bits = (bits + 31) &^ 31
		}
		o.word, o.shift = uint32(l.bitsAt+bits/32), uint8(bits%32)
		bits += width
		return o
	}
	for _, off := range bytes {
		l.bytes = append(l.bytes, place(op{off: off, mask: 0xff}, 8))
	}
	groups, single := groupBools(c.bools)
	for _, g := range groups {
		l.bools = append(l.bools, place(g, int(g.n)))
	}
	for _, off := range single {
		l.bytes = append(l.bytes, place(op{off: off, mask: 1}, 1))
	}
	l.words = max(l.bitsAt+(bits+31)/32, 1)
}

// groupBools splits bools into groups of 8 that stand side by side, whole groups first, and single ones. The end of a
// run of more than 8 is a group that overlaps the one before it, and only its last n bools count.
func groupBools(offs []uintptr) (groups []op, single []uintptr) {
	var partial []op
	for i := 0; i < len(offs); {
		j := i + 1
		for j < len(offs) && offs[j] == offs[j-1]+1 {
			j++
		}
		n := j - i
		for k := i; k+8 <= j; k += 8 {
			groups = append(groups, op{off: offs[k], n: 8})
		}
		switch rest := n % 8; {
		case n < 8:
			single = append(single, offs[i:j]...)
		case rest > 0:
			partial = append(partial, op{off: offs[j-8], n: uint8(rest)})
		}
		i = j
	}
	return append(groups, partial...), single
}
