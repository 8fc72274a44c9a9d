package plan

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"unsafe"
)

// AppendText appends the value at v in one line for people, such as {Leader:2 Log:[1 2]
// Votes:{a:true}}. It shows scalars with a String method by that method, maps in the order of their
// keys, and a pointer as & and what it leads to. It panics where Append gives an error.
//
// Fields that say nothing are left out: nil pointers and interfaces, and in structs of [manyFields]
// or more all that are zero and whose zero has no name. What is left out is thus always zero, so
// that no two contents of a type have one text for this reason. A struct of which nothing would be
// left is shown in full.
func (p *Plan) AppendText(dst []byte, v unsafe.Pointer) []byte {
	return Naming(nil).AppendText(dst, p, v)
}

// manyFields is the number of fields from which a struct may well be a union of several kinds of
// values, of which only some fields are in use. Smaller ones are easier to read with all fields.
const manyFields = 4

// Naming says how scalars of some types read, such as the ids of things that have names. It gives the
// name of one, or none. The zero value has no names.
type Naming func(x reflect.Value) (name string, ok bool)

// AppendText is [Plan.AppendText] with names.
func (w Naming) AppendText(dst []byte, p *Plan, v unsafe.Pointer) []byte {
	return p.write(dst, v, forPeople{naming: w})
}

// AppendWhole is AppendText without leaving out fields of the value itself, as opposed to those of its
// parts. It is for states, all of whose fields are in use.
func (w Naming) AppendWhole(dst []byte, p *Plan, v unsafe.Pointer) []byte {
	return p.write(dst, v, forPeople{w, p})
}

// of returns the name of a scalar, if it has one.
func (w Naming) of(x reflect.Value) (name string, ok bool) {
	if w == nil || x.Type().PkgPath() == "" {
		return "", false
	}
	return w(x)
}

// notation is a way to write values. There are two, texts for people and JSON, and they differ in
// punctuation only: both show unexported fields, sort maps by content and use String methods. So the
// walk through a value is written once, and what one shows the other shows too.
type notation interface {
	// separator stands between the parts of a value.
	separator() byte
	// omits reports whether a field of a struct is left out.
	omits(p *Plan, f *field, v unsafe.Pointer) bool
	// null stands for nil pointers and interfaces.
	null() string
	// reference stands before what a pointer leads to.
	reference() string
	// name appends the name of a field.
	name(dst []byte, s string) []byte
	// key appends the key of a map.
	key(dst []byte, p *Plan, v unsafe.Pointer) []byte
	// dynamic appends the value at v, which an interface holds.
	dynamic(dst []byte, p *Plan, v unsafe.Pointer) []byte
	// named appends a scalar that has a name, and reports whether it has one.
	named(dst []byte, x reflect.Value) ([]byte, bool)
	// quote appends text that stands for a value.
	quote(dst []byte, text string) []byte
	// scalar appends a scalar that has no String method.
	scalar(dst []byte, x reflect.Value) []byte
}

// write appends the value at v in a notation.
func (p *Plan) write(dst []byte, v unsafe.Pointer, n notation) []byte {
	if p.opaque != nil {
		return n.quote(dst, p.opaque.text(v))
	}
	switch p.kind {
	case reflect.Struct:
		return p.writeFields(dst, v, n)
	case reflect.Array:
		return p.writeElems(dst, v, p.typ.Len(), n)
	case reflect.Slice:
		s := (*sliceHeader)(v)
		return p.writeElems(dst, s.data, s.len, n)
	case reflect.Map:
		dst = append(dst, '{')
		for i, e := range p.entries(v) {
			dst = append(n.key(separate(dst, i, n), p.key, e.key), ':')
			dst = p.elem.write(dst, e.elem, n)
		}
		return append(dst, '}')
	case reflect.Pointer:
		if q := *(*unsafe.Pointer)(v); q != nil {
			return p.elem.write(append(dst, n.reference()...), q, n)
		}
		return append(dst, n.null()...)
	case reflect.Interface:
		if q, x := p.open(v); q != nil {
			return n.dynamic(dst, q, x)
		}
		return append(dst, n.null()...)
	}
	x := p.scalar(v)
	if text, ok := n.named(dst, x); ok {
		return text
	}
	if s, ok := p.ownText(x); ok {
		return n.quote(dst, s)
	}
	return n.scalar(dst, x)
}

