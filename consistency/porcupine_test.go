package consistency_test

import (
	"context"
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/allways-go/allways/consistency"
	"github.com/allways-go/allways/internal/longtest"
)

// returned is an output that is known; nil is one that is not.
type returned[Ret any] struct{ ret Ret }

// modelOf tells porcupine what the specification says.
func modelOf[S, Op, Ret any](spec consistency.Spec[S, Op, Ret]) porcupine.Model {
	m := porcupine.Model{
		Init: func() any { return spec.Init() },
		Step: func(state, input, output any) (bool, any) {
			next, ret := spec.Apply(state.(S), input.(Op))
			return output == nil || reflect.DeepEqual(output.(returned[Ret]).ret, ret), next
		},
		Equal: reflect.DeepEqual,
	}
	if p, ok := spec.(interface{ Partition(Op) any }); ok {
		m.Partition = func(ops []porcupine.Operation) [][]porcupine.Operation {
			parts := map[any][]porcupine.Operation{}
			for _, o := range ops {
				key := p.Partition(o.Input.(Op))
				parts[key] = append(parts[key], o)
			}
			var all [][]porcupine.Operation
			for _, part := range parts {
				all = append(all, part)
			}
			return all
		}
	}
	return m
}

func porcupineOperations[Op, Ret any](events []consistency.Event[Op, Ret]) []porcupine.Operation {
	var ops []porcupine.Operation
	for _, o := range operations(events) {
		p := porcupine.Operation{ClientId: o.Client, Input: o.Op, Call: int64(o.Invoked), Return: math.MaxInt64}
		if !o.Pending {
			p.Output, p.Return = returned[Ret]{o.Ret}, int64(o.Returned)
		}
		ops = append(ops, p)
	}
	return ops
}

// turn is the state of an object on which the clients take turns in program order.
type turn[S any] struct {
	state S
	taken map[int]int // operations of a client that took effect
}

type numbered[Op any] struct {
	client, number int
	op             Op
}

// inProgramOrder tells porcupine to look for sequential consistency: of operations that all
// overlap, each has its number in its client's order.
func inProgramOrder[S, Op, Ret any](
	spec consistency.Spec[S, Op, Ret], events []consistency.Event[Op, Ret],
) (porcupine.Model, []porcupine.Operation) {
	step := modelOf(spec).Step
	m := porcupine.Model{
		Init: func() any { return turn[S]{spec.Init(), nil} },
		Step: func(state, input, output any) (bool, any) {
			s, in := state.(turn[S]), input.(numbered[Op])
			if s.taken[in.client] != in.number {
				return false, s
			}
			ok, next := step(s.state, in.op, output)
			taken := map[int]int{in.client: in.number + 1}
			for c, n := range s.taken {
				if c != in.client {
					taken[c] = n
				}
			}
			return ok, turn[S]{next.(S), taken}
		},
		Equal: reflect.DeepEqual,
	}
	count := map[int]int{}
	ops := porcupineOperations(events)
	for i := range ops {
		c := ops[i].ClientId
		ops[i].Input = numbered[Op]{c, count[c], ops[i].Input.(Op)}
		ops[i].Call, ops[i].Return = 0, 1
		count[c]++
	}
	return m, ops
}

func TestPorcupineAgrees(t *testing.T) {
	againstPorcupine(t, registers())
	againstPorcupine(t, writeOnces())
	againstPorcupine(t, casRegisters())
	againstPorcupine(t, queues())
	againstPorcupine(t, stacks())
	againstPorcupine(t, sets())
	againstPorcupine(t, counters())
	againstPorcupine(t, kvs())
}

