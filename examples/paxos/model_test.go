package main

import (
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
)

func TestCounts(t *testing.T) {
	for _, c := range []struct {
		clients             int
		network             actor.Network
		generated, distinct int64
	}{
		{1, actor.Unordered, 482, 265},
		{1, actor.Ordered, 512, 237},
		{2, actor.Unordered, 32_971, 16_668},
		{3, actor.Unordered, 2_420_477, 1_194_428},
	} {
		for workers := 1; workers <= 2; workers++ {
			r, err := allways.Check(t.Context(), Model{Servers: 3, Clients: c.clients, Network: c.network}.System(), allways.Options{Workers: workers, Stop: allways.StopNever})
			if err != nil {
				t.Fatal(err)
			}
			if r.Verdict != allways.Holds || r.Stats.Generated != c.generated || r.Stats.Distinct != c.distinct {
				t.Errorf("%d clients, %v, %d workers: %v, generated %d, distinct %d; want %d and %d", c.clients, c.network, workers,
					r.Verdict, r.Stats.Generated, r.Stats.Distinct, c.generated, c.distinct)
			}
			t.Log(r.Stats)
			for _, p := range r.Properties {
				t.Log(p.Name, p.Verdict, p.Reason)
				if p.Path != nil {
					t.Log(p.Path)
				}
			}
		}
	}
}
