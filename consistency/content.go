package consistency

import (
	"reflect"

	"github.com/allways-go/allways/internal/plan"
)

// content compares values of one type by content. It is immutable and safe for concurrent use.
type content[T any] struct {
	plan   plan.Typed[T]
	direct bool // whether == compares contents
}

func contentOf[T any]() (content[T], error) {
	p, err := plan.TypedFor[T]()
	return content[T]{p, isDirect(reflect.TypeFor[T]())}, err
}

// isDirect reports whether == compares contents. It does not for pointers and interfaces, whose content
// is elsewhere, nor for floats, since a NaN differs from itself.
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
	_, err := c.plan.Append(nil, v)
	return err
}

// equal takes pointers to the heap: what they point to would be moved there anyway.
func (c *content[T]) equal(a, b *T) bool {
	if c.direct {
		return any(*a) == any(*b)
	}
	return c.plan.Compare(a, b) == 0
}

// sameContent reports whether two values have equal content. The specs call it from Apply, which has no
// tester at hand. [NewTester] has made the plan of the operations, and so that of T.
func sameContent[T any](a, b T) bool {
	t := reflect.TypeFor[T]()
	if k := t.Kind(); t.PkgPath() == "" && (k == reflect.String || k >= reflect.Bool && k <= reflect.Uint64) {
		return any(a) == any(b) // a basic type needs no plan
	}
	return samePlanned(a, b)
}

// samePlanned is apart from sameContent because the plan moves its arguments to the heap.
func samePlanned[T any](a, b T) bool {
	p, err := plan.TypedFor[T]()
	if err != nil {
		panic(err)
	}
	return p.Compare(&a, &b) == 0
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

// of returns the number of the content at v, or the error of a value without content.
func (n *numbers[T]) of(v *T) (uint32, error) {
	if n.content.direct {
		return numberOf(&n.direct, any(*v)), nil
	}
	var err error
	n.buf, err = n.content.plan.Append(n.buf[:0], v)
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

// numberOfBytes is numberOf without a copy of known bytes.
func numberOfBytes(m *map[string]uint32, b []byte) uint32 {
	if id, ok := (*m)[string(b)]; ok {
		return id
	}
	return numberOf(m, string(b))
}
