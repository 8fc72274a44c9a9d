package plan

import (
	"encoding/json"
	"math"
	"reflect"
	"unsafe"
)

// AppendJSON appends the value at v as JSON. Unexported fields are included. Scalars with a String
// method are written as its string, maps as objects in the order of their keys, interfaces as
// {"type":...,"value":...}, and numbers that JSON lacks as strings. It panics where Append gives an
// error.
func (p *Plan) AppendJSON(dst []byte, v unsafe.Pointer) []byte { return p.write(dst, v, asJSON{}) }

// AppendJSON is [Plan.AppendJSON] with names: a scalar that has one is written as {"id":...,"name":...},
// and as a key of a map by its name.
func (w Naming) AppendJSON(dst []byte, p *Plan, v unsafe.Pointer) []byte {
	return p.write(dst, v, asJSON{w})
}

// asJSON is the notation of AppendJSON.
type asJSON struct{ naming Naming }

func (asJSON) separator() byte                          { return ',' }
func (asJSON) null() string                             { return "null" }
func (asJSON) reference() string                        { return "" }
func (asJSON) omits(*Plan, *field, unsafe.Pointer) bool { return false }
func (asJSON) name(dst []byte, s string) []byte         { return asJSON{}.quote(dst, s) }

func (n asJSON) named(dst []byte, x reflect.Value) ([]byte, bool) {
	name, ok := n.naming.of(x)
	if !ok {
		return dst, false
	}
	dst = appendNumberText(append(dst, `{"id":`...), x)
	return append(n.quote(append(dst, `,"name":`...), name), '}'), true
}

func (asJSON) quote(dst []byte, text string) []byte {
	b, err := json.Marshal(text)
	if err != nil {
		panic("plan: a string without JSON: " + err.Error())
	}
	return append(dst, b...)
}

// key writes every key as a string, since JSON has no others.
func (n asJSON) key(dst []byte, p *Plan, v unsafe.Pointer) []byte {
	if p.kind == reflect.String && !p.named && p.opaque == nil {
		return n.quote(dst, *(*string)(v))
	}
	return n.quote(dst, string(n.naming.AppendText(nil, p, v)))
}

func (n asJSON) dynamic(dst []byte, p *Plan, v unsafe.Pointer) []byte {
	dst = n.quote(append(dst, `{"type":`...), TypeText(p.typ))
	return append(p.write(append(dst, `,"value":`...), v, n), '}')
}

func (n asJSON) scalar(dst []byte, x reflect.Value) []byte {
	switch {
	case x.Kind() == reflect.String:
		return n.quote(dst, x.String())
	case x.CanFloat() && (math.IsNaN(x.Float()) || math.IsInf(x.Float(), 0)), x.CanComplex():
		return n.quote(dst, string(appendNumberText(nil, x)))
	case x.CanFloat():
		var number any = x.Float()
		if x.Kind() == reflect.Float32 {
			number = float32(x.Float()) // fewer digits
		}
		b, err := json.Marshal(number)
		if err != nil {
			panic("plan: a number without JSON: " + err.Error())
		}
		return append(dst, b...)
	}
	return appendNumberText(dst, x)
}
