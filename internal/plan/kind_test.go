package plan

import (
	"reflect"
	"testing"
	"unsafe"
)

type colour string

type phase uint8

func (p phase) String() string { return [...]string{"", "prepare", "commit"}[p] }

type couple[T any] struct {
	Op   string
	With T
}

type stamped struct {
	At    struct{ Time int }
	Value colour
}

// A value is of the kind that its field says, and of its type if the field is empty.
func TestKindOf(t *testing.T) {
	for _, c := range []struct {
		value any
		want  string
	}{
		{colour("red"), "red"},
		{colour(""), "colour"},
		{phase(1), "prepare"},
		{phase(0), "phase"},
		{stamped{Value: "red"}, "red"},
		{stamped{}, "stamped"},
		{couple[int]{Op: "push"}, "push"},
		{couple[colour]{}, "couple[colour]"},
		{struct{ Count, Phase phase }{1, 2}, "prepare"},
		{struct {
			Who  string
			kind phase
		}{"ann", 2}, "commit"},
		{struct {
			Who   string
			Count int
		}{"ann", 2}, "ann"},
		{"text", ""},
		{7, ""},
		{struct{ Count int }{7}, ""},
		{struct{ At, Name int }{7, 8}, ""},
		{[]colour{"red"}, ""},
	} {
		v := reflect.New(reflect.TypeOf(c.value))
		v.Elem().Set(reflect.ValueOf(c.value))
		kind, got := KindOf(v.Elem().Type()), ""
		if kind != nil {
			got = kind(unsafe.Pointer(v.Pointer()))
		}
		if got != c.want || (kind == nil) != (c.want == "") {
			t.Errorf("%T %v is of kind %q, want %q", c.value, c.value, got, c.want)
		}
	}
}
