package allways_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/allways-go/allways"
)

// tally is a state with every kind of reference.
type tally struct {
	N    int
	List []int
	Map  map[int]int
	Ptr  *int
}

// counter counts to ten, keeping its count in all fields; the function gets a copy that it may
// spoil.
func counter(next func(s *tally)) allways.Funcs[tally, string] {
	return allways.Funcs[tally, string]{
		InitFunc:    func() []tally { return []tally{{List: []int{0}, Map: map[int]int{0: 0}, Ptr: new(int)}} },
		ActionsFunc: func(dst []string, s tally) []string { return append(dst, "count", "stay") },
		NextFunc: func(s tally, a string) (tally, bool) {
			if a == "stay" || s.N == 10 {
				return s, true
			}
			n := s.N + 1
			t := tally{N: n, List: []int{n}, Map: map[int]int{0: n}, Ptr: &n}
			if next != nil {
				next(&s)
			}
			return t, true
		},
		Props: []allways.Property[tally]{
			allways.Always("at most ten", func(s tally) bool { return s.N <= 10 }),
			allways.Sometimes("five", func(s tally) bool { return s.N == 5 }),
		},
	}
}

// everyRun calls f for every way to run a model.
func everyRun(
	t *testing.T,
	f func(t *testing.T, run func(allways.Model[tally, string]) (*allways.Result[tally, string], error)),
) {
	for _, o := range matrix() {
		t.Run(optionsName(o), func(t *testing.T) {
			f(t, func(m allways.Model[tally, string]) (*allways.Result[tally, string], error) {
				return allways.Check(t.Context(), m, o)
			})
		})
	}
	t.Run("simulate", func(t *testing.T) {
		f(t, func(m allways.Model[tally, string]) (*allways.Result[tally, string], error) {
			return allways.Simulate(
				t.Context(), m, allways.SimulateOptions{Walks: 50, MaxDepth: 40, Stop: allways.StopNever},
			)
		})
	})
}

func wantError(t *testing.T, r *allways.Result[tally, string], err error, kind allways.ErrorKind, where, text string) {
	t.Helper()
	var e *allways.ModelError
	if !errors.As(err, &e) || e.Kind != kind || e.Where != where || !strings.Contains(e.Error(), text) {
		t.Fatalf("error %v (%+v), want %s in %s with %q", err, e, kind, where, text)
	}
	if r == nil || r.Misbehaviour != e || r.Complete || r.Verdict == allways.Holds ||
		r.Property("at most ten").Verdict == allways.Holds {
		t.Fatalf("result %+v, want an incomplete one with the misbehaviour", r)
	}
}

// mutations change what a state leads to, and name the field.
var mutations = []struct {
	field  string
	mutate func(s *tally)
}{
	{"List[0]", func(s *tally) { s.List[0] = 77 }},
	{"Map[0]", func(s *tally) { s.Map[0] = 77 }},
	{"Ptr", func(s *tally) { *s.Ptr = 77 }},
}

func TestMutationIsFound(t *testing.T) {
	for _, c := range mutations {
		everyRun(t, func(t *testing.T, run func(allways.Model[tally, string]) (*allways.Result[tally, string], error)) {
			r, err := run(counter(c.mutate))
			wantError(t, r, err, allways.ErrorMutation, "Next", c.field)
		})
	}
}

func TestPropertyThatWritesIsFound(t *testing.T) {
	m := counter(nil)
	m.Props = append(m.Props, allways.Always("writes", func(s tally) bool { s.Map[0] = 5; return true }))
	everyRun(t, func(t *testing.T, run func(allways.Model[tally, string]) (*allways.Result[tally, string], error)) {
		r, err := run(m)
		wantError(t, r, err, allways.ErrorMutation, `property "writes"`, "Map[0]")
	})
}

