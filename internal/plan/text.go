package plan

import (
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"unsafe"
)

// AppendText appends the value at v in one line for people, such as {Leader:2 Log:[1 2] Votes:{a:true}}. Scalars with a
// String method are shown by it, maps in the order of their keys, and a pointer as & and what it leads to. It panics
// where Append gives an error.
func (p *Plan) AppendText(dst []byte, v unsafe.Pointer) []byte {
	if p.opaque != nil {
		return append(dst, p.opaque.text(v)...)
	}
	switch p.kind {
	case reflect.Struct:
		dst = append(dst, '{')
		for i, f := range p.fields {
			if i > 0 {
				dst = append(dst, ' ')
			}
			dst = append(append(dst, f.name...), ':')
			dst = f.plan.AppendText(dst, unsafe.Add(v, f.off))
		}
		return append(dst, '}')
	case reflect.Array:
		return p.textElems(dst, v, p.typ.Len())
	case reflect.Slice:
		s := (*sliceHeader)(v)
		return p.textElems(dst, s.data, s.len)
	case reflect.Pointer:
		q := *(*unsafe.Pointer)(v)
		if q == nil {
			return append(dst, "nil"...)
		}
		return p.elem.AppendText(append(dst, '&'), q)
	case reflect.Map:
		dst = append(dst, '{')
		for i, e := range p.entries(v) {
			if i > 0 {
				dst = append(dst, ' ')
			}
			dst = append(p.key.AppendText(dst, e.key), ':')
			dst = p.elem.AppendText(dst, e.elem)
		}
		return append(dst, '}')
	case reflect.Interface:
		q, x := p.open(v)
		if q == nil {
			return append(dst, "nil"...)
		}
		return q.appendTyped(dst, x)
	}
	return p.scalarText(dst, v)
}

// appendTyped is AppendText with the type of what is not a scalar, such as &Vote{Term:1}.
func (p *Plan) appendTyped(dst []byte, v unsafe.Pointer) []byte {
	switch {
	case p.opaque != nil || isScalar(p.kind):
		return p.AppendText(dst, v)
	case p.kind != reflect.Pointer:
		return p.AppendText(append(dst, shortName(p.typ)...), v)
	}
	q := *(*unsafe.Pointer)(v)
	if q == nil {
		return append(append(append(dst, "(*"...), shortName(p.typ)...), ")(nil)"...)
	}
	return p.elem.appendTyped(append(dst, '&'), q)
}

// scalar returns a copy of the scalar at v, in canonical form, so that -0 is shown like +0.
func (p *Plan) scalar(v unsafe.Pointer) reflect.Value {
	x := reflect.New(p.typ)
	p.Clone(x.UnsafePointer(), v)
	return x.Elem()
}

// ownText returns what the String method of a scalar gives; none when it panics, as for a number out of its range.
func (p *Plan) ownText(x reflect.Value) (s string, ok bool) {
	if !p.named {
		return "", false
	}
	defer func() {
		if recover() != nil {
			s, ok = "", false
		}
	}()
	return x.Addr().Interface().(fmt.Stringer).String(), true
}

// qualifier is a package before the name of a type, alone or within another type.
var qualifier = regexp.MustCompile(`[^\[\]*(){} ,;]+\.`)

// shortName returns the type of what pointers lead to, without packages.
func shortName(t reflect.Type) string {
	return strings.TrimLeft(qualifier.ReplaceAllString(t.String(), ""), "*")
}

func (p *Plan) textElems(dst []byte, v unsafe.Pointer, n int) []byte {
	dst = append(dst, '[')
	for i := range n {
		if i > 0 {
			dst = append(dst, ' ')
		}
		dst = p.elem.AppendText(dst, unsafe.Add(v, uintptr(i)*p.elem.typ.Size()))
	}
	return append(dst, ']')
}

func (p *Plan) scalarText(dst []byte, v unsafe.Pointer) []byte {
	x := p.scalar(v)
	if s, ok := p.ownText(x); ok {
		return append(dst, s...)
	}
	switch {
	case p.kind == reflect.String:
		return strconv.AppendQuote(dst, x.String())
	}
	return appendNumberText(dst, x)
}

// appendNumberText appends a bool or a number, never by way of its methods.
func appendNumberText(dst []byte, x reflect.Value) []byte {
	switch {
	case x.Kind() == reflect.Bool:
		return strconv.AppendBool(dst, x.Bool())
	case x.CanInt():
		return strconv.AppendInt(dst, x.Int(), 10)
	case x.CanUint():
		return strconv.AppendUint(dst, x.Uint(), 10)
	case x.CanFloat():
		return strconv.AppendFloat(dst, x.Float(), 'g', -1, x.Type().Bits())
	}
	return append(dst, strconv.FormatComplex(x.Complex(), 'g', -1, x.Type().Bits())...)
}
