package vector

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"reflect"
	"unsafe"

	"github.com/allways-go/allways/internal/plan"
)

// Coder encodes and decodes for one goroutine. Make one with [Layout.NewCoder].
//
// Decoding an interned content allocates its maps and slices, and most states share most of their
// contents. So a coder keeps decoded contents by id, and lends one to all states that have it. User
// code may then change, against the rules, a map that other states share. The coder therefore
// remembers what it lent, and Returned checks that it is as it was: once for all loans since the
// last check, however many states shared a content.
type Coder struct {
	*Layout
	scratch []byte
	decoded []decodeCache // one for each cell
	known   []known       // one for each cell
	form    plan.Brief    // scratch memory
	lifted  header        // scratch memory
	cached  int64         // bytes of all caches, roughly
	lent    []loan        // loans of the current round
	round   uint32        // number of the round, 1 at first; Returned begins a new one
}

// loan is a decoded content that states refer to.
type loan struct {
	cell, id uint32
	value    unsafe.Pointer
}

// decodeCache keeps the decoded contents of one cell. It can be dropped at any time: states that
// refer to its values keep them.
type decodeCache struct {
	values []unsafe.Pointer // value of each id, or nil
	lent   []uint32         // round in which the value of each id was lent last
	bytes  int64
}

// cacheBytes limits the decoded contents that a coder keeps for one cell. When it is full, all of
// it is dropped: to choose what to keep would take a note at each use, and what is needed is soon
// decoded again.
const cacheBytes = 16 << 20

// decodedFactor is a rough estimate of the memory of a decoded content, relative to its encoding.
const decodedFactor = 8

// NewCoder returns a coder for one goroutine.
func (l *Layout) NewCoder() *Coder {
	return &Coder{
		Layout: l, decoded: make([]decodeCache, len(l.cells)), known: make([]known, len(l.cells)), round: 1,
	}
}

// CacheSize returns the bytes of contents that the coder keeps, roughly.
func (c *Coder) CacheSize() int64 { return c.cached }

// Encode writes the vector of the value at v to dst. The error says that the value has no content,
// for example because it is cyclic, and names the field.
func (c *Coder) Encode(dst []uint32, v unsafe.Pointer) error { return c.encode(dst, v, nil, nil) }

// EncodeFrom is Encode for a value that was made from another one, at base, whose vector is
// baseVec. A field whose reference equals that of the base keeps its id without a look at its
// content, which is most of the fields in most steps. That is right only if memory is not changed
// after it was encoded: the caller must check that, see Returned.
func (c *Coder) EncodeFrom(dst []uint32, v, base unsafe.Pointer, baseVec []uint32) error {
	return c.encode(dst, v, base, baseVec)
}

func (c *Coder) encode(dst []uint32, v, base unsafe.Pointer, baseVec []uint32) error {
	for i := range c.others {
		if err := c.encodeOther(dst, &c.others[i], v, base, baseVec); err != nil {
			return err
		}
	}
	c.encodePacked(dst, v)
	return nil
}

// encodePacked encodes the fields that need neither interning nor arithmetic.
func (c *Coder) encodePacked(dst []uint32, v unsafe.Pointer) {
	// There is one loop for each kind of op. A switch in a single loop would be mispredicted too
	// often.
	for i := range c.copied {
		o := &c.copied[i]
		dst[o.word] = *(*uint32)(unsafe.Add(v, o.off))
	}
	if c.bitsAt >= len(dst) {
		return
	}
	clear(dst[c.bitsAt:])
	for i := range c.bytes {
		o := &c.bytes[i]
		dst[o.word] |= uint32(*(*uint8)(unsafe.Add(v, o.off))) << (o.shift & 31)
	}
	for i := range c.bools {
		o := &c.bools[i]
		x := binary.LittleEndian.Uint64((*[8]byte)(unsafe.Add(v, o.off))[:])
		dst[o.word] |= packBools(x) >> ((8 - o.n) & 31) << (o.shift & 31)
	}
}

