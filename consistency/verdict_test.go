package consistency_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/allways-go/allways/consistency"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares text with a file in testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := errors.Join(os.MkdirAll("testdata", 0o755), os.WriteFile(path, []byte(got), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || string(want) != got {
		t.Errorf("got\n%s\nwant\n%s\n%v; run with -update to accept it", got, want, err)
	}
}

// script makes a history step by step.
type script[Op, Ret any] struct{ h consistency.History[Op, Ret] }

func (s *script[Op, Ret]) invoke(client int, op Op) *script[Op, Ret] {
	s.h = must(s.h.Invoke(client, op))
	return s
}

func (s *script[Op, Ret]) comeBack(client int, ret Ret) *script[Op, Ret] {
	s.h = must(s.h.Return(client, ret))
	return s
}

func newScript[S, Op, Ret any](consistency.Spec[S, Op, Ret]) *script[Op, Ret] {
	return &script[Op, Ret]{}
}

func verdictOf[S, Op, Ret any](
	spec consistency.Spec[S, Op, Ret], c consistency.Condition, h consistency.History[Op, Ret],
) string {
	return must(must(consistency.NewTester(spec, c)).Check(context.Background(), h)).String()
}

func TestDiagrams(t *testing.T) {
	var (
		reg   consistency.Register[string]
		once  consistency.WriteOnce[string]
		cas   consistency.CASRegister[int]
		queue consistency.Queue[int]
		stack consistency.Stack[int]
		set   consistency.Set[string]
		count consistency.Counter
		kv    consistency.KV[string, int]
	)
	lin, seq := consistency.Linearizability, consistency.SequentialConsistency
	for name, got := range map[string]string{
		"register_good": verdictOf(reg, lin, newScript(reg).invoke(1, reg.Write("a")).invoke(2, reg.Read()).
			invoke(3, reg.Write("lost")).
			comeBack(2, "a").comeBack(1, "a").invoke(2, reg.Read()).comeBack(2, "lost").h),
		"register_stale": verdictOf(reg, lin,
			newScript(reg).invoke(1, reg.Write("a")).comeBack(1, "a").invoke(3, reg.Write("x")).
				invoke(2, reg.Read()).comeBack(2, "").comeBack(3, "x").h),
		"register_bad_write": verdictOf(reg, lin, newScript(reg).invoke(1, reg.Write("a")).comeBack(1, "b").h),
		"register_sequential": verdictOf(reg, seq, newScript(reg).invoke(1, reg.Write("a")).comeBack(1, "a").
			invoke(2, reg.Read()).comeBack(2, "a").invoke(2, reg.Read()).comeBack(2, "").invoke(3, reg.Read()).h),
		"write_once": verdictOf(once, lin, newScript(once).invoke(1, once.Read()).
			comeBack(1, consistency.None[string]()).invoke(1, once.Write("a")).
			comeBack(1, consistency.OK[string]()).
			invoke(2, once.Write("b")).comeBack(2, consistency.None[string]()).invoke(2, once.Write("a")).
			comeBack(2, consistency.OK[string]()).
			invoke(3, once.Read()).comeBack(3, consistency.Some("a")).h),
		"cas": verdictOf(cas, lin, newScript(cas).invoke(1, cas.CAS(0, 1)).invoke(2, cas.CAS(0, 2)).
			comeBack(1, consistency.OK[int]()).comeBack(2, consistency.OK[int]()).invoke(1, cas.Write(7)).
			invoke(2, cas.Read()).comeBack(2, consistency.Some(7)).h),
		"queue": verdictOf(queue, lin, newScript(queue).invoke(1, queue.Enqueue(1)).
			comeBack(1, consistency.OK[int]()).invoke(1, queue.Enqueue(2)).comeBack(1, consistency.OK[int]()).
			invoke(2, queue.Dequeue()).comeBack(2, consistency.Some(2)).invoke(2, queue.Dequeue()).
			comeBack(2, consistency.None[int]()).h),
		"stack": verdictOf(stack, lin, newScript(stack).invoke(1, stack.Push(1)).invoke(2, stack.Pop()).
			comeBack(1, consistency.OK[int]()).comeBack(2, consistency.Some(1)).
			invoke(2, stack.Pop()).comeBack(2, consistency.None[int]()).h),
		"set": verdictOf(set, seq, newScript(set).invoke(1, set.Add("a")).comeBack(1, true).
			invoke(2, set.Contains("a")).comeBack(2, false).
			invoke(2, set.Remove("a")).comeBack(2, true).invoke(2, set.Contains("a")).comeBack(2, true).h),
		"counter": verdictOf(count, lin, newScript(count).invoke(1, count.Add(2)).invoke(2, count.FetchAdd(1)).
			comeBack(2, 2).comeBack(1, 0).invoke(1, count.Read()).comeBack(1, 3).h),
		"kv": verdictOf(kv, lin, newScript(kv).invoke(1, kv.Put("k", 1)).comeBack(1, consistency.OK[int]()).
			invoke(1, kv.Delete("k")).comeBack(1, consistency.OK[int]()).
			invoke(2, kv.CAS("k", 1, 2)).comeBack(2, consistency.None[int]()).invoke(2, kv.Get("k")).
			comeBack(2, consistency.None[int]()).
			invoke(2, kv.Delete("j")).comeBack(2, consistency.None[int]()).invoke(3, kv.Get("k")).
			comeBack(3, consistency.Some(2)).h),
		"long_text":    verdictOf(reg, lin, newScript(reg).invoke(1, reg.Write(strings.Repeat("long\n", 20))).h),
		"empty":        verdictOf(reg, lin, newScript(reg).h),
		"long_history": longHistory(),
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, got) })
	}
}

