package plan

import (
	"encoding/json"
	"math"
	"reflect"
	"unsafe"
)

// AppendJSON appends the value at v as JSON, unexported fields included: scalars with a String method as its string, maps
// as objects in the order of their keys, interfaces as {"type":...,"value":...}, and numbers that JSON lacks as strings.
// It panics where Append gives an error.
func (p *Plan) AppendJSON(dst []byte, v unsafe.Pointer) []byte {
	if p.opaque != nil {
		return appendJSONString(dst, p.opaque.text(v))
	}
	switch p.kind {
	case reflect.Struct:
		dst = append(dst, '{')
		for i, f := range p.fields {
			dst = appendComma(dst, i)
			dst = append(appendJSONString(dst, f.name), ':')
			dst = f.plan.AppendJSON(dst, unsafe.Add(v, f.off))
		}
		return append(dst, '}')
	case reflect.Array:
		return p.jsonElems(dst, v, p.typ.Len())
	case reflect.Slice:
		s := (*sliceHeader)(v)
		return p.jsonElems(dst, s.data, s.len)
	case reflect.Pointer:
		q := *(*unsafe.Pointer)(v)
		if q == nil {
			return append(dst, "null"...)
		}
		return p.elem.AppendJSON(dst, q)
	case reflect.Map:
		dst = append(dst, '{')
		for i, e := range p.entries(v) {
			dst = appendComma(dst, i)
			dst = append(appendJSONString(dst, p.keyText(e.key)), ':')
			dst = p.elem.AppendJSON(dst, e.elem)
		}
		return append(dst, '}')
	case reflect.Interface:
		q, x := p.open(v)
		if q == nil {
			return append(dst, "null"...)
		}
		dst = appendJSONString(append(dst, `{"type":`...), shortName(q.typ))
		return append(q.AppendJSON(append(dst, `,"value":`...), x), '}')
	}
	return p.jsonScalar(dst, v)
}

// keyText is the text of the map key at v, without quotes around strings.
func (p *Plan) keyText(v unsafe.Pointer) string { return p.key.bareText(v) }

func (p *Plan) bareText(v unsafe.Pointer) string {
	if p.kind == reflect.String && !p.named && p.opaque == nil {
		return *(*string)(v)
	}
	return string(p.AppendText(nil, v))
}

func appendComma(dst []byte, i int) []byte {
	if i > 0 {
		return append(dst, ',')
	}
	return dst
}

func appendJSONString(dst []byte, s string) []byte {
	b, err := json.Marshal(s)
	if err != nil {
		panic("plan: a string without JSON: " + err.Error())
	}
	return append(dst, b...)
}

func (p *Plan) jsonElems(dst []byte, v unsafe.Pointer, n int) []byte {
	dst = append(dst, '[')
	for i := range n {
		dst = p.elem.AppendJSON(appendComma(dst, i), unsafe.Add(v, uintptr(i)*p.elem.typ.Size()))
	}
	return append(dst, ']')
}

func (p *Plan) jsonScalar(dst []byte, v unsafe.Pointer) []byte {
	x := p.scalar(v)
	if s, ok := p.ownText(x); ok {
		return appendJSONString(dst, s)
	}
	switch {
	case p.kind == reflect.String:
		return appendJSONString(dst, x.String())
	case x.CanFloat() && (math.IsNaN(x.Float()) || math.IsInf(x.Float(), 0)), x.CanComplex():
		return appendJSONString(dst, string(appendNumberText(nil, x)))
	case x.CanFloat():
		var number any = x.Float()
		if p.kind == reflect.Float32 {
			number = float32(x.Float()) // which takes fewer digits
		}
		b, err := json.Marshal(number)
		if err != nil {
			panic("plan: a number without JSON: " + err.Error())
		}
		return append(dst, b...)
	}
	return appendNumberText(dst, x)
}
