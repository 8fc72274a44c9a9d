// Package optional checks the optional methods of models.
package optional

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/allways-go/allways/internal/engine"
)

// Optional interfaces are Go's way to extend an interface, and a trap: a method that misses the
// interface by a parameter type is legal and never called. A search without the boundary that its
// author wrote may run for hours, and one without a representative visits up to n! states of each
// orbit. The compiler cannot help, so a name is taken for an intention: a method that has the name
// of an optional one must have its signature.

// method is a method that a model may have.
type method struct {
	name      string
	signature string // signature, {S} and {A} standing for the model's types of states and actions
	// of looks the method up. The name is a constant there, so that the linker may drop methods of
	// other names.
	of func(reflect.Type) (reflect.Method, bool)
}

// methods is the one list of optional methods, by name. Package allways binds them. A method that has
// one of the names and another signature would be left out silently if this list did not refuse it.
var methods = [...]method{
	{
		"ActionName", "func({A}) string",
		func(t reflect.Type) (reflect.Method, bool) { return t.MethodByName("ActionName") },
	},
	{
		"ActionNames", "func() []string",
		func(t reflect.Type) (reflect.Method, bool) { return t.MethodByName("ActionNames") },
	},
	{
		"Changes", "func({S}, {S}) []allways.Change",
		func(t reflect.Type) (reflect.Method, bool) { return t.MethodByName("Changes") },
	},
	{
		"Diagram", "func(*allways.Path[{S}, {A}]) string",
		func(t reflect.Type) (reflect.Method, bool) { return t.MethodByName("Diagram") },
	},
	{
		"Fairness", "func() []allways.Fairness[{S}]",
		func(t reflect.Type) (reflect.Method, bool) { return t.MethodByName("Fairness") },
	},
	{
		"FormatAction", "func({A}) string",
		func(t reflect.Type) (reflect.Method, bool) { return t.MethodByName("FormatAction") },
	},
	{
		"FormatState", "func({S}) string",
		func(t reflect.Type) (reflect.Method, bool) { return t.MethodByName("FormatState") },
	},
	{
		"FormatStep", "func({S}, {A}, {S}) string",
		func(t reflect.Type) (reflect.Method, bool) { return t.MethodByName("FormatStep") },
	},
	{
		"NextInPlace", "func(*{S}, {A}) bool",
		func(t reflect.Type) (reflect.Method, bool) { return t.MethodByName("NextInPlace") },
	},
	{
		"Notes", "func() []string",
		func(t reflect.Type) (reflect.Method, bool) { return t.MethodByName("Notes") },
	},
	{
		"Parts", "func({S}, func(path, value string))",
		func(t reflect.Type) (reflect.Method, bool) { return t.MethodByName("Parts") },
	},
	{
		"Representative", "func({S}) {S}",
		func(t reflect.Type) (reflect.Method, bool) { return t.MethodByName("Representative") },
	},
	{
		"Snapshot", "func() (allways.Model[{S}, {A}], error)",
		func(t reflect.Type) (reflect.Method, bool) { return t.MethodByName("Snapshot") },
	},
	{
		"Within", "func({S}) bool",
		func(t reflect.Type) (reflect.Method, bool) { return t.MethodByName("Within") },
	},
}

// Check refuses a method of the model that has the name of an optional one and another
// signature, so that a typing mistake never switches a feature off. bound are the names of the
// methods with the right signature.
func Check(model any, state, action reflect.Type, bound []string) error {
	types := strings.NewReplacer("{S}", state.String(), "{A}", action.String())
	typ := reflect.TypeOf(model)
	var wrong []string
	for i := range methods {
		o := &methods[i]
		if slices.Contains(bound, o.name) {
			continue
		}
		if m, ok := o.of(typ); ok {
			wrong = append(wrong, fmt.Sprintf(
				"method %s has the signature %s, want %s", o.name, withoutReceiver(m.Type), types.Replace(o.signature)))
		} else if typ.Kind() != reflect.Pointer {
			if _, ok := o.of(reflect.PointerTo(typ)); ok {
				wrong = append(wrong, fmt.Sprintf("method %s has a pointer receiver, "+
					"so a model passed by value does not have it: pass a pointer", o.name))
			}
		}
	}
	if wrong == nil {
		return nil
	}
	return &engine.Misbehaviour{
		Kind: engine.ErrorDeclaration, Where: typ.String(), Message: strings.Join(wrong, "; "), Act: -1,
	}
}

// withoutReceiver returns the type of a method as a function of its arguments.
func withoutReceiver(method reflect.Type) reflect.Type {
	in, out := slices.Collect(method.Ins()), slices.Collect(method.Outs())
	return reflect.FuncOf(in[1:], out, method.IsVariadic())
}

// InheritsNextInPlace reports whether a model may have NextInPlace from a type that it embeds.
func InheritsNextInPlace(typ reflect.Type) bool {
	if typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	if typ.Kind() != reflect.Struct {
		return false
	}
	for i := range typ.NumField() {
		f := typ.Field(i)
		if !f.Anonymous {
			continue
		}
		_, has := f.Type.MethodByName("NextInPlace")
		_, pointer := reflect.PointerTo(f.Type).MethodByName("NextInPlace")
		if has || pointer {
			return true
		}
	}
	return false
}
