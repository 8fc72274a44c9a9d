package gospace

import (
	"reflect"
	"slices"
	"testing"
)

// Every optional function is listed when the model has it, and all of them are sorted.
func TestOptionalNames(t *testing.T) {
	var all Hooks
	for i := range reflect.TypeFor[Hooks]().NumField() {
		name := reflect.TypeFor[Hooks]().Field(i).Name
		var h Hooks
		for _, h := range []*Hooks{&h, &all} {
			field := reflect.ValueOf(h).Elem().Field(i)
			field.Set(reflect.MakeFunc(field.Type(), nil))
		}
		if got := optionalNames(&h); !slices.Equal(got, []string{name}) {
			t.Errorf("a model with %s alone has %q", name, got)
		}
	}
	if got := optionalNames(&all); !slices.IsSorted(got) {
		t.Errorf("the names are not sorted, so that reports are not: %q", got)
	}
}
