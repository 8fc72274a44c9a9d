package allways_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/allways-go/allways"
)

// runs are the ways to run a model, by name.
func runs[S, A any]() map[string]func(allways.Model[S, A]) (*allways.Result[S, A], error) {
	all := map[string]func(allways.Model[S, A]) (*allways.Result[S, A], error){}
	for _, workers := range []int{1, 2} {
		all[fmt.Sprint("simulate/", workers)] = func(m allways.Model[S, A]) (*allways.Result[S, A], error) {
			return allways.Simulate(context.Background(), m, allways.SimulateOptions{Workers: workers, MaxDepth: 30})
		}
		for _, strategy := range []allways.Strategy{allways.BFS, allways.DFS} {
			for _, store := range []allways.StateStore{allways.StoreExact, allways.StoreFingerprints} {
				all[fmt.Sprint(strategy, "/", store, "/", workers)] = func(m allways.Model[S, A]) (*allways.Result[S, A], error) {
					return allways.Check(
						context.Background(), m,
						allways.Options{Workers: workers, Strategy: strategy, Store: store, Stop: allways.StopNever},
					)
				}
			}
		}
	}
	return all
}

// upTo5 counts to 5 by two actions.
func upTo5(props ...allways.Property[int]) allways.Funcs[int, string] {
	return allways.Funcs[int, string]{
		InitFunc:    func() []int { return []int{0} },
		ActionsFunc: func(dst []string, s int) []string { return append(dst, "one", "two") },
		NextFunc:    func(s int, a string) (int, bool) { return s + len(a) - 2, s < 5 },
		Props:       props,
	}
}

// What only makes texts may panic: that costs the text, and never a result.
func TestPanickingTexts(t *testing.T) {
	m := upTo5(
		allways.Always("small", func(s int) bool { return s < 3 }),
		allways.Eventually("never", func(int) bool { return false }),
	)
	m.FormatActionFunc = func(string) string { panic("no action") }
	m.FormatStateFunc = func(int) string { panic("no state") }
	m.FormatStepFunc = func(int, string, int) string { panic("no step") }
	m.DiagramFunc = func(*allways.Path[int, string]) string { panic("no diagram") }
	for name, run := range runs[int, string]() {
		t.Run(name, func(t *testing.T) {
			r, err := run(m)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range r.Properties {
				if p.Verdict != allways.Violated || p.Path == nil {
					t.Fatalf("%s: %v, %s", p.Name, p.Verdict, p.Reason)
				}
				text := p.Path.String() + p.Path.Diagram()
				for _, want := range []string{
					"FormatAction panics: no action", "FormatState panics: no state", "FormatStep panics: no step",
					"Diagram panics: no diagram",
				} {
					if !strings.Contains(text, want) {
						t.Errorf("no %q in\n%s", want, text)
					}
				}
			}
		})
	}
}

func TestPanickingActionName(t *testing.T) {
	m := upTo5(allways.Always("small", func(s int) bool { return s < 3 }))
	m.ActionNameFunc = func(string) string { panic("no name") }
	for name, run := range runs[int, string]() {
		t.Run(name, func(t *testing.T) {
			_, err := run(m)
			e, ok := errors.AsType[*allways.ModelError](err)
			if !ok || e.Kind != allways.ErrorPanic || e.Panic != "no name" {
				t.Errorf("%v", err)
			}
		})
	}
	stepper, err := allways.NewStepper(m)
	if err != nil {
		t.Fatal(err)
	}
	if e, err := stepper.Transitions(0); err != nil || e[0].Name != "(ActionName panics: no name)" {
		t.Errorf("%+v, %v", e, err)
	}
}