func TestNondeterminismIsFound(t *testing.T) {
	var calls atomic.Int64
	random := func() int { return int(calls.Add(1)) }
	next := counter(nil)
	next.NextFunc = func(s tally, a string) (tally, bool) { return tally{N: random()}, s.N < 100 }
	actions := counter(nil)
	actions.ActionsFunc = func(dst []string, s tally) []string { return append(dst, fmt.Sprint(random())) }
	nilOrEmpty := counter(nil)
	nilOrEmpty.InitFunc = func() []tally { return []tally{{}} }
	nilOrEmpty.NextFunc = func(s tally, a string) (tally, bool) {
		if s.List == nil {
			return tally{N: 1}, true
		}
		return tally{N: 2}, true
	}
	for _, c := range []struct {
		name, where, text string
		model             allways.Funcs[tally, string]
	}{
		{"next", "Next", "N is", next},
		{"actions", "Actions", "action 0 was once", actions},
		{"nil or empty", "Next", "N is 1 or 2", nilOrEmpty},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := allways.Check(t.Context(), c.model, allways.Options{MaxStates: 5000})
			var e *allways.ModelError
			if !errors.As(err, &e) || e.Kind != allways.ErrorNondeterminism || e.Where != c.where ||
				!strings.Contains(e.Message, c.text) {
				t.Errorf("%v, %+v", err, r)
			}
		})
	}
}

func TestPanicIsAFinding(t *testing.T) {
	m := counter(func(s *tally) {
		if s.N == 7 {
			panic("seven")
		}
	})
	everyRun(t, func(t *testing.T, run func(allways.Model[tally, string]) (*allways.Result[tally, string], error)) {
		r, err := run(m)
		wantError(t, r, err, allways.ErrorPanic, "Next", "seven")
		e := r.Misbehaviour
		if e.Action != "count" || !strings.Contains(e.Stack, "guards_test.go") ||
			strings.Contains(e.Stack, "internal/engine") {
			t.Errorf("%+v", e)
		}
		if r.MisbehaviourPath == nil || r.MisbehaviourPath.Last().N != 7 {
			t.Errorf("path %v, want one to the state that panics", r.MisbehaviourPath)
		}
		if r.Property("five").Verdict != allways.Holds {
			t.Error("what was found before the panic is lost")
		}
	})
}

// User code that calls t.FailNow or runtime.Goexit ends its goroutine without a panic. On the
// goroutine of the caller that ends the caller, as it should; on any other the run ends with an
// error.
func TestGoexitNeverHolds(t *testing.T) {
	wide := allways.Funcs[int, int]{
		InitFunc: func() []int { return []int{0} },
		ActionsFunc: func(dst []int, s int) []int {
			for a := 1; s == 0 && a <= 5000; a++ {
				dst = append(dst, a)
			}
			return dst
		},
		NextFunc: func(s, a int) (int, bool) { return a, true },
		Props: []allways.Property[int]{allways.NoDeadlock("exits", func(s int) bool {
			if s > 100 {
				runtime.Goexit()
			}
			return true
		})},
	}
	runs := map[string]func(o allways.Options) (*allways.Result[int, int], error){
		"check": func(o allways.Options) (*allways.Result[int, int], error) {
			return allways.Check(context.Background(), wide, o)
		},
		"simulate": func(o allways.Options) (*allways.Result[int, int], error) {
			return simulate(context.Background(), wide, o)
		},
	}
	for name, run := range runs {
		for _, o := range matrix() {
			returned := make(chan error, 1)
			go func() {
				var r *allways.Result[int, int]
				err := errors.New("the caller's goroutine was ended")
				defer func() {
					if r != nil && r.Verdict == allways.Holds {
						err = nil
					}
					returned <- err
				}()
				r, err = run(o)
			}()
			select {
			case err := <-returned:
				if err == nil {
					t.Errorf("%s, %s: no error", name, optionsName(o))
				}
			case <-time.After(20 * time.Second):
				t.Fatalf("%s, %s: the run hangs", name, optionsName(o))
			}
		}
	}
}

// Where predicates of initial states end their goroutine, nothing holds either: neither in the search, nor in the
// passes after it.
func TestGoexitAtTheBeginning(t *testing.T) {
	for call := int64(1); call <= 12; call++ {
		var calls atomic.Int64
		exits := func(s int) bool {
			if calls.Add(1) == call {
				runtime.Goexit()
			}
			return s > 3
		}
		for _, o := range matrix() {
			for _, p := range []allways.Property[int]{
				allways.Sometimes("p", exits), allways.AlwaysPossible("p", exits), allways.InfinitelyOften("p", exits),
				allways.Eventually("p", exits), allways.Until("p", exits, exits),
			} {
				calls.Store(0)
				r, err := allways.Check(context.Background(), climber(3, []string{"back", "go"}, p), o)
				if r == nil || r.Properties[0].Verdict == allways.Holds || err == nil && calls.Load() == call {
					t.Errorf("%v, %s, call %d of %d: %+v, %v", p.Kind(), optionsName(o), call, calls.Load(), r, err)
				}
			}
		}
	}
}

