package allways_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/allways-go/allways"
)

// checkOrSimulate are the two ways to run a model with options.
func checkOrSimulate[S, A any](m allways.Model[S, A]) map[string]func(allways.Options) (*allways.Result[S, A], error) {
	return map[string]func(allways.Options) (*allways.Result[S, A], error){
		"check": func(o allways.Options) (*allways.Result[S, A], error) {
			return allways.Check(context.Background(), m, o)
		},
		"simulate": func(o allways.Options) (*allways.Result[S, A], error) {
			return simulate(context.Background(), m, o)
		},
	}
}

// A function that only watches a run ends it when it fails: with an error that names it, and
// without a verdict on the model.
func TestFailingCallbacks(t *testing.T) {
	fail := map[string]func(){
		"panicked: I saw it":   func() { panic("I saw it") },
		"ended its goroutine:": runtime.Goexit,
	}
	for want, f := range fail {
		for name, run := range checkOrSimulate[[2]int, int](
			grid(60, allways.Always("always", sure), allways.Eventually("eventually", sure)),
		) {
			for _, o := range matrix() {
				before := runtime.NumGoroutine()
				var calls atomic.Int64
				o.Visitor = allways.VisitStates(func([2]int, int) {
					if calls.Add(1) == 20 {
						f()
					}
				})
				r, err := run(o)
				e, ok := errors.AsType[*allways.CallbackError](err)
				if !ok || e.Callback != "Visitor" ||
					!strings.Contains(e.Error(), "option Visitor: its function "+want) ||
					!strings.Contains(e.Stack, "misuse_test.go") {
					t.Fatalf("%s, %s: %v, %+v", name, optionsName(o), err, e)
				}
				if r.Complete || r.StopReason != allways.StopReasonCallback || r.Misbehaviour != nil ||
					r.Verdict != allways.Inconclusive || calls.Load() != 20 {
					t.Errorf(
						"%s, %s: complete %t, stop reason %q, %v, %v, %d visits", name, optionsName(o), r.Complete,
						r.StopReason, r.Misbehaviour, r.Verdict, calls.Load(),
					)
				}
				waitForGoroutines(t, before)
			}
		}
	}
}

func TestFailingPathVisitor(t *testing.T) {
	for _, strategy := range []allways.Strategy{allways.BFS, allways.DFS} {
		_, err := allways.Check(
			t.Context(), grid(5),
			allways.Options{
				Strategy: strategy,
				Visitor:  allways.VisitPaths(func(*allways.Path[[2]int, int]) { panic("no path") }),
			},
		)
		if e, ok := errors.AsType[*allways.CallbackError](err); !ok || e.Panic != "no path" {
			t.Errorf("%v: %v", strategy, err)
		}
	}
}

// A run that waits for the reporter of progress, here without end, ends when the reporter fails.
func TestFailingProgress(t *testing.T) {
	for want, f := range map[string]func(){
		"panicked: too slow": func() { panic("too slow") }, "ended its goroutine": runtime.Goexit,
	} {
		for _, strategy := range []allways.Strategy{allways.BFS, allways.DFS} {
			endless := upTo5()
			endless.NextFunc = func(s int, a string) (int, bool) { return s + len(a), true }
			r, err := allways.Check(t.Context(), endless, allways.Options{
				Strategy: strategy, MaxMemory: 1 << 30,
				ProgressEvery: time.Millisecond, Progress: func(allways.Progress) { f() },
			})
			e, ok := errors.AsType[*allways.CallbackError](err)
			if !ok || e.Callback != "Progress" || !strings.Contains(e.Message, want) {
				t.Fatalf("%v", err)
			}
			if r.StopReason != allways.StopReasonCallback || r.Complete {
				t.Errorf("stop reason %q", r.StopReason)
			}
		}
	}
}

