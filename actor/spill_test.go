package actor_test

import (
	"os"
	"testing"

	"pgregory.net/rapid"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/internal/beyond"
	"github.com/allways-go/allways/internal/exampletest"
	"github.com/allways-go/allways/internal/longtest"
)

// TestBeyondMemory compares searches of random systems that go beyond memory with those in memory: symmetric ones,
// ones that forget dead messages or what they remember, with histories and observers.
func TestBeyondMemory(t *testing.T) {
	longtest.Checks(t, 30)
	dir := t.TempDir()
	tally := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]string{"any", "symmetric", "forgetful"}).Draw(t, "kind")
		var w *scenario
		switch kind {
		case "any":
			w = drawScenario(t)
		case "symmetric":
			w = drawSymmetric(t)
		case "forgetful":
			w = drawForgettable(t)
			w.Ignored = uint8(actor.IgnoredForgotten)
		}
		w.Consume = false // it would promise what needs the graph of the states
		if w.simulated().TooMany {
			t.Skip("too large")
		}
		tally[kind]++
		o := allways.Options{
			Workers: 1, Symmetry: kind == "symmetric", Stop: rapid.SampledFrom([]allways.Stop{
				allways.StopNever, allways.StopDecided, allways.StopViolation,
			}).Draw(t, "stop"),
		}
		want, err := allways.Check(t.Context(), w.system(), o)
		if err != nil {
			t.Fatal(err)
		}
		restore := beyond.Force(rapid.IntRange(1, 30).Draw(t, "most"))
		defer restore()
		for workers := 1; workers <= 2; workers++ {
			o.Workers, o.Spill = workers, dir
			sys := w.system()
			if workers == 2 {
				sys = actor.LimitMemo(sys, forgetful)
			}
			got, err := allways.Check(t.Context(), sys, o)
			if err != nil {
				t.Fatal(err)
			}
			if exampletest.Whole(got) != exampletest.Whole(want) {
				t.Fatalf("%d workers, %+v:\n%s\nwant\n%s", workers, o, exampletest.Whole(got), exampletest.Whole(want))
			}
			if got.Stats.Written > 0 {
				tally["beyond"]++
			}
		}
	})
	t.Log(tally)
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("files are left: %v, %v", left, err)
	}
	if tally["beyond"] == 0 && !testing.Short() { // a short test has few systems, which may all be tiny
		t.Error("no search went beyond memory")
	}
}