// longHistory is too long for a minimal conflict: writes of many values, and a read of none of them.
func longHistory() string {
	var reg consistency.Register[int]
	s := newScript(reg)
	for i := range 40 {
		s.invoke(1, reg.Write(i)).invoke(2, reg.Write(100+i)).comeBack(1, i).comeBack(2, 100+i)
	}
	s.invoke(3, reg.Read()).invoke(1, reg.Write(41)).comeBack(3, 5).comeBack(1, 41).invoke(2, reg.Read())
	return verdictOf(reg, consistency.Linearizability, s.h)
}

// A pending operation explains what others saw, and need not have taken effect.
func TestPendingOperations(t *testing.T) {
	var reg consistency.Register[int]
	for read, want := range map[int]bool{0: true, 1: true, 2: false} {
		h := newScript(reg).invoke(1, reg.Write(1)).invoke(2, reg.Read()).comeBack(2, read).h
		for _, c := range conditions {
			if got := must(consistency.NewTester(reg, c)).Allows(h); got != want {
				t.Errorf("read → %d, %v: %v, want %v", read, c, got, want)
			}
		}
	}
}

// More operations overlap than fit a word: the numbers that they fetch are all different, or two
// are the same.
func TestManyClients(t *testing.T) {
	var count consistency.Counter
	const clients = 150
	for _, twice := range []bool{false, true} {
		s := newScript(count)
		for c := range clients {
			s.invoke(c, count.FetchAdd(1))
		}
		for c := range clients {
			ret := (c * 7) % clients
			if twice && ret == clients-1 {
				ret--
			}
			s.comeBack(c, ret)
		}
		for _, c := range conditions {
			tester := must(consistency.NewTester(count, c))
			tester.RememberAtOnce()
			if got := tester.Allows(s.h); got == twice {
				t.Errorf("%v: %v, want %v", c, got, !twice)
			}
		}
	}
}

