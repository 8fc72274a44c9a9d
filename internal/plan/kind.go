package plan

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unsafe"
)

// KindOf returns a function that says of what kind a value of a type is, for counts of values by
// kind, or nil if the type does not show it. Structs that stand for several kinds of values have a
// field that tells them apart. It is the one called Kind, Type, Op, Action or Name; else the first
// one; else the first of a type that is made for it: an enumeration. It must be a string or an
// enumeration, which is a named type of strings, or a scalar type with a String method. A value whose
// kind is the empty text is called by its type.
func KindOf(t reflect.Type) func(v unsafe.Pointer) string {
	if enumeration(t) {
		return func(v unsafe.Pointer) string { return cmp.Or(enumText(t, v), TypeText(t)) }
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	fields := reflect.VisibleFields(t)
	fields = slices.DeleteFunc(fields, func(f reflect.StructField) bool { return len(f.Index) > 1 || f.Name == "_" })
	at := slices.IndexFunc(fields, func(f reflect.StructField) bool { return telling(f.Name) && isKind(f.Type) })
	if at < 0 && len(fields) > 0 && isKind(fields[0].Type) {
		at = 0
	}
	if at < 0 {
		at = slices.IndexFunc(fields, func(f reflect.StructField) bool { return enumeration(f.Type) })
	}
	if at < 0 {
		return nil
	}
	f := fields[at]
	return func(v unsafe.Pointer) string { return cmp.Or(enumText(f.Type, unsafe.Add(v, f.Offset)), TypeText(t)) }
}

// telling reports whether a field's name says that it tells kinds apart.
func telling(name string) bool {
	switch strings.ToLower(name) {
	case "kind", "type", "op", "action", "name":
		return true
	}
	return false
}

func isKind(t reflect.Type) bool { return t.Kind() == reflect.String || enumeration(t) }

// enumeration reports whether the values of a type name themselves.
func enumeration(t reflect.Type) bool {
	return t.PkgPath() != "" && (t.Kind() == reflect.String || isScalar(t.Kind()) && t.Implements(stringerType))
}

func enumText(t reflect.Type, v unsafe.Pointer) string {
	x := reflect.NewAt(t, v).Elem() // readable, even if it was an unexported field
	if s, ok := x.Interface().(fmt.Stringer); ok && x.Kind() != reflect.String {
		return s.String()
	}
	return x.String()
}
