package core

import (
	"fmt"
	"unsafe"

	"github.com/allways-go/allways/internal/plan"
)

// Codec turns values of one type T into their content and back. Values are handed over as pointers, *T in an any.
// Content is kept in strings, which cannot be changed, and can be compared and be the keys of maps.
//
// A plan.Typed would be safer, for it has T as a type parameter. But then all code that has a codec would have
// it, too, and would be compiled anew for the states and messages of every user. The type parameter ends here:
// New and Elem are all that is compiled for a type, and [CodecOf] is the only function that knows it.
type Codec struct {
	Plan   *plan.Plan
	New    func() any            // returns a new *T
	Elem   func(pointer any) any // returns the T that a *T points to
	Naming plan.Naming           // the names of ids of actors, in texts
}

// CodecOf returns the codec of a type.
func CodecOf[T any]() (Codec, error) {
	p, err := plan.For[T]()
	return Codec{Plan: p, New: func() any { return new(T) }, Elem: func(v any) any { return *v.(*T) }}, err
}

// Encode returns the content of what a pointer points to. It panics if the value has none: that is a mistake of
// the code that made it, which is on the stack.
func (k *Codec) Encode(pointer any) string {
	content, err := k.Plan.Content(PointerOf(pointer))
	if err != nil {
		panic(err.Error())
	}
	return content
}

// Decode returns a pointer to a private copy in canonical form. Every handler gets one: so it may change what it
// is given freely, and cannot keep anything that a later call, or another worker, would see.
func (k *Codec) Decode(content string) (pointer any) {
	v := k.New()
	k.Plan.FromContent(content, PointerOf(v))
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
func (k *Codec) TextOf(pointer any) string {
	return string(k.Naming.AppendText(nil, k.Plan, PointerOf(pointer)))
}

// Diff says in what two contents differ, in a sentence for each part. format takes the path and both values.
func (k *Codec) Diff(format string, a, b any) (parts []string) {
	for _, d := range k.Naming.Diff(k.Plan, PointerOf(a), PointerOf(b)) {
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

// PointerOf returns the address in an interface that holds a pointer. It reads the second word of the interface,
// which for a pointer is the pointer itself. That the interface holds a pointer is up to the caller.
func PointerOf(v any) unsafe.Pointer { return (*[2]unsafe.Pointer)(unsafe.Pointer(&v))[1] }

// Check returns an error if content is not that of a value.
func (k *Codec) Check(content string) error {
	_, err := k.Plan.Decode([]byte(content), PointerOf(k.New()))
	return err
}
