package allways_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
)

// ticker is an actor that counts to a number, by itself.
type ticker struct{ To int }

func (c ticker) Start(x *actor.Context[string], _ *int) {
	x.SetTimer("tick", time.Second, time.Second)
}

func (ticker) Receive(*actor.Context[string], *int, actor.ID, string) {}

func (c ticker) Timeout(x *actor.Context[string], n *int, _ string) {
	if *n++; *n < c.To {
		x.SetTimer("tick", time.Second, time.Second)
	}
}

// tickers is a system of three of them, with 1,331 states: those of few sets.
func tickers() (sys *actor.System[string], all []actor.Ref[int]) {
	sys = actor.NewSystem[string](actor.Config{})
	for _, name := range []string{"a", "b", "c"} {
		all = append(all, actor.Spawn(sys, name, ticker{10}))
	}
	return sys, all
}

// Auto searches states as long as there are few, and sets if there are many states, few sets, and nothing that a
// symbolic search cannot do. Whatever it chooses, it finds what BFS finds.
func TestAuto(t *testing.T) {
	type state = actor.State[string]
	none := func(*actor.System[string], []actor.Ref[int]) {}
	ends := func(sys *actor.System[string], all []actor.Ref[int]) {
		sys.Eventually("ends", func(s *state) bool { return *all[0].In(s) == 10 })
	}
	for _, c := range []struct {
		name    string
		states  int64
		sets    int
		options allways.Options
		promise func(sys *actor.System[string], all []actor.Ref[int])
		want    allways.Strategy
		chosen  string
	}{
		{"few states", 1331, 1000, allways.Options{}, none, allways.BFS, "few states"},
		{"few sets", 500, 1000, allways.Options{}, none, allways.Symbolic, "many states, and few sets"},
		{"many sets", 500, 1, allways.Options{}, none, allways.BFS, "many states, and many sets"},
		{"several workers", 500, 1000, allways.Options{Workers: 2}, none, allways.Symbolic, "many states, and few sets"},
		{
			"a limit of states", 500, 1000, allways.Options{MaxStates: 5000}, none, allways.BFS, "use MaxMemory or Timeout",
		},
		{"eventually", 500, 1000, allways.Options{}, ends, allways.BFS, `cannot decide "ends"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			check := func(strategy allways.Strategy) *allways.Result[*state, actor.Action[string]] {
				sys, all := tickers()
				c.promise(sys, all)
				sys.Always("small", func(s *state) bool { return *all[1].In(s) < 10 || *all[2].In(s) < 9 })
				sys.Sometimes("two", func(s *state) bool { return *all[0].In(s) == 2 })
				o := c.options
				o.Strategy, o.Stop = strategy, allways.StopNever
				r, err := allways.CheckAuto(t.Context(), sys, o, c.states, c.sets)
				if err != nil {
					t.Fatal(err)
				}
				return r
			}
			want, got := check(allways.BFS), check(allways.Auto)
			if got.Stats.Strategy != c.want || !strings.Contains(got.Stats.Chosen, c.chosen) {
				t.Errorf("%v, %q; want %v, %q", got.Stats.Strategy, got.Stats.Chosen, c.want, c.chosen)
			}
			if !got.Complete || got.Stats.Distinct != want.Stats.Distinct || got.Stats.Generated != want.Stats.Generated ||
				(got.Stats.States != nil) != (c.want == allways.Symbolic) {
				t.Errorf("complete %t, %d of %d states, want %d of %d", got.Complete, got.Stats.Distinct, got.Stats.Generated,
					want.Stats.Distinct, want.Stats.Generated)
			}
			for i, p := range want.Properties {
				if q := got.Properties[i]; q.Verdict != p.Verdict || p.Path != nil && q.Path.Len() != p.Path.Len() {
					t.Errorf("%s: %v\n%v\nwant %v\n%v", p.Name, q.Verdict, q.Path, p.Verdict, p.Path)
				}
			}
			for i, a := range want.Actions {
				if b := got.Actions[i]; b.Name != a.Name || b.Enabled != a.Enabled || b.Taken != a.Taken {
					t.Errorf("the action is %+v, want %+v", b, a)
				}
			}
		})
	}
}

// What the search of states has found counts, too, if the run ends in a later one.
func TestAutoKeepsWhatItHasFound(t *testing.T) {
	type state = actor.State[string]
	for _, c := range []struct {
		name string
		sets int
		ends func(late bool, a, b, c int) bool // whether the run ends at a state; late says that it was the turn of states
	}{
		{"sets", 1000, func(_ bool, a, b, _ int) bool { return a == 10 && b == 10 }},
		{"states", 1, func(late bool, a, b, c int) bool { return late && a+b+c == 0 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			sys, all := tickers()
			late := false
			sys.Always("ends", func(s *state) bool {
				x, y, z := *all[0].In(s), *all[1].In(s), *all[2].In(s)
				if c.ends(late, x, y, z) {
					cancel()
				}
				late = late || x+y+z == 10
				return true
			})
			sys.Always("small", func(s *state) bool { return *all[0].In(s) < 5 })
			sys.Sometimes("two", func(s *state) bool { return *all[0].In(s) == 2 })
			r, err := allways.CheckAuto(ctx, sys, allways.Options{
				Strategy: allways.Auto, Stop: allways.StopNever, Workers: 1, Timeout: time.Hour,
			}, 500, c.sets)
			if err != nil {
				t.Fatal(err)
			}
			if r.Complete || r.StopReason != allways.StopReasonCanceled {
				t.Errorf("complete %t, %q", r.Complete, r.StopReason)
			}
			for i, want := range []allways.Verdict{allways.Inconclusive, allways.Violated, allways.Holds} {
				p := r.Properties[i]
				if p.Verdict != want || want != allways.Inconclusive && p.Path == nil {
					t.Errorf("%s: %v, want %v\n%v", p.Name, p.Verdict, want, p.Path)
				}
			}
		})
	}
}

// A search that a limit has ended says whether a symbolic one may reach further.
func TestSetsMayPay(t *testing.T) {
	visitor := allways.VisitStates(func(*actor.State[string], int) {})
	for _, c := range []struct {
		name string
		o    allways.Options
		want bool
	}{
		{"complete and fast", allways.Options{}, false},
		{"states", allways.Options{MaxStates: 10}, true},
		{"memory", allways.Options{MaxMemory: 1}, true},
		{"depth", allways.Options{MaxDepth: 2}, false},
		{"stopped as asked", allways.Options{Stop: allways.StopViolation}, false},
		{"a visitor", allways.Options{MaxStates: 10, Visitor: visitor}, false},
	} {
		sys, all := tickers()
		sys.Always("small", func(s *actor.State[string]) bool { return *all[1].In(s) < 2 })
		r, err := allways.Check(t.Context(), sys, c.o)
		if err != nil {
			t.Fatal(err)
		}
		if r.Stats.SetsMayPay != c.want {
			t.Errorf("%s: %t, want %t (%s)", c.name, r.Stats.SetsMayPay, c.want, r.StopReason)
		}
	}
	r, err := allways.Check(t.Context(), allways.Model[int, int](upward{}), allways.Options{MaxStates: 10})
	if err != nil || r.Stats.SetsMayPay {
		t.Errorf("a plain model: %v, %t", err, err == nil && r.Stats.SetsMayPay)
	}
}

// upward counts without end.
type upward struct{}

func (upward) Init() []int                         { return []int{0} }
func (upward) Actions(dst []int, _ int) []int      { return append(dst, 1) }
func (upward) Next(s, a int) (int, bool)           { return s + a, true }
func (upward) Properties() []allways.Property[int] { return nil }
