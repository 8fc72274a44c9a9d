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
func call(names naming, name string, args ...any) string {
	texts := make([]string, len(args))
	for i, a := range args {
		texts[i] = names.text(a)
	}
	return name + "(" + strings.Join(texts, ", ") + ")"
}

// naming gives the texts of some values, such as ids of things that have names, see [Verdict.WithValues].
type naming func(v any) (text string, ok bool)

// text returns the text of a value, which may be an operation.
func (names naming) text(v any) string {
	if names == nil {
		return text(v)
	}
	if op, ok := v.(interface {
		TextWith(names func(v any) (text string, ok bool)) string
	}); ok && op.TextWith(nil) == text(v) { // or else a type that embeds the operation has another String
		return op.TextWith(names)
	}
	if s, ok := names(v); ok {
		return s
	}
	return text(v)
}

// sentence says what an operation did: the operation, and a result if it says something.
type sentence struct {
	op, ret any
	brief   bool // the result says nothing
}

// word is a result that no value stands for, such as "failed".
type word string

// with returns the text.
func (s sentence) with(names naming) string {
	if s.brief {
		return names.text(s.op)
	}
	if w, ok := s.ret.(word); ok {
		return names.text(s.op) + " → " + string(w)
	}
	return names.text(s.op) + " → " + names.text(s.ret)
}

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