// Reads that never return change no verdict, but make sets of operations that do not fit a word.
func TestIdleClients(t *testing.T) {
	w := casRegisters()
	for _, c := range conditions {
		tester := must(consistency.NewTester(w.spec, c))
		tester.RememberAtOnce()
		verdicts := map[bool]int{}
		for seed := range 400 {
			draw := seeded(uint64(seed))
			events := w.record(draw, shape{clients: 4, ops: 14, corrupt: draw(3)})
			type event = consistency.Event[consistency.CASOp[int], consistency.Maybe[int]]
			var crowd []event
			for client := range 100 {
				crowd = append(crowd, event{Client: 100 + client})
			}
			want := tester.Allows(must(consistency.FromEvents(events)))
			verdicts[want]++
			if got := tester.Allows(must(consistency.FromEvents(append(crowd, events...)))); got != want {
				t.Fatalf("seed %d, %v: %v with idle clients, %v without", seed, c, got, want)
			}
		}
		requireBoth(t, verdicts)
	}
}

// Two clients write the same value, and only one of the writes may come first: the other one is
// needed after the 2. The operations before it make the search fail once, so that it looks for
// operations that are alike.
func TestAlikeWritesOfDifferentClients(t *testing.T) {
	var reg consistency.Register[int]
	s := newScript(reg)
	do := func(client int, op consistency.RegisterOp[int], ret int) { s.invoke(client, op).comeBack(client, ret) }
	do(0, reg.Write(9), 9)
	do(6, reg.Write(8), 8)
	do(7, reg.Read(), 8)
	do(7, reg.Read(), 9)
	do(1, reg.Read(), 9)
	do(1, reg.Write(1), 1)
	do(2, reg.Read(), 9)
	do(2, reg.Write(1), 1)
	do(2, reg.Write(2), 2)
	do(3, reg.Read(), 2)
	do(3, reg.Read(), 1)
	tester := must(consistency.NewTester(reg, consistency.SequentialConsistency))
	tester.RememberAtOnce()
	if !tester.Allows(s.h) {
		t.Error("the order 8 8 9 9 9 9 1 2 2 1 1 was not found")
	}
}

// A tester serves many goroutines, which do not see each other's histories.
func TestTesterIsShared(t *testing.T) {
	w := queues()
	tester := must(consistency.NewTester(w.spec, consistency.Linearizability))
	var group sync.WaitGroup
	for g := range 4 {
		group.Go(func() {
			for seed := range 200 {
				h := must(consistency.FromEvents(w.record(seeded(uint64(seed)), shape{clients: 3, ops: 9})))
				if !tester.Allows(h) {
					t.Errorf("goroutine %d, seed %d: a good history was refused", g, seed)
				}
			}
		})
	}
	group.Wait()
}

// A long history is tested part by part, and the parts' orders make one.
func TestLongHistories(t *testing.T) {
	w := kvs()
	h := must(consistency.FromEvents(w.record(seeded(3), shape{clients: 10, ops: 2000})))
	v := must(consistency.Linearizable(t.Context(), w.spec, h))
	if !satisfied(v) {
		t.Fatal(v)
	}
	verifyOrder(t, w.spec, h, v)
	if !must(consistency.NewTester(w.spec, consistency.Linearizability)).Allows(h) {
		t.Error("Allows disagrees")
	}
}

// hard returns a history that cannot be decided in reasonable time: additions have a great many
// orders, and none of them fits.
func hard() consistency.History[consistency.CounterOp, int] {
	var count consistency.Counter
	s := newScript(count)
	for c := range 40 {
		s.invoke(c, count.Add(1<<c))
	}
	s.invoke(40, count.Read())
	for c := range 40 {
		s.comeBack(c, 0)
	}
	return s.comeBack(40, -1).h
}