func waitForGoroutines(t *testing.T, most int) {
	t.Helper()
	for range 1000 {
		if runtime.NumGoroutine() <= most {
			return
		}
		runtime.Gosched()
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d goroutines, and %d before", runtime.NumGoroutine(), most)
}

// Visitors get copies: what they do to them changes nothing.
func TestVisitorsMayWrite(t *testing.T) {
	for _, o := range matrix() {
		o.Visitor = allways.VisitStates(func(s tally, _ int) { s.List[0], s.Map[0], *s.Ptr = 7, 7, 7 })
		if r, err := allways.Check(t.Context(), counter(nil), o); err != nil || r.Stats.Distinct != 11 {
			t.Errorf("%s: %v", optionsName(o), err)
		}
	}
}

// spoil changes a state in which nothing is reported but the change.
func spoil(s tally) {
	if s.N > 2 {
		s.Map[0] = 5000
	}
}

// The report of a mutation names the method that changed the state, and not the one that noticed.
func TestMutationNamesTheMethod(t *testing.T) {
	for where, change := range map[string]func(m *allways.Funcs[tally, string]){
		"Within": func(m *allways.Funcs[tally, string]) { m.WithinFunc = func(s tally) bool { spoil(s); return true } },
		"Actions": func(m *allways.Funcs[tally, string]) {
			actions := m.ActionsFunc
			m.ActionsFunc = func(dst []string, s tally) []string { spoil(s); return actions(dst, s) }
		},
		`property "p"`: func(m *allways.Funcs[tally, string]) {
			m.Props = append(m.Props, allways.Always("p", func(s tally) bool { spoil(s); return true }))
		},
		`property "before"`: func(m *allways.Funcs[tally, string]) {
			m.Props = append(
				m.Props,
				allways.AlwaysStep("before", func(s tally, _ string, _ tally) bool { spoil(s); return true }),
			)
		},
		`property "after"`: func(m *allways.Funcs[tally, string]) {
			m.Props = append(
				m.Props, allways.AlwaysStep("after", func(_ tally, _ string, s tally) bool { spoil(s); return true }),
			)
		},
		`property "liveness"`: func(m *allways.Funcs[tally, string]) {
			m.Props = append(m.Props, allways.Eventually("liveness", func(s tally) bool { spoil(s); return s.N == 10 }))
		},
	} {
		everyRun(t, func(t *testing.T, run func(allways.Model[tally, string]) (*allways.Result[tally, string], error)) {
			m := counter(nil)
			change(&m)
			r, err := run(m)
			e, ok := errors.AsType[*allways.ModelError](err)
			if !ok || e.Kind != allways.ErrorMutation || e.Where != where ||
				!strings.Contains(e.Message, "Map[0]: ") || r.Misbehaviour != e {
				t.Errorf("%v, want a mutation by %s", err, where)
			}
		})
	}
}

// slot is an action that holds memory of the state.
type slot struct{ at []int }

func TestMutationByActionNameAndRepresentative(t *testing.T) {
	m := allways.Funcs[[]int, slot]{
		InitFunc:       func() [][]int { return [][]int{{1, 2, 3}} },
		ActionsFunc:    func(dst []slot, s []int) []slot { return append(dst, slot{s}) },
		NextFunc:       func(s []int, a slot) ([]int, bool) { return []int{s[1], s[2], s[0]}, true },
		ActionNameFunc: func(a slot) string { a.at[0] = 9; return "turn" },
	}
	_, err := allways.Check(t.Context(), m, allways.Options{})
	if e, ok := errors.AsType[*allways.ModelError](err); !ok || e.Kind != allways.ErrorMutation ||
		e.Where != "ActionName" || !strings.Contains(e.Message, "[0]: 1 became 9") {
		t.Errorf("%v", err)
	}
	m.ActionNameFunc = nil
	m.RepresentativeFunc = func(s []int) []int { slices.Sort(s); return s }
	_, err = allways.Check(t.Context(), m, allways.Options{Symmetry: true})
	if e, ok := errors.AsType[*allways.ModelError](err); !ok || e.Kind != allways.ErrorMutation ||
		e.Where != "Representative" {
		t.Errorf("%v", err)
	}
}

// Memory that the model itself keeps of a state cannot be traced to a method that is given the
// state again.
func TestMutationByTheModelsOwnMemory(t *testing.T) {
	m := counter(nil)
	var kept map[int]int
	next := m.NextFunc
	m.NextFunc = func(s tally, a string) (tally, bool) {
		if kept == nil {
			kept = s.Map
		} else if s.N == 0 {
			kept[0] = 5000
		}
		return next(s, a)
	}
	_, err := allways.Check(t.Context(), m, allways.Options{Workers: 1})
	e, ok := errors.AsType[*allways.ModelError](err)
	if !ok || e.Kind != allways.ErrorMutation || e.Where != "a method or a property" ||
		!strings.Contains(e.Message, "Map[0]") ||
		!strings.Contains(e.Message, "some method keeps a reference to a state") {
		t.Errorf("%v", err)
	}
}

// A change of the state comes before the panic that it leads to.
func TestMutationBeforeAPanic(t *testing.T) {
	everyRun(t, func(t *testing.T, run func(allways.Model[tally, string]) (*allways.Result[tally, string], error)) {
		r, err := run(counter(func(s *tally) {
			s.List[0] = -1
			panic("negative")
		}))
		wantError(t, r, err, allways.ErrorMutation, "Next", "List[0]: 0 became -1")
		wantError(t, r, err, allways.ErrorMutation, "Next", "then Next panicked: negative")
		if r.Misbehaviour.Panic != "negative" || !strings.Contains(r.Misbehaviour.Stack, "misuse_test.go") {
			t.Errorf("%+v", r.Misbehaviour)
		}
	})
}

// Code that ends its goroutine is located as a panic is.
func TestGoexitIsLocated(t *testing.T) {
	for where, spoil := range map[string]func(m *allways.Funcs[[2]int, int], exit func(s [2]int)){
		"Next": func(m *allways.Funcs[[2]int, int], exit func(s [2]int)) {
			next := m.NextFunc
			m.NextFunc = func(s [2]int, a int) ([2]int, bool) { exit(s); return next(s, a) }
		},
		"Actions": func(m *allways.Funcs[[2]int, int], exit func(s [2]int)) {
			actions := m.ActionsFunc
			m.ActionsFunc = func(dst []int, s [2]int) []int { exit(s); return actions(dst, s) }
		},
		`property "always"`: func(m *allways.Funcs[[2]int, int], exit func(s [2]int)) {
			m.Props[0] = allways.Always("always", func(s [2]int) bool { exit(s); return true })
		},
	} {
		for _, o := range matrix() {
			if o.Strategy == allways.BFS && o.Workers == 1 {
				continue // it is the caller's goroutine that ends
			}
			for name, simulate := range map[string]bool{"check": false, "simulate": true} {
				t.Run(fmt.Sprint(where, "/", name, "/", optionsName(o)), func(t *testing.T) {
					m := grid(100, allways.Always("always", sure))
					exit := func(s [2]int) {
						if s[0]+s[1] > 90 {
							runtime.Goexit()
						}
					}
					spoil(&m, exit)
					runs := checkOrSimulate[[2]int, int](m)
					r, err := ended(func() (*allways.Result[[2]int, int], error) { return runs[name](o) })
					if r == nil && err == nil && !simulate && o.Strategy == allways.BFS {
						return // the first worker met it first, which is the caller
					}
					e, ok := errors.AsType[*allways.ModelError](err)
					if !ok || e.Kind != allways.ErrorPanic || e.Where != where ||
						!strings.Contains(e.Message, "ended its goroutine") ||
						!strings.Contains(e.Stack, "misuse_test.go") {
						t.Fatalf("%v, %+v", err, e)
					}
					if p := r.MisbehaviourPath; p == nil {
						if o.Strategy != allways.DFS || o.Store != allways.StoreFingerprints || simulate {
							t.Error("no path")
						}
					} else if s := p.Last(); s[0]+s[1] != 91 {
						t.Errorf("a path to %v", s)
					}
				})
			}
		}
	}
}

// ended runs f on another goroutine, which f may end; then it returns nothing.
func ended[T any](f func() (T, error)) (result T, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		result, err = f()
	}()
	<-done
	return result, err
}

