package gospace

import (
	"fmt"
	"reflect"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/plan"
	"github.com/allways-go/allways/internal/usercode"
)

// A content may have several representations in Go: a nil or an empty slice, +0 or -0. Searches
// keep contents only, and show models one form of each. A model whose outcome depends on the form
// would behave otherwise in production, where the form is whatever the program made, so it is tried
// on the other form now and then. If the outcome differs, the user needs to know which field it
// was.

// onAlternate runs user code on s, which is a state with nil and empty swapped, and returns its
// error. The code has already run on the canonical form: so a panic depends on the form, and so may
// an error, which shows when the forms are swapped place by place.
func (w *worker) onAlternate(
	state []uint32, where string, act int, s unsafe.Pointer, run func(s unsafe.Pointer) error,
) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = w.alternatePanicked(state, where, act, run, usercode.Panicked(where, r))
		}
	}()
	err = run(s)
	m, ok := err.(*engine.Misbehaviour)
	if !ok {
		return err
	}
	if m.Kind == engine.ErrorNondeterminism {
		if form := w.decisiveForm(state, run); form != "" {
			m.Message += "; here it depends on whether " + form
		}
	}
	return err
}

// alternatePanicked judges a panic on the form of a state that is not canonical.
func (w *worker) alternatePanicked(
	state []uint32, where string, act int, run func(s unsafe.Pointer) error, m *engine.Misbehaviour,
) error {
	if m.Kind != engine.ErrorPanic || w.fails(state, -1, run) {
		if act >= 0 {
			m.Action = w.ActionText(w.acts.At(act))
		}
		m.Tolerable, m.Act = true, act
		return m
	}
	form := w.decisiveForm(state, run)
	if form == "" {
		form = "slices and maps are nil or empty"
	}
	err := w.nondeterminism(where, act, fmt.Sprintf("whether it panics (%s) depends on whether %s", m.Message, form))
	if n, ok := err.(*engine.Misbehaviour); ok {
		n.Panic, n.Stack = m.Panic, m.Stack
	}
	return err
}

// decisiveForm names the first place in a state whose form alone makes run fail. It
// returns "" when no place does, and when run fails on the canonical form, too.
func (w *worker) decisiveForm(state []uint32, run func(s unsafe.Pointer) error) string {
	if w.fails(state, -1, run) {
		return ""
	}
	for k := 0; ; k++ {
		place := w.swapOne(state, k, w.newState(), w.newState())
		if place == "" {
			return ""
		}
		if w.fails(state, k, run) {
			return place
		}
	}
}

// fails reports whether run panics or returns an error on a state of which the k-th place alone is
// swapped, none if k < 0.
func (w *worker) fails(state []uint32, k int, run func(s unsafe.Pointer) error) (failed bool) {
	s := w.newState()
	w.swapOne(state, k, s, w.newState())
	defer func() { failed = failed || recover() != nil }()
	return run(s) != nil
}

// swapOne makes s a canonical copy of a state in which the form of the k-th place is swapped, and
// says which that is.
func (w *worker) swapOne(state []uint32, k int, s, alternate unsafe.Pointer) (place string) {
	w.coder.DecodeFresh(state, s)
	w.splan.Alternate(alternate, s)
	if k < 0 {
		return ""
	}
	f := formSwapper{left: k}
	f.walk(reflect.NewAt(w.State, s).Elem(), reflect.NewAt(w.State, alternate).Elem(), "")
	return f.place
}

// formSwapper swaps the form of one place in a value, counted in the order of the walk.
type formSwapper struct {
	left  int    // places to pass over
	place string // description of the swap; empty before
}

// walk takes an addressable value and its alternate form. Only a place where they differ can be
// swapped.
func (f *formSwapper) walk(v, alternate reflect.Value, path string) {
	if f.place != "" || plan.Opaque(v.Type()) {
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			f.walk(open(v.Field(i)), open(alternate.Field(i)), join(path, v.Type().Field(i).Name))
		}
	case reflect.Slice, reflect.Array:
		if v.Len() == 0 && v.Kind() == reflect.Slice {
			f.swap(v, alternate, path, " is nil or empty")
			return
		}
		for i := range v.Len() {
			f.walk(v.Index(i), alternate.Index(i), fmt.Sprintf("%s[%d]", path, i))
		}
	case reflect.Map:
		if v.Len() == 0 {
			f.swap(v, alternate, path, " is nil or empty")
			return
		}
		f.whole(v, alternate, path)
	case reflect.Interface:
		f.whole(v, alternate, path)
	case reflect.Pointer:
		if !v.IsNil() {
			f.walk(v.Elem(), alternate.Elem(), path)
		}
	case reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
		if v.IsZero() && !alternate.IsZero() {
			f.swap(v, alternate, path, " is +0 or -0")
		}
	}
}

// whole takes as one place what reflection cannot change in part: the elements of a map and the
// value in an interface have no address.
func (f *formSwapper) whole(v, alternate reflect.Value, path string) {
	if !v.IsZero() {
		f.swap(v, alternate, path, " holds what is nil or what is empty")
	}
}

func (f *formSwapper) swap(v, alternate reflect.Value, path, what string) {
	if f.left > 0 {
		f.left--
		return
	}
	v.Set(alternate)
	if path == "" {
		path = "the state"
	}
	f.place = path + what
}

// open returns a field that may be set even if it is not exported.
func open(v reflect.Value) reflect.Value {
	return reflect.NewAt(v.Type(), v.Addr().UnsafePointer()).Elem()
}

func join(path, field string) string {
	if path == "" {
		return field
	}
	return path + "." + field
}
