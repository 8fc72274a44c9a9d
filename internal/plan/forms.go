package plan

import (
	"fmt"
	"reflect"
	"unsafe"
)

// SwapForm changes the canonical value at v, of the type of a plan, in one place, the k-th of those
// where it differs from alternate, which [Plan.Alternate] made of it. It says which place that is
// and what it is about, or returns "" beyond the last one.
func SwapForm(p *Plan, v, alternate unsafe.Pointer, k int) (place string) {
	f := formSwapper{left: k}
	f.walk(p.value(v), p.value(alternate), "")
	return f.place
}

// formSwapper swaps the form of one place in a value, counted in the order of the walk.
type formSwapper struct {
	left  int    // places to pass over
	place string // description of the swap; empty before
}

// walk takes an addressable value and its alternate form. Only a place where they differ can be
// swapped.
func (f *formSwapper) walk(v, alternate reflect.Value, path string) {
	if f.place != "" || Opaque(v.Type()) {
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			f.walk(open(v.Field(i)), open(alternate.Field(i)), join(path, v.Type().Field(i).Name))
		}
	case reflect.Slice, reflect.Array:
		if v.Len() == 0 && v.Kind() == reflect.Slice {
			f.swap(v, alternate, path, " is nil or empty")
			return
		}
		for i := range v.Len() {
			f.walk(v.Index(i), alternate.Index(i), fmt.Sprintf("%s[%d]", path, i))
		}
	case reflect.Map:
		if v.Len() == 0 {
			f.swap(v, alternate, path, " is nil or empty")
			return
		}
		f.whole(v, alternate, path)
	case reflect.Interface:
		f.whole(v, alternate, path)
	case reflect.Pointer:
		if !v.IsNil() {
			f.walk(v.Elem(), alternate.Elem(), path)
		}
	case reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
		if v.IsZero() && !alternate.IsZero() {
			f.swap(v, alternate, path, " is +0 or -0")
		}
	}
}

// whole takes as one place what reflection cannot change in part: the elements of a map and the
// value in an interface have no address.
func (f *formSwapper) whole(v, alternate reflect.Value, path string) {
	if !v.IsZero() {
		f.swap(v, alternate, path, " holds what is nil or what is empty")
	}
}

func (f *formSwapper) swap(v, alternate reflect.Value, path, what string) {
	if f.left > 0 {
		f.left--
		return
	}
	v.Set(alternate)
	if path == "" {
		path = "the value"
	}
	f.place = path + what
}

// open returns a field that may be set even if it is not exported.
func open(v reflect.Value) reflect.Value {
	return reflect.NewAt(v.Type(), v.Addr().UnsafePointer()).Elem()
}

func join(path, field string) string {
	if path == "" {
		return field
	}
	return path + "." + field
}