// A model that is random by itself is not said to depend on what is nil or empty.
func TestRandomIsNotForm(t *testing.T) {
	found := 0
	for seed := range uint64(64) {
		r := rand.New(rand.NewPCG(seed, 0))
		m := optionals()
		m.NextFunc = func(s optional, _ string) (optional, bool) { s.N += 1 + r.IntN(2); return s, s.N < 5 }
		_, err := allways.Check(t.Context(), m, allways.Options{Workers: 1})
		e, ok := errors.AsType[*allways.ModelError](err)
		if ok && e.Kind == allways.ErrorNondeterminism {
			found++
		}
		if ok && strings.Contains(e.Message, "here it depends") {
			t.Errorf("seed %d: %v", seed, err)
		}
	}
	if found < 32 {
		t.Errorf("only %d of 64 random models were reported", found)
	}
}

// optional is a state with slices and maps at some depth.
type optional struct {
	N     int
	Inner struct{ Log []int }
	Votes map[int]int
}

func optionals() allways.Funcs[optional, string] {
	return allways.Funcs[optional, string]{
		InitFunc:    func() []optional { return []optional{{}} },
		ActionsFunc: func(dst []string, s optional) []string { return append(dst, "count") },
		NextFunc:    func(s optional, _ string) (optional, bool) { s.N++; return s, s.N < 5 },
	}
}

