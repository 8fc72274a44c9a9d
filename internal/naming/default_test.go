package naming

import (
	"reflect"
	"testing"
	"unsafe"
)

type slot int

type level uint8

func (l level) String() string { return [...]string{"", "low", "high"}[l] }

type box[T any] struct{ Of T }

// No action is without a name, whatever its type.
func TestDefault(t *testing.T) {
	for _, c := range []struct {
		action any
		want   string
	}{
		{3, "action 3"},
		{99, "action 99"},
		{100, "action outside 0 to 99"},
		{-1, "action outside 0 to 99"},
		{uint8(255), "action outside 0 to 99"},
		{slot(3), "slot 3"},
		{slot(-1), "slot outside 0 to 99"},
		{level(2), "high"},
		{level(0), "level"},
		{"grow", "grow"},
		{"", "string"},
		{true, "bool"},
		{2.5, "float64"},
		{struct{ Op string }{"push"}, "push"},
		{box[slot]{3}, "box[slot]"},
		{&box[level]{}, "box[level]"},
		{[2]slot{}, "[2]slot"},
	} {
		v := reflect.New(reflect.TypeOf(c.action))
		v.Elem().Set(reflect.ValueOf(c.action))
		if got := Default(v.Elem().Type())(unsafe.Pointer(v.Pointer())); got != c.want {
			t.Errorf("%T %v is named %q, want %q", c.action, c.action, got, c.want)
		}
		boxed := c.action
		switch v.Elem().Kind() {
		case reflect.Struct, reflect.Pointer:
			continue // a struct in an interface is named by its type
		}
		if got := Default(reflect.TypeFor[any]())(unsafe.Pointer(&boxed)); got != c.want {
			t.Errorf("%T %v in an interface is named %q, want %q", c.action, c.action, got, c.want)
		}
	}
	var none any
	if got := Default(reflect.TypeFor[any]())(unsafe.Pointer(&none)); got != "nil" {
		t.Errorf("nil is named %q", got)
	}
}