func TestBadModels(t *testing.T) {
	type ring struct{ next *ring }
	cyclic := &ring{}
	cyclic.next = cyclic
	ok := func(int) bool { return true }
	withProps := func(props ...allways.Property[int]) error {
		m := model(
			&graph{inits: []int{0}, edges: [][]int{{0}}, inside: []bool{true}, p: []bool{true}, q: []bool{true}},
			flatStates,
		)
		m.Props = props
		_, err := allways.Check(context.Background(), m, allways.Options{})
		return err
	}
	none := still[int]()
	outside := still(1)
	outside.WithinFunc = func(int) bool { return false }
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"duplicate", withProps(allways.Always("a", ok), allways.Sometimes("a", ok)), `two properties are called "a"`},
		{"empty name", withProps(allways.Always("", ok)), "has no name"},
		{"nil function", withProps(allways.Always[int]("a", nil)), `"a" has no function`},
		{"wrong step", withProps(allways.AlwaysStep("a", func(int, string, int) bool { return true })), "does not fit"},
		{"no initial state", checked(none, allways.Options{}), "at least one initial state"},
		{"channel", checked(still[struct{ c chan int }](), allways.Options{}), ".c"},
		{"cyclic", checked(still(cyclic), allways.Options{}), "contains itself"},
		{"misspelt", checked[int, int](misspelt{}, allways.Options{}), "Within"},
		{"outside", checked(outside, allways.Options{}), "excludes all initial states"},
		{"empty", checked(allways.Funcs[int, int]{}, allways.Options{}), "not set: InitFunc, ActionsFunc, NextFunc"},
		{
			"without Next", checked(allways.Funcs[int, int]{InitFunc: none.InitFunc, ActionsFunc: none.ActionsFunc},
				allways.Options{}), "declaration in Funcs: required fields are not set: NextFunc",
		},
		{"no symmetry", checked(none, allways.Options{Symmetry: true}), "Representative"},
		{"workers", checked(none, allways.Options{Workers: -1}), "negative"},
		{"stop", checked(none, allways.Options{Stop: allways.StopAllOf("x")}), `no property "x"`},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, c.err, c.want)
		}
	}
}

// still returns a model without actions.
func still[S any](inits ...S) allways.Funcs[S, int] {
	return allways.Funcs[S, int]{
		InitFunc:    func() []S { return inits },
		ActionsFunc: func(dst []int, _ S) []int { return dst },
		NextFunc:    func(s S, _ int) (S, bool) { return s, false },
	}
}

// checked returns the error of a check.
func checked[S, A any](m allways.Model[S, A], o allways.Options) error {
	_, err := allways.Check(context.Background(), m, o)
	return err
}

// misspelt has an optional method with a wrong signature.
type misspelt struct{ allways.Funcs[int, int] }

func (misspelt) Within(s string) bool { return true }

