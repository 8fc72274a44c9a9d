package codec

import (
	"fmt"
	"reflect"
	"time"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/internal/program"
)

// Check tests whether an encoding preserves messages: for each message type, it encodes and decodes
// the zero message and one in which no field is zero. The error names the type and shows both
// messages.
//
// A codec that loses a field, such as an unexported one that encoding/json skips, would not fail when it is used:
// the receiver would see another message than the sender sent, and the checked model would not be what runs.
func Check(e Encoding, sys actor.Program) error {
	p, err := program.Of(sys)
	if err != nil {
		return err
	}
	types := p.Messages().Types()
	if p.Messages().Type().Kind() != reflect.Interface {
		types = []reflect.Type{p.Messages().Type()}
	}
	for _, t := range types {
		full := reflect.New(t).Elem()
		fill(full, 0, p)
		for _, v := range []any{full.Interface(), Zero(t)} {
			if err := roundTrip(e, p, v); err != nil {
				return fmt.Errorf("codec %s: messages of type %v: %w", e.Name(), t, err)
			}
		}
	}
	return nil
}

// Zero returns the zero message of a type; for a pointer type, a pointer to zero.
func Zero(t reflect.Type) any {
	if t.Kind() == reflect.Pointer {
		return reflect.New(t.Elem()).Interface()
	}
	return reflect.Zero(t).Interface()
}

// roundTrip returns an error unless a message survives encoding and decoding.
func roundTrip(e Encoding, p *program.Program, m any) error {
	want, err := p.Messages().Content(m)
	if err != nil {
		return err
	}
	b, err := e.Append(nil, m)
	if err != nil {
		return err
	}
	return comesBack(e, p, b, want)
}

// comesBack returns an error unless b is decoded to a message with the content want.
func comesBack(e Encoding, p *program.Program, b []byte, want string) error {
	back, err := e.Decode(b)
	if err != nil {
		return fmt.Errorf("an encoded message cannot be decoded: %w", err)
	}
	got, err := p.Messages().Content(back)
	if err != nil {
		return err
	}
	if got != want {
		return fmt.Errorf("%s comes back as %s: check that each field is exported and encoded, or use codec.Functions",
			p.Messages().Text(want), p.Messages().Text(got))
	}
	return nil
}

// maxDepth is the depth to which recursive types are filled.
const maxDepth = 4

// fill sets everything in v to something other than zero.
func fill(v reflect.Value, depth int, p *program.Program) {
	if depth > maxDepth || !v.CanSet() {
		return
	}
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(time.Unix(1_000_000_007, 5).UTC()))
		return
	}
	switch v.Kind() {
	case reflect.Interface:
		if v.Type() == p.Messages().Type() && len(p.Messages().Types()) > 0 {
			m := reflect.New(p.Messages().Types()[0]).Elem()
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
