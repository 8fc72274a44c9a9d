package valuetest

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Same reports whether the values that p and q, of the same type, point to have the same content:
// as by [reflect.DeepEqual], but nil and empty slices and maps are the same, so are -0 and 0 and
// all NaNs, and blank fields are left out.
func Same(p, q reflect.Value) bool { return same(p.Elem(), q.Elem()) }

func same(a, b reflect.Value) bool {
	if o, ok := opaques[a.Type()]; ok {
		return o.same(a, b)
	}
	switch a.Kind() {
	case reflect.Struct:
		var parts []reflect.Value
		fields(b, func(_ int, f reflect.Value) { parts = append(parts, f) })
		equal := true
		fields(a, func(_ int, f reflect.Value) {
			equal, parts = equal && same(f, parts[0]), parts[1:]
		})
		return equal
	case reflect.Array, reflect.Slice:
		for i := 0; i < a.Len() && i < b.Len(); i++ {
			if !same(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return a.Len() == b.Len()
	case reflect.Map:
		return sameMap(a, b)
	case reflect.Pointer:
		if a.IsNil() || b.IsNil() {
			return a.IsNil() == b.IsNil()
		}
		return same(a.Elem(), b.Elem())
	case reflect.Interface:
		if a.IsNil() || b.IsNil() || a.Elem().Type() != b.Elem().Type() {
			return a.IsNil() && b.IsNil()
		}
		return same(variable(a.Elem()), variable(b.Elem()))
	}
	if a.CanFloat() {
		return sameFloat(a.Float(), b.Float())
	}
	if a.CanComplex() {
		return sameFloat(real(a.Complex()), real(b.Complex())) && sameFloat(imag(a.Complex()), imag(b.Complex()))
	}
	return a.Interface() == b.Interface()
}

func sameFloat(a, b float64) bool { return a == b || a != a && b != b }

// sameMap looks for each entry of a in b. Keys with the same content need not be equal by ==, such
// as times.
func sameMap(a, b reflect.Value) bool {
	if a.Len() != b.Len() {
		return false
	}
	keys := b.MapKeys()
	return !slices.ContainsFunc(a.MapKeys(), func(k reflect.Value) bool {
		i := slices.IndexFunc(keys, func(l reflect.Value) bool { return same(variable(k), variable(l)) })
		return i < 0 || !same(variable(a.MapIndex(k)), variable(b.MapIndex(keys[i])))
	})
}

// Exact describes the value that p points to down to what sets apart different forms of the same
// content, except for blank fields and capacities. Values with the same description differ in
// addresses only.
func Exact(p reflect.Value) string {
	var b strings.Builder
	exact(&b, p.Elem())
	return b.String()
}

func exact(b *strings.Builder, v reflect.Value) {
	if o, ok := opaques[v.Type()]; ok {
		fmt.Fprintf(b, "%q", o.exact(v))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		b.WriteByte('{')
		fields(v, func(_ int, f reflect.Value) { exact(b, f); b.WriteByte(',') })
		b.WriteByte('}')
	case reflect.Slice, reflect.Array:
		if v.Kind() == reflect.Slice && v.IsNil() {
			b.WriteString("nil")
		}
		b.WriteByte('[')
		for i := range v.Len() {
			exact(b, v.Index(i))
			b.WriteByte(',')
		}
		b.WriteByte(']')
	case reflect.Map:
		exactMap(b, v)
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			b.WriteString("nil")
			return
		}
		fmt.Fprintf(b, "%v:", v.Elem().Type())
		exact(b, variable(v.Elem()))
	case reflect.Float32, reflect.Float64:
		fmt.Fprintf(b, "%x", math.Float64bits(v.Float()))
	case reflect.Complex64, reflect.Complex128:
		fmt.Fprintf(b, "%x+%x", math.Float64bits(real(v.Complex())), math.Float64bits(imag(v.Complex())))
	case reflect.String:
		fmt.Fprintf(b, "%q", v.String())
	case reflect.Bool:
		fmt.Fprint(b, v.Bool())
	default:
		if v.CanInt() {
			fmt.Fprint(b, v.Int())
		} else {
			fmt.Fprint(b, v.Uint())
		}
	}
}

func exactMap(b *strings.Builder, v reflect.Value) {
	if v.IsNil() {
		b.WriteString("nil")
	}
	var entries []string
	for _, k := range v.MapKeys() {
		var e strings.Builder
		exact(&e, variable(k))
		e.WriteByte(':')
		exact(&e, variable(v.MapIndex(k)))
		entries = append(entries, e.String())
	}
	slices.Sort(entries)
	fmt.Fprintf(b, "%s", entries)
}

// Form says which of the forms of its content a value is to have.
type Form int

const (
	// Canonical values have nil slices, maps that are not nil, zeros that are positive, one NaN,
	// times in UTC, and no spare capacity.
	Canonical Form = iota
	// Alternate values have empty slices that are not nil, nil maps, and negative zeros, except in
	// map keys.
	Alternate
)

// Check returns the first part of the value that p points to, if any, that is not in the given
// form.
func Check(p reflect.Value, form Form) error { return check(p.Elem(), form) }

func check(v reflect.Value, form Form) (err error) {
	wrong := func() error { return fmt.Errorf("%v %#v", v.Type(), v) }
	if _, ok := opaques[v.Type()]; ok {
		if at, ok := v.Interface().(time.Time); ok && at.Location() != time.UTC {
			return wrong()
		}
		return nil
	}
	join := func(x reflect.Value, form Form) {
		if err == nil {
			err = check(x, form)
		}
	}
	switch v.Kind() {
	case reflect.Struct:
		fields(v, func(_ int, f reflect.Value) { join(f, form) })
	case reflect.Slice, reflect.Array:
		if v.Kind() == reflect.Slice && (v.Cap() > v.Len() || v.Len() == 0 && v.IsNil() != (form == Canonical)) {
			return wrong()
		}
		for i := range v.Len() {
			join(v.Index(i), form)
		}
	case reflect.Map:
		if v.Len() == 0 && v.IsNil() != (form == Alternate) {
			return wrong()
		}
		for _, k := range v.MapKeys() {
			join(variable(k), Canonical)
			join(variable(v.MapIndex(k)), form)
		}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			join(variable(v.Elem()), form)
		}
	case reflect.Float32, reflect.Float64:
		if !floatHas(v.Float(), form) {
			return wrong()
		}
	case reflect.Complex64, reflect.Complex128:
		if !floatHas(real(v.Complex()), form) || !floatHas(imag(v.Complex()), form) {
			return wrong()
		}
	}
	return err
}