func TestLimitsLeaveThingsUndecided(t *testing.T) {
	endless := allways.Funcs[int, int]{
		InitFunc:    func() []int { return []int{0} },
		ActionsFunc: func(dst []int, s int) []int { return append(dst, 1, 2, 3) },
		NextFunc:    func(s, a int) (int, bool) { return s*4 + a, true },
		Props: []allways.Property[int]{
			allways.Always("always", func(s int) bool { return true }),
			allways.Sometimes("sometimes", func(s int) bool { return s < 0 && s > -3 }),
			allways.Eventually("eventually", func(s int) bool { return s < 0 && s > -3 }),
			allways.Always("not six", func(s int) bool { return s != 6 }),
		},
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		name   string
		ctx    context.Context
		limit  allways.Options
		reason allways.StopReason
	}{
		{"states", t.Context(), allways.Options{MaxStates: 1000}, allways.StopReasonStates},
		{"generated", t.Context(), allways.Options{MaxGenerated: 1000}, allways.StopReasonGenerated},
		{"depth", t.Context(), allways.Options{MaxDepth: 6}, allways.StopReasonDepth},
		{"time", t.Context(), allways.Options{Timeout: 5 * time.Minute}, allways.StopReasonTime}, // of fake time
		{"memory", t.Context(), allways.Options{MaxMemory: 1 << 20}, allways.StopReasonMemory},
		{"canceled", canceled, allways.Options{}, allways.StopReasonCanceled},
	} {
		for _, o := range matrix() {
			o.MaxStates, o.MaxGenerated, o.MaxDepth = c.limit.MaxStates, c.limit.MaxGenerated, c.limit.MaxDepth
			o.Timeout, o.MaxMemory = c.limit.Timeout, c.limit.MaxMemory
			r, err := (*allways.Result[int, int])(nil), error(nil)
			if c.name == "time" {
				synctest.Test(t, func(t *testing.T) { r, err = allways.Check(t.Context(), slowly(endless), o) })
			} else {
				r, err = allways.Check(c.ctx, endless, o)
			}
			if err != nil {
				t.Fatalf("%s, %s: %v", c.name, optionsName(o), err)
			}
			if r.StopReason != c.reason || r.Complete {
				t.Errorf("%s, %s: stop reason %q", c.name, optionsName(o), r.StopReason)
			}
			for _, p := range r.Properties {
				if p.Verdict == allways.Holds || p.Verdict == allways.Violated && p.Name != "not six" {
					t.Errorf("%s, %s: %s %v", c.name, optionsName(o), p.Name, p.Verdict)
				}
			}
			found := r.Property("not six")
			if c.name != "canceled" && o.Strategy == allways.BFS &&
				(found.Verdict != allways.Violated || found.Path == nil && c.name != "time" && c.name != "memory") {
				t.Errorf("%s, %s: a violation near the start: %+v", c.name, optionsName(o), found)
			}
		}
	}
}

// In a small model every state is put to the slow guards, not only the first.
func TestNondeterminismInOneStateIsFound(t *testing.T) {
	var calls atomic.Int64
	for _, o := range matrix() {
		_, err := allways.Check(t.Context(), allways.Funcs[int, string]{
			InitFunc:    func() []int { return []int{0} },
			ActionsFunc: func(dst []string, n int) []string { return append(dst, "count") },
			NextFunc: func(n int, _ string) (int, bool) {
				if n == 3 {
					return 4 + int(calls.Add(1)%2), true
				}
				return n + 1, n < 10
			},
		}, o)
		var e *allways.ModelError
		if !errors.As(err, &e) || e.Kind != allways.ErrorNondeterminism {
			t.Errorf("%s: %v", optionsName(o), err)
		}
	}
}

// A predicate that panics in the pass of its property is found at the state where it does, among
// others that are left out of that pass. The states are numerous enough that the guards of the
// search before do not look at this one.
func TestPanicInThePassOfAProperty(t *testing.T) {
	m := allways.Funcs[int, int]{
		InitFunc: func() []int { return []int{0} },
		ActionsFunc: func(dst []int, s int) []int {
			for a := 1; s == 0 && a <= 5000; a++ {
				dst = append(dst, a)
			}
			return dst
		},
		NextFunc: func(s, a int) (int, bool) { return a, true },
		Props: []allways.Property[int]{allways.Eventually("odd", func(s int) bool {
			if s == 4444 {
				panic("eight")
			}
			return s%2 == 1
		})},
	}
	for workers := 1; workers <= 2; workers++ {
		r, err := allways.Check(t.Context(), m, allways.Options{Workers: workers})
		var e *allways.ModelError
		if !errors.As(err, &e) || e.Kind != allways.ErrorPanic || !strings.Contains(e.Message, "eight") {
			t.Fatalf("%v, %+v", err, r)
		}
		if r.MisbehaviourPath == nil || r.MisbehaviourPath.Last() != 4444 {
			t.Errorf("path %v, want one to the state that panics", r.MisbehaviourPath)
		}
	}
}
