package allways_test

import (
	"fmt"
	"testing"

	"github.com/allways-go/allways"
)

// BenchmarkRuns compares a search for safety with those that decide a promise about runs, too, on the detection of
// termination among seven nodes, which has 172,286 states: under weak fairness, and with ten constraints of strong
// fairness.
func BenchmarkRuns(b *testing.B) {
	sound := allways.Always("sound", func(s probe) bool { return !detected(s) || s.idle() })
	leads := allways.LeadsTo("terminated leads to detected", terminated, detected).Assuming(ringStop)
	var strong []allways.Fairness[probe]
	for node := range uint8(10) {
		strong = append(strong, allways.StronglyFair(fmt.Sprintf("node %d", node),
			func(_ probe, a probing, _ probe) bool { return a.Node == node%7 && a.Kind != "send" }))
	}
	for _, c := range []struct {
		name string
		prop allways.Property[probe]
	}{{"safety", sound}, {"weak", leads.Assuming(fairSystem)}, {"strong", leads.Assuming(strong...)}} {
		for _, workers := range []int{1, 2} {
			b.Run(fmt.Sprintf("%s/workers=%d", c.name, workers), func(b *testing.B) {
				m := probes(7)
				m.Props = []allways.Property[probe]{c.prop}
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
}
