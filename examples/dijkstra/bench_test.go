package main

import (
	"fmt"
	"testing"

	"github.com/allways-go/allways"
)

// safety is the model without its promises about runs.
type safety struct{ Model }

func (m safety) Properties() []allways.Property[State] { return m.Model.Properties()[:1] }

func benchmark[S, A any](b *testing.B, name string, m allways.Model[S, A]) {
	for _, workers := range []int{1, 2} {
		b.Run(fmt.Sprintf("%s/workers=%d", name, workers), func(b *testing.B) {
			for b.Loop() {
				r, err := allways.Check(b.Context(), m, allways.Options{Workers: workers})
				if err != nil || r.Verdict != allways.Holds {
					b.Fatal(err, r.Verdict)
				}
				b.ReportMetric(r.Stats.BytesPerState(), "B/state")
			}
		})
	}
}

// BenchmarkDijkstra compares a search without and with three promises, under weak fairness for each of three
// processes.
func BenchmarkDijkstra(b *testing.B) {
	benchmark(b, "safety", safety{Model{N: 3}})
	benchmark(b, "leads to", Model{N: 3})
}
