// Package forge reads and writes messages as JSON that people edit, to put messages in flight that no actor has
// sent.
//
// The notation has all that a message holds: unexported fields too, ids as the names of their actors, and a value
// in an interface as {"type":"Vote","value":{"Term":1}}. It is neither that of package plan, which shows values and
// cannot be read, nor that of the codecs of nodes, which refuse types that only a model can have.
package forge

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"

	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/internal/plan"
)

// MaxBytes bounds the JSON of a message, which is a part of links.
const MaxBytes = 4096

// maxDepth bounds the levels of a value, since pointers may lead back to where they came from.
const maxDepth = 64

// Write returns a message as JSON. The error says that the message has none that can be read.
func Write(sys *core.System, types []reflect.Type, msg string) (string, error) {
	text, err := Text(sys, msg)
	if err != nil {
		return "", err
	}
	if again, err := Read(sys, types, text); err != nil || again != msg {
		return "", errors.Join(errors.New("the message cannot be written as JSON without loss"), err)
	}
	return text, nil
}

// Text returns a message as JSON, which need not be one that can be read.
func Text(sys *core.System, msg string) (string, error) {
	w := writer{sys: sys}
	w.value(reflect.ValueOf(sys.Messages.Decode(msg)).Elem(), 0)
	return string(w.out), w.err
}

// Read returns the message that JSON text holds, by content. types are those that values of interfaces may have. The
// error names the part that is wrong.
func Read(sys *core.System, types []reflect.Type, text string) (msg string, err error) {
	if len(text) > MaxBytes {
		return "", fmt.Errorf("the message has %d bytes of JSON; at most %d are possible", len(text), MaxBytes)
	}
	x, err := parse(text)
	if err != nil {
		return "", err
	}
	m := sys.Messages.New()
	r := reader{sys: sys, types: types}
	if err := r.value(reflect.ValueOf(m).Elem(), x, "message"); err != nil {
		return "", err
	}
	msg, err = sys.Messages.Plan.Content(core.PointerOf(m))
	if err != nil {
		return "", err
	}
	if out, err := Text(sys, msg); err != nil || len(out) > MaxBytes {
		return "", errors.Join(fmt.Errorf("the message has more than %d bytes of JSON", MaxBytes), err)
	}
	return msg, nil
}

// Types returns the types of the values that interfaces in a message hold.
func Types(sys *core.System, msg string) []reflect.Type {
	w := writer{sys: sys}
	w.value(reflect.ValueOf(sys.Messages.Decode(msg)).Elem(), 0)
	return w.dynamic
}

// typeName returns the name of a type in JSON.
func typeName(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		return "*" + typeName(t.Elem())
	}
	return plan.TypeText(t)
}

// open returns a field that may be read and set even if it is not exported. Its struct must have an address.
func open(v reflect.Value) reflect.Value {
	return reflect.NewAt(v.Type(), v.Addr().UnsafePointer()).Elem()
}

// texts returns how a type is written that is encoded as a whole, as times are; nil for others.
func texts(v reflect.Value) interface {
	encoding.TextMarshaler
	encoding.TextUnmarshaler
} {
	t, _ := v.Addr().Interface().(interface {
		encoding.TextMarshaler
		encoding.TextUnmarshaler
	})
	return t
}

// simpleKey reports whether the keys of a map are names in an object.
func simpleKey(t reflect.Type) bool {
	k := t.Kind()
	return !plan.Opaque(t) && (k == reflect.String || k == reflect.Bool || k >= reflect.Int && k <= reflect.Uint64)
}
