package allways_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/allways-go/allways"
)

// grid is a model of pairs of counters up to n: wide levels, a known number of states, (n+1)^2, and
// depth, 2n+1.
func grid(n int, props ...allways.Property[[2]int]) allways.Funcs[[2]int, int] {
	return allways.Funcs[[2]int, int]{
		InitFunc:    func() [][2]int { return [][2]int{{}} },
		ActionsFunc: func(dst []int, _ [2]int) []int { return append(dst, 0, 1) },
		NextFunc: func(s [2]int, a int) ([2]int, bool) {
			s[a]++
			return s, s[a] <= n
		},
		Props: props,
	}
}

func never(s [2]int) bool { return false }
func sure(s [2]int) bool  { return true }

// everyKind has one property of each kind; none of them can be decided before a grid is complete.
func everyKind() []allways.Property[[2]int] {
	return []allways.Property[[2]int]{
		allways.Always("always", sure),
		allways.Sometimes("sometimes", never),
		allways.Eventually("eventually", func(s [2]int) bool { return s[0]+s[1] == 1000 }),
		allways.AlwaysStep("step", func(_ [2]int, _ int, _ [2]int) bool { return true }),
		allways.NoDeadlock("deadlock", sure),
	}
}

// eachSearch calls f for every way to search, or half of them unless the long tests run.
func eachSearch(t *testing.T, f func(t *testing.T, o allways.Options)) {
	for _, o := range partOfMatrix(0, 1, 2, 4) {
		o.Stop = allways.StopDecided
		t.Run(optionsName(o), func(t *testing.T) { f(t, o) })
	}
}

func TestLimitsLeaveUndecided(t *testing.T) {
	for _, c := range []struct {
		name string
		set  func(o *allways.Options)
		want allways.StopReason
	}{
		{"depth", func(o *allways.Options) { o.MaxDepth = 50 }, allways.StopReasonDepth},
		{"depth of one state", func(o *allways.Options) { o.MaxDepth = 1 }, allways.StopReasonDepth},
		{"states", func(o *allways.Options) { o.MaxStates = 1000 }, allways.StopReasonStates},
		{"one state", func(o *allways.Options) { o.MaxStates = 1 }, allways.StopReasonStates},
		{"generated", func(o *allways.Options) { o.MaxGenerated = 1000 }, allways.StopReasonGenerated},
		{"one generated", func(o *allways.Options) { o.MaxGenerated = 1 }, allways.StopReasonGenerated},
		{"time", func(o *allways.Options) { o.Timeout = 1 }, allways.StopReasonTime},
		{"a byte", func(o *allways.Options) { o.MaxMemory = 1 }, allways.StopReasonMemory},
		{"a kilobyte", func(o *allways.Options) { o.MaxMemory = 1 << 10 }, allways.StopReasonMemory},
		{"some memory", func(o *allways.Options) { o.MaxMemory = 200 << 10 }, allways.StopReasonMemory},
	} {
		t.Run(c.name, func(t *testing.T) {
			eachSearch(t, func(t *testing.T, o allways.Options) {
				c.set(&o)
				r, err := allways.Check(context.Background(), grid(500, everyKind()...), o)
				if err != nil {
					t.Fatal(err)
				}
				if r.Verdict != allways.Inconclusive || r.Complete || r.StopReason != c.want {
					t.Errorf(
						"verdict %v, complete %t, stop reason %q; want inconclusive, stop reason %q", r.Verdict, r.Complete,
						r.StopReason, c.want,
					)
				}
				for _, p := range r.Properties {
					if p.Verdict != allways.Inconclusive || p.Reason == "" || p.Path != nil {
						t.Errorf("%s: %v, reason %q, path %v", p.Name, p.Verdict, p.Reason, p.Path)
					}
				}
			})
		})
	}
}

