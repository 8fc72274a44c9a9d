package gospace

import (
	"reflect"
	"slices"
)

// optionalNames lists the optional functions of a model, sorted, for people to see whether they are
// what they meant.
func optionalNames(h *Hooks) (names []string) {
	for field, f := range reflect.ValueOf(*h).Fields() {
		if !f.IsNil() {
			names = append(names, field.Name)
		}
	}
	slices.Sort(names)
	return names
}
