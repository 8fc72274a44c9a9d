package valuetest

import (
	"math"
	"reflect"
	"unsafe"

	"pgregory.net/rapid"
)

// deepest bounds the nesting of drawn values of recursive types.
const deepest = 5

// Value draws a value of a type, in any form that its content may have, and returns a pointer to
// it.
func Value(t *rapid.T, typ reflect.Type) reflect.Value {
	v := reflect.New(typ)
	fill(t, v.Elem(), 0, dynamicTypes)
	return v
}

// fields calls f for the fields of the struct v that have content, without the limits on unexported
// ones.
func fields(v reflect.Value, f func(i int, field reflect.Value)) {
	for i := range v.NumField() {
		if v.Type().Field(i).Name != "_" {
			x := v.Field(i)
			f(i, reflect.NewAt(x.Type(), unsafe.Pointer(x.UnsafeAddr())).Elem())
		}
	}
}

// variable returns a new variable with the value v.
func variable(v reflect.Value) reflect.Value {
	x := reflect.New(v.Type()).Elem()
	x.Set(v)
	return x
}

// filler draws values of any type.
type filler struct {
	t     *rapid.T
	boxes []reflect.Type // dynamic types of any
}

// fill draws the zero value v; boxes are the dynamic types of any.
func fill(t *rapid.T, v reflect.Value, depth int, boxes []reflect.Type) {
	filler{t, boxes}.fill(v, depth)
}

// count draws a length: -1 for nil, and few beyond a certain depth.
func (f filler) count(what string, depth int) int {
	if depth >= deepest {
		return rapid.IntRange(-1, 0).Draw(f.t, what)
	}
	return rapid.IntRange(-1, 3).Draw(f.t, what)
}

func (f filler) fill(v reflect.Value, depth int) {
	if o, ok := opaques[v.Type()]; ok {
		o.draw(f.t, v)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		fields(v, func(_ int, field reflect.Value) { f.fill(field, depth) })
	case reflect.Array:
		for i := range v.Len() {
			f.fill(v.Index(i), depth)
		}
	case reflect.Slice, reflect.Map, reflect.Pointer, reflect.Interface:
		f.fillReference(v, depth)
	default:
		fillScalar(f.t, v)
	}
}

// fillReference draws what v refers to.
func (f filler) fillReference(v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.Slice:
		if n := f.count("length", depth); n >= 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
			for i := range n {
				f.fill(v.Index(i), depth+1)
			}
		}
	case reflect.Map:
		if n := f.count("entries", depth); n >= 0 {
			v.Set(reflect.MakeMap(v.Type()))
			for range n {
				key := reflect.New(v.Type().Key()).Elem()
				filler{f.t, dynamicKeys}.fill(key, depth+1)
				if isSelf(key) {
					v.SetMapIndex(key, f.part(v.Type().Elem(), depth))
				}
			}
		}
	case reflect.Pointer:
		if f.count("pointer", depth) > 0 {
			p := reflect.New(v.Type().Elem())
			f.fill(p.Elem(), depth+1)
			v.Set(p.Convert(v.Type()))
		}
	case reflect.Interface:
		if f.count("interface", depth) > 0 {
			if v.Type() == shapeType {
				f.boxes = shapeTypes
			}
			v.Set(f.part(oneOf(f.t, f.boxes), depth))
		}
	}
}

// part draws a value of a type, one level deeper.
func (f filler) part(typ reflect.Type, depth int) reflect.Value {
	x := reflect.New(typ).Elem()
	f.fill(x, depth+1)
	return x
}

// isSelf reports whether a map key has no NaN, so that it is found again.
func isSelf(key reflect.Value) bool { return key.Interface() == key.Interface() }

var (
	ints = []int64{0, 1, -1, 2, 127, 128, 256, -128, 1 << 30, -1 << 30, 1<<31 - 1, 1 << 31, -1 << 31, 1 << 32,
		math.MaxInt64, math.MinInt64}
	floats = []float64{0, math.Copysign(0, -1), 1, -1.5, 0.1, 1e30, math.Inf(1), math.Inf(-1), math.NaN(),
		math.Float64frombits(0xfff8000000000123), math.SmallestNonzeroFloat64}
	texts = []string{"", "a", "b", "ab", "\x00", "\xff", "ü]\"", "a:1"}
)

func fillScalar(t *rapid.T, v reflect.Value) {
	switch {
	case v.Kind() == reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, "bool"))
	case v.Kind() == reflect.String:
		v.SetString(rapid.SampledFrom(texts).Draw(t, "string"))
	case v.Type() == reflect.TypeFor[Enum]():
		v.SetUint(uint64(rapid.IntRange(0, 3).Draw(t, "enum")))
	case v.CanInt():
		v.SetInt(rapid.SampledFrom(ints).Draw(t, "int"))
	case v.CanUint():
		v.SetUint(uint64(rapid.SampledFrom(ints).Draw(t, "uint")))
	case v.CanFloat():
		v.SetFloat(rapid.SampledFrom(floats).Draw(t, "float"))
	default:
		re := rapid.SampledFrom(floats).Draw(t, "real")
		v.SetComplex(complex(re, rapid.SampledFrom(floats).Draw(t, "imaginary")))
	}
}

