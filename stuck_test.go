package allways_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/allways-go/allways"
)

// counting returns a model that counts to ten, whose methods call at with their names.
func counting(at func(where string, s int)) allways.Funcs[int, string] {
	return allways.Funcs[int, string]{
		InitFunc:    func() []int { at("Init", 5); return []int{0} },
		ActionsFunc: func(dst []string, s int) []string { at("Actions", s); return append(dst, "add") },
		NextFunc:    func(s int, _ string) (int, bool) { at("Next", s); return s + 1, s < 10 },
		WithinFunc:  func(s int) bool { at("Within", s); return true },
		Props: []allways.Property[int]{
			allways.Always("small", func(s int) bool { at(`property "small"`, s); return s < 99 }),
			allways.AlwaysStep("step", func(s int, _ string, _ int) bool { at(`property "step"`, s); return true }),
			allways.Eventually("ten", func(s int) bool { at(`property "ten"`, s); return s == 10 }),
			allways.NoDeadlock("end", func(s int) bool { at(`property "end"`, s-5); return true }),
		},
		ActionNameFunc: func(a string) string { at("ActionName", 5); return a },
	}
}

var places = []string{
	"Init", "Actions", "Next", "Within", "ActionName", `property "small"`, `property "step"`, `property "ten"`,
	`property "end"`,
}

// searches runs a model in every way; limit is the time limit of the runs.
func searches(limit time.Duration) map[string]func(m allways.Model[int, string]) error {
	all := map[string]func(m allways.Model[int, string]) error{}
	for _, o := range matrix() {
		o.Timeout = limit
		all[optionsName(o)] = func(m allways.Model[int, string]) error {
			_, err := allways.Check(context.Background(), m, o)
			return err
		}
	}
	for _, workers := range []int{1, 3} {
		o := allways.SimulateOptions{Walks: 10, Workers: workers, Timeout: limit}
		all[fmt.Sprintf("simulate/workers=%d", workers)] = func(m allways.Model[int, string]) error {
			_, err := allways.Simulate(context.Background(), m, o)
			return err
		}
	}
	return all
}

// A method that ends its goroutine, wherever it is called, ends neither the caller's nor the run
// without an error that names it.
func TestMethodsThatEndTheirGoroutine(t *testing.T) {
	for name, run := range searches(0) {
		for _, place := range places {
			err := run(counting(func(where string, s int) {
				if where == place && s == 5 {
					runtime.Goexit()
				}
			}))
			e, ok := errors.AsType[*allways.ModelError](err)
			if !ok || e.Kind != allways.ErrorPanic || e.Where != place {
				t.Errorf("%s, %s: %v", name, place, err)
			}
		}
	}
}

// All that is done by hand survives as well, and texts are replaced.
func TestStepsThatEndTheirGoroutine(t *testing.T) {
	gone := ""
	at := func(where string, s int) {
		if where == gone {
			runtime.Goexit()
		}
	}
	m := counting(at)
	m.FormatStateFunc = func(s int) string { at("FormatState", s); return "" }
	m.FormatActionFunc = func(a string) string { at("FormatAction", 0); return a }
	m.FormatStepFunc = func(int, string, int) string { at("FormatStep", 0); return "" }
	m.DiagramFunc = func(*allways.Path[int, string]) string { at("Diagram", 0); return "" }
	st, err := allways.NewStepper[int, string](m)
	if err != nil {
		t.Fatal(err)
	}
	p, err := st.ParsePath("0:0.0")
	if err != nil {
		t.Fatal(err)
	}
	want := func(place string, err error) {
		t.Helper()
		if e, ok := errors.AsType[*allways.ModelError](err); !ok || e.Where != place {
			t.Errorf("%s: %v", place, err)
		}
	}
	for _, gone = range []string{"Init", "Actions", "Next"} {
		_, err := st.ParsePath("0:0.0")
		want(gone, err)
	}
	gone = `property "small"`
	_, err = st.Evaluate(p, "small")
	want(gone, err)
	for place, text := range map[string]func() string{
		"FormatState": func() string { return p.StateText(0) }, "FormatAction": func() string { return p.ActionText(0) },
		"FormatStep": func() string { return p.Step(0).Text }, "Diagram": p.Diagram,
	} {
		if gone = place; !strings.Contains(text(), place) {
			t.Errorf("%s: %q", place, text())
		}
	}
}

// A method that does not return when the time is up is named, with the state that it was given, and the
// run returns within little more than a second.
func TestMethodsThatDoNotReturn(t *testing.T) {
	skipUnderRaceDetector(t)
	const limit = time.Second
	for name := range searches(0) {
		for _, place := range places {
			synctest.Test(t, func(t *testing.T) {
				never, start := make(chan struct{}), time.Now()
				err := searches(limit)[name](counting(func(where string, s int) {
					if where == place && s == 5 {
						<-never
					}
				}))
				took := time.Since(start) - limit
				close(never) // what was left behind comes back, or synctest finds it
				e, ok := errors.AsType[*allways.ModelError](err)
				if !ok || e.Kind != allways.ErrorStuck || e.Where != place || took > 1200*time.Millisecond || e.Stack == "" {
					t.Errorf("%s, %s, %v after the limit: %v", name, place, took, err)
				}
				if place == "Next" && (e.Action != "add" || !strings.Contains(name, "fingerprint") && e.State != "5") {
					t.Errorf("%s: %+v", name, e)
				}
			})
		}
	}
}

