package codec

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/fxamacker/cbor/v2"

	"github.com/allways-go/allways/actor/internal/program"
)

// faithful is an encoding by reflection that encodes only what it decodes to the same message. So it is
// the sender that has the error.
type faithful struct {
	Encoding
	program *program.Program
	risky   map[reflect.Type]bool // message types that may change on the way
	nested  func(b []byte) error  // error if b is nested too deeply to be decoded
}

// maxNesting is how deep a message may be nested. What decodes JSON has a limit of 10,000, of which a
// frame takes some.
const maxNesting = 9_990

func newFaithful(e Encoding, p *program.Program, u *union, nested func([]byte) error) faithful {
	f := faithful{e, p, map[reflect.Type]bool{}, nested}
	types := p.Messages().Types()
	if !u.tagged {
		types = []reflect.Type{u.message}
	}
	inside := false // whether a message that holds messages may change on the way
	for _, t := range types {
		if risky(t, map[reflect.Type]bool{}) {
			f.risky[t], inside = true, true
		}
	}
	if inside {
		for _, t := range types {
			f.risky[t] = true
		}
	}
	return f
}

// Append implements [Encoding].
func (f faithful) Append(dst []byte, m any) ([]byte, error) {
	all, err := f.Encoding.Append(dst, m)
	if err != nil {
		return dst, err
	}
	b := all[len(dst):]
	if len(b) > maxNesting {
		if err := f.nested(b); err != nil {
			return dst, fmt.Errorf("codec %s: a %T is nested too deeply: %w", f.Name(), m, err)
		}
	}
	if f.risky[reflect.TypeOf(m)] {
		want, err := f.program.Messages().Content(m)
		if err != nil {
			return dst, err
		}
		if err := comesBack(f, f.program, b, want); err != nil {
			return dst, fmt.Errorf("codec %s: a %T: %w", f.Name(), m, err)
		}
	}
	return all, nil
}

// risky reports whether a type has values that may not come back: a pointer to nil is written as a nil
// pointer is, and what a type writes for itself it may not be able to read.
func risky(t reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	if writesItself(t) {
		return true
	}
	switch t.Kind() {
	case reflect.Pointer:
		switch t.Elem().Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
			return true
		}
		return risky(t.Elem(), seen)
	case reflect.Slice, reflect.Array:
		return risky(t.Elem(), seen)
	case reflect.Map:
		return risky(t.Key(), seen) || risky(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			if risky(t.Field(i).Type, seen) {
				return true
			}
		}
	}
	return false
}

// writesItself reports whether a type decides for itself how it is written.
func writesItself(t reflect.Type) bool {
	if t.Kind() == reflect.Interface {
		return false
	}
	for _, by := range []reflect.Type{
		reflect.TypeFor[encoding.TextMarshaler](), reflect.TypeFor[encoding.BinaryMarshaler](),
		reflect.TypeFor[json.Marshaler](), reflect.TypeFor[cbor.Marshaler](),
	} {
		if t.Implements(by) || reflect.PointerTo(t).Implements(by) {
			return true
		}
	}
	return false
}

// nestedJSON returns an error if JSON is nested too deeply.
func nestedJSON(b []byte) error {
	depth, text := 0, false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case text && c == '\\':
			i++
		case c == '"':
			text = !text
		case text:
		case c == '{' || c == '[':
			if depth++; depth > maxNesting {
				return fmt.Errorf("%d levels are the limit", maxNesting)
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
}