// A key whose search takes very long does not hide a plain conflict on another key.
func TestHardKeyHidesNoConflict(t *testing.T) {
	var kv consistency.KV[string, int]
	s := newScript(kv)
	for c := range 26 { // all orders of the writes are tried for the read of a value without a write
		s.invoke(c, kv.Put("hard", c))
	}
	s.invoke(26, kv.Get("hard")).comeBack(26, consistency.Some(-1))
	for c := range 26 {
		s.comeBack(c, consistency.OK[int]())
	}
	s.invoke(27, kv.Get("bad")).comeBack(27, consistency.Some(7))
	v := must(consistency.Linearizable(t.Context(), kv, s.h))
	if satisfied(v) || len(v.Conflict) != 1 || v.Conflict[0].Op != kv.Get("bad") {
		t.Errorf("verdict %v, want a conflict on the key bad", v)
	}
	if must(consistency.NewTester(kv, consistency.Linearizability)).Allows(s.h) {
		t.Error("Allows disagrees")
	}
}

func TestContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	steps := 0
	_, err := consistency.Linearizable(ctx, canceling{func() {
		if steps++; steps == 5000 {
			cancel()
		}
	}}, hard())
	if !errors.Is(err, context.Canceled) || steps > 200_000 {
		t.Errorf("error %v after %d steps, want context.Canceled soon after 5000", err, steps)
	}
	if _, err := consistency.Linearizable(ctx, consistency.Counter{}, hard()); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v of a canceled context", err)
	}
}

// canceling is a counter that reports each use.
type canceling struct{ used func() }

func (canceling) Init() int { return 0 }
func (c canceling) Apply(s int, op consistency.CounterOp) (int, int) {
	c.used()
	return consistency.Counter{}.Apply(s, op)
}

// dice is an object with an open result: a throw shows one to six.
type dice struct{}

func (dice) Init() struct{}                             { return struct{}{} }
func (dice) Apply(s struct{}, _ string) (struct{}, int) { return s, 1 }
func (dice) Allows(_ struct{}, _ string, ret int) bool  { return ret >= 1 && ret <= 6 }

func TestAllows(t *testing.T) {
	for ret, want := range map[int]bool{0: false, 1: true, 6: true, 7: false} {
		h := newScript(dice{}).invoke(1, "throw").comeBack(1, ret).h
		if got := must(consistency.NewTester(dice{}, consistency.Linearizability)).Allows(h); got != want {
			t.Errorf("%d: %v, want %v", ret, got, want)
		}
	}
}

// floats compare by content: NaN is NaN.
func TestResultsCompareByContent(t *testing.T) {
	var reg consistency.Register[*[]float64]
	v := func(x float64) *[]float64 { return &[]float64{x} }
	nan := func() float64 { z := 0.0; return z / z }
	h := newScript(reg).invoke(1, reg.Write(v(nan()))).comeBack(1, v(nan())).invoke(1, reg.Read()).
		comeBack(1, v(nan())).h
	if got := must(consistency.Linearizable(t.Context(), reg, h)); !satisfied(got) {
		t.Error(got)
	}
}

type misspelt struct{ dice }

func (misspelt) Partition(op int) any { return op }

type functions struct{ dice }

func (functions) Init() func()                           { return nil }
func (functions) Apply(s func(), _ string) (func(), int) { return s, 0 }

func TestNewTesterRefuses(t *testing.T) {
	_, signature := consistency.NewTester(misspelt{}, consistency.Linearizability)
	_, content := consistency.NewTester(functions{}, consistency.Linearizability)
	_, condition := consistency.NewTester(dice{}, 9)
	for says, err := range map[string]error{"method Partition of consistency_test.misspelt": signature,
		"functions cannot be compared": content, "no condition 9": condition} {
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v, want one that says %q", err, says)
		}
	}
	_, value := consistency.Linearizable(t.Context(), consistency.Register[any]{},
		newScript(consistency.Register[any]{}).invoke(1, consistency.Register[any]{}.Write(func() {})).h)
	if value == nil || !strings.Contains(value.Error(), "event 0 of the history, of client 1") {
		t.Errorf("error %v of a function as a value", value)
	}
}
