package background

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/erased"
)

// slow returns a search of a chain of states, each of which takes a second of fake time.
func slow(t *testing.T) *Search {
	m := erased.Of(allways.Funcs[int, string]{
		InitFunc:    func() []int { return []int{0} },
		ActionsFunc: func(dst []string, _ int) []string { return append(dst, "count") },
		NextFunc: func(n int, _ string) (int, bool) {
			time.Sleep(time.Second)
			return n + 1, n < 100
		},
		Props: []allways.Property[int]{
			allways.Always("below five", func(n int) bool { return n < 5 }),
			allways.Sometimes("seven", func(n int) bool { return n == 7 }),
			allways.Always("positive", func(n int) bool { return n >= 0 }),
		},
	})
	if err := m.Compile(); err != nil {
		t.Fatal(err)
	}
	return New(m, allways.Options{Workers: 2, Stop: allways.StopNever})
}

// A search that is paused waits and tells no news; stopped, it ends.
func TestPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slow(t)
		defer s.Close()
		if s.Pause(); s.status.State != Idle {
			t.Errorf("%+v", s.status)
		}
		s.Start(t.Context())
		time.Sleep(30 * time.Second)
		s.Pause()
		time.Sleep(time.Minute)
		before, news := s.Now()
		time.Sleep(time.Hour)
		select {
		case <-news:
			t.Error("a search that waits has news")
		default:
		}
		if before.State != Paused || before.Generated == 0 {
			t.Errorf("%+v", before)
		}
		s.Resume()
		time.Sleep(time.Minute)
		if after, _ := s.Now(); after.State != Running || after.Generated <= before.Generated {
			t.Errorf("%+v, then %+v", before, after)
		}
		s.Pause()
		s.Stop()
		if end, _ := s.Now(); end.State != Ended || end.StopReason != string(allways.StopReasonCanceled) {
			t.Errorf("%+v", end)
		}
		s.Start(t.Context())
		time.Sleep(30 * time.Second)
		if again, _ := s.Now(); again.State != Running || again.Generated == 0 {
			t.Errorf("%+v", again)
		}
	})
}

// Counterexamples and witnesses appear while the search goes on.
func TestFoundOnTheWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slow(t)
		defer s.Close()
		s.Start(t.Context())
		time.Sleep(100 * time.Second)
		got, _ := s.Now()
		for i, want := range []Verdict{
			{Name: "below five", Kind: "always", Verdict: "violated", Path: "0:0.0.0.0.0", Steps: 5},
			{Name: "seven", Kind: "sometimes", Verdict: "holds", Path: "0:0.0.0.0.0.0.0", Steps: 7},
			{Name: "positive", Kind: "always", Verdict: "inconclusive"},
		} {
			if got.State != Running || got.Properties[i] != want {
				t.Errorf("%s: %+v, want %+v", got.State, got.Properties[i], want)
			}
		}
	})
}
