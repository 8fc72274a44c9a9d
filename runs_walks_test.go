package allways_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/fair"
	"github.com/allways-go/allways/internal/longtest"
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
	longtest.Checks(t, 40)
	rapid.Check(t, func(t *rapid.T) {
		m := drawTable(t)
		m.props = []allways.Property[int]{drawPromise(t)}
		want := resultOf(t, m, allways.Options{Workers: 1})
		o := allways.SimulateOptions{
			Walks: longtest.Size(300, 600), MaxDepth: longtest.Size(50, 80), Seed: rapid.Uint64().Draw(t, "seed"), Workers: 1,
		}
		got := shownByWalks(t, m, o)
		o.Workers = 3
		switch again := shownByWalks(t, m, o); {
		case got != again:
			t.Fatalf("with 3 workers: %+v, with one %+v", again, got)
		case want.verdict == allways.Violated && got.verdict != allways.Violated:
			t.Fatalf("it missed %+v", want)
		case want.verdict != allways.Violated && got.verdict != allways.Inconclusive:
			t.Fatalf("%+v, but a search says %v", got, want)
		}
		o.MaxDepth = rapid.IntRange(1, 6).Draw(t, "depth")
		if got := shownByWalks(t, m, o); got.verdict == allways.Violated && want.verdict != allways.Violated {
			t.Fatalf("short walks: %+v, but a search says %v", got, want)
		}
	})
}

// shownByWalks is what a simulation of one promise shows.
func shownByWalks(t *rapid.T, m written, o allways.SimulateOptions) shown {
	r, err := allways.Simulate(t.Context(), m, o)
	if err != nil {
		t.Fatal(err)
	}
	s := shownOf(r)
	switch p := r.Properties[0]; p.Verdict {
	case allways.Inconclusive:
		if p.Reason != string(allways.StopReasonWalks) {
			t.Fatalf("it is inconclusive for the reason %q", p.Reason)
		}
	case allways.Violated:
		if p.Kind == allways.KindPossible {
			break // a path alone shows nothing
		}
		stepper, err := allways.NewStepper(m)
		if err != nil {
			t.Fatal(err)
		}
		path, err := stepper.ParsePath(s.path)
		if err != nil {
			t.Fatal(err)
		}
		if v, err := stepper.Evaluate(path, "f"); v != allways.Violated {
			t.Fatalf("the path %s shows %v (%v)", s.path, v, err)
		}
	}
	return s
}

// longWay is a model that counts up to a limit, and then goes around there.
func longWay(top int) allways.Funcs[int, string] {
	return allways.Funcs[int, string]{
		InitFunc: func() []int { return []int{0} },
		ActionsFunc: func(dst []string, s int) []string {
			switch s {
			case top:
				return append(dst, "back")
			case 40:
				return append(dst, "jump") // there, the step alone tells runs apart
			case 50:
				return append(dst, "leave", "go")
			}
			return append(dst, "go")
		},
		NextFunc: func(s int, a string) (int, bool) {
			switch a {
			case "back":
				return top - 3, true
			case "leave":
				return -1, true
			}
			return s + 1, true
		},
		WithinFunc: func(s int) bool { return s >= 0 },
	}
}

// Walks may be longer than what is looked at together: what went before counts all the same.
func TestLongWalks(t *testing.T) {
	const top = 4100
	m := longWay(top)
	leave := allways.Enabled(allways.StepPredicate("leave", taken("leave")))
	jump := allways.StepPredicate("jump", taken("jump"))
	at := func(n int) allways.Formula[int] { return allways.Predicate("p", is(n)) }
	below := func(n int) func(int) bool { return func(s int) bool { return s < n } }
	fair := allways.WeaklyFair("go", taken("go"))
	promises := []struct {
		prop allways.Property[int]
		want allways.Verdict
	}{
		{allways.LeadsTo("asked early", is(40), is(top+1)), allways.Violated},
		{allways.LeadsTo("asked and answered early", is(40), is(41)), allways.Inconclusive},
		{allways.LeadsTo("never asked", is(-1), is(top+1)), allways.Inconclusive},
		{allways.Until("until the end", below(top), is(top)), allways.Inconclusive},
		{allways.Temporal("jumped", jump.Eventually()), allways.Inconclusive},
		{allways.Temporal("never jumped", jump.Not().Always()), allways.Violated},
		{allways.Temporal("was enabled", allways.Enabled(jump).Not().Always()), allways.Violated},
		{allways.Temporal("could leave", leave.Not().Always()), allways.Violated},
		{allways.Temporal("jumped where it may", at(40).Implies(jump).Always()), allways.Inconclusive},
		{allways.InfinitelyOften("top", is(top)).Assuming(fair), allways.Inconclusive},
		{allways.AlwaysPossible("early again", is(40)), allways.Violated},
		{allways.AlwaysPossible("top again", is(top)), allways.Inconclusive},
		{allways.Until("until", below(100), is(200)), allways.Violated},
		{allways.InfinitelyOften("early", is(40)).Assuming(fair), allways.Violated},
		{allways.Eventually("late", is(top+1)).Assuming(fair), allways.Violated},
		{allways.LeadsTo("stops early", is(40), is(50)).Assuming(allways.MayStop[int]()), allways.Violated},
	}
	promises = promises[:longtest.Size(len(promises)-4, len(promises))] // each long path is judged many times
	for _, p := range promises {
		m.Props = append(m.Props, p.prop)
	}
	r, err := allways.Simulate(t.Context(), m, allways.SimulateOptions{Walks: 2, MaxDepth: top + 20})
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range promises {
		if got := &r.Properties[i]; got.Verdict != p.want || (got.Path != nil) != (p.want == allways.Violated) {
			t.Errorf("%s: %v (%s), want %v", got.Name, got.Verdict, got.Reason, p.want)
		}
	}
}

// A promise that holds in part of the runs is not refuted by a run that is unfair: the walk goes on until a fair one.
func TestWalksGoOn(t *testing.T) {
	never := func(int) bool { return false }
	gone := allways.WeaklyFair("go", taken("go"))
	m := climber(3, []string{"stay", "go"},
		allways.Eventually("never", never), allways.LeadsTo("up", is(0), is(3)).Assuming(gone),
		allways.Eventually("beyond", is(4)).Assuming(gone))
	r, err := allways.Simulate(t.Context(), m, allways.SimulateOptions{Walks: 20})
	if err != nil {
		t.Fatal(err)
	}
	want := []allways.Verdict{allways.Violated, allways.Inconclusive, allways.Violated}
	for i, p := range r.Properties {
		if p.Verdict != want[i] {
			t.Errorf("%s: %v (%s), want %v", p.Name, p.Verdict, p.Reason, want[i])
		}
	}
	if p := r.Properties[2].Path; p == nil || p.Len() < 3 {
		t.Errorf("the path %v is no fair run", p)
	}
}
