package allways_test

import (
	"errors"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/longtest"
)

// ledger is a state that shares its entries with the states before and after it, as most states do.
type ledger struct {
	N       int
	Entries map[string]int
}

// lateChange counts in a ledger up to an end, and changes the entries of one state in place.
func lateChange(end int, mutator string, at int) allways.Funcs[ledger, int] {
	spoil := func(s ledger, in string) {
		if in == mutator && s.N == at {
			s.Entries["spoilt"] = 1
		}
	}
	return allways.Funcs[ledger, int]{
		InitFunc: func() []ledger { return []ledger{{Entries: map[string]int{"a": 1, "b": 2}}} },
		ActionsFunc: func(dst []int, s ledger) []int {
			if spoil(s, "Actions"); s.N < end {
				dst = append(dst, 1)
			}
			return dst
		},
		NextFunc: func(s ledger, a int) (ledger, bool) {
			spoil(s, "Next")
			return ledger{s.N + a, s.Entries}, true
		},
		Props: []allways.Property[ledger]{
			allways.Always("the books are kept", func(s ledger) bool {
				spoil(s, "property \"the books are kept\"")
				return s.Entries["spoilt"] == 0
			}),
			allways.AlwaysStep[ledger, int]("time passes", func(s ledger, a int, next ledger) bool {
				spoil(next, "property \"time passes\"")
				return s.N < next.N
			}),
		},
	}
}

// The mutation detector names what changed a state, however late that is, and there is no verdict
// on the changed states.
func TestLateChangesAreFound(t *testing.T) {
	end := longtest.Size(4200, 9000)
	places := []int{end - 1, 4100}
	mutators := []string{"Next", "property \"time passes\"", "Actions", "property \"the books are kept\""}
	for _, mutator := range mutators[:longtest.Size(2, len(mutators))] {
		for _, at := range places[:longtest.Size(1, len(places))] {
			for _, o := range []allways.Options{
				{Workers: 2}, {Workers: 1, Strategy: allways.DFS, Stop: allways.StopNever},
			} {
				r, err := allways.Check(t.Context(), lateChange(end, mutator, at), o)
				expectMutator(t, r, err, mutator)
			}
			r, err := allways.Simulate(
				t.Context(), lateChange(end, mutator, at),
				allways.SimulateOptions{Workers: 1, Walks: 1, MaxDepth: end + 10},
			)
			expectMutator(t, r, err, mutator)
		}
	}
}

func expectMutator[S, A any](t *testing.T, r *allways.Result[S, A], err error, mutator string) {
	t.Helper()
	e, ok := errors.AsType[*allways.ModelError](err)
	if !ok || e.Kind != allways.ErrorMutation || r.Verdict != allways.Inconclusive {
		t.Fatalf("%s: %v, %v; want a mutation", mutator, r.Verdict, err)
	}
	if e.Where != mutator {
		t.Errorf("%s: it names %s: %s", mutator, e.Where, e.Message)
	}
}
