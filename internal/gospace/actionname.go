package gospace

import (
	"fmt"
	"reflect"
	"strings"
	"unsafe"
)

// defaultActionName returns how actions of a type are named when the model does not say: a string
// is its own name, a type with a String method is named by it when it is an enumeration, a struct
// is named by its first field if that is such an enumeration or a named string type, and
// anything else by its type.
func defaultActionName(t reflect.Type) func(a unsafe.Pointer) string {
	switch {
	case t.Kind() == reflect.Interface:
		return func(a unsafe.Pointer) string { return dynamicName(reflect.NewAt(t, a).Elem().Elem()) }
	case enumeration(t), t.Kind() == reflect.Struct && t.NumField() > 0 && namedEnumeration(t.Field(0).Type):
		return func(a unsafe.Pointer) string { return enumText(reflect.NewAt(t, a).Elem()) }
	}
	name := typeName(t)
	return func(unsafe.Pointer) string { return name }
}

// enumeration reports whether values of t name themselves.
func enumeration(t reflect.Type) bool {
	if t.Kind() == reflect.String {
		return true
	}
	return scalar(t.Kind()) && t.Implements(reflect.TypeFor[fmt.Stringer]())
}

// namedEnumeration is enumeration without the plain string, which as a field may be any text, such
// as an address.
func namedEnumeration(t reflect.Type) bool { return t.PkgPath() != "" && enumeration(t) }

func enumText(v reflect.Value) string {
	if v.Kind() == reflect.Struct {
		v = v.Field(0)
	}
	if v.Kind() == reflect.String {
		return v.String()
	}
	// The field may be unexported: read it through its address, where reflection would refuse.
	v = reflect.NewAt(v.Type(), v.Addr().UnsafePointer()).Elem()
	return v.Interface().(fmt.Stringer).String()
}

func dynamicName(v reflect.Value) string {
	if !v.IsValid() {
		return "nil"
	}
	t := v.Type()
	if enumeration(t) {
		if v.Kind() == reflect.String {
			return v.String()
		}
		return v.Interface().(fmt.Stringer).String()
	}
	return typeName(t)
}

func typeName(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	name := t.String()
	return name[strings.LastIndexByte(name, '.')+1:]
}

// actionText is the text of an action without a FormatAction method: its own string for a type with
// a String method, else a name and the content, such as "Commit" for a struct without fields or
// "Commit {RM:2}".
func (c *Model) actionText(a unsafe.Pointer) string {
	switch x := c.boxAction(a).(type) {
	case string:
		return x
	case fmt.Stringer:
		return x.String()
	}
	text := string(c.aplan.AppendText(nil, a))
	if c.Action.Kind() == reflect.String {
		return strings.Trim(text, `"`)
	}
	return text
}
