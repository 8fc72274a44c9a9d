package valuetest

import (
	"fmt"
	"reflect"
	"slices"
)

// Part is a named part of a value.
type Part struct {
	Step  string        // last step of the path: `.field`, `[index]`, or a text for a map key
	Value reflect.Value // a pointer to it
	key   reflect.Value // key of a map entry
}

// In returns the index of the part in the same place among the parts of another value, or -1.
func (p Part) In(others []Part) int {
	return slices.IndexFunc(others, func(q Part) bool {
		return p.Step == q.Step && (!p.key.IsValid() || same(p.key, q.key))
	})
}

// Parts returns the parts of the value that p points to; pointers and interfaces have those of what
// they hold, in which case the type of the whole says so. It reports false for values that are not
// divided: scalars, nil pointers, types that are encoded as a whole.
func Parts(p reflect.Value, keyStep func(key reflect.Value) string) (parts []Part, divided bool) {
	v := p.Elem()
	if _, ok := opaques[v.Type()]; ok {
		return nil, false
	}
	switch v.Kind() {
	case reflect.Struct:
		fields(v, func(i int, f reflect.Value) {
			parts = append(parts, Part{Step: "." + v.Type().Field(i).Name, Value: f.Addr()})
		})
	case reflect.Array, reflect.Slice:
		for i := range v.Len() {
			parts = append(parts, Part{Step: fmt.Sprintf("[%d]", i), Value: v.Index(i).Addr()})
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			key := variable(k)
			parts = append(parts, Part{keyStep(key.Addr()), variable(v.MapIndex(k)).Addr(), key})
		}
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil, false
		}
		return []Part{{Step: "", Value: variable(v.Elem()).Addr()}}, true
	default:
		return nil, false
	}
	return parts, true
}
