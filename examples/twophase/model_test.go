package main

import (
	"fmt"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/exampletest"
)

func newModel(t testing.TB, n int) Model {
	m, err := New(n)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The counts are those of other checkers of the same specification; with symmetry they are the true orbits.
func TestCounts(t *testing.T) {
	for _, c := range []struct {
		rms                 int
		symmetry            bool
		generated, distinct int64
	}{
		{1, false, 20, 12},
		{2, false, 154, 56},
		{3, false, 1_146, 288},
		{4, false, 8_258, 1_568},
		{5, false, 58_146, 8_832},
		{7, false, 2_744_706, 296_448},
		{3, true, 318, 80},
		{5, true, 2_048, 314},
		{8, true, 15_287, 1_461},
		{10, true, 43_298, 3_300},
		{12, true, 105_081, 6_656},
	} {
		t.Run(fmt.Sprintf("%d/symmetry=%t", c.rms, c.symmetry), func(t *testing.T) {
			exampletest.Counts(t, newModel(t, c.rms), c.symmetry, c.generated, c.distinct)
		})
	}
}

func TestCountsOfManyResourceManagers(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	r, err := allways.Check(t.Context(), newModel(t, 8), allways.Options{})
	if err != nil || r.Stats.Generated != 18_507_778 || r.Stats.Distinct != 1_745_408 || r.Stats.Depth != 26 {
		t.Errorf("%+v, %v", r.Stats, err)
	}
}

func TestMapsHaveTheSameCounts(t *testing.T) {
	exampletest.Counts(t, MapModel{N: 3}, false, 1_146, 288)
	exampletest.Counts(t, MapModel{N: 5}, false, 58_146, 8_832)
}

func TestHolds(t *testing.T) {
	exampletest.Holds(t, newModel(t, 3))
	exampletest.Holds(t, MapModel{N: 3})
}

func TestBroken(t *testing.T) {
	m := newModel(t, 3)
	m.Hasty = true
	exampletest.Trace(t, m, "consistent", allways.Violated,
		"Prepare(0)", "TMReceivePrepared(0)", "Prepare(1)", "TMReceivePrepared(1)", "TMCommit", "ReceiveCommit(0)", "ChooseToAbort(2)")
}

func TestWitness(t *testing.T) {
	exampletest.Trace(t, newModel(t, 2), "commit agreement", allways.Holds,
		"Prepare(0)", "TMReceivePrepared(0)", "Prepare(1)", "TMReceivePrepared(1)", "TMCommit", "ReceiveCommit(0)", "ReceiveCommit(1)")
}

func benchmark[S, A any](b *testing.B, m allways.Model[S, A], workers int) {
	var r *allways.Result[S, A]
	for b.Loop() {
		var err error
		if r, err = allways.Check(b.Context(), m, allways.Options{Workers: workers}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(r.Stats.Rate(), "states/s")
	b.ReportMetric(r.Stats.BytesPerState(), "B/state")
}

func BenchmarkTwoPhase(b *testing.B) {
	for _, c := range []struct{ rms, workers int }{{7, 1}, {7, 2}, {8, 1}, {8, 2}, {9, 1}, {9, 2}} {
		b.Run(fmt.Sprintf("rms=%d/workers=%d", c.rms, c.workers), func(b *testing.B) {
			benchmark(b, newModel(b, c.rms), c.workers)
		})
	}
}

func BenchmarkTwoPhaseMaps(b *testing.B) {
	b.Run("rms=7/workers=1", func(b *testing.B) { benchmark(b, MapModel{N: 7}, 1) })
	b.Run("rms=7/workers=2", func(b *testing.B) { benchmark(b, MapModel{N: 7}, 2) })
}
