package allways_test

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/longtest"
)

// frail is a model that misbehaves in one place: each time, or at one of its calls only.
type frail struct {
	written
	place int // a state
	fault string
	calls *atomic.Int64
	at    int64  // the call at which something happens
	now   func() // what happens
}

func (m *frail) call() {
	if m.calls.Add(1) == m.at {
		m.now()
	}
}

func (m *frail) fail(fault string, s int) {
	if m.fault == fault && s == m.place {
		panic(fault)
	}
}

func (m *frail) Actions(dst []step, s int) []step {
	m.call()
	m.fail("Actions", s)
	return m.written.Actions(dst, s)
}

func (m *frail) Next(s int, a step) (int, bool) {
	m.call()
	m.fail("Next", a.To)
	return m.written.Next(s, a)
}

func (m *frail) Within(s int) bool {
	m.fail("Within", s)
	return m.written.Within(s)
}

// steady is a promise that changes nothing, and whose predicates fail as the model does.
func (m *frail) steady() allways.Formula[int] {
	state := allways.Predicate("state", func(s int) bool {
		m.call()
		m.fail("predicate", s)
		return true
	})
	step := allways.StepPredicate("step", func(_ int, _ step, s int) bool {
		m.call()
		m.fail("step predicate", s)
		return true
	})
	return state.Or(step)
}

// cut makes something end a search early.
func (m *frail) cut(t *rapid.T, o *allways.Options, cancel func()) {
	m.at, m.now = rapid.Int64Range(1, 150).Draw(t, "call"), func() {}
	switch rapid.IntRange(0, 8).Draw(t, "cut") {
	case 0:
		m.now = cancel
	case 1:
		m.now = func() { panic("once") }
	case 2:
		m.now = runtime.Goexit
	case 3:
		o.MaxMemory = rapid.Int64Range(1, 3<<20).Draw(t, "memory")
	case 4:
		o.MaxDepth = rapid.IntRange(1, 5).Draw(t, "depth")
	case 5:
		o.MaxStates = rapid.IntRange(1, 5).Draw(t, "distinct")
	case 6:
		o.MaxGenerated = rapid.IntRange(1, 8).Draw(t, "generated")
	case 7:
		o.Timeout = time.Duration(rapid.IntRange(1, 3_000).Draw(t, "time")) * time.Microsecond
	}
}

func drawOptions(t *rapid.T) allways.Options {
	stores := []allways.StateStore{allways.StoreExact, allways.StoreFingerprints}
	return allways.Options{
		Workers:  rapid.IntRange(1, 3).Draw(t, "workers"),
		Stop:     rapid.SampledFrom([]allways.Stop{"", allways.StopViolation, allways.StopNever}).Draw(t, "stop"),
		Store:    rapid.SampledFrom(stores).Draw(t, "store"),
		Strategy: rapid.SampledFrom([]allways.Strategy{allways.BFS, allways.DFS}).Draw(t, "strategy"),
	}
}

// Whatever cuts a search short, or the pass about runs after it, a promise about runs has its true verdict or none;
// also where code of the model fails.
func TestCutRunsProveNothing(t *testing.T) {
	longtest.Checks(t, 300)
	verdicts := map[allways.Verdict]int{}
	rapid.Check(t, func(t *rapid.T) {
		m := &frail{written: drawTable(t), calls: &atomic.Int64{}, place: rapid.IntRange(0, 5).Draw(t, "place")}
		p, steady := drawPromise(t), m.steady()
		m.props = []allways.Property[int]{p, allways.Temporal("steady", steady.Always())}
		want := resultOf(t, m.written, allways.Options{Workers: 1})
		m.calls.Store(0)
		if rapid.Bool().Draw(t, "others") {
			other := func(s int) bool { return s != 2 }
			m.props = append(m.props, allways.Always("always", other), allways.Eventually("eventually", other),
				allways.Sometimes("sometimes", other))
		}
		faults := []string{"", "", "Actions", "Next", "Within", "predicate", "step predicate"}
		m.fault = rapid.SampledFrom(faults).Draw(t, "fault")
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		o := drawOptions(t)
		m.cut(t, &o, cancel)
		r, err := allways.Check(ctx, m, o)
		if _, broken := errors.AsType[*allways.ModelError](err); err != nil && !broken {
			t.Fatal(err)
		}
		if r == nil {
			return
		}
		got := r.Properties[0]
		verdicts[got.Verdict]++
		if got.Verdict != allways.Inconclusive && got.Verdict != want.verdict {
			t.Fatalf("%v (%s), want %v; the run ended with %v, %v", got.Verdict, got.Reason, want.verdict, r.StopReason, err)
		}
	})
	if len(verdicts) < 3 {
		t.Errorf("the verdicts are %v", verdicts)
	}
}
