package tables_test

import (
	"slices"
	"testing"

	"github.com/allways-go/allways/actor/internal/tables"
)

// Lists are found again, those without values too, until all are cleared.
func TestLists(t *testing.T) {
	var l tables.Lists[uint32]
	ids := []uint32{0, 5, 1 << 20}
	for _, id := range ids {
		if _, ok := l.Of(id); ok {
			t.Errorf("the list of %d is known", id)
		}
		var list []uint32
		for k := range id % 7 {
			list = append(list, k)
		}
		l.Keep(id, list)
		got, ok := l.Of(id)
		if !ok || !slices.Equal(got, list) {
			t.Errorf("the list of %d: %v, %t; want %v", id, got, ok, list)
		}
	}
	l.Clear()
	for _, id := range ids {
		if _, ok := l.Of(id); ok {
			t.Errorf("the list of %d is known after all were cleared", id)
		}
	}
}
