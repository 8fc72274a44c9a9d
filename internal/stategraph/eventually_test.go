package stategraph_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/graphtest"
	"github.com/allways-go/allways/internal/stategraph"
)

// A search for a lasso finds a shortest path to a terminal state, or else a lasso whose stem and
// cycle have the fewest steps in all, and the same one whatever the number of workers.
func TestEventually(t *testing.T) {
	graphtest.Each(t, 3000, 40, func(t *testing.T, g *graphtest.Space, r *rand.Rand) {
		depth := graphtest.RandomDepth(r)
		want := g.Refute(depth)
		var first []int
		for workers := 1; workers <= 3; workers++ {
			name := fmt.Sprintf("workers=%d", workers)
			l := stategraph.Eventually(g, graphtest.Eventually, engine.Config{Workers: workers,
				Budget: graphtest.Budget(t, g, engine.Limits{MaxDepth: depth})})
			if (l.Refuted != nil) != (want.Terminal+want.Lasso > 0) {
				t.Errorf("%s: %+v, want %+v", name, l, want)
				return
			}
			if l.Refuted == nil {
				if l.Complete == (want.Boundary || want.CutDepth) || l.Bounded != want.Boundary ||
					(l.StopReason == engine.StopReasonDepth) != want.CutDepth {
					t.Errorf("%s: %+v, want %+v", name, l, want)
				}
				continue
			}
			if flaw := g.Flaw(l.Refuted, graphtest.Eventually); flaw != "" {
				t.Errorf("%s: %v: %s", name, g.Nodes(l.Refuted), flaw)
			}
			steps := len(l.Refuted.States)
			if terminal := l.Refuted.Loop < 0; terminal != (want.Terminal > 0) || terminal && steps != want.Terminal ||
				!terminal && steps != want.Lasso {
				t.Errorf("%s: %v, back to %d; want %+v", name, g.Nodes(l.Refuted), l.Refuted.Loop, want)
			}
			nodes := append(g.Nodes(l.Refuted), l.Refuted.Loop)
			if first == nil {
				first = nodes
			} else if !slices.Equal(nodes, first) {
				t.Errorf("%s: %v, and with one worker %v", name, nodes, first)
			}
		}
	})
}
