package consistency_test

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/allways-go/allways/consistency"
)

type intEvent = consistency.Event[consistency.RegisterOp[int], int]

// drawEvents draws what up to four clients of a register do, in the order of real time.
func drawEvents(t *rapid.T) (events []intEvent) {
	busy := map[int]bool{}
	for range rapid.IntRange(0, 9).Draw(t, "events") {
		client := rapid.IntRange(0, 3).Draw(t, "client")
		value := rapid.IntRange(0, 1).Draw(t, "value")
		e := intEvent{Client: client}
		switch {
		case busy[client]:
			e.Kind, e.Ret = consistency.Return, value
		case rapid.Bool().Draw(t, "write"):
			e.Op = consistency.Register[int]{}.Write(value)
		}
		busy[client] = !busy[client]
		events = append(events, e)
	}
	return events
}

// TestRelabel asserts that a history with other numbers for its clients is that of the events with
// other numbers, and as good as it was.
func TestRelabel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := drawEvents(t)
		names := rapid.Permutation([]int{0, 1, 2, 3}).Draw(t, "names")
		h := fromEvents(t, events)
		for i := range events {
			events[i].Client = names[events[i].Client]
		}
		other := h.Relabel(func(c int) int { return names[c] })
		if want := fromEvents(t, events); !reflect.DeepEqual(eventsOf(other), eventsOf(want)) {
			t.Fatalf("%v, want %v", eventsOf(other), eventsOf(want))
		}
		if got, want := h.ProgramOrder().Relabel(func(c int) int { return names[c] }).
			ProgramOrder(), other.ProgramOrder(); !reflect.DeepEqual(eventsOf(got), eventsOf(want)) {
			t.Fatalf("in program order: %v, want %v", eventsOf(got), eventsOf(want))
		}
		for _, c := range []consistency.Condition{consistency.Linearizability, consistency.SequentialConsistency} {
			if tester := intTester(t, c); tester.Allows(h) != tester.Allows(other) {
				t.Fatalf("%v is %v: %t, with other numbers: %t", eventsOf(h), c, tester.Allows(h),
					tester.Allows(other))
			}
		}
	})
}

// TestAllowsEvents asserts that the order of events in real time and the form in which a history
// keeps it are judged alike, and for sequential consistency the program order, too.
func TestAllowsEvents(t *testing.T) {
	verdicts := map[bool]int{}
	rapid.Check(t, func(t *rapid.T) {
		events := drawEvents(t)
		h := fromEvents(t, events)
		for _, c := range []consistency.Condition{consistency.Linearizability, consistency.SequentialConsistency} {
			tester := intTester(t, c)
			want := tester.Allows(h)
			verdicts[want]++
			for _, order := range [][]intEvent{events, eventsOf(h), eventsOf(h.ProgramOrder())} {
				if c == consistency.Linearizability && !reflect.DeepEqual(order, events) &&
					!reflect.DeepEqual(order, eventsOf(h)) {
					continue // the order of real time is lost
				}
				if got := tester.AllowsEvents(order); got != want {
					t.Fatalf("%v is %v: %t, by its history: %t", order, c, got, want)
				}
			}
		}
	})
	if verdicts[true] == 0 || verdicts[false] == 0 {
		t.Errorf("verdicts %v, want both", verdicts)
	}
}

func fromEvents(t *rapid.T, events []intEvent) consistency.History[consistency.RegisterOp[int], int] {
	h, err := consistency.FromEvents(slices.Clone(events))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func eventsOf(h consistency.History[consistency.RegisterOp[int], int]) []intEvent {
	return slices.Collect(h.Events())
}

func intTester(t *rapid.T, c consistency.Condition) *consistency.Tester[int, consistency.RegisterOp[int], int] {
	tester, err := consistency.NewTester(consistency.Register[int]{}, c)
	if err != nil {
		t.Fatal(err)
	}
	return tester
}
