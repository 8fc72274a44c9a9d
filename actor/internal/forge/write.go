package forge

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"

	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/internal/plan"
)

// writer writes values.
type writer struct {
	sys     *core.System
	out     []byte
	dynamic []reflect.Type // types of the values in interfaces
	err     error
}

func (w *writer) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *writer) add(text string) { w.out = append(w.out, text...) }

func (w *writer) quote(text string) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(text); err != nil {
		w.fail(err)
	}
	w.out = append(w.out, bytes.TrimRight(b.Bytes(), "\n")...)
}

// value writes a value that has an address.
func (w *writer) value(v reflect.Value, depth int) {
	if depth > maxDepth {
		w.fail(fmt.Errorf("the message has more than %d levels", maxDepth))
		return
	}
	switch {
	case plan.Opaque(v.Type()):
		w.whole(v)
	case v.Kind() == reflect.Struct:
		w.fields(v, depth)
	case v.Kind() == reflect.Slice, v.Kind() == reflect.Array:
		w.list('[', ']', v.Len(), func(i int) { w.value(v.Index(i), depth+1) })
	case v.Kind() == reflect.Map:
		w.entries(v, depth)
	case v.Kind() == reflect.Pointer && !v.IsNil():
		w.value(v.Elem(), depth+1)
	case v.Kind() == reflect.Interface && !v.IsNil():
		w.dynamic = append(w.dynamic, v.Elem().Type())
		w.add(`{"type":`)
		w.quote(typeName(v.Elem().Type()))
		w.add(`,"value":`)
		w.value(copied(v.Elem()), depth+1)
		w.add("}")
	case v.Kind() == reflect.Pointer, v.Kind() == reflect.Interface:
		w.add("null")
	default:
		w.scalar(v)
	}
}

// copied returns a value with an address.
func copied(v reflect.Value) reflect.Value {
	p := reflect.New(v.Type()).Elem()
	p.Set(v)
	return p
}

// list writes n elements with commas between them.
func (w *writer) list(begin, end byte, n int, element func(i int)) {
	w.out = append(w.out, begin)
	for i := range n {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		element(i)
	}
	w.out = append(w.out, end)
}

func (w *writer) fields(v reflect.Value, depth int) {
	var shown []int
	for i := range v.NumField() {
		if v.Type().Field(i).Name != "_" {
			shown = append(shown, i)
		}
	}
	w.list('{', '}', len(shown), func(i int) {
		w.quote(v.Type().Field(shown[i]).Name)
		w.add(":")
		w.value(open(v.Field(shown[i])), depth+1)
	})
}

// entries writes a map: as an object if its keys are names, else as a list of pairs. Entries are sorted.
func (w *writer) entries(v reflect.Value, depth int) {
	simple := simpleKey(v.Type().Key())
	var all []string
	for _, key := range v.MapKeys() {
		e := writer{sys: w.sys}
		e.value(copied(key), depth+1)
		if simple && e.out[0] != '"' {
			e.out = append(append([]byte{'"'}, e.out...), '"')
		}
		e.add(map[bool]string{true: ":", false: ","}[simple])
		e.value(copied(v.MapIndex(key)), depth+1)
		if e.err != nil {
			w.fail(e.err)
		}
		w.dynamic = append(w.dynamic, e.dynamic...)
		all = append(all, string(e.out))
	}
	slices.Sort(all)
	if simple {
		w.list('{', '}', len(all), func(i int) { w.add(all[i]) })
		return
	}
	w.list('[', ']', len(all), func(i int) { w.add("[" + all[i] + "]") })
}

// whole writes a value that is encoded as a whole: as its text if it has one, else its bytes in base64.
func (w *writer) whole(v reflect.Value) {
	if t := texts(v); t != nil {
		text, err := t.MarshalText()
		if err != nil {
			w.fail(err)
		}
		w.quote(string(text))
		return
	}
	p, err := plan.Of(v.Type())
	var content string
	if err == nil {
		content, err = p.Content(v.Addr().UnsafePointer())
	}
	if err != nil {
		w.fail(err)
	}
	w.quote(base64.StdEncoding.EncodeToString([]byte(content)))
}

func (w *writer) scalar(v reflect.Value) {
	if id, ok := w.sys.IDOf(v); ok && int(v.Int()) == id {
		if name, ok := core.Naming(w.sys)(v); ok {
			w.quote(name)
			return
		}
	}
	switch {
	case v.Kind() == reflect.String:
		w.quote(v.String())
	case v.Kind() == reflect.Bool:
		w.add(strconv.FormatBool(v.Bool()))
	case v.CanInt():
		w.add(strconv.FormatInt(v.Int(), 10))
	case v.CanUint():
		w.add(strconv.FormatUint(v.Uint(), 10))
	case v.CanFloat() && !math.IsNaN(v.Float()) && !math.IsInf(v.Float(), 0):
		w.add(strconv.FormatFloat(v.Float(), 'g', -1, v.Type().Bits()))
	case v.CanFloat():
		w.quote(strconv.FormatFloat(v.Float(), 'g', -1, v.Type().Bits()))
	case v.CanComplex():
		w.quote(strconv.FormatComplex(v.Complex(), 'g', -1, v.Type().Bits()))
	default:
		w.fail(errors.New("a value of type " + v.Type().String() + " has no JSON"))
	}
}
