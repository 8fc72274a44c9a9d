package core

import (
	"fmt"
	"sync"
	"unsafe"

	"github.com/allways-go/allways/internal/plan"
)

// Codec turns values of one type T into their content and back. Values are handed over as pointers, *T in an any.
// Content is kept in strings, which cannot be changed.
type Codec struct {
	Plan *plan.Plan
	New  func() any            // returns a new *T
	Elem func(pointer any) any // returns the T that a *T points to
}

// CodecOf returns the codec of a type.
func CodecOf[T any]() (Codec, error) {
	p, err := plan.For[T]()
	return Codec{p, func() any { return new(T) }, func(v any) any { return *v.(*T) }}, err
}

// buffers are memory in which contents are made.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// Encode returns the content of what a pointer points to. It panics if the value has none: that is a mistake of
// the code that made it, which is on the stack.
func (k *Codec) Encode(pointer any) string {
	buffer := buffers.Get().(*[]byte)
	b, err := k.Plan.Append((*buffer)[:0], PointerOf(pointer))
	if err != nil {
		panic(fmt.Sprintf("a value of type %v: %v", k.Plan.Type(), err))
	}
	content := string(b)
	*buffer = b
	buffers.Put(buffer)
	return content
}

// Decode returns a pointer to a private copy in canonical form.
func (k *Codec) Decode(content string) (pointer any) {
	v := k.New()
	if _, err := k.Plan.Decode(unsafe.Slice(unsafe.StringData(content), len(content)), PointerOf(v)); err != nil {
		panic(fmt.Sprintf("actor: the content of a %v cannot be decoded: %v", k.Plan.Type(), err))
	}
	return v
}

// Alternate returns a pointer to a private copy in the form that Decode does not give: with empty maps and
// slices where the canonical form has nil ones, and the other way round.
func (k *Codec) Alternate(content string) (pointer any) {
	v := k.Decode(content)
	k.Plan.AlternateOwn(PointerOf(v))
	return v
}

// Value returns the value that has a content.
func (k *Codec) Value(content string) any { return k.Elem(k.Decode(content)) }

// Text returns a value as people read it.
func (k *Codec) Text(content string) string { return k.TextOf(k.Decode(content)) }

// TextOf returns what a pointer points to as people read it.
func (k *Codec) TextOf(pointer any) string { return string(k.Plan.AppendText(nil, PointerOf(pointer))) }

// Diff says in what two contents differ, in a sentence for each part. format takes the path and both values.
func (k *Codec) Diff(format string, a, b any) (parts []string) {
	for _, d := range k.Plan.Diff(PointerOf(a), PointerOf(b)) {
		parts = append(parts, fmt.Sprintf(format, d.Path, orAbsent(d.Before), orAbsent(d.After)))
	}
	return parts
}

func orAbsent(s string) string {
	if s == "" {
		return "absent"
	}
	return s
}

// PointerOf returns the address in an interface that holds a pointer.
func PointerOf(v any) unsafe.Pointer { return (*[2]unsafe.Pointer)(unsafe.Pointer(&v))[1] }

// Check returns an error if content is not that of a value.
func (k *Codec) Check(content string) error {
	_, err := k.Plan.Decode([]byte(content), PointerOf(k.New()))
	return err
}
