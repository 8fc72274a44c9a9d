package stateset_test

import (
	"reflect"
	"testing"
	"unsafe"

	"github.com/allways-go/allways/internal/stateset"
)

// States are equal if their contents are, as in a search: a nil slice and an empty one are.
func TestSet(t *testing.T) {
	set, err := stateset.New(reflect.TypeFor[[]string]())
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	for _, c := range []struct {
		state []string
		want  uint32
	}{{nil, 0}, {[]string{"a"}, 1}, {[]string{}, 0}, {[]string{"a", "b"}, 2}, {[]string{"a"}, 1}} {
		if id, err := set.Insert(unsafe.Pointer(&c.state)); err != nil || id != c.want {
			t.Errorf("%q has number %d, want %d (%v)", c.state, id, c.want, err)
		}
	}
	if set.Len() != 3 {
		t.Errorf("there are %d states, want 3", set.Len())
	}
}

// A type whose values have no content is refused, and so is a state that leads back to itself.
func TestNoContent(t *testing.T) {
	if _, err := stateset.New(reflect.TypeFor[chan int]()); err == nil {
		t.Error("there is a set of channels")
	}
	type node struct{ Next *node }
	set, err := stateset.New(reflect.TypeFor[node]())
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	var n node
	n.Next = &n
	if _, err := set.Insert(unsafe.Pointer(&n)); err == nil {
		t.Error("a state that leads back to itself has a number")
	}
}