func againstPorcupine[S, Op, Ret any](t *testing.T, w workload[S, Op, Ret]) {
	t.Run(w.name+"/linearizable", func(t *testing.T) {
		m := modelOf(w.spec)
		compare(t, w, consistency.Linearizability, 40,
			func(events []consistency.Event[Op, Ret]) porcupine.CheckResult {
				return porcupine.CheckOperationsTimeout(m, porcupineOperations(events), patience)
			})
	})
	t.Run(w.name+"/sequentially consistent", func(t *testing.T) {
		compare(t, w, consistency.SequentialConsistency, 20,
			func(events []consistency.Event[Op, Ret]) porcupine.CheckResult {
				m, ops := inProgramOrder(w.spec, events)
				return porcupine.CheckOperationsTimeout(m, ops, patience)
			})
	})
}

// patience is the time that porcupine gets for a history. Those with many crashes would take it
// ages, and so would conflicts of long histories.
const patience = 5 * time.Millisecond

// compare compares verdicts on random histories, good and corrupted.
func compare[S, Op, Ret any](
	t *testing.T, w workload[S, Op, Ret], c consistency.Condition, most int,
	oracle func([]consistency.Event[Op, Ret]) porcupine.CheckResult,
) {
	tester := must(consistency.NewTester(w.spec, c))
	eager := must(consistency.NewTester(w.spec, c))
	eager.RememberAtOnce()
	verdicts := map[bool]int{}
	for seed := range longtest.Size(60, 1000) {
		draw := seeded(uint64(seed))
		events := w.record(draw, shape{clients: 1 + draw(6), ops: draw(1 + most), crashes: draw(4) == 0,
			corrupt: draw(3)})
		h := must(consistency.FromEvents(events))
		answer := oracle(events)
		if answer == porcupine.Unknown {
			continue
		}
		want := answer == porcupine.Ok
		verdicts[want]++
		if got := tester.Allows(h); got != want {
			t.Fatalf("seed %d: Allows = %v, want %v", seed, got, want)
		}
		if got := eager.Allows(h); got != want {
			t.Fatalf("seed %d: with failures remembered, Allows = %v, want %v", seed, got, want)
		}
		if h.Len() > 24 && seed%4 != 0 { // most of the time would go into minimal conflicts
			continue
		}
		v := must(tester.Check(context.Background(), h))
		if satisfied(v) != want {
			t.Fatalf("seed %d: outcome %v, want satisfied: %v", seed, v.Outcome, want)
		}
		verifyOrder(t, w.spec, h, v)
		verifyConflict(t, h, v, oracle)
	}
	// The number of histories that porcupine decides in time depends on the machine. Among them,
	// some of each kind are due.
	if decided := verdicts[true] + verdicts[false]; verdicts[true] < decided/10 || verdicts[false] < decided/20 {
		t.Errorf("histories by verdict %v: too few of a kind to mean anything", verdicts)
	}
}

// verifyConflict asks the oracle whether the operations in conflict are one even if all others
// never returned. Clients go on after those, so that they get new numbers; for sequential
// consistency that would change what comes first.
func verifyConflict[Op, Ret any](
	t *testing.T, h consistency.History[Op, Ret], v consistency.Verdict[Op, Ret],
	oracle func([]consistency.Event[Op, Ret]) porcupine.CheckResult,
) {
	if satisfied(v) || !v.Minimal || v.Condition != consistency.Linearizability || h.Len() > 24 {
		return
	}
	var events []consistency.Event[Op, Ret]
	renamed := map[int]int{} // index of a return to the client
	for o := range slices.Values(h.Operations()) {
		same := func(p consistency.Operation[Op, Ret]) bool { return p.Invoked == o.Invoked }
		if !slices.ContainsFunc(v.Conflict, same) {
			renamed[o.Invoked] = 1000 + o.Invoked
			renamed[o.Returned] = -1
		}
	}
	i := 0
	for e := range h.Events() {
		client, is := renamed[i]
		if is {
			e.Client = client
		}
		if client >= 0 {
			events = append(events, e)
		}
		i++
	}
	if oracle(events) == porcupine.Ok {
		t.Fatalf("no conflict:\n%v", v)
	}
}
