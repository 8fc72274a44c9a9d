package plan

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"unsafe"
)

// Append appends the canonical encoding of the value at v. Encodings are equal exactly if the
// contents are, the same in every process, and self-delimiting. The error is a [*ValueError]: the
// value is cyclic, has a NaN in a map key, or holds a dynamic type without content. Memory that is
// reached in two ways is encoded twice.
//
// Everything else follows from the encoding: contents are equal if their encodings are, the engine
// interns encodings, and a deep copy is an encoding that is decoded. So the rules of what content
// is stand in one place. They are: numbers as varints or fixed bytes; lengths before strings,
// slices and maps, and a byte 0 or 1 before what a pointer or an interface leads to, so that no
// encoding is the beginning of another; -0 as +0 and all NaNs as one; map entries in the order of
// their encoded keys; dynamic types by name; and nothing for padding and blank fields.
//
// That equal contents have equal encodings makes a search terminate: a state with two encodings
// would be two states. That different contents have different encodings makes it sound: a state
// taken for another would be left out. The first follows from the canonical choices above, by
// induction over the type; the second from self-delimiting parts, since a sequence of such parts
// can be split in one way only. Decode is the proof by construction, and the tests use it as one.
//
// A separate function for equality could be faster. But then two pieces of code would say what
// content is, and where they differ the search would be wrong without a sign. Comparisons in the
// engine compare ids of interned encodings anyway.
func (p *Plan) Append(dst []byte, v unsafe.Pointer) ([]byte, error) {
	switch {
	case !p.refs:
		return p.append(dst, v, nil)
	case p.scan != nil:
		return p.appendScanned(dst, v), nil // one reference, to memory without references: there is no cycle
	case p.alone:
		s := (*sliceHeader)(v)
		return p.appendElems(binary.AppendUvarint(dst, uint64(s.len)), s.data, s.len, nil)
	}
	t := trackers.Get().(*tracker)
	defer t.done()
	return p.append(dst, v, t)
}

// Hash returns a hash of the content, the same in every process. It panics where Append gives an
// error. It is FNV-1a (Fowler, Noll, Vo) with a final mixing step, since the upper bits of FNV are
// weak for short inputs.
func (p *Plan) Hash(v unsafe.Pointer) uint64 {
	h := uint64(14695981039346656037)
	for _, b := range p.mustAppend(v) {
		h = (h ^ uint64(b)) * 1099511628211
	}
	h = (h ^ h>>32) * 0xd6e8feb86659fd93
	return h ^ h>>32
}

// Equal reports whether two values have the same content. It panics where Append gives an error.
func (p *Plan) Equal(a, b unsafe.Pointer) bool { return bytes.Equal(p.mustAppend(a), p.mustAppend(b)) }

func (p *Plan) mustAppend(v unsafe.Pointer) []byte {
	b, err := p.Append(nil, v)
	if err != nil {
		panic(err)
	}
	return b
}

// append appends the encoding of a part. t may be nil for plans without references.
func (p *Plan) append(dst []byte, v unsafe.Pointer, t *tracker) ([]byte, error) {
	if p.opaque != nil {
		return appendBytes(dst, p.opaque.append(nil, v)), nil
	}
	switch p.kind {
	case reflect.String:
		return appendString(dst, *(*string)(v)), nil
	case reflect.Struct:
		for i := range p.fields {
			f := &p.fields[i]
			var err error
			if dst, err = f.plan.append(dst, unsafe.Add(v, f.off), t); err != nil {
				return dst, at(err, "."+f.name)
			}
		}
		return dst, nil
	case reflect.Array:
		return p.appendElems(dst, v, p.typ.Len(), t)
	case reflect.Slice:
		s := (*sliceHeader)(v)
		dst = binary.AppendUvarint(dst, uint64(s.len))
		if s.len == 0 {
			return dst, nil
		}
		if err := t.enter(s.data, true); err != nil {
			return dst, err
		}
		defer t.leave()
		if p.padded() {
			return append(dst, make([]byte, s.len)...), nil
		}
		return p.appendElems(dst, s.data, s.len, t)
	case reflect.Pointer:
		q := *(*unsafe.Pointer)(v)
		if q == nil {
			return append(dst, 0), nil
		}
		if err := t.enter(q, true); err != nil {
			return dst, err
		}
		defer t.leave()
		return p.elem.append(append(dst, 1), q, t)
	case reflect.Map:
		return p.appendMap(dst, v, t)
	case reflect.Interface:
		return p.appendInterface(dst, v, t)
	}
	return p.appendNumber(dst, v), nil
}

