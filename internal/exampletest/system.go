package exampletest

import (
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/internal/longtest"
)

// plainSystem is a system of actors without the form in which searches take it: they run its
// Actions and Next instead.
type plainSystem[M any] struct {
	allways.Model[*actor.State[M], actor.Action[M]]
}

func (p plainSystem[M]) Within(s *actor.State[M]) bool { return p.Model.(*actor.Model[M]).Within(s) }

// AgreesWithPlain asserts that a search of a system finds what a search of its plain semantics
// finds: the same counts, the same verdicts and the same paths. Plain semantics are slow: unless
// the long tests run, a large system is compared in its first levels only, and no search stops when all is decided.
func AgreesWithPlain[M any](t *testing.T, sys *actor.System[M]) {
	t.Helper()
	model, err := sys.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	depth, stops := 0, []allways.Stop{allways.StopNever, allways.StopDecided}
	if !longtest.Enabled() {
		depth, stops = depthOf(t, sys, 80), stops[:1]
	}
	for _, stop := range stops {
		got := search(t, sys, stop, depth)
		want := search(t, plainSystem[M]{model}, stop, depth)
		if got.Stats.Generated != want.Stats.Generated || got.Stats.Distinct != want.Stats.Distinct ||
			got.Complete != want.Complete {
			t.Errorf("%v: generated %d, distinct %d, complete %t; the plain semantics have %d, %d, %t", stop,
				got.Stats.Generated, got.Stats.Distinct, got.Complete, want.Stats.Generated, want.Stats.Distinct, want.Complete)
		}
		for i, p := range got.Properties {
			w := want.Properties[i]
			if p.Name != w.Name || p.Verdict != w.Verdict || encoded(p.Path) != encoded(w.Path) {
				t.Errorf("%v: %s: %v, path %s; the plain semantics have %s: %v, path %s", stop,
					p.Name, p.Verdict, encoded(p.Path), w.Name, w.Verdict, encoded(w.Path))
			}
		}
	}
}

// depthOf returns the greatest depth to which a search of a system meets no more states than given,
// or 0 for no limit if the whole system has no more.
func depthOf[M any](t *testing.T, sys *actor.System[M], states int) int {
	t.Helper()
	r, err := allways.Check(t.Context(), sys, allways.Options{Workers: 1, Stop: allways.StopNever, MaxStates: states})
	if err != nil {
		t.Fatal(err)
	}
	if r.Complete {
		return 0
	}
	return r.Stats.Depth - 1 // the last level is not complete
}

func search[S, A any](t *testing.T, m allways.Model[S, A], stop allways.Stop, depth int) *allways.Result[S, A] {
	t.Helper()
	r, err := allways.Check(t.Context(), m, allways.Options{Workers: 1, Stop: stop, MaxDepth: depth})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func encoded[S, A any](p *allways.Path[S, A]) string {
	if p == nil {
		return "none"
	}
	return p.Encode()
}

// HoldsWith asserts that a complete search finds all properties to hold, and the exact numbers of
// generated and distinct states. It is for systems that are too large for [Counts].
func HoldsWith[M any](t *testing.T, sys *actor.System[M], workers int, generated, distinct int64) {
	t.Helper()
	r, err := allways.Check(t.Context(), sys, allways.Options{Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	if r.Verdict != allways.Holds || r.Stats.Generated != generated || r.Stats.Distinct != distinct {
		t.Errorf("%d workers: %v, generated %d, distinct %d; want %v, %d, %d",
			workers, r.Verdict, r.Stats.Generated, r.Stats.Distinct, allways.Holds, generated, distinct)
	}
}

// Networks returns every kind of network.
func Networks() []actor.Network {
	return []actor.Network{actor.Unordered, actor.Duplicating, actor.Ordered}
}