func TestLimitsKeepViolations(t *testing.T) {
	bad := allways.Always("always", func(s [2]int) bool { return s != [2]int{1, 1} })
	for _, set := range []func(o *allways.Options){
		func(o *allways.Options) { o.MaxDepth = 20 },
		func(o *allways.Options) { o.MaxStates = 30000 },
		func(o *allways.Options) { o.MaxGenerated = 60000 },
	} {
		eachSearch(t, func(t *testing.T, o allways.Options) {
			o.Stop = allways.StopNever
			set(&o)
			r, err := allways.Check(context.Background(), grid(100, bad), o)
			if err != nil {
				t.Fatal(err)
			}
			p := r.Property("always")
			if o.Strategy == allways.DFS && o.MaxDepth == 0 && p.Verdict == allways.Inconclusive {
				return // it need not have come there
			}
			if p.Verdict != allways.Violated || p.Path == nil || p.Path.Last() != [2]int{1, 1} {
				t.Errorf("%v (%s), path %v", p.Verdict, p.Reason, p.Path)
			}
		})
	}
}

func TestCancel(t *testing.T) {
	for _, where := range []string{"before", "Next", "Actions", "property", "step property", "Within", "liveness"} {
		t.Run(where, func(t *testing.T) {
			eachSearch(t, func(t *testing.T, o allways.Options) {
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()
				at := func(place string, s [2]int) {
					if place == where && s[0]+s[1] == 80 {
						cancel()
					}
					if ctx.Err() != nil {
						runtime.Gosched() // others learn of it in their own time
					}
				}
				m := grid(300, everyKind()...)
				m.Props[0] = allways.Always("always", func(s [2]int) bool { at("property", s); return true })
				m.Props[2] = allways.Eventually(
					"eventually", func(s [2]int) bool { at("liveness", s); return s[0]+s[1] == 1000 },
				)
				m.Props[3] = allways.AlwaysStep(
					"step", func(s [2]int, _ int, _ [2]int) bool { at("step property", s); return true },
				)
				m.WithinFunc = func(s [2]int) bool { at("Within", s); return true }
				actions, next := m.ActionsFunc, m.NextFunc
				m.ActionsFunc = func(dst []int, s [2]int) []int { at("Actions", s); return actions(dst, s) }
				m.NextFunc = func(s [2]int, a int) ([2]int, bool) { at("Next", s); return next(s, a) }
				if where == "before" {
					cancel()
				}
				r, err := allways.Check(ctx, m, o)
				if err != nil {
					t.Fatal(err)
				}
				if r.Complete || r.StopReason != allways.StopReasonCanceled {
					t.Errorf("complete %t, stop reason %q", r.Complete, r.StopReason)
				}
				if v := r.Property("eventually"); v.Verdict != allways.Inconclusive || v.Reason == "" {
					t.Errorf("eventually: %v, reason %q", v.Verdict, v.Reason)
				}
				if v := r.Property("always").Verdict; v == allways.Holds && where != "liveness" {
					t.Errorf("always: %v", v)
				}
			})
		})
	}
}

func TestExpiredDeadline(t *testing.T) {
	ctx, cancel := context.WithTimeoutCause(context.Background(), -1, errors.New("tired"))
	defer cancel()
	eachSearch(t, func(t *testing.T, o allways.Options) {
		r, err := allways.Check(ctx, grid(1, everyKind()...), o)
		if err != nil || r.Verdict != allways.Inconclusive || r.StopReason != allways.StopReasonTime {
			t.Errorf("%+v, error %v", r, err)
		}
	})
}

// A level whose states have no successors inside the boundary must not keep a search from noticing
// that it is over.
func TestCancelWithinBarrenLevel(t *testing.T) {
	const width = 1 << 14
	for _, strategy := range []allways.Strategy{allways.BFS, allways.DFS} {
		for _, workers := range []int{1, 2} {
			t.Run(fmt.Sprint(strategy, workers), func(t *testing.T) {
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()
				var calls atomic.Int64
				m := allways.Funcs[int, int]{
					InitFunc: func() (all []int) {
						for i := range width {
							all = append(all, i)
						}
						return all
					},
					ActionsFunc: func(dst []int, s int) []int {
						calls.Add(1)
						cancel()
						runtime.Gosched()
						return append(dst, 0)
					},
					NextFunc:   func(int, int) (int, bool) { return -1, true },
					WithinFunc: func(s int) bool { return s >= 0 },
				}
				r, err := allways.Check(ctx, m, allways.Options{Strategy: strategy, Workers: workers})
				if err != nil {
					t.Fatal(err)
				}
				if r.Complete || r.Verdict != allways.Inconclusive || calls.Load() > width/2 {
					t.Errorf("complete %t, %v, after %d states", r.Complete, r.Verdict, calls.Load())
				}
			})
		}
	}
}