// EncodeStep is EncodeFrom for layouts that are direct (see [Layout.Direct]). It keeps no address of
// the value's memory, not even for a while, so that the value may be on the stack. It reports whether
// the vectors differ.
func (c *Coder) EncodeStep(dst []uint32, v, base unsafe.Pointer, baseVec []uint32) (changed bool, err error) {
	for i := range c.others {
		o := &c.others[i]
		p := unsafe.Add(v, o.off)
		if o.code != opIntern {
			if err := c.encodeNumber(dst, o, p); err != nil {
				return false, err
			}
			continue
		}
		x := &c.cells[o.cell]
		if x.same(p, unsafe.Add(base, o.off)) {
			dst[o.word] = baseVec[o.word]
			continue
		}
		id, err := c.intern(o.cell, c.lifted.lift(x.kind, p))
		if err != nil {
			return false, x.inField(err)
		}
		dst[o.word] = id
	}
	c.encodePacked(dst, v)
	return !sameWords(dst, baseVec), nil
}

// header is memory for one reference of any kind.
type header struct {
	one   unsafe.Pointer
	pair  string
	slice []byte
	iface [2]unsafe.Pointer
}

// lift copies a reference and returns the address of the copy.
func (h *header) lift(k headerKind, p unsafe.Pointer) unsafe.Pointer {
	switch k {
	case headerOne:
		h.one = *(*unsafe.Pointer)(p)
		return unsafe.Pointer(&h.one)
	case headerPair:
		h.pair = *(*string)(p)
		return unsafe.Pointer(&h.pair)
	case headerSlice:
		h.slice = *(*[]byte)(p)
		return unsafe.Pointer(&h.slice)
	}
	h.iface = *(*[2]unsafe.Pointer)(p)
	return unsafe.Pointer(&h.iface)
}

// encodeOther encodes a field that is neither memory to be copied nor a part of a word.
func (c *Coder) encodeOther(dst []uint32, o *op, v, base unsafe.Pointer, baseVec []uint32) error {
	p := unsafe.Add(v, o.off)
	if o.code != opIntern {
		return c.encodeNumber(dst, o, p)
	}
	if base != nil && c.cells[o.cell].same(p, unsafe.Add(base, o.off)) {
		dst[o.word] = baseVec[o.word]
		return nil
	}
	id, err := c.intern(o.cell, p)
	if err != nil {
		return c.cells[o.cell].inField(err)
	}
	dst[o.word] = id
	return nil
}

// encodeNumber encodes a number or a float that fills whole words.
func (c *Coder) encodeNumber(dst []uint32, o *op, p unsafe.Pointer) (err error) {
	switch o.code {
	case opInt:
		x := *(*int64)(p)
		dst[o.word], err = c.narrow(uint64(x)<<1 ^ uint64(x>>63)) // zig-zag: small numbers of both signs are small
	case opUint:
		dst[o.word], err = c.narrow(*(*uint64)(p))
	case opFloat32:
		dst[o.word] = float32Bits(*(*float32)(p))
	case opFloat64:
		b := float64Bits(*(*float64)(p))
		dst[o.word], dst[o.word+1] = uint32(b), uint32(b>>32)
	}
	return err
}

// wideBit marks words that hold the id of a number that is too large for the other 31 bits. The
// number itself has no such mark, and equal numbers have equal ids, so the encoding remains
// one-to-one.
const wideBit = 1 << 31

// narrow returns the word of a number: the number itself if it is small, else an id.
func (c *Coder) narrow(x uint64) (uint32, error) {
	if x < wideBit {
		return uint32(x), nil
	}
	id, err := c.wide.Intern(binary.LittleEndian.AppendUint64(c.scratch[:0], x))
	return id | wideBit, err
}

func (c *Coder) widen(w uint32) uint64 {
	if w&wideBit == 0 {
		return uint64(w)
	}
	return binary.LittleEndian.Uint64(c.wide.Bytes(w &^ wideBit))
}

func float32Bits(f float32) uint32 {
	switch {
	case f == 0:
		return 0 // for both signs
	case f != f:
		return math.Float32bits(float32(math.NaN())) // for all payloads
	}
	return math.Float32bits(f)
}

func float64Bits(f float64) uint64 {
	switch {
	case f == 0:
		return 0
	case f != f:
		return math.Float64bits(math.NaN())
	}
	return math.Float64bits(f)
}

