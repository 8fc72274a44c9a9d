package allways_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/fair"
)

// drawPromise returns a random promise about runs, with random fairness.
func drawPromise(t *rapid.T) (p allways.Property[int]) {
	bit := rapid.IntRange(0, 2).Draw(t, "bit")
	has, odd := func(s int) bool { return s>>bit&1 != 0 }, func(s int) bool { return s&1 != 0 }
	switch rapid.IntRange(0, 6).Draw(t, "kind") {
	case 0:
		return allways.AlwaysPossible("f", has)
	case 1:
		p = allways.LeadsTo("f", has, odd)
	case 2:
		p = allways.Eventually("f", has)
	case 3:
		p = allways.Until("f", has, odd)
	default:
		p = allways.Temporal("f", newLetters().draw(t, rapid.IntRange(0, 5).Draw(t, "operators")).public)
	}
	p, _ = drawFairness(t, p, &fair.Search{})
	return p
}

// A simulation refutes no promise about runs but those that a search refutes, and with many walks through a few states
// it refutes them all. Its path is the same for any number of workers, and is a counterexample when it runs again.
func TestWalksRefutePromisesAboutRuns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawTable(t)
		m.props = []allways.Property[int]{drawPromise(t)}
		want := resultOf(t, m, allways.Options{Workers: 1})
		o := allways.SimulateOptions{Walks: 600, MaxDepth: 80, Seed: rapid.Uint64().Draw(t, "seed")}
		var got [2]shown
		for i := range got {
			o.Workers = 1 + 2*i
			r, err := allways.Simulate(t.Context(), m, o)
			if err != nil {
				t.Fatal(err)
			}
			got[i] = shownOf(r)
			if p := r.Properties[0]; p.Verdict == allways.Inconclusive && p.Reason != string(allways.StopReasonWalks) {
				t.Fatalf("it is inconclusive for the reason %q", p.Reason)
			}
		}
		switch {
		case got[0] != got[1]:
			t.Fatalf("with 3 workers: %+v, with one %+v", got[1], got[0])
		case want.verdict == allways.Violated && got[0].verdict != allways.Violated:
			t.Fatalf("it missed %+v", want)
		case want.verdict != allways.Violated && got[0].verdict != allways.Inconclusive:
			t.Fatalf("%+v, but a search says %v", got[0], want)
		}
	})
}
