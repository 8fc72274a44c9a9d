package allways_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/offheap"
)

// leavesNothing runs f and fails when goroutines that it started, or tables outside the heap, are
// still there afterwards.
func leavesNothing(t *testing.T, f func()) {
	t.Helper()
	before, held := runtime.NumGoroutine(), offheap.Held()
	f()
	if bytes := offheap.Held() - held; bytes != 0 {
		t.Errorf("%d bytes outside the heap are left", bytes)
	}
	for range 100_000 {
		if runtime.NumGoroutine() <= before {
			return
		}
		runtime.Gosched() // a goroutine that has done its work may not be gone yet
	}
	stacks := make([]byte, 1<<16)
	stacks = stacks[:runtime.Stack(stacks, true)]
	t.Errorf("%d goroutines before, %d after\n%s", before, runtime.NumGoroutine(), stacks)
}

// ending is a way in which a run can end.
type ending struct {
	name string
	// prepare returns the model, the context and the options; calls are counted by next.
	prepare func(next *atomic.Int64) (allways.Funcs[[2]int, int], context.Context, allways.Options)
	want    func(r *allways.Result[[2]int, int], err error) bool
}

// endings lists all the ways for a grid whose levels are wide enough to be shared by workers.
func endings() []ending {
	const n = 90
	at := func(next *atomic.Int64, call int64, f func()) allways.Funcs[[2]int, int] {
		m := grid(n, everyKind()...)
		step := m.NextFunc
		m.NextFunc = func(s [2]int, a int) ([2]int, bool) {
			if next.Add(1) == call {
				f()
			}
			return step(s, a)
		}
		return m
	}
	stopped := func(want allways.StopReason) func(*allways.Result[[2]int, int], error) bool {
		return func(r *allways.Result[[2]int, int], err error) bool { return err == nil && r.StopReason == want }
	}
	limit := func(name string, o allways.Options, want allways.StopReason) ending {
		return ending{name, func(*atomic.Int64) (allways.Funcs[[2]int, int], context.Context, allways.Options) {
			return grid(n, everyKind()...), context.Background(), o
		}, stopped(want)}
	}
	misbehaves := func(kind allways.ErrorKind) func(*allways.Result[[2]int, int], error) bool {
		return func(_ *allways.Result[[2]int, int], err error) bool {
			e, ok := errors.AsType[*allways.ModelError](err)
			return ok && e.Kind == kind
		}
	}
	return []ending{
		{"complete", func(*atomic.Int64) (allways.Funcs[[2]int, int], context.Context, allways.Options) {
			return grid(n, allways.Always("always", sure)), context.Background(), allways.Options{}
		}, func(r *allways.Result[[2]int, int], err error) bool {
			return err == nil && (r.Complete || r.StopReason == allways.StopReasonWalks)
		}},
		{"violation", func(*atomic.Int64) (allways.Funcs[[2]int, int], context.Context, allways.Options) {
			m := grid(n, append(everyKind(), allways.Always("bad", func(s [2]int) bool { return s[0]+s[1] < 80 }))...)
			return m, context.Background(), allways.Options{Stop: allways.StopViolation}
		}, violated},
		{"cancellation", func(next *atomic.Int64) (allways.Funcs[[2]int, int], context.Context, allways.Options) {
			ctx, cancel := context.WithCancel(context.Background())
			return at(next, 5000, cancel), ctx, allways.Options{}
		}, func(r *allways.Result[[2]int, int], err error) bool { // a run may be over before it hears of it
			return err == nil &&
				(r.StopReason == allways.StopReasonCanceled || r.Complete || r.StopReason == allways.StopReasonWalks)
		}},
		limit("states", allways.Options{MaxStates: 3000}, allways.StopReasonStates),
		limit("generated", allways.Options{MaxGenerated: 5000}, allways.StopReasonGenerated),
		limit("time", allways.Options{Timeout: 1}, allways.StopReasonTime),
		limit("memory", allways.Options{MaxMemory: 30 << 10}, allways.StopReasonMemory),
		limit("no memory", allways.Options{MaxMemory: 1}, allways.StopReasonMemory),
		{"panic", func(next *atomic.Int64) (allways.Funcs[[2]int, int], context.Context, allways.Options) {
			return at(next, 5000, func() { panic("now") }), context.Background(), allways.Options{}
		}, misbehaves(allways.ErrorPanic)},
		{"panic in a property",
			func(next *atomic.Int64) (allways.Funcs[[2]int, int], context.Context, allways.Options) {
				m := grid(n, allways.Always("panics", func(s [2]int) bool { return s[0] < 20 || [1]bool{true}[s[0]-20] }))
				return m, context.Background(), allways.Options{Stop: allways.StopViolation}
			}, misbehaves(allways.ErrorPanic)},
	}
}

func violated(r *allways.Result[[2]int, int], err error) bool {
	return err == nil && r.Verdict == allways.Violated
}

// No goroutine is left behind, and no memory outside the heap, however a run ends.
func TestRunsLeaveNothing(t *testing.T) {
	for i, e := range endings() {
		for _, o := range partOfMatrix(uint64(i), 1, 3) {
			t.Run(e.name+"/"+optionsName(o), func(t *testing.T) {
				leavesNothing(t, func() { e.run(t, o, allways.Check[[2]int, int]) })
			})
		}
		for _, workers := range []int{1, 3} {
			t.Run(fmt.Sprintf("%s/simulate/workers=%d", e.name, workers), func(t *testing.T) {
				leavesNothing(t, func() { e.run(t, allways.Options{Workers: workers}, simulate[[2]int, int]) })
			})
		}
	}
}

// run makes the run and checks that it ended as it should.
func (e *ending) run(
	t *testing.T, o allways.Options,
	run func(context.Context, allways.Model[[2]int, int], allways.Options) (*allways.Result[[2]int, int], error),
) {
	var calls atomic.Int64
	m, ctx, add := e.prepare(&calls)
	add.Workers, add.Strategy, add.Store = o.Workers, o.Strategy, o.Store
	add.Progress, add.ProgressEvery = func(allways.Progress) {}, time.Microsecond
	r, err := run(ctx, m, add)
	if !e.want(r, err) && o.Workers > 0 {
		t.Errorf("it did not end by %s: %+v, %v", e.name, r, err)
	}
}

// A program may close an explorer at any time.
func TestExplorersLeaveNothing(t *testing.T) {
	for _, e := range endings() {
		for _, end := range []string{"close", "wait", "cancel", "never started"} {
			t.Run(e.name+"/"+end, func(t *testing.T) {
				leavesNothing(t, func() {
					var calls atomic.Int64
					m, ctx, o := e.prepare(&calls)
					ctx, cancel := context.WithCancel(ctx)
					defer cancel()
					d, err := allways.NewExplorer(m)
					if err != nil {
						t.Fatal(err)
					}
					if _, err := d.Init(); err != nil {
						t.Fatal(err)
					}
					if end != "never started" {
						d.Search(ctx, o)
						d.Search(ctx, o) // changes nothing
					}
					switch end {
					case "wait":
						if r, err := d.Wait(); !e.want(r, err) {
							t.Errorf("it did not end by %s: %+v, %v", e.name, r, err)
						}
					case "cancel":
						cancel()
						d.Wait()
					}
					d.Close()
					d.Close()
				})
			})
		}
	}
}