// sliceHeader is the memory of a slice.
type sliceHeader struct {
	data     unsafe.Pointer
	len, cap int
}

// appendElems appends n elements at v. Bytes are copied at once.
func (p *Plan) appendElems(dst []byte, v unsafe.Pointer, n int, t *tracker) ([]byte, error) {
	size := p.elem.typ.Size()
	if p.elem.empty {
		return dst, nil
	}
	if p.elem.kind == reflect.Uint8 && p.elem.opaque == nil {
		return append(dst, unsafe.Slice((*byte)(v), n)...), nil
	}
	for i := range n {
		var err error
		if dst, err = p.elem.append(dst, unsafe.Add(v, uintptr(i)*size), t); err != nil {
			return dst, at(err, "["+strconv.Itoa(i)+"]")
		}
	}
	return dst, nil
}

// padded reports whether the elements of a slice take memory but have no content, such as structs
// with blank fields only. Such a slice is encoded with a zero byte for each element. Otherwise a
// few bytes of garbage could claim a huge length, and Decode would allocate the memory.
func (p *Plan) padded() bool { return p.elem.empty && p.elem.typ.Size() > 0 }

func appendString(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

func appendBytes(dst, b []byte) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(b))), b...)
}

// appendNumber appends a bool or a number: bytes as they are, other integers as varints, since most
// are small, and floats by their bits.
func (p *Plan) appendNumber(dst []byte, v unsafe.Pointer) []byte {
	switch p.kind {
	case reflect.Bool, reflect.Uint8:
		return append(dst, *(*byte)(v))
	case reflect.Int8:
		return append(dst, *(*byte)(v))
	case reflect.Int16:
		return binary.AppendVarint(dst, int64(*(*int16)(v)))
	case reflect.Int32:
		return binary.AppendVarint(dst, int64(*(*int32)(v)))
	case reflect.Int64:
		return binary.AppendVarint(dst, *(*int64)(v))
	case reflect.Int:
		return binary.AppendVarint(dst, int64(*(*int)(v)))
	case reflect.Uint16:
		return binary.AppendUvarint(dst, uint64(*(*uint16)(v)))
	case reflect.Uint32:
		return binary.AppendUvarint(dst, uint64(*(*uint32)(v)))
	case reflect.Uint64:
		return binary.AppendUvarint(dst, *(*uint64)(v))
	case reflect.Uint:
		return binary.AppendUvarint(dst, uint64(*(*uint)(v)))
	case reflect.Float32:
		return binary.BigEndian.AppendUint32(dst, math.Float32bits(canonical32(*(*float32)(v))))
	case reflect.Float64:
		return binary.BigEndian.AppendUint64(dst, math.Float64bits(canonical64(*(*float64)(v))))
	case reflect.Complex64:
		c := *(*complex64)(v)
		dst = binary.BigEndian.AppendUint32(dst, math.Float32bits(canonical32(real(c))))
		return binary.BigEndian.AppendUint32(dst, math.Float32bits(canonical32(imag(c))))
	case reflect.Complex128:
		c := *(*complex128)(v)
		dst = binary.BigEndian.AppendUint64(dst, math.Float64bits(canonical64(real(c))))
		return binary.BigEndian.AppendUint64(dst, math.Float64bits(canonical64(imag(c))))
	}
	panic("plan: no encoding for " + p.typ.String())
}

