package plan

import (
	"bytes"
	"encoding/binary"
	"math"
	"reflect"
	"slices"
	"unsafe"
)

// Decode reads an encoding from the front of src, writes the value to dst, and returns the rest of
// src. The value is in canonical form and shares no memory with others. src may be garbage: then
// Decode returns an error, and allocates no more memory than in proportion to the length of src. It
// accepts only what Append writes, so that a decoded value encodes to the same bytes again.
//
// A search decodes what it has encoded itself, and would not need this care; an encoding that is
// stored or sent may be damaged. To accept a second encoding of a content would be harmless in
// itself, but a program that compares encodings would be wrong from then on.
func (p *Plan) Decode(src []byte, dst unsafe.Pointer) (rest []byte, err error) {
	d := decoder{src: src}
	d.value(p, dst, 0)
	if d.bad {
		return src, errGarbage
	}
	return d.src, nil
}

// Clone writes a deep copy of the value at src, in canonical form, to dst. It panics where Append
// gives an error. A copy by way of the encoding costs more than a direct one. But it cannot disagree
// with the encoding about what is content, and the copy looks as every decoded value does, down to
// slices without spare capacity: so an append to a slice of one state never writes into another.
func (p *Plan) Clone(dst, src unsafe.Pointer) {
	if !p.refs && !p.forms && !p.coded {
		p.value(dst).Set(p.value(src))
		return
	}
	if _, err := p.Decode(p.mustAppend(src), dst); err != nil {
		panic("plan: an encoding of " + p.typ.String() + " cannot be decoded: " + err.Error())
	}
}

// decoder reads an encoding. After the first flaw it reads zeros, so that only the end of the
// decoding must be checked.
type decoder struct {
	src   []byte
	bad   bool
	known func(name string) string // see Rename; nil means the name itself
}

func (d *decoder) fail() { d.bad = true }

// take consumes n bytes. It returns nil if there are fewer.
func (d *decoder) take(n int) []byte {
	if d.bad || n < 0 || n > len(d.src) {
		d.fail()
		return nil
	}
	b := d.src[:n]
	d.src = d.src[n:]
	return b
}

