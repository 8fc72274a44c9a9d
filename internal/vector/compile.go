package vector

import (
	"fmt"
	"reflect"

	"github.com/allways-go/allways/internal/intern"
	"github.com/allways-go/allways/internal/plan"
)

// maxFlatWords is the largest array, in words of vector, that is spread out. A wider one would be
// most of the state: as one interned content it takes a word, and states that differ elsewhere
// share it.
const maxFlatWords = 64

// compiler collects the fields of a type by their form, and gives them their places at the end. The
// order in the vector means nothing: only equality of vectors does.
type compiler struct {
	layout *Layout
	whole  []op      // ops that fill whole words
	raw    []run     // memory that is its own encoding
	bools  []uintptr // places of bools
}

// run is a range of memory of the value.
type run struct{ off, size uintptr }

// Interning costs a hash and a look-up for a field that has changed, and saves the width of its
// content. Small numbers are narrower than an id, or as wide, and stay as they are; what is behind a
// reference has no fixed width, so it is always interned. Between these are arrays: spread out, an
// array costs nothing but its width; interned, a wide one takes a single word.

// walk collects the fields of the part at off. path is its name in errors.
func (c *compiler) walk(t reflect.Type, off uintptr, path string) error {
	if plan.Opaque(t) {
		return c.intern(t, off, path)
	}
	switch t.Kind() {
	case reflect.Bool:
		c.bools = append(c.bools, off)
	case reflect.Int8, reflect.Uint8, reflect.Int16, reflect.Uint16, reflect.Int32, reflect.Uint32:
		c.addRaw(off, t.Size())
	case reflect.Int, reflect.Int64:
		c.addInt(opInt, off, t.Size())
	case reflect.Uint, reflect.Uint64:
		c.addInt(opUint, off, t.Size())
	case reflect.Float32:
		c.addFloat(opFloat32, off)
	case reflect.Float64:
		c.addFloat(opFloat64, off)
	case reflect.Complex64:
		c.addFloat(opFloat32, off)
		c.addFloat(opFloat32, off+4)
	case reflect.Complex128:
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

// walkArray spreads an array out, or interns it as a whole if it is too wide.
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

// flatBits returns the number of bits of vector that a type takes if it is spread out. It counts
// bits and not bytes of memory, so that an array of 1,000 bools, which is 32 words, is spread out.
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

// addRaw adds memory to the last run, if it follows that run directly. Gaps between fields end a
// run, for they are not content. Joining small fields lets them be copied in words, across the
// borders of fields.
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

// addFloat adds a float. Its memory is not its encoding, since there are two zeros and many NaNs.
func (c *compiler) addFloat(code opCode, off uintptr) {
	c.layout.flat = false
	c.whole = append(c.whole, op{code: code, off: off})
}

// intern makes a field a cell with a separate table. Ids of 32 bits are then numerous enough, and
// the ids of one field are dense.
func (c *compiler) intern(t reflect.Type, off uintptr, path string) error {
	p, err := plan.Of(t)
	if err != nil {
		return err
	}
	c.layout.flat = false
	c.whole = append(c.whole, op{code: opIntern, off: off, cell: uint32(len(c.layout.cells))})
	c.layout.cells = append(c.layout.cells, cell{
		path: path, typ: t, plan: p, table: intern.NewTable(), kind: headerOf(t), brief: plan.BriefOf(p),
	})
	return nil
}

// assign gives every op its place: first what fills whole words, then what is packed into the last
// words.
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
	c.packBits(bytes)
}

// packBits places the given bytes and all bools, from wide to narrow. In that order a part never
// straddles two words and hardly a bit is lost: bytes fill their words, and the groups of bools
// that follow are mostly 8 wide.
func (c *compiler) packBits(bytes []uintptr) {
	l, bits := c.layout, 0
	l.bitsAt = l.words
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

// groupBools splits bools into groups of 8 that are neighbours in memory, and single ones. A group
// is read as one number of 64 bits and packed by one multiplication, where 8 single bools would
// take 8 loads and shifts.
//
// A run of more than 8 bools rarely is a multiple of 8. Its end is read together with bools of the
// group before it, so that no memory beyond the run is touched, and only its last n bools count.
// Runs of less than 8 are left to single ops. Whole groups come first, since partial ones would
// shift them off their borders of 8 bits.
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