// What depends on whether something is nil or empty is reported as that, a panic included, and the
// field is named.
func TestDependenceOnForm(t *testing.T) {
	bad := func(s optional) bool {
		if s.Inner.Log != nil && len(s.Inner.Log) == 0 {
			panic("no log")
		}
		return true
	}
	differs := func(s optional) bool { return s.Votes != nil }
	for _, c := range []struct {
		name, where, message string
		change               func(m *allways.Funcs[optional, string])
	}{
		{"Next panics", "Next", "whether it panics (no log) depends on whether Inner.Log is nil or empty",
			func(m *allways.Funcs[optional, string]) {
				next := m.NextFunc
				m.NextFunc = func(s optional, a string) (optional, bool) { bad(s); return next(s, a) }
			}},
		{"Actions panics", "Actions", "(no log) depends on whether Inner.Log is nil or empty",
			func(m *allways.Funcs[optional, string]) {
				m.ActionsFunc = func(dst []string, s optional) []string { bad(s); return append(dst, "count") }
			}},
		{"property panics", `property "p"`, "(no log) depends on whether Inner.Log is nil or empty",
			func(m *allways.Funcs[optional, string]) {
				m.Props = append(m.Props, allways.Always("p", bad))
			}},
		{"property differs", `property "p"`, "depends on whether Votes is nil or empty",
			func(m *allways.Funcs[optional, string]) {
				m.Props = append(m.Props, allways.Always("p", differs))
			}},
		{"Next differs", "Next", "depends on whether Votes is nil or empty", func(m *allways.Funcs[optional, string]) {
			m.NextFunc = func(s optional, _ string) (optional, bool) {
				if !differs(s) {
					s.N += 10
				}
				s.N++
				return s, s.N < 5
			}
		}},
		{"Actions differ", "Actions", "depends on whether Votes is nil or empty",
			func(m *allways.Funcs[optional, string]) {
				m.ActionsFunc = func(dst []string, s optional) []string {
					return append(dst, strconv.FormatBool(differs(s)))
				}
			}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := optionals()
			c.change(&m)
			e := checkForm(t, m)
			if e.Where != c.where || !strings.Contains(e.Message, c.message) {
				t.Errorf("%v", e)
			}
			if strings.Contains(c.name, "panic") &&
				(e.Panic != "no log" || !strings.Contains(e.Stack, "misuse_test.go")) {
				t.Errorf("%+v", e)
			}
		})
	}
}

// checkForm returns the error of a model whose outcome depends on the form of a state.
func checkForm(t *testing.T, m allways.Model[optional, string]) *allways.ModelError {
	t.Helper()
	_, err := allways.Check(t.Context(), m, allways.Options{})
	e, ok := errors.AsType[*allways.ModelError](err)
	if !ok || e.Kind != allways.ErrorNondeterminism {
		t.Fatalf("%v; want nondeterminism", err)
	}
	return e
}