// A lasso among the states that were searched refutes a promise, whatever has ended the search.
func TestLassoInWhatWasSearched(t *testing.T) {
	for _, c := range []struct {
		name  string
		limit allways.Options
	}{
		{"depth", allways.Options{MaxDepth: 6}}, {"states", allways.Options{MaxStates: 500}},
		{"generated", allways.Options{MaxGenerated: 800}}, {"memory", allways.Options{MaxMemory: 2 << 20}},
		{"canceled", allways.Options{}}, {"time", allways.Options{Timeout: time.Minute}},
	} {
		for _, o := range matrix() {
			o.MaxDepth, o.MaxStates, o.MaxGenerated = c.limit.MaxDepth, c.limit.MaxStates, c.limit.MaxGenerated
			o.MaxMemory, o.Timeout, o.Stop = c.limit.MaxMemory, c.limit.Timeout, allways.StopNever
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				m := endlessWithLasso(func(s int) {
					switch {
					case s < 100: // the search is not at its beginning any more
					case c.name == "canceled":
						cancel()
						time.Sleep(time.Millisecond)
					case c.name == "time":
						time.Sleep(time.Second)
					}
				})
				r, err := allways.Check(ctx, m, o)
				p := r.Property("goal")
				if err != nil || r.Complete || p.Verdict != allways.Violated || p.Path == nil {
					t.Fatalf("%s, %s: %v, %v, %q", c.name, optionsName(o), err, p.Verdict, p.Reason)
				}
				if _, loops := p.Path.Loop(); !loops {
					t.Errorf("%s: %v", c.name, p.Path)
				}
				if v := r.Property("always").Verdict; v != allways.Inconclusive || r.StopPass != "search" {
					t.Errorf("%s, %s: always %v, pass %q", c.name, optionsName(o), v, r.StopPass)
				}
			})
		}
	}
}

// endlessWithLasso returns a model without end, with a cycle of the states 1 and 2.
func endlessWithLasso(at func(s int)) allways.Funcs[int, int] {
	return allways.Funcs[int, int]{
		InitFunc:    func() []int { return []int{0} },
		ActionsFunc: func(dst []int, s int) []int { return append(dst, 1, 2) },
		NextFunc: func(s, a int) (int, bool) {
			at(s)
			if s == 2 && a == 1 {
				return 1, true
			}
			if s == 1 && a == 1 {
				return 2, true
			}
			return 2*s + a, true
		},
		Props: []allways.Property[int]{
			allways.Always("always", func(s int) bool { return true }),
			allways.Eventually("goal", func(s int) bool { return s < 0 }),
		},
	}
}

// The pass that was cut off has a name: here all states were searched.
func TestStopPass(t *testing.T) {
	edges := map[int][]int{0: {1, 9}, 1: {2}, 2: {3}, 3: {3}, 9: {3, 2}} // 9 satisfies the Eventually
	m := allways.Funcs[int, int]{
		InitFunc:    func() []int { return []int{0} },
		ActionsFunc: func(dst []int, s int) []int { return append(dst, edges[s]...) },
		NextFunc:    func(_, a int) (int, bool) { return a, true },
		Props: []allways.Property[int]{
			allways.Always("always", func(s int) bool { return s >= 0 }),
			allways.Eventually("nine", func(s int) bool { return s == 9 }),
		},
	}
	for depth, want := range map[int]string{0: "", 3: "search", 4: "eventually nine"} {
		r, err := allways.Check(t.Context(), m, allways.Options{MaxDepth: depth, Stop: allways.StopNever})
		if err != nil || r.StopPass != want || r.Complete != (want == "") {
			t.Errorf("depth %d: pass %q, complete %t, %v", depth, r.StopPass, r.Complete, err)
		}
		p := r.Property("nine")
		if depth == 0 && (p.Verdict != allways.Violated || !strings.Contains(p.Reason, "a step that changes nothing")) {
			t.Errorf("%v, reason %q", p.Verdict, p.Reason)
		}
	}
}

// A search for lassos looks no deeper than the search before it did, and then the reason is what ended that one.
func TestReasonOfCutLiveness(t *testing.T) {
	skipUnderRaceDetector(t)
	for _, o := range matrix() {
		o.Timeout = time.Nanosecond
		m := counting(func(string, int) {})
		m.Props = m.Props[2:3]
		r, err := allways.Check(t.Context(), m, o)
		if err != nil || r.StopReason != allways.StopReasonTime || r.Properties[0].Reason != string(allways.StopReasonTime) {
			t.Errorf("%s: stopped by %q, reason %q, %v", optionsName(o), r.StopReason, r.Properties[0].Reason, err)
		}
	}
}

// States may be wide, and what is too wide is refused with a reason.
func TestWideStates(t *testing.T) {
	type hundred = ten[ten[uint32]]
	r, err := allways.Check(t.Context(), still(ten[ten[hundred]]{}), allways.Options{Workers: 1})
	if err != nil || r.Stats.Distinct != 1 || !r.Complete {
		t.Errorf("%+v, %v", r, err)
	}
	err = checked(still(ten[ten[ten[hundred]]]{}), allways.Options{Workers: 1})
	if e, ok := errors.AsType[*allways.ModelError](err); !ok || !strings.Contains(e.Message, "100000 words") {
		t.Errorf("%v", err)
	}
}

// ten is ten values.
type ten[T any] struct{ A, B, C, D, E, F, G, H, I, J T }
