package allways_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/allways-go/allways"
)

// While a gate is shut, a search waits, whatever its strategy; opened again, it finds what it would
// have found, and a canceled context ends it all the same.
func TestGate(t *testing.T) {
	for _, strategy := range []allways.Strategy{allways.BFS, allways.DFS} {
		for _, workers := range []int{1, 3} {
			t.Run(strategy.String(), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					gate, latest := &allways.Gate{}, make(chan allways.Progress, 1)
					o := allways.Options{
						Strategy: strategy, Workers: workers, Gate: gate, Stop: allways.StopNever,
						Progress: func(p allways.Progress) {
							select {
							case <-latest:
							default:
							}
							latest <- p
						},
					}
					long := chainModel(100)
					long.Props = nil
					ctx, cancel := context.WithCancel(t.Context())
					ended := make(chan *allways.Result[int, string], 1)
					go func() {
						r, err := allways.Check(ctx, slowly(long), o)
						if err != nil {
							t.Error(err)
						}
						ended <- r
					}()
					time.Sleep(20 * time.Second)
					gate.Shut()
					time.Sleep(5 * time.Second) // the states under way
					before := <-latest
					time.Sleep(time.Hour)
					if after := <-latest; after.Generated != before.Generated || after.Slow != "" || before.Generated == 0 {
						t.Errorf("%+v, later %+v", before, after)
					}
					gate.Open()
					if r := <-ended; !r.Complete || r.Stats.Distinct < 100 {
						t.Errorf("%+v", r)
					}
					gate.Shut()
					go func() {
						r, err := allways.Check(ctx, slowly(long), o)
						if err != nil {
							t.Error(err)
						}
						ended <- r
					}()
					time.Sleep(time.Minute)
					cancel()
					if r := <-ended; r.StopReason != allways.StopReasonCanceled {
						t.Errorf("%+v", r)
					}
				})
			})
		}
	}
}

// Progress names what is decided while the search goes on.
func TestDecidedInProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := slowly(chainModel(50))
		m.Props = []allways.Property[int]{
			allways.Always("early", func(n int) bool { return n < 5 }),
			allways.Sometimes("late", func(n int) bool { return n == 45 }),
		}
		var all [][]string
		_, err := allways.Check(t.Context(), m, allways.Options{
			Workers: 1, Stop: allways.StopNever, Progress: func(p allways.Progress) { all = append(all, p.Decided) },
		})
		if err != nil {
			t.Fatal(err)
		}
		counts := map[int]int{}
		for _, names := range all {
			counts[len(names)]++
		}
		if counts[0] == 0 || counts[1] < 20 || counts[2] == 0 {
			t.Errorf("reports by decided properties: %v", counts)
		}
	})
}
