package allways_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/allways-go/allways"
)

// slowly makes every step of a model take a second of fake time.
func slowly[A any](m allways.Funcs[int, A]) allways.Funcs[int, A] {
	next := m.NextFunc
	m.NextFunc = func(s int, a A) (int, bool) {
		time.Sleep(time.Second)
		return next(s, a)
	}
	return m
}

// Progress is reported at the pace that was asked for, phase after phase, with figures that only
// grow within a phase, and not once after the run.
func TestProgress(t *testing.T) {
	for _, c := range []struct {
		name   string
		every  time.Duration
		run    func(context.Context, allways.Model[int, string], allways.Options) (*allways.Result[int, string], error)
		phases []string
	}{
		{"check", 7 * time.Second, allways.Check[int, string], []string{"search", "eventually goal", "trace"}},
		{"every second by default", 0, allways.Check[int, string], []string{"search", "eventually goal", "trace"}},
		{"simulate", 7 * time.Second, simulate[int, string], []string{"simulate", "trace"}},
	} {
		for _, workers := range []int{1, 2} {
			t.Run(c.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var all []allways.Progress
					start, every := time.Now(), c.every
					if every == 0 {
						every = time.Second
					}
					o := allways.Options{
						Workers: workers, ProgressEvery: c.every,
						Progress: func(p allways.Progress) { all = append(all, p) },
					}
					r, err := c.run(t.Context(), slowly(chainModel(50)), o)
					if err != nil {
						t.Fatal(err)
					}
					took := time.Since(start)
					calls := len(all)
					if want := int(took / every); calls < want-1 || calls > want || calls == 0 {
						t.Errorf("%d calls in %v, want %d", calls, took, want)
					}
					time.Sleep(time.Hour)
					if len(all) != calls {
						t.Errorf("%d calls after the end", len(all)-calls)
					}
					checkProgress(t, all, c.phases, start, every, r)
				})
			})
		}
	}
}

func checkProgress(
	t *testing.T, all []allways.Progress, phases []string, start time.Time, every time.Duration,
	r *allways.Result[int, string],
) {
	t.Helper()
	var seen []string
	for i, p := range all {
		if p.Elapsed != time.Duration(i+1)*every {
			t.Errorf("call %d after %v, want %v", i, p.Elapsed, time.Duration(i+1)*every)
		}
		if p.Queue < 0 || p.Distinct > p.Generated || p.Depth > r.Stats.Depth || p.Memory < 0 ||
			p.Memory > r.Stats.Memory {
			t.Errorf("call %d: %+v, and at the end %+v", i, p, r.Stats)
		}
		if i == 0 || all[i-1].Phase != p.Phase {
			seen = append(seen, p.Phase)
		} else if q := all[i-1]; p.Generated < q.Generated || p.Distinct < q.Distinct || p.Depth < q.Depth {
			t.Errorf("call %d: %+v after %+v", i, p, q)
		}
	}
	if !slices.Equal(seen, phases) {
		t.Errorf("phases %q, want %q", seen, phases)
	}
	if first := all[0]; phases[0] == "search" && first.Distinct != int64(first.Depth) {
		t.Errorf("%d states of a chain at depth %d", first.Distinct, first.Depth)
	}
}

// A model that hangs is reported on all the same, and left behind when the run has to end.
func TestProgressOfASlowModel(t *testing.T) {
	skipUnderRaceDetector(t)
	synctest.Test(t, func(t *testing.T) {
		m, calls := chainModel(2), 0
		next := m.NextFunc
		m.NextFunc = func(s int, a string) (int, bool) {
			time.Sleep(time.Minute)
			return next(s, a)
		}
		stop := errors.New("enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		r, err := allways.Check(ctx, m, allways.Options{Workers: 1, ProgressEvery: time.Second,
			Progress: func(allways.Progress) {
				if calls++; calls == 30 {
					cancel(stop)
				}
			}})
		e, ok := errors.AsType[*allways.ModelError](err)
		if !ok || e.Kind != allways.ErrorStuck || r.StopReason != allways.StopReasonCanceled || calls < 30 || calls > 32 {
			t.Errorf("%d calls, %+v, %v", calls, r, err)
		}
		time.Sleep(time.Hour) // the goroutine comes back
	})
}

func TestRate(t *testing.T) {
	p := allways.Progress{Generated: 500, Elapsed: 2 * time.Second}
	s := allways.Stats{Generated: 500, Elapsed: 2 * time.Second, Distinct: 100, Memory: 2500}
	if p.Rate() != 250 || s.Rate() != 250 || s.BytesPerState() != 25 {
		t.Errorf("%g and %g a second, %g bytes a state", p.Rate(), s.Rate(), s.BytesPerState())
	}
	if (allways.Progress{Generated: 5}).Rate() != 0 || (allways.Stats{Generated: 5, Memory: 5}).Rate() != 0 ||
		(allways.Stats{Memory: 5}).BytesPerState() != 0 {
		t.Error("rates of nothing are not 0")
	}
}
