package actor

import (
	"fmt"
	"sync"
	"unsafe"

	"github.com/allways-go/allways/internal/plan"
)

// codec turns values of one type into their content and back. Content is kept in strings, which nobody can change.
type codec[T any] struct{ plan *plan.Plan }

func newCodec[T any]() (codec[T], error) {
	p, err := plan.For[T]()
	return codec[T]{p}, err
}

// buffers are where contents are made.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// encode panics when the value has no content: that is an error of whoever made it, who is on the stack.
func (k codec[T]) encode(v *T) string {
	buffer := buffers.Get().(*[]byte)
	b, err := k.plan.Append((*buffer)[:0], unsafe.Pointer(v))
	if err != nil {
		panic(fmt.Sprintf("a value of type %v: %v", k.plan.Type(), err))
	}
	content := string(b)
	*buffer = b
	buffers.Put(buffer)
	return content
}

// decode returns a private copy in canonical form.
func (k codec[T]) decode(content string) *T {
	v := new(T)
	if _, err := k.plan.Decode(unsafe.Slice(unsafe.StringData(content), len(content)), unsafe.Pointer(v)); err != nil {
		panic(fmt.Sprintf("actor: the content of a %v cannot be decoded: %v", k.plan.Type(), err))
	}
	return v
}

// alternate returns a private copy in the form that decode does not give.
func (k codec[T]) alternate(content string) *T {
	v := k.decode(content)
	k.plan.AlternateOwn(unsafe.Pointer(v))
	return v
}

func (k codec[T]) text(content string) string {
	return string(k.plan.AppendText(nil, unsafe.Pointer(k.decode(content))))
}
