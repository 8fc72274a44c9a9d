package plan

import (
	"fmt"
	"sync"
	"unsafe"
)

// Typed is the [Plan] of T with methods that take pointers to T, so that a caller needs no unsafe
// pointers and cannot pass a value of another type. It is safe for concurrent use. Get one from
// [TypedFor].
//
// It is for code that is generic in T. The code of package gospace is not, so that it is compiled
// once for all models; it knows its types as values of [reflect.Type] and uses a [Plan].
type Typed[T any] struct{ plan *Plan }

// TypedFor returns the typed plan of T. The error is that of [Of].
func TypedFor[T any]() (Typed[T], error) {
	p, err := For[T]()
	return Typed[T]{p}, err
}

// Plan returns the plan without its type.
func (t Typed[T]) Plan() *Plan { return t.plan }

// Append appends the canonical encoding of a value. See [Plan.Append].
func (t Typed[T]) Append(dst []byte, v *T) ([]byte, error) {
	return t.plan.Append(dst, unsafe.Pointer(v))
}

// Content returns the canonical encoding of a value as a string, which is immutable and can be the
// key of a map. The error names the type.
func (t Typed[T]) Content(v *T) (string, error) {
	return t.plan.Content(unsafe.Pointer(v))
}

// Content is [Typed.Content] for a value by address.
func (p *Plan) Content(v unsafe.Pointer) (string, error) {
	buffer := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	b, err := p.Append((*buffer)[:0], v)
	if err != nil {
		return "", fmt.Errorf("a value of type %v: %w", p.typ, err)
	}
	*buffer = b
	return string(b), nil
}

// buffers are scratch memory of encodings.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// Decode reads an encoding from the front of src and returns the rest. See [Plan.Decode].
func (t Typed[T]) Decode(src []byte, dst *T) (rest []byte, err error) {
	return t.plan.Decode(src, unsafe.Pointer(dst))
}

// FromContent returns a new value, in canonical form, with a content that Content returned. It
// panics for any other string.
func (t Typed[T]) FromContent(content string) *T {
	v := new(T)
	t.plan.FromContent(content, unsafe.Pointer(v))
	return v
}

// FromContent is [Typed.FromContent] for a value by address, which is set. Decoding only reads the
// content, so the string need not be copied.
func (p *Plan) FromContent(content string, dst unsafe.Pointer) {
	rest, err := p.Decode(unsafe.Slice(unsafe.StringData(content), len(content)), dst)
	if err == nil && len(rest) > 0 {
		err = fmt.Errorf("%d bytes are left over", len(rest))
	}
	if err != nil {
		panic(fmt.Sprintf("plan: %d bytes are not the content of a %v: %v", len(content), p.typ, err))
	}
}

// Clone returns a deep copy of a value, in canonical form. Like the methods below it panics where
// Append gives an error.
func (t Typed[T]) Clone(v *T) *T {
	c := new(T)
	t.plan.Clone(unsafe.Pointer(c), unsafe.Pointer(v))
	return c
}

// Alternate returns a deep copy of a value in the form that Decode does not give. See
// [Plan.Alternate].
func (t Typed[T]) Alternate(v *T) *T {
	c := new(T)
	t.plan.Alternate(unsafe.Pointer(c), unsafe.Pointer(v))
	return c
}

// AlternateOwn is Alternate in place. See [Plan.AlternateOwn].
func (t Typed[T]) AlternateOwn(v *T) { t.plan.AlternateOwn(unsafe.Pointer(v)) }

// Equal reports whether two values have the same content.
func (t Typed[T]) Equal(a, b *T) bool { return t.plan.Equal(unsafe.Pointer(a), unsafe.Pointer(b)) }

// Compare orders two values by content. See [Plan.Compare].
func (t Typed[T]) Compare(a, b *T) int { return t.plan.Compare(unsafe.Pointer(a), unsafe.Pointer(b)) }

// Diff returns the parts in which b differs from a. See [Plan.Diff].
func (t Typed[T]) Diff(a, b *T) []Change { return t.plan.Diff(unsafe.Pointer(a), unsafe.Pointer(b)) }

// Text returns the value in one line for people. See [Plan.AppendText].
func (t Typed[T]) Text(v *T) string { return string(t.plan.AppendText(nil, unsafe.Pointer(v))) }

// AppendJSON appends the value as JSON. See [Plan.AppendJSON].
func (t Typed[T]) AppendJSON(dst []byte, v *T) []byte {
	return t.plan.AppendJSON(dst, unsafe.Pointer(v))
}

// Parts calls add with the path and the text of every part of a value. See [Plan.Parts].
func (t Typed[T]) Parts(root string, v *T, add func(path, text string)) {
	t.plan.Parts(root, unsafe.Pointer(v), add)
}
