package consistency_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/allways-go/allways/consistency"
)

// oneKey is the spec of one value, whatever the key: its state is that of a part.
type oneKey struct{}

func (oneKey) Init() string { return "" }
func (oneKey) Apply(s string, o keyOp) (string, string) {
	if o.Get {
		return s, s
	}
	return o.Value, ""
}
func (oneKey) Partition(o keyOp) any { return o.Key }

type keyOp struct {
	Get        bool
	Key, Value string
}

// The verdict on a spec of one part does not depend on the length of the history, nor on the condition.
func TestPartsAreApartAtAnyLength(t *testing.T) {
	for _, c := range conditions {
		tester := must(consistency.NewTester(oneKey{}, c))
		for keys := range 20 {
			s := newScript(oneKey{})
			for k := range keys + 1 {
				s.invoke(1, keyOp{Key: fmt.Sprint(k), Value: "x"}).comeBack(1, "")
				s.invoke(1, keyOp{Get: true, Key: fmt.Sprint(-1 - k)}).comeBack(1, "")
			}
			if v := must(tester.Check(t.Context(), s.h)); !satisfied(v) || !tester.Allows(s.h) {
				t.Errorf("%d keys: %v", keys, v)
			}
			s.invoke(1, keyOp{Get: true, Key: "0"}).comeBack(1, "y")
			v := must(tester.Check(t.Context(), s.h))
			if satisfied(v) || tester.Allows(s.h) || len(v.Conflict) == 0 {
				t.Errorf("%d keys, and one wrong: %v", keys, v)
			}
		}
	}
}

// counted is a spec that reports each operation applied.
type counted[S, Op, Ret any] struct {
	consistency.Spec[S, Op, Ret]
	applied func()
}

func (c counted[S, Op, Ret]) Apply(s S, op Op) (S, Ret) {
	c.applied()
	return c.Spec.Apply(s, op)
}

// countedParts is counted with parts.
type countedParts[S, Op, Ret any] struct{ counted[S, Op, Ret] }

func (c countedParts[S, Op, Ret]) Partition(op Op) any {
	return c.Spec.(interface{ Partition(Op) any }).Partition(op)
}

// lossy is the history of a register whose clients lose the answers to some writes, of which half take effect.
func lossy(ops int) []consistency.Event[consistency.RegisterOp[int], int] {
	var reg consistency.Register[int]
	var events []consistency.Event[consistency.RegisterOp[int], int]
	draw, state, lost := seeded(7), 0, 5
	clients := make([]int, 5)
	for i := range clients {
		clients[i] = i
	}
	sessions := make([]session[consistency.RegisterOp[int], int], 5)
	for number := 0; number < ops || len(events) < 2; {
		c := draw(5)
		s := &sessions[c]
		switch s.state {
		case idle:
			number++
			if s.op = reg.Read(); draw(2) == 0 {
				s.op = reg.Write(number)
			}
			s.state = invoked
			events = append(events, consistency.Event[consistency.RegisterOp[int], int]{Client: clients[c], Op: s.op})
		case invoked:
			lose := s.op.Write && draw(50) == 0
			if s.op.Write && (!lose || draw(2) == 0) {
				state = s.op.Value
			}
			if s.ret, s.state = state, done; lose {
				clients[c], s.state, lost = lost, idle, lost+1
			}
		case done:
			s.state = idle
			events = append(events, consistency.Event[consistency.RegisterOp[int], int]{
				Client: clients[c], Kind: consistency.Return, Ret: s.ret})
		}
	}
	return events
}

// Writes without an answer cost little each, whether the history is good or not.
func TestManyPendingOperations(t *testing.T) {
	for _, corrupt := range []bool{false, true} {
		events := lossy(1500)
		if corrupt {
			events = append(events, consistency.Event[consistency.RegisterOp[int], int]{Client: -1},
				consistency.Event[consistency.RegisterOp[int], int]{Client: -1, Kind: consistency.Return, Ret: -1})
		}
		applied := 0
		spec := counted[int, consistency.RegisterOp[int], int]{consistency.Register[int]{}, func() { applied++ }}
		v := must(consistency.Linearizable(t.Context(), spec, must(consistency.FromEvents(events))))
		if satisfied(v) == corrupt || applied > 2_000_000 {
			t.Errorf("corrupt %v: %v after %d operations were applied", corrupt, v.Outcome, applied)
		}
	}
}

