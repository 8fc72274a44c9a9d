package plan

import (
	"bytes"
	"math"
	"reflect"
	"slices"
	"unsafe"
)

// Alternate writes a deep copy of the value at src to dst in the form that Decode does not give:
// empty slices are not nil, empty maps are nil, zeros are negative, and maps were filled in another
// order. User code must treat both forms alike, for a state reached in two ways may have either.
// The checker runs a sample of the code on both and compares. It panics where Append gives an
// error.
//
// One form for each content makes a search deterministic, and hides a mistake: a program that
// behaves differently for a nil and an empty slice behaves in one of these ways throughout the
// search, and perhaps in the other one in production. The alternate form differs from the canonical
// one in every place that has a choice, so that one comparison covers all of them; only if it fails
// are the places tried one by one.
func (p *Plan) Alternate(dst, src unsafe.Pointer) {
	p.Clone(dst, src)
	p.AlternateOwn(dst)
}

// AlternateOwn is Alternate in place, for a value in canonical form that shares no memory, as
// Decode leaves it.
func (p *Plan) AlternateOwn(v unsafe.Pointer) { p.alternate(v, true) }

// Refill is AlternateOwn for maps alone: it fills them again in another order, and leaves all else
// as it is. It reports whether there is a map in which the order matters. Code that behaves
// differently afterwards depends on the order of maps, and not on what is nil or empty.
func (p *Plan) Refill(v unsafe.Pointer) (ordered bool) { return p.alternate(v, false) }

// alternate changes the canonical value at v, which shares no memory: all of it, or only the order
// of maps. It reports whether there is a map of several entries.
func (p *Plan) alternate(v unsafe.Pointer, all bool) (ordered bool) {
	if !p.forms || p.opaque != nil {
		return false
	}
	switch p.kind {
	case reflect.Struct:
		for _, f := range p.fields {
			ordered = f.plan.alternate(unsafe.Add(v, f.off), all) || ordered
		}
	case reflect.Array:
		return p.alternateElems(v, p.typ.Len(), all)
	case reflect.Slice:
		s := (*sliceHeader)(v)
		if s.len == 0 {
			if all {
				p.value(v).Set(reflect.MakeSlice(p.typ, 0, 0))
			}
			return false
		}
		return p.alternateElems(s.data, s.len, all)
	case reflect.Pointer:
		if q := *(*unsafe.Pointer)(v); q != nil {
			return p.elem.alternate(q, all)
		}
	case reflect.Map:
		return p.alternateMap(p.value(v), all)
	case reflect.Interface:
		if q, x := p.open(v); q != nil {
			ordered = q.alternate(x, all)
			p.value(v).Set(q.value(x))
		}
	default:
		if all {
			p.alternateZero(p.value(v))
		}
	}
	return ordered
}

func (p *Plan) alternateElems(v unsafe.Pointer, n int, all bool) (ordered bool) {
	if !p.elem.forms {
		return false
	}
	for i := range n {
		ordered = p.elem.alternate(unsafe.Add(v, uintptr(i)*p.elem.typ.Size()), all) || ordered
	}
	return ordered
}

// alternateMap also fills the map again in reverse order. The order of iteration of a small map
// often follows the order in which it was filled, so that code that depends on it is likely to
// behave differently.
func (p *Plan) alternateMap(m reflect.Value, all bool) (ordered bool) {
	if m.Len() == 0 {
		if all {
			m.SetZero()
		}
		return false
	}
	type entry struct {
		content    []byte
		key, value reflect.Value
	}
	entries := make([]entry, 0, m.Len())
	for it := m.MapRange(); it.Next(); {
		key, x := it.Key(), addressOf(it.Value())
		content, err := p.key.Append(nil, addressOf(key))
		if err != nil {
			panic(err)
		}
		ordered = p.elem.alternate(x, all) || ordered
		entries = append(entries, entry{content, key, p.elem.value(x)})
	}
	slices.SortFunc(entries, func(a, b entry) int { return bytes.Compare(b.content, a.content) })
	m.Clear()
	for _, e := range entries {
		m.SetMapIndex(e.key, e.value)
	}
	return ordered || len(entries) > 1
}

func (p *Plan) alternateZero(v reflect.Value) {
	minus := func(f float64) float64 {
		if f == 0 {
			return math.Copysign(0, -1)
		}
		return f
	}
	if v.CanFloat() {
		v.SetFloat(minus(v.Float()))
		return
	}
	c := v.Complex()
	v.SetComplex(complex(minus(real(c)), minus(imag(c))))
}