func TestBadSchedulers(t *testing.T) {
	for _, c := range []struct {
		name      string
		scheduler allways.Scheduler
		kind      allways.ErrorKind
		want      string
	}{
		{
			"negative", allways.SchedulerFunc(func(allways.Rand, allways.Choices) int { return -1 }),
			allways.ErrorValue, "it picked -1 of 2 choices: return a number from 0 to 1",
		},
		{
			"beyond", allways.SchedulerFunc(func(_ allways.Rand, c allways.Choices) int { return c.Len() }),
			allways.ErrorValue, "it picked 2 of 2",
		},
		{
			"panics", allways.SchedulerFunc(func(allways.Rand, allways.Choices) int { panic("undecided") }),
			allways.ErrorPanic, "undecided",
		},
		{"nil", allways.SchedulerFunc(nil), allways.ErrorPanic, "nil pointer"},
		{"no schedule", noSchedule{}, allways.ErrorPanic, "nil pointer"},
		{"no walk", noWalk{}, allways.ErrorPanic, "I stay"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, workers := range []int{1, 2} {
				r, err := allways.Simulate(context.Background(),
					upTo5(allways.Always("small", func(s int) bool { return s < 100 })),
					allways.SimulateOptions{Workers: workers, Scheduler: c.scheduler})
				e, ok := errors.AsType[*allways.ModelError](err)
				if !ok || e.Kind != c.kind || e.Where != "Scheduler" || !strings.Contains(e.Message, c.want) {
					t.Fatalf("%v", err)
				}
				if r.Verdict != allways.Inconclusive || r.StopReason != allways.StopReasonModel &&
					r.StopReason != allways.StopReasonCondition {
					t.Errorf("%v, stop reason %q", r.Verdict, r.StopReason)
				}
			}
		})
	}
}

type noSchedule struct{}

func (noSchedule) Walk(allways.Rand, int) allways.Schedule { return nil }

type noWalk struct{}

func (noWalk) Walk(allways.Rand, int) allways.Schedule { panic("I stay") }

// ownActions is a table that Actions returns in some states, as if dst were not there.
var ownActions = []string{"one", "two"}

func TestActionsMayIgnoreTheirDestination(t *testing.T) {
	for name, run := range runs[int, string]() {
		t.Run(name, func(t *testing.T) {
			m := upTo5(allways.Always("small", func(s int) bool { return s < 100 }))
			m.ActionsFunc = func(dst []string, s int) []string {
				if s%2 == 0 {
					return ownActions
				}
				return append(dst, "three")
			}
			_, err := run(m)
			if err != nil {
				t.Error(err)
			}
			if ownActions[0] != "one" || ownActions[1] != "two" {
				t.Fatalf("the table of the model was written to: %q", ownActions)
			}
		})
	}
}

// sharing embeds functions and adds a method; the method must not be lost.
type sharing struct{ allways.Funcs[int, string] }

func (sharing) Within(s int) bool { return s < 2 }