// Reform draws a value with the same content as the one that p points to, but perhaps in another
// form and with separate memory, and returns a pointer to it.
func Reform(t *rapid.T, p reflect.Value) reflect.Value {
	q := reflect.New(p.Type().Elem())
	reform(t, q.Elem(), p.Elem())
	return q
}

func reform(t *rapid.T, dst, src reflect.Value) {
	if o, ok := opaques[src.Type()]; ok {
		o.reform(t, dst, src)
		return
	}
	switch src.Kind() {
	case reflect.Struct:
		dst.Set(reflect.Zero(dst.Type()))
		fields(dst, func(i int, f reflect.Value) {
			x := src.Field(i)
			reform(t, f, reflect.NewAt(x.Type(), unsafe.Pointer(x.UnsafeAddr())).Elem())
		})
		blot(dst)
	case reflect.Array:
		for i := range src.Len() {
			reform(t, dst.Index(i), src.Index(i))
		}
	case reflect.Slice, reflect.Map, reflect.Pointer, reflect.Interface:
		reformReference(t, dst, src)
	default:
		dst.Set(src)
		if src.CanFloat() && otherForm(t) {
			dst.SetFloat(otherFloat(src.Float()))
		} else if src.CanComplex() && otherForm(t) {
			dst.SetComplex(complex(otherFloat(real(src.Complex())), otherFloat(imag(src.Complex()))))
		}
	}
}

// otherForm draws whether a part gets another form.
func otherForm(t *rapid.T) bool { return rapid.Bool().Draw(t, "other form") }

// reformReference is reform for slices, maps, pointers and interfaces.
func reformReference(t *rapid.T, dst, src reflect.Value) {
	part := func(v reflect.Value) reflect.Value {
		x := reflect.New(v.Type()).Elem()
		reform(t, x, variable(v))
		return x
	}
	switch src.Kind() {
	case reflect.Slice:
		if n := src.Len(); n > 0 || otherForm(t) {
			dst.Set(reflect.MakeSlice(src.Type(), n, n+rapid.IntRange(0, 2).Draw(t, "spare")))
			for i := range n {
				reform(t, dst.Index(i), src.Index(i))
			}
		}
	case reflect.Map:
		reformMap(dst, src, src.Len() > 0 || otherForm(t), part)
	case reflect.Pointer:
		if !src.IsNil() {
			dst.Set(part(src.Elem()).Addr().Convert(src.Type()))
		}
	case reflect.Interface:
		if !src.IsNil() {
			dst.Set(part(src.Elem()))
		}
	}
}

func reformMap(dst, src reflect.Value, made bool, part func(reflect.Value) reflect.Value) {
	if !made {
		return
	}
	dst.Set(reflect.MakeMap(src.Type()))
	keys := src.MapKeys()
	for i := range keys {
		key := keys[len(keys)-1-i]
		dst.SetMapIndex(part(key), part(src.MapIndex(key)))
	}
}

// blot writes to the blank fields of a struct.
func blot(v reflect.Value) {
	for i := range v.NumField() {
		if f := v.Field(i); v.Type().Field(i).Name == "_" && f.Kind() == reflect.Array && f.Len() > 0 &&
			f.Index(0).CanUint() {
			reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem().Index(0).SetUint(7)
		}
	}
}

func otherFloat(f float64) float64 {
	switch {
	case f == 0:
		return -f
	case f != f:
		return math.Float64frombits(math.Float64bits(f) ^ 0x100000000000)
	}
	return f
}

// Near draws a value that differs from the one that p points to in one part or none, with
// separate memory, and returns a pointer to it.
func Near(t *rapid.T, p reflect.Value) reflect.Value {
	q := Reform(t, p)
	mutate(t, q.Elem(), 0)
	return q
}

// mutate draws a part of v anew.
func mutate(t *rapid.T, v reflect.Value, depth int) {
	_, whole := opaques[v.Type()]
	if whole || rapid.IntRange(0, 4).Draw(t, "here") == 0 || !mutatePart(t, v, depth) {
		v.Set(reflect.Zero(v.Type()))
		fill(t, v, max(depth, deepest-2), dynamicTypes)
	}
}

// mutatePart changes a part of v; it reports whether there is any.
func mutatePart(t *rapid.T, v reflect.Value, depth int) bool {
	pick := func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "part") }
	switch v.Kind() {
	case reflect.Struct:
		var all []reflect.Value
		fields(v, func(_ int, f reflect.Value) { all = append(all, f) })
		if len(all) == 0 {
			return false
		}
		mutate(t, all[pick(len(all))], depth)
	case reflect.Array, reflect.Slice:
		if v.Len() == 0 {
			return false
		}
		mutate(t, v.Index(pick(v.Len())), depth+1)
	case reflect.Map:
		if v.Len() == 0 {
			return false
		}
		key := leastKey(v)
		x := variable(v.MapIndex(key))
		mutate(t, x, depth+1)
		v.SetMapIndex(key, x)
	case reflect.Pointer:
		if v.IsNil() {
			return false
		}
		mutate(t, v.Elem(), depth+1)
	default:
		return false
	}
	return true
}

// leastKey returns a key of a map that does not depend on the order of iteration.
func leastKey(m reflect.Value) (least reflect.Value) {
	for _, k := range m.MapKeys() {
		if !least.IsValid() || Exact(variable(k).Addr()) < Exact(variable(least).Addr()) {
			least = k
		}
	}
	return least
}
