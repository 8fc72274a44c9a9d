package codec

import (
	"encoding"
	"fmt"
	"reflect"
	"time"

	"github.com/allways-go/allways/actor"
)

// Check tries a codec on a value of every message type in which no field is zero, and on the zero value: what comes back must have the content
// of what went in. The error names the type and shows both.
func Check(c Encoding, p actor.Program) error {
	types := p.MessageTypes()
	if p.MessageType().Kind() != reflect.Interface {
		types = []reflect.Type{p.MessageType()}
	}
	for _, t := range types {
		full := reflect.New(t).Elem()
		fill(full, 0, p)
		for _, v := range []any{full.Interface(), Zero(t)} {
			if err := roundTrip(c, p, v); err != nil {
				return fmt.Errorf("codec %s: messages of type %v: %w", c.Name(), t, err)
			}
		}
	}
	return nil
}

// Zero returns a message of a type in which everything is zero.
func Zero(t reflect.Type) any {
	if t.Kind() == reflect.Pointer {
		return reflect.New(t.Elem()).Interface()
	}
	return reflect.Zero(t).Interface()
}

func roundTrip(c Encoding, p actor.Program, m any) error {
	want, err := p.Content(m)
	if err != nil {
		return err
	}
	b, err := c.Append(nil, m)
	if err != nil {
		return err
	}
	back, err := c.Decode(b)
	if err != nil {
		return fmt.Errorf("what was encoded cannot be decoded: %w", err)
	}
	got, err := p.Content(back)
	if err != nil {
		return err
	}
	if got != want {
		return fmt.Errorf("%s comes back as %s: see that every field is exported and encoded, or use a codec of your own", p.MessageText(want), p.MessageText(got))
	}
	return nil
}

// deepest is how deep a recursive type is filled.
const deepest = 4

// fill sets what can be set to something that is not zero.
func fill(v reflect.Value, depth int, p actor.Program) {
	if depth > deepest || !v.CanSet() {
		return
	}
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(time.Unix(1_000_000_007, 5).UTC()))
		return
	}
	switch v.Kind() {
	case reflect.Interface:
		if v.Type() == p.MessageType() && len(p.MessageTypes()) > 0 {
			m := reflect.New(p.MessageTypes()[0]).Elem()
			fill(m, depth+1, p)
			v.Set(m)
		}
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(1)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		v.SetUint(1)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(0.5)
	case reflect.String:
		v.SetString("x")
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), depth+1, p)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), depth+1, p)
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), depth+1, p)
		}
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, depth+1, p)
		fill(value, depth+1, p)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), depth+1, p)
		}
	}
}

// inspect refuses types that encoding by reflection would change in silence. Messages may hold messages.
func inspect(t, message reflect.Type) error {
	return inspectAt(t, t.String(), map[reflect.Type]bool{message: t != message})
}

func inspectAt(t reflect.Type, path string, seen map[reflect.Type]bool) error {
	if seen[t] || ownsText(t) {
		return nil
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Interface:
		return fmt.Errorf("%s is an interface, and what it holds could not be told when it is decoded: use a concrete type, or a codec of your own", path)
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return inspectAt(t.Elem(), path+"[]", seen)
	case reflect.Map:
		if err := inspectAt(t.Key(), path+"[key]", seen); err != nil {
			return err
		}
		return inspectAt(t.Elem(), path+"[]", seen)
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if !f.IsExported() && f.Name != "_" && !(f.Anonymous && f.Type.Kind() == reflect.Struct) {
				return fmt.Errorf("%s.%s is not exported and would be lost: export it, or use a codec of your own", path, f.Name)
			}
			if err := inspectAt(f.Type, path+"."+f.Name, seen); err != nil {
				return err
			}
		}
	}
	return nil
}

// ownsText reports whether values of a type know how to write and read themselves.
func ownsText(t reflect.Type) bool {
	out, in := reflect.TypeFor[encoding.TextMarshaler](), reflect.TypeFor[encoding.TextUnmarshaler]()
	return t.Kind() != reflect.Interface && t.Implements(out) && reflect.PointerTo(t).Implements(in)
}