// canonical32 returns the one zero for both, and one NaN for all.
func canonical32(f float32) float32 {
	switch {
	case f == 0:
		return 0
	case f != f:
		return float32(math.NaN())
	}
	return f
}

func canonical64(f float64) float64 {
	switch {
	case f == 0:
		return 0
	case f != f:
		return math.NaN()
	}
	return f
}

// appendMap appends the entries in the order of their encoded keys. The encodings of all entries
// stand in one buffer, and their places in it are sorted.
func (p *Plan) appendMap(dst []byte, v unsafe.Pointer, t *tracker) ([]byte, error) {
	m := p.value(v)
	n := m.Len()
	if p.scan != nil {
		return p.appendScanned(dst, v), nil
	}
	dst = binary.AppendUvarint(dst, uint64(n))
	if n == 0 {
		return dst, nil
	}
	if err := t.enter(*(*unsafe.Pointer)(v), true); err != nil {
		return dst, err
	}
	defer t.leave()
	type entry struct{ at, end, key int }
	var buf []byte
	entries := make([]entry, 0, n)
	key, elem := reflect.New(p.key.typ), reflect.New(p.elem.typ)
	for it := m.MapRange(); it.Next(); {
		key.Elem().SetIterKey(it)
		elem.Elem().SetIterValue(it)
		e := entry{at: len(buf)}
		var err error
		if buf, err = p.key.append(buf, key.UnsafePointer(), t); err != nil {
			return dst, at(err, "[key]")
		}
		if p.key.isNaN(key.UnsafePointer()) {
			return dst, &ValueError{Path: "[key]", Reason: "a NaN in a map key is never found again",
				Remedy: "use another key"}
		}
		if p.key.pointerInside(key.UnsafePointer()) {
			return dst, &ValueError{Path: "[key]", Reason: pointerKey, Remedy: valueKey}
		}
		e.key = len(buf)
		if buf, err = p.elem.append(buf, elem.UnsafePointer(), t); err != nil {
			return dst, at(err, fmt.Sprintf("[%s]", p.key.AppendText(nil, key.UnsafePointer())))
		}
		e.end = len(buf)
		entries = append(entries, e)
	}
	slices.SortFunc(entries, func(a, b entry) int { return bytes.Compare(buf[a.at:a.key], buf[b.at:b.key]) })
	for i, e := range entries {
		if i > 0 && bytes.Equal(buf[entries[i-1].at:entries[i-1].key], buf[e.at:e.key]) {
			return dst, &ValueError{Reason: "two keys of a map have the same content",
				Remedy: "use another key, such as a number"}
		}
		dst = append(dst, buf[e.at:e.end]...)
	}
	return dst, nil
}

// isNaN reports whether a value that compares with == is not equal to itself.
func (p *Plan) isNaN(v unsafe.Pointer) bool {
	if !p.forms {
		return false
	}
	x := p.value(v).Interface()
	return x != x
}

// pointerInside reports whether an interface within a map key holds a pointer.
func (p *Plan) pointerInside(v unsafe.Pointer) bool {
	switch p.kind {
	case reflect.Interface:
		x := p.value(v).Elem()
		if !x.IsValid() || refuseKey(x.Type(), "") != nil {
			return x.IsValid()
		}
		q, w := p.open(v)
		return q.pointerInside(w)
	case reflect.Struct:
		return slices.ContainsFunc(p.fields, func(f field) bool { return f.plan.pointerInside(unsafe.Add(v, f.off)) })
	case reflect.Array:
		for i := range p.typ.Len() {
			if p.elem.pointerInside(unsafe.Add(v, uintptr(i)*p.elem.typ.Size())) {
				return true
			}
		}
	}
	return false
}
