package consistency_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"pgregory.net/rapid"

	"github.com/allways-go/allways/consistency"
	"github.com/allways-go/allways/internal/plan"
)

type (
	registerOp      = consistency.RegisterOp[int]
	registerEvent   = consistency.Event[consistency.RegisterOp[int], int]
	registerHistory = consistency.History[consistency.RegisterOp[int], int]
)

func invoke(client int) registerEvent { return registerEvent{Client: client} }

func comeBack(client int) registerEvent {
	return registerEvent{Client: client, Kind: consistency.Return}
}

func TestFromEventsRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		events []registerEvent
		index  int
		says   string
	}{
		"a return without an invocation": {[]registerEvent{invoke(1), comeBack(2)}, 1,
			"client 2 returns from an operation that it did not invoke"},
		"a second return": {[]registerEvent{invoke(1), comeBack(1), comeBack(1)}, 2,
			"or that already returned"},
		"an invocation while one is under way": {[]registerEvent{invoke(1), invoke(2), invoke(1)}, 2,
			"client 1 invokes an operation before its last one has returned"},
		"an unknown kind": {[]registerEvent{{Client: 3, Kind: 7}}, 0, "kind 7"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := consistency.FromEvents(c.events)
			var bad *consistency.HistoryError
			if !errors.As(err, &bad) || bad.Index != c.index || bad.Client != c.events[c.index].Client ||
				!strings.Contains(err.Error(), c.says) {
				t.Errorf("error %v, want one of event %d that says %q", err, c.index, c.says)
			}
		})
	}
}

func TestAppendRefusesAndKeeps(t *testing.T) {
	var h registerHistory
	if _, err := h.Return(0, 1); err == nil {
		t.Error("a return of nothing was accepted")
	}
	h = must(h.Invoke(0, consistency.RegisterOp[int]{}))
	if same, err := h.Invoke(0, consistency.RegisterOp[int]{}); err == nil || same.Len() != 1 {
		t.Errorf("a second invocation gave %d events and error %v, want the old history and an error",
			same.Len(), err)
	}
}

// Two continuations of one history do not see each other.
func TestHistoriesAreValues(t *testing.T) {
	var reg consistency.Register[int]
	h := must(must(registerHistory{}.Invoke(2, reg.Read())).Invoke(4, reg.Read()))
	before := fmt.Sprint(slices.Collect(h.Events()))
	one := must(h.Invoke(3, reg.Write(1)))
	two := must(h.Invoke(3, reg.Write(2)))
	must(h.Return(2, 5))
	if after := fmt.Sprint(slices.Collect(h.Events())); after != before {
		t.Errorf("the history changed from %v to %v", before, after)
	}
	if a, b := one.Operations()[1].Op.Value, two.Operations()[1].Op.Value; a != 1 || b != 2 {
		t.Errorf("values %d and %d, want 1 and 2", a, b)
	}
}

// order is what clients can tell of a history: their operations, and what returned before what was
// invoked.
func order[Op, Ret any](ops []consistency.Operation[Op, Ret]) string {
	var facts []string
	for i, o := range ops {
		number := 0
		for _, p := range ops[:i] {
			if p.Client == o.Client {
				number++
			}
		}
		fact := fmt.Sprintf("%d.%d %v pending=%v %v after", o.Client, number, o.Op, o.Pending, o.Ret)
		seen := map[int]int{}
		for _, p := range ops {
			if !p.Pending && p.Returned < o.Invoked {
				seen[p.Client]++
			}
		}
		facts = append(facts, fmt.Sprint(fact, seen))
	}
	slices.Sort(facts)
	return strings.Join(facts, "\n")
}

// Histories have equal content exactly if the clients' operations and what returned before what was
// invoked are equal.
func TestEqualContentIfIndistinguishable(t *testing.T) {
	p := must(plan.For[registerHistory]())
	equal := func(a, b registerHistory) bool { return p.Equal(unsafe.Pointer(&a), unsafe.Pointer(&b)) }
	seen := map[bool]int{}
	rapid.Check(t, func(rt *rapid.T) {
		draw := func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "n") }
		w := registers()
		events := w.record(draw, shape{clients: 3, ops: 5, crashes: true})
		shuffled := slices.Clone(events)
		for range 6 { // change places of neighbours of different clients
			if i := draw(len(shuffled) + 1); i+1 < len(shuffled) && shuffled[i].Client != shuffled[i+1].Client {
				shuffled[i], shuffled[i+1] = shuffled[i+1], shuffled[i]
			}
		}
		a, b := must(consistency.FromEvents(events)), must(consistency.FromEvents(shuffled))
		alike := order(operations(events)) == order(operations(shuffled))
		seen[alike]++
		if got := equal(a, b); got != alike {
			rt.Fatalf("equal content: %v, want %v, for\n%v\n%v", got, alike, events, shuffled)
		}
		if !equal(a.ProgramOrder(), b.ProgramOrder()) {
			rt.Fatalf("in program order, the content differs for\n%v\n%v", events, shuffled)
		}
		if byStep := appended(events); !equal(a, byStep) {
			rt.Fatalf("appended one by one, the content differs for %v", events)
		}
	})
	requireBoth(t, seen)
}

func appended(events []registerEvent) (h registerHistory) {
	for _, e := range events {
		if e.Kind == consistency.Invoke {
			h = must(h.Invoke(e.Client, e.Op))
		} else {
			h = must(h.Return(e.Client, e.Ret))
		}
	}
	return h
}

func FuzzFromEvents(f *testing.F) {
	f.Add([]byte{0, 1, 1, 0, 4, 5})
	f.Fuzz(func(t *testing.T, data []byte) {
		var events []registerEvent
		busy := map[int]bool{}
		bad := -1
		for i, b := range data[:min(len(data), 30)] {
			e := registerEvent{Client: int(b>>3) % 5, Kind: consistency.EventKind(b & 3),
				Op: consistency.RegisterOp[int]{Write: b&4 != 0, Value: int(b >> 6)}, Ret: int(b >> 6)}
			if bad < 0 && (e.Kind > consistency.Return || busy[e.Client] == (e.Kind == consistency.Invoke)) {
				bad = i
			}
			busy[e.Client] = e.Kind == consistency.Invoke
			events = append(events, e)
		}
		h, err := consistency.FromEvents(events)
		if bad >= 0 {
			var he *consistency.HistoryError
			if !errors.As(err, &he) || he.Index != bad {
				t.Fatalf("error %v, want one of event %d", err, bad)
			}
			return
		}
		if err != nil || h.Len() != len(events) {
			t.Fatalf("%d events and error %v, want %d events", h.Len(), err, len(events))
		}
		for _, c := range conditions {
			v := must(must(consistency.NewTester(registers().spec, c)).Check(t.Context(), h))
			verifyOrder(t, registers().spec, h, v)
			_ = v.String()
		}
	})
}
