package main

import (
	"fmt"
	"testing"

	"github.com/allways-go/allways"
)

// sizes are the counts of the measured models: a fast search that misses states is worthless.
var sizes = map[int]struct{ generated, distinct int64 }{
	7: {2_744_706, 296_448},
	8: {18_507_778, 1_745_408},
	9: {123_558_402, 10_340_352},
}

// benchmark reports the generated states per second over all iterations, and the bytes of the
// checker's tables per distinct state.
func benchmark[S, A any](b *testing.B, m allways.Model[S, A], rms int, o allways.Options) (last allways.Stats) {
	b.Helper()
	generated, runs := int64(0), 0
	for b.Loop() {
		r, err := allways.Check(b.Context(), m, o)
		if err != nil {
			b.Fatal(err)
		}
		last = r.Stats
		generated += last.Generated
		runs++
		if want := sizes[rms]; !r.Complete || last.Generated != want.generated || last.Distinct != want.distinct {
			b.Fatalf("generated %d, distinct %d, complete %t; want %d, %d", last.Generated, last.Distinct,
				r.Complete, want.generated, want.distinct)
		}
	}
	b.ReportMetric(float64(generated)/b.Elapsed().Seconds(), "states/s")
	b.ReportMetric(last.BytesPerState(), "B/state")
	return last
}

func BenchmarkTwoPhase(b *testing.B) {
	for _, rms := range []int{7, 8, 9} {
		for _, o := range []allways.Options{{Workers: 1}, {Workers: 2},
			{Workers: 2, Store: allways.StoreFingerprints}} {
			name := fmt.Sprintf("rms=%d/workers=%d", rms, o.Workers)
			if o.Store != allways.StoreExact {
				name += "/" + o.Store.String()
			}
			b.Run(name, func(b *testing.B) { benchmark(b, newModel(b, rms), rms, o) })
		}
	}
}

// BenchmarkTwoPhaseBeyondMemory compares with BenchmarkTwoPhase of the same size, which takes ten times the memory.
func BenchmarkTwoPhaseBeyondMemory(b *testing.B) {
	for rms, memory := range map[int]int64{7: 2 << 20, 8: 6 << 20} {
		for _, workers := range []int{1, 2} {
			b.Run(fmt.Sprintf("rms=%d/workers=%d", rms, workers), func(b *testing.B) {
				last := benchmark(b, newModel(b, rms), rms, allways.Options{
					Workers: workers, MaxMemory: memory, Spill: b.TempDir(),
				})
				b.ReportMetric(float64(last.Written)/float64(last.Distinct), "written-B/state")
				b.ReportMetric(float64(last.Read)/float64(last.Distinct), "read-B/state")
			})
		}
	}
}

// BenchmarkTwoPhaseMaps compares with BenchmarkTwoPhase of the same size.
func BenchmarkTwoPhaseMaps(b *testing.B) {
	for _, rms := range []int{7, 8} {
		for _, workers := range []int{1, 2} {
			b.Run(fmt.Sprintf("rms=%d/workers=%d", rms, workers), func(b *testing.B) {
				benchmark(b, MapModel{N: rms}, rms, allways.Options{Workers: workers})
			})
		}
	}
}