// packBools gathers 8 bytes, each 0 or 1, into one byte. The highest bit is that of the last byte
// in memory. The multiplication adds up copies of x that are shifted by 7, 14, and so on up to 56
// bits, which takes the bit of byte i to bit 56+i. The 64 products are all in different places, so
// nothing is carried.
func packBools(x uint64) uint32 { return uint32(x * 0x0102040810204080 >> 56) }

// intern returns the id of the content of a cell at p.
func (c *Coder) intern(cell uint32, p unsafe.Pointer) (uint32, error) {
	x := &c.cells[cell]
	if x.brief == nil {
		return c.internWhole(x, p)
	}
	n, ok := x.brief(p, &c.form)
	if !ok {
		return c.internWhole(x, p)
	}
	k := &c.known[cell]
	e := k.at(&c.form, n)
	if e.is(&c.form, n) {
		return e.id, nil
	}
	id, err := c.internWhole(x, p)
	if err == nil {
		c.cached += k.put(&c.form, n, id)
	}
	return id, err
}

// internWhole is intern by the encoding of the content.
func (c *Coder) internWhole(x *cell, p unsafe.Pointer) (uint32, error) {
	b, err := x.plan.Append(c.scratch[:0], p)
	if err != nil {
		return 0, err
	}
	c.scratch = b
	return x.table.Intern(b)
}

// inField adds the name of the field to an error of its plan.
func (x *cell) inField(err error) error {
	if x.path == "" {
		return err
	}
	return fmt.Errorf("field %s: %w", x.path, err)
}

// same reports whether the references at p and q are identical. Then their contents are, too.
func (x *cell) same(p, q unsafe.Pointer) bool {
	switch x.kind {
	case headerOne:
		return *(*uintptr)(p) == *(*uintptr)(q)
	case headerPair, headerSlice, headerIface:
		return *(*[2]uintptr)(p) == *(*[2]uintptr)(q)
	}
	return false
}

// Decode writes the value of a vector, in canonical form, to dst, and overwrites all fields there.
// The value may share contents with values that this coder decoded before, but never between two
// fields. It must not be changed.
func (c *Coder) Decode(vec []uint32, dst unsafe.Pointer) { c.decode(vec, dst, true) }

// DecodeFresh is Decode without shared contents, for values that may be changed.
func (c *Coder) DecodeFresh(vec []uint32, dst unsafe.Pointer) { c.decode(vec, dst, false) }

func (c *Coder) decode(vec []uint32, dst unsafe.Pointer, shared bool) {
	for i := range c.others {
		c.decodeOther(vec, &c.others[i], dst, shared)
	}
	for i := range c.copied {
		o := &c.copied[i]
		*(*uint32)(unsafe.Add(dst, o.off)) = vec[o.word]
	}
	for i := range c.bytes {
		o := &c.bytes[i]
		*(*uint8)(unsafe.Add(dst, o.off)) = uint8(vec[o.word]>>(o.shift&31)) & o.mask
	}
	for i := range c.bools {
		o := &c.bools[i]
		c.decodeBools(o, vec[o.word]>>(o.shift&31), unsafe.Add(dst, o.off))
	}
}

// decodeOther decodes a field that is neither copied memory nor a part of a word.
func (c *Coder) decodeOther(vec []uint32, o *op, dst unsafe.Pointer, shared bool) {
	p, w := unsafe.Add(dst, o.off), vec[o.word]
	switch o.code {
	case opInt:
		x := c.widen(w)
		*(*int64)(p) = int64(x>>1) ^ -int64(x&1)
	case opUint:
		*(*uint64)(p) = c.widen(w)
	case opFloat32:
		*(*float32)(p) = math.Float32frombits(w)
	case opFloat64:
		*(*float64)(p) = math.Float64frombits(uint64(w) | uint64(vec[o.word+1])<<32)
	case opIntern:
		x := &c.cells[o.cell]
		if shared {
			x.copyHeader(p, c.cachedValue(o.cell, w))
		} else {
			x.decodeInto(w, p)
		}
	}
}

