package engine_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/allways-go/allways/internal/beyond"
	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/graphtest"
)

// A breadth-first search that goes on on disk, from wherever on, is the sequential one: the same counts, the same
// states in the same order, and the same trails, for any number of workers and partitions. It leaves no file and holds
// no memory.
func TestSpilledSearchIsSequential(t *testing.T) {
	graphtest.Each(t, 1000, 60, func(t *testing.T, g *graphtest.Space, r *rand.Rand) {
		depth := graphtest.RandomDepth(r)
		want := g.Search(depth)
		for workers := 1; workers <= 3; workers++ {
			place := beyond.Place{Dir: t.TempDir(), Partitions: 1 + r.IntN(5), Most: 1 + r.IntN(1+r.IntN(40))}
			name := fmt.Sprintf("workers=%d/partitions=%d/most=%d", workers, place.Partitions, place.Most)
			cfg := engine.Config{
				Workers: workers, Want: graphtest.WantStates, Steps: graphtest.WantSteps, Spill: place,
				Budget: graphtest.Budget(t, g, engine.Limits{MaxDepth: depth, Seed: r.Uint64()}),
			}
			var order []int
			cfg.Visit = func(v *engine.Visit) {
				order = append(order, g.Node(v.State))
				if v.Depth != want.Depths[g.Node(v.State)] {
					t.Errorf("%s: node %d visited at depth %d, want %d", name, g.Node(v.State), v.Depth,
						want.Depths[g.Node(v.State)])
				}
			}
			out, err := engine.BreadthFirst(g, &cfg)
			if err != nil {
				t.Fatal(err)
			}
			checkCounts(t, name, out, want)
			if out.Depth != want.Depth || [3]int64(out.NewByName[:3]) != want.NewByName {
				t.Errorf("%s: depth %d, new %v; want %d, %v", name, out.Depth, out.NewByName[:3], want.Depth,
					want.NewByName)
			}
			if !slices.Equal(order, want.Order) {
				t.Errorf("%s: order of visits\n%v, want\n%v", name, order, want.Order)
			}
			for i, d := range out.Discoveries {
				if nodes := g.Nodes(d.Trail); !slices.Equal(nodes, want.First[i]) || d.Trail.Act != want.Act[i] {
					t.Errorf("%s: property %d: %v, action %d; want %v, %d", name, i, nodes, d.Trail.Act, want.First[i],
						want.Act[i])
				}
			}
			if left, err := os.ReadDir(place.Dir); err != nil || len(left) > 0 {
				t.Errorf("%s: files are left: %v, %v", name, left, err)
			}
			if size := cfg.Budget.Memory(); size != g.Memory() {
				t.Errorf("%s: %d bytes are still held", name, size)
			}
		}
	})
}