func TestMethodsBesideEmbeddedFuncs(t *testing.T) {
	r, err := allways.Check[int, string](context.Background(), sharing{upTo5()}, allways.Options{})
	if err != nil || r.Stats.Distinct != 2 || !r.Bounded {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestSimulationIsBoundedByABoundaryOnly(t *testing.T) {
	for _, bound := range []bool{false, true} {
		m := upTo5()
		if bound {
			m.WithinFunc = func(s int) bool { return s < 4 }
		}
		r, err := allways.Simulate(context.Background(), m, allways.SimulateOptions{MaxDepth: 3, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		if r.Bounded {
			t.Errorf("boundary %t: bounded by a walk's length", bound)
		}
	}
}

// Goexit in the sampled guards of a simulation, or drift of Next, is found by walks too.
func TestSimulationSamplesGuards(t *testing.T) {
	for _, workers := range []int{1, 2} {
		calls := make(chan int, 1)
		calls <- 0
		m := upTo5(allways.Always("small", func(s int) bool { return s < 1000 }))
		m.NextFunc = func(s int, a string) (int, bool) {
			n := <-calls
			calls <- n + 1
			return n, true
		}
		_, err := allways.Simulate(context.Background(), m, allways.SimulateOptions{Workers: workers, MaxDepth: 20})
		e, ok := errors.AsType[*allways.ModelError](err)
		if !ok || e.Kind != allways.ErrorNondeterminism || e.Where != "Next" {
			t.Errorf("%v", err)
		}
	}
}

func TestStopModes(t *testing.T) {
	violated := func(name string, at int) allways.Property[int] {
		return allways.Always(name, func(s int) bool { return s < at })
	}
	m := upTo5(violated("a", 1), violated("b", 3), allways.Sometimes("c", func(s int) bool { return s == 2 }),
		allways.Eventually("d", func(s int) bool { return s >= 2 }))
	for _, c := range []struct {
		stop   allways.Stop
		want   string // verdicts of a to d
		reason allways.StopReason
	}{
		{allways.StopNever, "violated violated holds holds", allways.StopReasonNone},
		{allways.StopDecided, "violated violated holds holds", allways.StopReasonNone},
		{allways.StopViolation, "violated inconclusive inconclusive inconclusive", allways.StopReasonCondition},
		{allways.StopAnyOf("c"), "violated inconclusive holds inconclusive", allways.StopReasonCondition},
		{allways.StopAnyOf("a", "b"), "violated inconclusive inconclusive inconclusive", allways.StopReasonCondition},
		{allways.StopAllOf("a", "b"), "violated violated holds inconclusive", allways.StopReasonCondition},
		{allways.StopAllOf("d"), "violated violated holds holds", allways.StopReasonNone},
	} {
		t.Run(c.stop.String(), func(t *testing.T) {
			r, err := allways.Check(context.Background(), m, allways.Options{Stop: c.stop})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range r.Properties {
				got = append(got, p.Verdict.String())
			}
			if s := strings.Join(got, " "); s != c.want || r.StopReason != c.reason {
				t.Errorf("%s, stop reason %q; want %s, stop reason %q", s, r.StopReason, c.want, c.reason)
			}
		})
	}
	for _, stop := range []allways.Stop{
		allways.StopAllOf(), allways.StopAnyOf(), allways.StopAllOf("a", "x"), allways.StopAnyOf("x"),
	} {
		_, err := allways.Check(context.Background(), m, allways.Options{Stop: stop})
		if e, ok := errors.AsType[*allways.OptionError](err); !ok || e.Option != "Stop" {
			t.Errorf("%v: %v", stop, err)
		}
	}
}

// A second refutation of an eventually-property counts together with what was decided before.
func TestStopAmongEventually(t *testing.T) {
	no := func(int) bool { return false }
	m := upTo5(
		allways.Always("a", func(s int) bool { return s < 1 }), allways.Eventually("b", no),
		allways.Eventually("c", no),
	)
	r, err := allways.Check(context.Background(), m, allways.Options{Stop: allways.StopAllOf("a", "b")})
	if err != nil {
		t.Fatal(err)
	}
	c := r.Property("c")
	if r.Property("b").Verdict != allways.Violated || c.Verdict != allways.Inconclusive || c.Reason == "" ||
		r.Complete || r.StopReason != allways.StopReasonCondition {
		t.Errorf("%+v", r)
	}
}

func TestOnDemandAfterClose(t *testing.T) {
	d, err := allways.NewExplorer[int, string](upTo5(allways.Always("small", func(s int) bool { return s < 3 })))
	if err != nil {
		t.Fatal(err)
	}
	first, err := d.Init()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := d.Init(); err != nil || len(again) != 1 {
		t.Errorf("%v, %v", again, err)
	}
	if g, n, _ := d.Progress(); g != 1 || n != 1 {
		t.Errorf("asking twice for the initial states: generated %d, distinct %d", g, n)
	}
	d.Close()
	d.Close()
	if _, err := d.Expand(first[0]); err == nil {
		t.Error("a closed explorer expands")
	}
	if _, err := d.Init(); err == nil {
		t.Error("a closed explorer starts")
	}
	d.Progress()
	d.Search(context.Background(), allways.Options{})
	if r, err := d.Wait(); r != nil || err != nil {
		t.Errorf("a closed explorer searches: %+v, %v", r, err)
	}
}

func TestOnDemandWithinPanics(t *testing.T) {
	m := upTo5()
	m.WithinFunc = func(int) bool { panic("no boundary") }
	d, err := allways.NewExplorer[int, string](m)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	_, err = d.Init()
	if e, ok := errors.AsType[*allways.ModelError](err); !ok || e.Kind != allways.ErrorPanic || e.Where != "Within" {
		t.Errorf("%v", err)
	}
}