func TestActionNamePanicNamesActionName(t *testing.T) {
	m := upTo5()
	m.ActionNameFunc = func(a string) string {
		if a == "two" {
			panic("no name")
		}
		return a
	}
	for name, run := range runs[int, string]() {
		_, err := run(m)
		if e, ok := errors.AsType[*allways.ModelError](err); !ok || e.Where != "ActionName" || e.Action != "two" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// More names than have numbers are counted in the same way in every run.
func TestTooManyActionNames(t *testing.T) {
	const width = 6000
	m := allways.Funcs[int, int]{
		InitFunc: func() []int { return []int{0, width} },
		ActionsFunc: func(dst []int, s int) []int {
			for a := 1; s >= 0 && a <= width; a++ {
				dst = append(dst, s+a)
			}
			return dst
		},
		NextFunc:       func(s, a int) (int, bool) { return -a, true },
		ActionNameFunc: func(a int) string { return fmt.Sprint("name ", (a*7919)%width) },
		Names:          []string{"name 17", "never"},
	}
	var first []allways.ActionStats
	for _, workers := range []int{1, 2, 3} {
		r, err := allways.Check(t.Context(), m, allways.Options{Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = r.Actions
		}
		if !slices.Equal(r.Actions, first) {
			t.Errorf("%d workers: other counts", workers)
		}
	}
	want := []string{"(others)", "name 17", "never"}
	var names []string
	taken := int64(0)
	for _, a := range first {
		names = append(names, a.Name)
		taken += a.Taken
	}
	if !slices.Equal(names, want) || taken != 2*width || !first[2].NeverTaken {
		t.Errorf("%v, %d taken", first, taken)
	}
}

// What a search keeps beside the visited set counts against the limit, too.
func TestStacksAreCounted(t *testing.T) {
	const width = 1 << 16
	const stack = 4 * width // a word for each state
	// search visits as many states if they all follow the first one, which puts them on the stack, as in a row.
	search := func(wide bool, memory int64) *allways.Result[int32, int32] {
		m := allways.Funcs[int32, int32]{
			InitFunc: func() []int32 { return []int32{0} },
			ActionsFunc: func(dst []int32, s int32) []int32 {
				if !wide && s+1 < width {
					return append(dst, s+1)
				}
				for a := int32(1); wide && s == 0 && a < width; a++ {
					dst = append(dst, a)
				}
				return dst
			},
			NextFunc: func(s, a int32) (int32, bool) { return a, true },
		}
		r, err := allways.Check(t.Context(), m, allways.Options{
			Store: allways.StoreFingerprints, Strategy: allways.DFS, Workers: 1, MaxMemory: memory,
		})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	row, wide := search(false, 0), search(true, 0)
	if !row.Complete || !wide.Complete || wide.Stats.Memory < row.Stats.Memory+stack*3/4 {
		t.Errorf("%d bytes with a stack of %d, %d without", wide.Stats.Memory, stack, row.Stats.Memory)
	}
	if r := search(true, row.Stats.Memory+stack/2); r.StopReason != allways.StopReasonMemory {
		t.Errorf("stop reason %q", r.StopReason)
	}
}

// A search with fingerprints computes its paths again, which is a separate phase.
func TestPhaseTrace(t *testing.T) {
	seen := make(chan struct{})
	var met, closed atomic.Bool
	m := grid(30, allways.Always("small", func(s [2]int) bool {
		if s[0]+s[1] == 50 {
			met.Store(true)
		}
		return s[0]+s[1] < 50
	}))
	next := m.NextFunc
	m.NextFunc = func(s [2]int, a int) ([2]int, bool) {
		if met.Load() && s == [2]int{} { // the path is computed again
			select {
			case <-seen:
			case <-time.After(20 * time.Second):
			}
		}
		return next(s, a)
	}
	_, err := allways.Check(t.Context(), m, allways.Options{
		Store: allways.StoreFingerprints, ProgressEvery: time.Millisecond,
		Progress: func(p allways.Progress) {
			if p.Phase == "trace" && closed.CompareAndSwap(false, true) {
				close(seen)
			}
		},
	})
	if err != nil || !closed.Load() {
		t.Errorf("no phase trace: %v", err)
	}
}

// pair is a state whose fields may lead to the same memory.
type pair struct {
	N    int
	A, B *int
}

// Memory that two fields share is no fault, whichever states are sampled: no method can tell it from
// two copies without changing a state.
func TestSharedMemoryIsContent(t *testing.T) {
	shared := func(n int) pair { return pair{n, &n, &n} }
	own := func(n int) pair { m := n; return pair{n, &n, &m} }
	for _, makes := range [][2]func(int) pair{{shared, shared}, {own, shared}, {shared, own}, {own, own}} {
		for _, o := range matrix() {
			r, err := allways.Check(t.Context(), allways.Funcs[pair, int]{
				InitFunc:    func() []pair { return []pair{makes[0](0)} },
				ActionsFunc: func(dst []int, s pair) []int { return append(dst, s.N+1) },
				NextFunc:    func(s pair, n int) (pair, bool) { return makes[1](n), n < 5 },
				Props:       []allways.Property[pair]{allways.Always("equal", func(s pair) bool { return *s.A == *s.B })},
			}, o)
			if err != nil || r.Verdict != allways.Holds || r.Stats.Distinct != 5 {
				t.Errorf("%s: %v, %v", optionsName(o), r, err)
			}
		}
	}
}

// A search in the background that user code has ended does not look as if it had found nothing.
func TestExplorerGoexit(t *testing.T) {
	m := upTo5()
	m.NextFunc = func(int, string) (int, bool) { runtime.Goexit(); return 0, false }
	x, err := allways.NewExplorer[int, string](m)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	x.Search(t.Context(), allways.Options{})
	_, err = x.Wait()
	if e, ok := errors.AsType[*allways.ModelError](err); !ok || !strings.Contains(e.Message, "ended its goroutine") {
		t.Errorf("%v", err)
	}
}

// A nil pointer to a model is refused before any of its methods is called, also those that it embeds.
func TestNilModels(t *testing.T) {
	type embedding struct{ allways.Funcs[int, int] }
	for _, m := range []allways.Model[int, int]{nil, (*embedding)(nil), (*allways.Funcs[int, int])(nil)} {
		_, err := allways.Check(t.Context(), m, allways.Options{})
		if e, ok := errors.AsType[*allways.ModelError](err); !ok || e.Kind != allways.ErrorDeclaration ||
			!strings.Contains(e.Message, "the model is") {
			t.Errorf("%T: %v", m, err)
		}
	}
}
