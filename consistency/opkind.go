package consistency

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/allways-go/allways/internal/plan"
)

// opKind says which method of a spec made an operation. The zero kind only reads, so that the zero
// operation of every spec is harmless.
type opKind uint8

const (
	opRead opKind = iota
	opWrite
	opCAS
	opAdd
	opFetchAdd
	opRemove
)

// unused returns the fields that an operation of a kind does not use, of those that a CAS has.
func (k opKind) unused() []string {
	switch k {
	case opCAS:
		return nil
	case opWrite:
		return []string{"Old"}
	}
	return []string{"Old", "Value"}
}

// call returns the text of an operation with arguments, such as `write(v)`.
func call(name string, args ...any) string {
	texts := make([]string, len(args))
	for i, a := range args {
		texts[i] = text(a)
	}
	return name + "(" + strings.Join(texts, ", ") + ")"
}

// describe returns the text of an operation and its result.
func describe(op, ret any) string { return text(op) + " → " + text(ret) }

// text returns the text of a value. An empty text is quoted to be visible. Pointers are followed, since an address
// says nothing and is another one in each run.
func text(v any) string {
	_, describes := v.(fmt.Stringer)
	if t := reflect.TypeOf(v); !describes && t != nil && hasPointers(t) {
		if p, err := plan.Of(t); err == nil {
			box := reflect.New(t)
			box.Elem().Set(reflect.ValueOf(v))
			return string(p.AppendText(nil, box.UnsafePointer()))
		}
	}
	if s := fmt.Sprint(v); s != "" {
		return s
	}
	return `""`
}

// hasPointers reports whether the text that package fmt makes of values of a type may show an address.
func hasPointers(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer:
		return true
	case reflect.Array, reflect.Slice:
		return hasPointers(t.Elem())
	case reflect.Map:
		return hasPointers(t.Key()) || hasPointers(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if hasPointers(t.Field(i).Type) {
				return true
			}
		}
	}
	return false
}
