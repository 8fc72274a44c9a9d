package consistency_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/allways-go/allways/consistency"
)

// loosened is an operation that brute force may take as one that never returned and has no place in
// its client's order.
type loosened[Op, Ret any] struct {
	consistency.Operation[Op, Ret]
	loose bool
}

// comesFirst reports whether a has to come before b.
func comesFirst[Op, Ret any](c consistency.Condition, a, b loosened[Op, Ret]) bool {
	if c == consistency.Linearizability {
		return !a.loose && !a.Pending && a.Returned < b.Invoked
	}
	return !a.loose && !b.loose && a.Client == b.Client && a.Invoked < b.Invoked
}

// explained tries every permutation of every choice of pending operations.
func explained[S, Op, Ret any](
	spec consistency.Spec[S, Op, Ret], c consistency.Condition, ops []loosened[Op, Ret],
) bool {
	return explainedFrom(spec, c, spec.Init(), ops)
}

func explainedFrom[S, Op, Ret any](
	spec consistency.Spec[S, Op, Ret], c consistency.Condition, s S, left []loosened[Op, Ret],
) bool {
	free := func(o loosened[Op, Ret]) bool { return o.loose || o.Pending }
	if !slices.ContainsFunc(left, func(o loosened[Op, Ret]) bool { return !free(o) }) {
		return true
	}
	for i, o := range left {
		if slices.ContainsFunc(left, func(p loosened[Op, Ret]) bool { return comesFirst(c, p, o) }) {
			continue
		}
		next, ret := spec.Apply(s, o.Op)
		if !free(o) && !reflect.DeepEqual(ret, o.Ret) {
			continue
		}
		if explainedFrom(spec, c, next, slices.Delete(slices.Clone(left), i, i+1)) {
			return true
		}
	}
	return false
}

func tight[Op, Ret any](ops []consistency.Operation[Op, Ret]) []loosened[Op, Ret] {
	all := make([]loosened[Op, Ret], len(ops))
	for i, o := range ops {
		all[i].Operation = o
	}
	return all
}

var conditions = []consistency.Condition{consistency.Linearizability, consistency.SequentialConsistency}

func TestBruteForceAgrees(t *testing.T) {
	againstBruteForce(t, registers())
	againstBruteForce(t, writeOnces())
	againstBruteForce(t, casRegisters())
	againstBruteForce(t, queues())
	againstBruteForce(t, stacks())
	againstBruteForce(t, sets())
	againstBruteForce(t, counters())
	againstBruteForce(t, kvs())
}

func againstBruteForce[S, Op, Ret any](t *testing.T, w workload[S, Op, Ret]) {
	for _, c := range conditions {
		t.Run(fmt.Sprintf("%s/%v", w.name, c), func(t *testing.T) {
			tester := must(consistency.NewTester(w.spec, c))
			eager := must(consistency.NewTester(w.spec, c))
			eager.RememberAtOnce()
			seen := map[bool]int{}
			rapid.Check(t, func(rt *rapid.T) {
				draw := func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "n") }
				h := must(consistency.FromEvents(w.record(draw,
					shape{clients: 1 + draw(3), ops: draw(7), crashes: draw(2) == 0, corrupt: draw(3)})))
				ops := h.Operations()
				if want := operations(slices.Collect(h.Events())); !slices.EqualFunc(ops, want,
					func(a, b consistency.Operation[Op, Ret]) bool { return reflect.DeepEqual(a, b) }) {
					rt.Fatalf("operations %v, want %v", ops, want)
				}
				want := explained(w.spec, c, tight(ops))
				seen[want]++
				if got := tester.Allows(h); got != want {
					rt.Fatalf("Allows = %v, want %v, for %v", got, want, ops)
				}
				if got := eager.Allows(h); got != want {
					rt.Fatalf("with failures remembered, Allows = %v, want %v, for %v", got, want, ops)
				}
				v := must(tester.Check(context.Background(), h))
				if satisfied(v) != want {
					rt.Fatalf("outcome %v, want satisfied: %v:\n%v", v.Outcome, want, v)
				}
				verify(rt, w.spec, h, v)
				if projected := h.ProgramOrder(); c == consistency.SequentialConsistency &&
					tester.Allows(projected) != want {
					rt.Fatalf("in program order, Allows = %v, want %v", !want, want)
				}
			})
			requireBoth(t, seen)
		})
	}
}

// requireBoth fails if only one of two outcomes was seen in a full run, where that is next to
// impossible.
func requireBoth(t *testing.T, seen map[bool]int) {
	t.Helper()
	if total := seen[true] + seen[false]; total >= 100 && (seen[true] == 0 || seen[false] == 0) {
		t.Errorf("outcomes %v: only one of a kind, which means nothing", seen)
	}
}

type fataler interface{ Fatalf(string, ...any) }

// verify checks by hand what the verdict says: that the order explains its operations, and that the
// conflict is one, and minimal.
func verify[S, Op, Ret any](
	t fataler, spec consistency.Spec[S, Op, Ret], h consistency.History[Op, Ret], v consistency.Verdict[Op, Ret],
) {
	verifyOrder(t, spec, h, v)
	if satisfied(v) {
		if len(v.Conflict) > 0 {
			t.Fatalf("a conflict in a good history:\n%v", v)
		}
		return
	}
	if !v.Minimal {
		t.Fatalf("not minimal:\n%v", v)
	}
	core := tight(h.Operations())
	conflict := func(o loosened[Op, Ret]) bool {
		return slices.ContainsFunc(v.Conflict,
			func(p consistency.Operation[Op, Ret]) bool { return reflect.DeepEqual(o.Operation, p) })
	}
	for i := range core {
		core[i].loose = !conflict(core[i]) && !core[i].Pending
	}
	if explained(spec, v.Condition, core) {
		t.Fatalf("no conflict:\n%v", v)
	}
	for i := range core {
		if conflict(core[i]) {
			core[i].loose = true
			if !explained(spec, v.Condition, core) {
				t.Fatalf("operation %d is not needed:\n%v", i, v)
			}
			core[i].loose = false
		}
	}
}

func verifyOrder[S, Op, Ret any](
	t fataler, spec consistency.Spec[S, Op, Ret], h consistency.History[Op, Ret], v consistency.Verdict[Op, Ret],
) {
	order, s := tight(v.Order), spec.Init()
	for i, o := range order {
		next, ret := spec.Apply(s, o.Op)
		if !o.Pending && !reflect.DeepEqual(ret, o.Ret) {
			t.Fatalf("operation %d of the order returns %v:\n%v", i+1, ret, v)
		}
		late := func(p loosened[Op, Ret]) bool { return comesFirst(v.Condition, o, p) }
		if k := slices.IndexFunc(order[:i], late); k >= 0 {
			t.Fatalf("operation %d of the order has to come before %d:\n%v", i+1, k+1, v)
		}
		s = next
	}
	for _, o := range h.Operations() {
		missing := !slices.ContainsFunc(order, func(p loosened[Op, Ret]) bool { return p.Invoked == o.Invoked })
		if missing && satisfied(v) && !o.Pending {
			t.Fatalf("an operation is missing in the order:\n%v", v)
		}
	}
}
