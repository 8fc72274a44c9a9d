package exampletest

import (
	"fmt"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
)

// Bench measures complete searches of a system by one worker and by two, and asserts the numbers of
// generated and distinct states. make returns a new system, so that no search profits from what
// another one has computed.
func Bench[M any](b *testing.B, name string, make func() *actor.System[M], generated, distinct int64) {
	for _, workers := range []int{1, 2} {
		b.Run(fmt.Sprintf("%s/workers=%d", name, workers), func(b *testing.B) {
			total := int64(0)
			for b.Loop() {
				r, err := allways.Check(b.Context(), make(), allways.Options{Workers: workers})
				if err != nil {
					b.Fatal(err)
				}
				total += r.Stats.Generated
				if r.Stats.Generated != generated || r.Stats.Distinct != distinct {
					b.Fatalf("generated %d, distinct %d; want %d, %d", r.Stats.Generated, r.Stats.Distinct, generated, distinct)
				}
				b.ReportMetric(r.Stats.BytesPerState(), "B/state")
			}
			b.ReportMetric(float64(total)/b.Elapsed().Seconds(), "states/s")
		})
	}
}