// spread is the inverse of packBools.
var spread = func() (t [256]uint64) {
	for b := range t {
		for i := range 8 {
			t[b] |= uint64(b>>i&1) << (8 * i)
		}
	}
	return t
}()

func (c *Coder) decodeBools(o *op, w uint32, p unsafe.Pointer) {
	if o.n == 8 {
		binary.LittleEndian.PutUint64((*[8]byte)(p)[:], spread[uint8(w)])
		return
	}
	for k := range uintptr(o.n) {
		*(*uint8)(unsafe.Add(p, 8-uintptr(o.n)+k)) = uint8(w >> k & 1)
	}
}

// decodeInto decodes the content with an id into new memory.
func (x *cell) decodeInto(id uint32, dst unsafe.Pointer) {
	if _, err := x.plan.Decode(x.table.Bytes(id), dst); err != nil {
		panic(fmt.Sprintf("vector: an interned %v cannot be decoded: %v", x.typ, err))
	}
}

// cachedValue returns the decoded content with an id, and notes the loan.
func (c *Coder) cachedValue(cell, id uint32) unsafe.Pointer {
	d, x := &c.decoded[cell], &c.cells[cell]
	if int(id) < len(d.values) && d.values[id] != nil {
		d.lend(c, cell, id)
		return d.values[id]
	}
	if d.bytes > cacheBytes {
		c.cached -= d.bytes
		*d = decodeCache{}
	}
	if int(id) >= len(d.values) {
		n := max(2*len(d.values), int(id)+1, 64)
		grown := make([]unsafe.Pointer, n)
		copy(grown, d.values)
		d.add(c, 12*int64(n-len(d.values)))
		d.values = grown
		d.lent = append(make([]uint32, 0, n), d.lent...)[:n]
	}
	v := reflect.New(x.typ).UnsafePointer()
	x.decodeInto(id, v)
	d.values[id] = v
	d.add(c, int64(x.typ.Size())+decodedFactor*int64(len(x.table.Bytes(id))))
	d.lend(c, cell, id)
	return v
}

// lend notes a loan, once in each round.
func (d *decodeCache) lend(c *Coder, cell, id uint32) {
	if d.lent[id] != c.round {
		d.lent[id] = c.round
		c.lent = append(c.lent, loan{cell, id, d.values[id]})
	}
}

// Returned reports whether all contents that Decode lent since the last call of Returned are
// unchanged. It compares them with their encodings.
func (c *Coder) Returned() bool {
	same := true
	for _, l := range c.lent {
		if c.cells[l.cell].kind == headerPair {
			continue // strings cannot be changed
		}
		if same = c.is(l.cell, l.id, l.value); !same {
			break
		}
	}
	clear(c.lent)
	c.lent = c.lent[:0]
	c.round++
	return same
}

// is reports whether the content of a cell at v is the one with an id.
func (c *Coder) is(cell, id uint32, v unsafe.Pointer) bool {
	x := &c.cells[cell]
	if x.brief != nil { // the id is found without the encoding, and is its own if the content is
		now, err := c.intern(cell, v)
		return err == nil && now == id
	}
	b, err := x.plan.Append(c.scratch[:0], v)
	if err != nil {
		return false
	}
	c.scratch = b
	return bytes.Equal(b, x.table.Bytes(id))
}

func (d *decodeCache) add(c *Coder, bytes int64) {
	d.bytes += bytes
	c.cached += bytes
}

// copyHeader copies a value of the cell's type, and shares what it refers to. Pointers are stored
// as pointers, so that the garbage collector sees them.
func (x *cell) copyHeader(dst, src unsafe.Pointer) {
	switch x.kind {
	case headerOne:
		*(*unsafe.Pointer)(dst) = *(*unsafe.Pointer)(src)
	case headerPair:
		*(*string)(dst) = *(*string)(src)
	case headerSlice:
		*(*[]byte)(dst) = *(*[]byte)(src)
	case headerIface:
		*(*[2]unsafe.Pointer)(dst) = *(*[2]unsafe.Pointer)(src)
	default:
		reflect.NewAt(x.typ, dst).Elem().Set(reflect.NewAt(x.typ, src).Elem())
	}
}