func floatHas(f float64, form Form) bool {
	switch {
	case f != f:
		return math.Float64bits(f) == math.Float64bits(math.NaN()) ||
			math.Float64bits(f) == math.Float64bits(float64(float32(math.NaN())))
	case f == 0:
		return math.Signbit(f) == (form == Alternate)
	}
	return true
}

// Scramble changes all memory that is reached from p, up to the capacity of slices.
func Scramble(p reflect.Value) { scramble(p.Elem()) }

func scramble(v reflect.Value) {
	if o, ok := opaques[v.Type()]; ok {
		o.scramble(v)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		fields(v, func(_ int, f reflect.Value) { scramble(f) })
	case reflect.Array:
		for i := range v.Len() {
			scramble(v.Index(i))
		}
	case reflect.Slice:
		all := v.Slice(0, v.Cap())
		for i := range all.Len() {
			scramble(all.Index(i))
		}
		v.SetZero()
	case reflect.Map:
		for _, k := range v.MapKeys() {
			scramble(variable(v.MapIndex(k)))
			v.SetMapIndex(k, reflect.Value{})
		}
		v.SetZero()
	case reflect.Pointer:
		if !v.IsNil() {
			scramble(v.Elem())
			v.SetZero()
		}
	case reflect.Interface:
		if !v.IsNil() {
			scramble(variable(v.Elem()))
			v.SetZero()
		}
	case reflect.String:
		v.SetString(v.String() + "!")
	case reflect.Bool:
		v.SetBool(!v.Bool())
	default:
		scrambleNumber(v)
	}
}

func scrambleNumber(v reflect.Value) {
	switch {
	case v.CanInt():
		v.SetInt(^v.Int())
	case v.CanUint():
		v.SetUint(^v.Uint())
	case v.CanFloat():
		v.SetFloat(42)
	default:
		v.SetComplex(42)
	}
}
