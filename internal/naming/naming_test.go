package naming

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
)

// Declared names come first and keep their order, others follow as they are met, and a name has one
// number.
func TestNames(t *testing.T) {
	names := NewNames([]string{"vote", "crash", "vote"})
	if vote, crash, drop := names.ID("vote"), names.ID("crash"), names.ID("drop"); vote != 0 || crash != 1 || drop != 2 {
		t.Errorf("the numbers are %d, %d, %d", vote, crash, drop)
	}
	if again := names.ID("drop"); again != 2 {
		t.Errorf("drop is number 2 and then %d", again)
	}
	if !names.Declares("crash") || names.Declares("drop") || names.Declares("never met") {
		t.Error("vote and crash are declared, and nothing else")
	}
	if names.Name(1) != "crash" || names.Name(2) != "drop" {
		t.Errorf("the names are %q and %q", names.Name(1), names.Name(2))
	}
}

// When there are more names than numbers, only declared names are distinguished: which others were met
// in time depends on the run.
func TestTooManyNames(t *testing.T) {
	names := NewNames([]string{"declared"})
	for i := range 2 * engine.NoName {
		names.ID(fmt.Sprint("name ", i))
	}
	for id, want := range map[int]string{
		0: "declared", 1: otherNames, engine.NoName - 2: otherNames, engine.NoName - 1: otherNames,
	} {
		if got := names.Name(id); got != want {
			t.Errorf("number %d is called %q, want %q", id, got, want)
		}
	}
}

// A name is remembered by the memory of the action, in one of three ways that depend on its type.
// All find the name that the model gives, and ask for the name of an action once.
func TestNamer(t *testing.T) {
	type small struct{ A, B uint8 }
	type odd struct{ A, B, C uint8 }
	type word struct{ A, B uint32 }
	type text struct{ S string }
	testNamer(t, []uint8{0, 1, 255})
	testNamer(t, []small{{0, 0}, {0, 1}, {1, 0}, {255, 255}})
	testNamer(t, []odd{{0, 0, 0}, {0, 0, 1}, {1, 0, 0}})
	testNamer(t, []int32{0, 1, -1, 1 << 30})
	testNamer(t, []word{{0, 0}, {0, 1}, {1, 0}, {1 << 31, 1 << 31}})
	testNamer(t, []text{{""}, {"a"}, {"b"}})
}

func testNamer[A comparable](t *testing.T, actions []A) {
	t.Helper()
	calls := map[A]int{}
	typ := reflect.TypeFor[A]()
	namer := NewNamer(NewNames(nil), typ, func(a unsafe.Pointer) string {
		calls[*(*A)(a)]++
		return fmt.Sprint(*(*A)(a))
	})
	for range 3 {
		for i := range actions {
			id := namer.Number(unsafe.Pointer(&actions[i]))
			if got, want := namer.table.Name(int(id)), fmt.Sprint(actions[i]); got != want {
				t.Errorf("%v: %v is named %q, want %q", typ, actions[i], got, want)
			}
		}
	}
	for a, n := range calls {
		if n != 1 && pointerFree(typ) {
			t.Errorf("%v: the name of %v was asked for %d times", typ, a, n)
		}
	}
}

// What workers have counted is put together by name; of declared names, also that nothing was counted.
func TestTally(t *testing.T) {
	names := NewNames([]string{"crash", "drop"})
	got := names.Tally([]string{"crash", "drop"}, [][]int64{{3, 0}, {1, 0}}, [][]int64{{2, 0}, {0, 0}}, []int64{1, 0})
	want := []Tally{{Name: "crash", Enabled: 4, Taken: 2, New: 1}, {Name: "drop", NeverTaken: true}}
	if !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}
