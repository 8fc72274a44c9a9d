package naming

import (
	"cmp"
	"fmt"
	"reflect"
	"strconv"
	"unsafe"

	"github.com/allways-go/allways/internal/plan"
)

// smallNumbers is how many numbers are named one by one as actions: more would make the table of
// actions of no use.
const smallNumbers = 100

// Default returns how actions of a type are named when the model does not say: a string is its own name,
// what shows its kind is named by it, see [plan.KindOf], a small number is named by its type and itself,
// and anything else, as well as an empty string, by its type, which for an interface is that of its value.
func Default(t reflect.Type) func(a unsafe.Pointer) string {
	switch kind := plan.KindOf(t); {
	case t.Kind() == reflect.Interface:
		return func(a unsafe.Pointer) string { return dynamicName(reflect.NewAt(t, a).Elem().Elem()) }
	case t.Kind() == reflect.String:
		return func(a unsafe.Pointer) string { return cmp.Or(reflect.NewAt(t, a).Elem().String(), plan.TypeText(t)) }
	case kind != nil:
		return kind
	}
	name := plan.TypeText(t)
	if v := reflect.Zero(t); !v.CanInt() && !v.CanUint() {
		return func(unsafe.Pointer) string { return name }
	}
	if t.PkgPath() == "" {
		name = "action"
	}
	return func(a unsafe.Pointer) string { return numberName(name, reflect.NewAt(t, a).Elem()) }
}

// numberName names a number without a String method.
func numberName(name string, v reflect.Value) string {
	switch {
	case v.CanInt() && v.Int() >= 0 && v.Int() < smallNumbers:
		return name + " " + strconv.FormatInt(v.Int(), 10)
	case v.CanUint() && v.Uint() < smallNumbers:
		return name + " " + strconv.FormatUint(v.Uint(), 10)
	}
	return fmt.Sprintf("%s outside 0 to %d", name, smallNumbers-1)
}

// dynamicName names the value of an interface.
func dynamicName(v reflect.Value) string {
	if !v.IsValid() {
		return "nil"
	}
	if v.Kind() == reflect.Struct || v.Kind() == reflect.Pointer {
		return plan.TypeText(v.Type())
	}
	at := reflect.New(v.Type())
	at.Elem().Set(v)
	return Default(v.Type())(at.UnsafePointer())
}
