package consistency

import (
	"reflect"
	"unsafe"

	"github.com/allways-go/allways/internal/plan"
)

// content compares values of one type by content. It is immutable and safe for concurrent use.
type content[T any] struct {
	plan   *plan.Plan
	direct bool // == compares contents
}

func contentOf[T any]() (content[T], error) {
	p, err := plan.For[T]()
	return content[T]{p, isDirect(reflect.TypeFor[T]())}, err
}

// isDirect reports whether == compares contents: no pointers and interfaces, whose content is elsewhere, and no floats, for
// a NaN has the content of another.
func isDirect(t reflect.Type) bool {
	if plan.Opaque(t) {
		return false
	}
	switch k := t.Kind(); k {
	case reflect.String:
		return true
	case reflect.Array:
		return isDirect(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if f := t.Field(i); f.Name == "_" || !isDirect(f.Type) {
				return false
			}
		}
		return true
	default:
		return k >= reflect.Bool && k <= reflect.Uint64
	}
}

// check returns the error of a value without content.
func (c *content[T]) check(v *T) error {
	if c.direct {
		return nil
	}
	_, err := c.plan.Append(nil, unsafe.Pointer(v))
	return err
}

// equal takes pointers into the heap: what they point to would be moved there.
func (c *content[T]) equal(a, b *T) bool {
	if c.direct {
		return any(*a) == any(*b)
	}
	return c.plan.Compare(unsafe.Pointer(a), unsafe.Pointer(b)) == 0
}

// numbers gives equal contents equal numbers.
type numbers[T any] struct {
	content *content[T]
	direct  map[any]uint32
	encoded map[string]uint32
	buf     []byte
}

// forget starts over.
func (n *numbers[T]) forget() { n.direct, n.encoded = nil, nil }

// of returns the number of the content at v. The error is that of a value without content.
func (n *numbers[T]) of(v *T) (uint32, error) {
	if n.content.direct {
		return numberOf(&n.direct, any(*v)), nil
	}
	var err error
	n.buf, err = n.content.plan.Append(n.buf[:0], unsafe.Pointer(v))
	return numberOfBytes(&n.encoded, n.buf), err
}

func numberOf[K comparable](m *map[K]uint32, k K) uint32 {
	id, ok := (*m)[k]
	if !ok {
		if *m == nil {
			*m = map[K]uint32{}
		}
		id = uint32(len(*m))
		(*m)[k] = id
	}
	return id
}

// numberOfBytes is numberOf without a copy of bytes that are known.
func numberOfBytes(m *map[string]uint32, b []byte) uint32 {
	if id, ok := (*m)[string(b)]; ok {
		return id
	}
	return numberOf(m, string(b))
}
