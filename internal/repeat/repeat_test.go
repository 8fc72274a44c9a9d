package repeat

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"unsafe"

	"github.com/allways-go/allways/internal/plan"
)

func never() bool { return false }

// add adds questions 1 to n, each of a number of calls.
func add(l *Log[int], n, calls int, ordered bool) {
	for i := range n {
		l.Add(uint64(i+1), "", i+1, calls, ordered, 1)
	}
}

// The first turn asks in the reverse order of the search, the second one in its order, and so on.
func TestOrder(t *testing.T) {
	var l Log[int]
	add(&l, 3, 1, false)
	l.Add(2, "", 99, 1, false, 1) // known
	var got []int
	if err := l.Again(never, func(q, _ int) error { got = append(got, q); return nil }); err != nil {
		t.Fatal(err)
	}
	if want := []int{3, 2, 1, 1, 2, 3, 3, 2, 1}; !slices.Equal(got[:9], want) {
		t.Errorf("%v, want %v first", got[:9], want)
	}
}

// A small log is asked often, a large one once, and questions about maps at least twice. No question is left out.
func TestHowOften(t *testing.T) {
	for _, c := range []struct {
		n, calls int
		ordered  bool
		turns    int
	}{
		{0, 1, false, 0}, {1, 1, false, maxTurns}, {100, 4, false, 37}, {First, 5, false, 1}, {First, 5, true, 3},
		{100, 100, true, 19}, {First, 500, true, 2}, {First + 7, 1, false, 1},
	} {
		var l Log[int]
		add(&l, c.n, c.calls, c.ordered)
		asked := map[int]int{}
		if err := l.Again(never, func(q, turn int) error {
			if asked[q] != turn {
				t.Fatalf("turn %d of a question that was asked %d times", turn, asked[q])
			}
			asked[q]++
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if len(asked) != min(c.n, First) {
			t.Errorf("%+v: %d questions", c, len(asked))
		}
		for q, n := range asked {
			if n != c.turns {
				t.Fatalf("%+v: question %d was asked %d times", c, q, n)
			}
		}
	}
}

// A log ends at an answer that is an error, and when it is stopped.
func TestEnds(t *testing.T) {
	var l Log[int]
	add(&l, 5, 1, false)
	wrong, n := errors.New("another answer"), 0
	if err := l.Again(never, func(q, _ int) error {
		if n++; q == 2 {
			return wrong
		}
		return nil
	}); err != wrong || n != 4 {
		t.Errorf("%v after %d questions", err, n)
	}
	n = 0
	if err := l.Again(func() bool { return n == 7 }, func(int, int) error { n++; return nil }); err != nil || n != 7 {
		t.Errorf("%v after %d questions", err, n)
	}
}

// A log is full by number or by bytes.
func TestFull(t *testing.T) {
	var l Log[int]
	for key, bytes := range []int{1, maxBytes, 1} {
		if ok := l.Add(uint64(key), "", key, 1, false, bytes); ok != (key < 2) {
			t.Errorf("%d: %t", key, ok)
		}
	}
	if !l.Add(1, "", 1, 1, false, 1) {
		t.Error("a known question is not kept again, and not refused")
	}
}

// What is kept is compared with what it was, through all that it refers to.
func TestPassed(t *testing.T) {
	type value struct {
		List []int
		Map  map[string]int
		At   *int
	}
	p, err := plan.Of(reflect.TypeFor[value]())
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(v *value){
		"nothing": func(v *value) { *v = value{} }, "slice": func(v *value) { v.List[1] = 7 },
		"map": func(v *value) { v.Map["b"] = 1 }, "pointer": func(v *value) { *v.At = 3 },
	} {
		var k Passed
		v := value{[]int{1, 2}, map[string]int{"a": 1}, new(int)}
		k.Keep("first", p, p.Type(), unsafe.Pointer(&value{}))
		k.Keep("second", p, p.Type(), unsafe.Pointer(&v))
		change(&v)
		looks := 0
		what, was, now, found := k.Changed(func() { looks++ })
		if looks != 2 {
			t.Errorf("%s: progress was called %d times for two values", name, looks)
		}
		if found != (name != "nothing") || found && (what != "second" || p.Equal(was, now)) {
			t.Errorf("%s: %q, %t", name, what, found)
		}
	}
}

// Code that is asked once in a large run is asked again as often as in a small one.
func TestRareKindsAreAskedOften(t *testing.T) {
	var l Log[string]
	for i := range uint64(First - 2) {
		l.Add(i, "common", "common", 4, false, 1)
	}
	l.Add(First, "rare", "rare", 4, false, 1)
	l.Add(First+1, "rarer", "rarer", 4, false, 1)
	times := map[string]int{}
	if err := l.Again(func() bool { return false }, func(q string, _ int) error { times[q]++; return nil }); err != nil {
		t.Fatal(err)
	}
	if times["rare"] != maxTurns || times["rarer"] != maxTurns || times["common"] != First-2 {
		t.Errorf("asked %v", times)
	}
}

// What was removed is not asked, makes room, and may be added again.
func TestRemove(t *testing.T) {
	var l Log[int]
	l.Add(1, "kept", 1, 1, false, maxBytes/2)
	l.Add(2, "removed", 2, 1, false, maxBytes/2)
	if !l.Full() {
		t.Error("the log is not full")
	}
	if l.Remove("removed"); l.Full() {
		t.Error("the log is full although a question was removed")
	}
	asked := func() (all []int) {
		l.Again(never, func(q, turn int) error {
			if turn == 0 {
				all = append(all, q)
			}
			return nil
		})
		return all
	}
	if got := asked(); !slices.Equal(got, []int{1}) {
		t.Errorf("asked %v, want 1 alone", got)
	}
	l.Add(2, "removed", 3, 1, false, 1)
	if got := asked(); !slices.Equal(got, []int{3, 1}) {
		t.Errorf("asked %v, want 3 and 1", got)
	}
}