// Many keys that take very long hide no conflict in the last one.
func TestHardKeysHideNoConflict(t *testing.T) {
	var kv consistency.KV[string, int]
	s := newScript(kv)
	const hard, writes = 10, 26
	for c := range hard * writes {
		s.invoke(c, kv.Put(fmt.Sprint("hard", c%hard), c))
	}
	for c := range hard {
		s.invoke(1000+c, kv.Get(fmt.Sprint("hard", c))).comeBack(1000+c, consistency.Some(-1))
	}
	for c := range hard * writes {
		s.comeBack(c, consistency.OK[int]())
	}
	s.invoke(2000, kv.Get("bad")).comeBack(2000, consistency.Some(7))
	applied := 0
	spec := countedParts[map[string]int, consistency.KVOp[string, int], consistency.Maybe[int]]{
		counted[map[string]int, consistency.KVOp[string, int], consistency.Maybe[int]]{kv, func() { applied++ }}}
	v := must(consistency.Linearizable(t.Context(), spec, s.h))
	if satisfied(v) || len(v.Conflict) != 1 || v.Conflict[0].Op != kv.Get("bad") || applied > 20_000 {
		t.Errorf("after %d applied operations: %v", applied, v)
	}
}

// After the context is done, a spec is not called again, wherever that happens: the verdict is unknown, or violated if
// that is certain by then.
func TestContextEndsAnywhere(t *testing.T) {
	for at := range 400 {
		ctx, cancel := context.WithCancel(t.Context())
		late, calls := 0, 0
		spec := counted[int, consistency.CounterOp, int]{consistency.Counter{}, func() {
			if calls++; ctx.Err() != nil {
				late++
			}
			if calls == at {
				cancel()
			}
		}}
		var count consistency.Counter
		s := newScript(spec)
		for c := range 4 {
			s.invoke(c, count.FetchAdd(1))
		}
		for c := range 4 {
			s.comeBack(c, c+c/3)
		}
		v, err := consistency.Linearizable(ctx, spec, s.h)
		cancel()
		switch {
		case late > 0:
			t.Fatalf("canceled in call %d, and %d more calls", at, late)
		case err != nil && (!errors.Is(err, context.Canceled) || v.Outcome != consistency.Unknown):
			t.Fatalf("canceled in call %d: %v, %v", at, v.Outcome, err)
		case err == nil && v.Outcome != consistency.Violated:
			t.Fatalf("canceled in call %d: %v", at, v)
		}
	}
}

// concat is a map whose values grow, so that every order of the writes gives another state.
type concat struct{}

func (concat) Init() string { return "" }
func (concat) Apply(s string, o keyOp) (string, string) {
	if o.Get {
		return s, s
	}
	return s + o.Key + "=" + o.Value + " ", ""
}
func (concat) ReadOnly(o keyOp) bool { return o.Get }

// A conflict that cannot be minimized at a reasonable price says so.
func TestMinimizingHasBudget(t *testing.T) {
	for _, n := range []int{10, 20, 40, 60} {
		s := newScript(concat{})
		for i := range n {
			s.invoke(0, keyOp{Key: fmt.Sprint(i % 10), Value: fmt.Sprint(i)}).comeBack(0, "")
		}
		s.invoke(0, keyOp{Get: true}).comeBack(0, "wrong")
		applied := 0
		spec := counted[string, keyOp, string]{concat{}, func() { applied++ }}
		v := must(consistency.Linearizable(t.Context(), spec, s.h))
		if satisfied(v) || v.Minimal || len(v.Conflict) == 0 || applied > 20_000 {
			t.Errorf("%d operations: %v, minimal %v, after %d applied operations", n, v.Outcome, v.Minimal, applied)
		}
	}
}

// A long history is taken apart in time linear in its length, whatever its form.
func TestCrowds(t *testing.T) {
	const crowd = 50_000
	var events []consistency.Event[consistency.RegisterOp[int], int]
	for c := range crowd {
		events = append(events, consistency.Event[consistency.RegisterOp[int], int]{Client: crowd - c})
	}
	for c := range crowd {
		events = append(events, consistency.Event[consistency.RegisterOp[int], int]{Client: c + 1, Kind: consistency.Return})
	}
	h := must(consistency.FromEvents(events))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if v, err := consistency.Linearizable(ctx, consistency.Register[int]{}, h); v.Outcome != consistency.Unknown ||
		!errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v", v, err)
	}
	if n := len(h.Operations()); n != crowd {
		t.Errorf("%d operations", n)
	}
}

// A conflict of hundreds of operations is drawn in part.
func TestLargeConflict(t *testing.T) {
	var count consistency.Counter
	s := newScript(count)
	for c := range 300 {
		s.invoke(c, count.FetchAdd(1))
	}
	for c := range 300 {
		s.comeBack(c, 1000)
	}
	v := must(consistency.Linearizable(t.Context(), count, s.h))
	if lines := strings.Count(v.String(), "\n"); satisfied(v) || lines > 60 {
		t.Errorf("%d lines:\n%v", lines, v)
	}
}

func TestNoSpec(t *testing.T) {
	_, err := consistency.NewTester[int, int, int](nil, consistency.Linearizability)
	if err == nil || !strings.Contains(err.Error(), "there is no spec") {
		t.Errorf("error %v", err)
	}
}
