package gospace

import (
	"reflect"
	"testing"
	"unsafe"

	"github.com/allways-go/allways/internal/packer"
	"github.com/allways-go/allways/internal/property"
	"github.com/allways-go/allways/internal/values"
)

// machine is a model as package allways would hand it over: its methods on addresses.
type machine[S, A any] struct {
	inits   []S
	actions func(s S) []A
	next    func(s S, a A) (S, bool)
	props   []Property
}

func (m *machine[S, A]) Init() values.Slice { return values.Of(m.inits) }

func (m *machine[S, A]) Actions(dst values.Slice, s unsafe.Pointer) values.Slice {
	return values.Of(append(values.As[A](dst)[:0], m.actions(*(*S)(s))...))
}

func (m *machine[S, A]) Next(next, s, action unsafe.Pointer) (ok bool) {
	*(*S)(next), ok = m.next(*(*S)(s), *(*A)(action))
	return ok
}

func (m *machine[S, A]) Expand(p *packer.Packer, s unsafe.Pointer, actions values.Slice) {
	for i := range actions.Len {
		p.Act = i
		next, ok := m.next(*(*S)(s), *(*A)(actions.At(i)))
		p.Add(i, actions.At(i), unsafe.Pointer(&next), s, ok)
	}
}

func (m *machine[S, A]) Properties() []Property { return m.props }

// compile compiles a machine with optional functions.
func (m *machine[S, A]) compile(t *testing.T, h Hooks) *Model {
	t.Helper()
	c, err := Compile(&Source{
		Model: m, State: reflect.TypeFor[S](), Action: reflect.TypeFor[A](), Code: m, Hooks: h,
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// state makes a property of a predicate on states.
func state[S any](name string, kind property.Kind, f func(S) bool) Property {
	return Property{Name: name, Kind: kind, State: func(s unsafe.Pointer) bool { return f(*(*S)(s)) }}
}