func (d *decoder) byte() byte {
	if b := d.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (d *decoder) uvarint() uint64 {
	x, n := binary.Uvarint(d.src)
	if !d.skipNumber(n) {
		return 0
	}
	return x
}

func (d *decoder) varint() int64 {
	x, n := binary.Varint(d.src)
	if !d.skipNumber(n) {
		return 0
	}
	return x
}

// skipNumber skips the n bytes of a varint. It refuses a number that is longer than it needs to be:
// that would be a second encoding of the same content.
func (d *decoder) skipNumber(n int) bool {
	if n <= 0 || n > 1 && d.src[n-1] == 0 {
		d.fail()
		return false
	}
	d.src = d.src[n:]
	return true
}

// length reads a length. It fails unless what follows has at least the given number of bytes for
// each element, so that garbage cannot make the decoder allocate more memory than it has bytes, up
// to a factor.
func (d *decoder) length(least int) int {
	n := d.uvarint()
	if d.bad || n > uint64(math.MaxInt32) || int(n)*least > len(d.src) {
		d.fail()
		return 0
	}
	return int(n)
}

func (d *decoder) bytes() []byte { return d.take(d.length(1)) }

// value reads one value. depth is the number of references that lead to it: garbage may nest
// without end.
func (d *decoder) value(p *Plan, dst unsafe.Pointer, depth int) {
	if d.bad || depth > maxNesting {
		d.fail()
		return
	}
	if p.opaque != nil {
		// The method that decodes may keep or change the bytes.
		if b := bytes.Clone(d.bytes()); !d.bad && p.opaque.decode(b, dst) != nil {
			d.fail()
		}
		return
	}
	switch p.kind {
	case reflect.String:
		*(*string)(dst) = string(d.bytes())
	case reflect.Struct:
		for i := range p.fields {
			d.value(p.fields[i].plan, unsafe.Add(dst, p.fields[i].off), depth)
		}
	case reflect.Array:
		d.elems(p.elem, dst, p.typ.Len(), depth)
	case reflect.Slice:
		least := p.elem.leastSize()
		if p.padded() {
			least = 1
		}
		n := d.length(least)
		s := reflect.Zero(p.typ)
		if n > 0 {
			s = reflect.MakeSlice(p.typ, n, n)
			d.elems(p.elem, s.UnsafePointer(), n, depth+1)
			if p.padded() && slices.ContainsFunc(d.take(n), func(b byte) bool { return b != 0 }) {
				d.fail()
			}
		}
		p.value(dst).Set(s)
	case reflect.Pointer:
		d.pointer(p, dst, depth)
	case reflect.Map:
		d.mapping(p, dst, depth)
	case reflect.Interface:
		d.iface(p, dst, depth)
	default:
		d.number(p, dst)
	}
}

// leastSize is the least number of bytes of an encoding. Elements without any are bounded by the 31
// bits of a length, and take no memory.
func (p *Plan) leastSize() int {
	if p.empty {
		return 0
	}
	return 1
}

// elems reads n elements to the memory at at. Bytes are copied at once.
func (d *decoder) elems(elem *Plan, at unsafe.Pointer, n, depth int) {
	if elem.empty {
		return
	}
	if elem.kind == reflect.Uint8 && elem.opaque == nil {
		copy(unsafe.Slice((*byte)(at), n), d.take(n))
		return
	}
	size := elem.typ.Size()
	for i := 0; i < n && !d.bad; i++ {
		d.value(elem, unsafe.Add(at, uintptr(i)*size), depth)
	}
}

func (d *decoder) pointer(p *Plan, dst unsafe.Pointer, depth int) {
	switch d.byte() {
	case 0:
		*(*unsafe.Pointer)(dst) = nil
	case 1:
		x := reflect.New(p.elem.typ)
		d.value(p.elem, x.UnsafePointer(), depth+1)
		*(*unsafe.Pointer)(dst) = x.UnsafePointer()
	default:
		d.fail()
	}
}

// mapping reads a map. The keys must ascend as in Append, so that one content has one encoding, and
// no key can occur twice.
func (d *decoder) mapping(p *Plan, dst unsafe.Pointer, depth int) {
	n := d.length(p.key.leastSize())
	if p.key.empty && n > 1 {
		d.fail()
		return
	}
	m := reflect.MakeMapWithSize(p.typ, n)
	key, elem := reflect.New(p.key.typ), reflect.New(p.elem.typ) // for all entries in turn: the map copies them
	k, v := key.Elem(), elem.Elem()
	var last mapKey
	for i := 0; i < n && !d.bad; i++ {
		if i > 0 {
			k.SetZero()
			v.SetZero()
		}
		code := d.src
		d.value(p.key, key.UnsafePointer(), depth+1)
		now := p.mapKey(key.UnsafePointer(), code[:len(code)-len(d.src)])
		if i > 0 && !last.before(now) {
			d.fail()
		}
		last = now
		d.value(p.elem, elem.UnsafePointer(), depth+1)
		if !d.bad {
			d.put(m, k, v)
		}
	}
	p.value(dst).Set(m)
}

// mapKey orders the entries of a map: by the memory of a key that is a plain number, else by its
// encoding.
type mapKey struct {
	memory uint64
	code   []byte
}

func (p *Plan) mapKey(key unsafe.Pointer, code []byte) mapKey {
	if p.scan != nil {
		return mapKey{memory: p.key.memory(key)}
	}
	return mapKey{code: code}
}

// before reports whether Append would write the entry of a before that of b.
func (a mapKey) before(b mapKey) bool {
	if a.code != nil || b.code != nil {
		return bytes.Compare(a.code, b.code) < 0
	}
	return a.memory < b.memory
}

// put adds an entry. Garbage may give a key a dynamic type that cannot be a key.
func (d *decoder) put(m, k, v reflect.Value) {
	if !k.Comparable() {
		d.fail()
		return
	}
	m.SetMapIndex(k, v)
}

// iface reads an interface: the name of the dynamic type, then the value. Only types that this
// process has met before can be decoded; a name alone does not lead to a type in Go. A program that
// reads what another one wrote must therefore name its types first, by encoding a value of each.
func (d *decoder) iface(p *Plan, dst unsafe.Pointer, depth int) {
	switch d.byte() {
	case 0:
		*(*header)(dst) = header{}
	case 1:
		name := d.bytes()
		if d.known != nil {
			name = []byte(d.known(string(name)))
		}
		b := p.boxNamed(name)
		if b == nil {
			d.fail()
			return
		}
		x := reflect.New(b.plan.typ).UnsafePointer()
		d.value(b.plan, x, depth+1)
		b.put(dst, x)
	default:
		d.fail()
	}
}

// number reads a bool or a number. A number must fit its type, and a float must be in canonical
// form.
func (d *decoder) number(p *Plan, dst unsafe.Pointer) {
	switch p.kind {
	case reflect.Bool:
		b := d.byte()
		if b > 1 {
			d.fail()
			return
		}
		*(*byte)(dst) = b
	case reflect.Uint8, reflect.Int8:
		*(*byte)(dst) = d.byte()
	case reflect.Int16, reflect.Int32, reflect.Int64, reflect.Int:
		x := d.varint()
		if v := p.value(dst); v.OverflowInt(x) {
			d.fail()
		} else {
			v.SetInt(x)
		}
	case reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uint:
		x := d.uvarint()
		if v := p.value(dst); v.OverflowUint(x) {
			d.fail()
		} else {
			v.SetUint(x)
		}
	case reflect.Float32:
		*(*float32)(dst) = d.float32()
	case reflect.Float64:
		*(*float64)(dst) = d.float64()
	case reflect.Complex64:
		re := d.float32()
		*(*complex64)(dst) = complex(re, d.float32())
	case reflect.Complex128:
		re := d.float64()
		*(*complex128)(dst) = complex(re, d.float64())
	default:
		panic("plan: no decoding for " + p.typ.String())
	}
}

func (d *decoder) float32() float32 {
	if b := d.take(4); b != nil {
		u := binary.BigEndian.Uint32(b)
		f := canonical32(math.Float32frombits(u))
		d.bad = math.Float32bits(f) != u
		return f
	}
	return 0
}

func (d *decoder) float64() float64 {
	if b := d.take(8); b != nil {
		u := binary.BigEndian.Uint64(b)
		f := canonical64(math.Float64frombits(u))
		d.bad = math.Float64bits(f) != u
		return f
	}
	return 0
}
