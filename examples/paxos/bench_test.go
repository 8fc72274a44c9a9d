package main

import (
	"fmt"
	"testing"

	"github.com/allways-go/allways"
)

// BenchmarkPaxos searches all behaviours of 3 servers and some clients on an unordered network.
func BenchmarkPaxos(b *testing.B) {
	for _, c := range []struct {
		clients             int
		generated, distinct int64
	}{{3, 2_420_477, 1_194_428}, {6, 18_972_647, 9_357_525}} {
		for _, workers := range []int{1, 2} {
			b.Run(fmt.Sprintf("clients=%d/workers=%d", c.clients, workers), func(b *testing.B) {
				generated := int64(0)
				for b.Loop() {
					r, err := allways.Check(b.Context(), Model{Servers: 3, Clients: c.clients}.System(), allways.Options{Workers: workers})
					if err != nil {
						b.Fatal(err)
					}
					generated += r.Stats.Generated
					if r.Stats.Generated != c.generated || r.Stats.Distinct != c.distinct {
						b.Fatalf("generated %d, distinct %d; want %d, %d", r.Stats.Generated, r.Stats.Distinct, c.generated, c.distinct)
					}
					b.ReportMetric(r.Stats.BytesPerState(), "B/state")
				}
				b.ReportMetric(float64(generated)/b.Elapsed().Seconds(), "states/s")
			})
		}
	}
}

// BenchmarkSimulation makes random walks on one core.
func BenchmarkSimulation(b *testing.B) {
	steps, seed := int64(0), uint64(0)
	for b.Loop() {
		seed++
		r, err := allways.Simulate(b.Context(), Model{Servers: 3, Clients: 2}.System(), allways.Options{Workers: 1, Walks: 50_000, Seed: seed, Stop: allways.StopNever})
		if err != nil {
			b.Fatal(err)
		}
		for _, a := range r.Actions {
			steps += a.Taken
		}
	}
	b.ReportMetric(float64(steps)/b.Elapsed().Seconds(), "steps/s")
}