func (p *Plan) writeFields(dst []byte, v unsafe.Pointer, n notation) []byte {
	shown := func(f field) bool { return !n.omits(p, &f, v) }
	all := !slices.ContainsFunc(p.fields, shown)
	dst = append(dst, '{')
	written := 0
	for _, f := range p.fields {
		if !all && !shown(f) {
			continue
		}
		dst = append(n.name(separate(dst, written, n), f.name), ':')
		dst = f.plan.write(dst, unsafe.Add(v, f.off), n)
		written++
	}
	return append(dst, '}')
}

func (p *Plan) writeElems(dst []byte, v unsafe.Pointer, count int, n notation) []byte {
	dst = append(dst, '[')
	for i := range count {
		dst = p.elem.write(separate(dst, i, n), unsafe.Add(v, uintptr(i)*p.elem.typ.Size()), n)
	}
	return append(dst, ']')
}

func separate(dst []byte, i int, n notation) []byte {
	if i > 0 {
		return append(dst, n.separator())
	}
	return dst
}

// scalar returns a copy of the scalar at v in canonical form, so that -0 is shown like +0. It is
// addressable, since a String method may belong to the pointer.
func (p *Plan) scalar(v unsafe.Pointer) reflect.Value {
	x := reflect.New(p.typ).Elem()
	x.Set(p.value(v))
	switch {
	case x.CanFloat():
		x.SetFloat(canonical64(x.Float()))
	case x.CanComplex():
		c := x.Complex()
		x.SetComplex(complex(canonical64(real(c)), canonical64(imag(c))))
	}
	return x
}

// ownText returns the text of the String method of a scalar. It returns none if the method panics,
// as methods of enumerations do for numbers out of range: a report must not fail because of a
// broken state that it is to show.
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

// forPeople is the notation of AppendText.
type forPeople struct {
	naming Naming
	whole  *Plan // the plan of structs that are shown with all fields, or nil
}

func (forPeople) separator() byte                      { return ' ' }
func (forPeople) null() string                         { return "nil" }
func (forPeople) reference() string                    { return "&" }
func (forPeople) name(dst []byte, s string) []byte     { return append(dst, s...) }
func (forPeople) quote(dst []byte, text string) []byte { return append(dst, text...) }

func (n forPeople) named(dst []byte, x reflect.Value) ([]byte, bool) {
	name, ok := n.naming.of(x)
	return append(dst, name...), ok
}

func (n forPeople) omits(p *Plan, f *field, v unsafe.Pointer) bool {
	at := unsafe.Add(v, f.off)
	if p == n.whole {
		return false
	}
	switch f.plan.kind {
	case reflect.Pointer, reflect.Interface:
		return *(*unsafe.Pointer)(at) == nil
	}
	return len(p.fields) >= manyFields && f.plan.Zero(at) && !n.telling(f.plan, at)
}

// telling reports whether a zero says something because it has a name, as the first value of an
// enumeration has.
func (n forPeople) telling(p *Plan, v unsafe.Pointer) bool {
	if p.opaque != nil || !isScalar(p.kind) {
		return false
	}
	_, ok := n.naming.of(p.value(v))
	return ok || p.named
}

func (n forPeople) key(dst []byte, p *Plan, v unsafe.Pointer) []byte { return p.write(dst, v, n) }

// dynamic names the type of a value that is not a scalar, as in &Vote{Term:1}.
func (n forPeople) dynamic(dst []byte, p *Plan, v unsafe.Pointer) []byte {
	switch {
	case p.opaque != nil || isScalar(p.kind):
		return p.write(dst, v, n)
	case p.kind != reflect.Pointer:
		return p.write(append(dst, TypeText(p.typ)...), v, n)
	}
	q := *(*unsafe.Pointer)(v)
	if q == nil {
		return append(append(append(dst, "(*"...), TypeText(p.typ)...), ")(nil)"...)
	}
	return n.dynamic(append(dst, '&'), p.elem, q)
}

func (forPeople) scalar(dst []byte, x reflect.Value) []byte {
	if x.Kind() == reflect.String {
		return strconv.AppendQuote(dst, x.String())
	}
	return appendNumberText(dst, x)
}

// appendNumberText appends a bool or a number, without its methods.
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
