package stategraph_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/graphtest"
	"github.com/allways-go/allways/internal/label"
	"github.com/allways-go/allways/internal/offheap"
	"github.com/allways-go/allways/internal/stategraph"
)

// together searches a space and collects its graph at the same time.
func together(t *testing.T, g *graphtest.Space, cfg *engine.Config) (*engine.Outcome, *collected) {
	labels := label.NewTable([]int{graphtest.Step}, nil)
	c := stategraph.Collecting{Predicates: []int{graphtest.Eventually}, Labels: labels}
	out, states, err := stategraph.SearchAndCollect(g, c, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if states == nil {
		return out, nil
	}
	t.Cleanup(states.Close)
	return out, &collected{states, g, labels.Labels()}
}

// findings are what a search has found, as text.
func findings(out *engine.Outcome) (all []string) {
	for _, i := range slices.Sorted(maps.Keys(out.Discoveries)) {
		all = append(all, fmt.Sprintf("%d: %v", i, out.Discoveries[i].Trail))
	}
	if m := out.Misbehaviour; m != nil {
		all = append(all, fmt.Sprintf("%v: %v", m.Err, m.Trail))
	}
	return all
}

// A search that collects the graph finds and counts what it does without, and the graph is the one that a second search
// collects.
func TestSearchAndCollect(t *testing.T) {
	found := 0
	graphtest.Each(t, 300, 20, func(t *testing.T, g *graphtest.Space, r *rand.Rand) {
		for i := range g.Panics {
			g.Panics[i] = r.IntN(40) == 0
		}
		depth, stops := graphtest.RandomDepth(r), r.IntN(2) == 0
		for workers := 1; workers <= 3; workers++ {
			config := func() *engine.Config {
				cfg := &engine.Config{
					Workers: workers, Want: 1<<graphtest.Always | 1<<graphtest.Sometimes | 1<<graphtest.Deadlock,
					Budget: graphtest.Budget(t, g, engine.Limits{MaxDepth: depth}),
				}
				if stops {
					cfg.Stop = func(decided engine.Mask, _ *engine.Misbehaviour) bool { return decided != 0 }
				}
				return cfg
			}
			want, err := engine.BreadthFirst(g, config())
			if err != nil {
				t.Fatal(err)
			}
			got, c := together(t, g, config())
			found += len(findings(want))
			if !slices.Equal(findings(got), findings(want)) {
				t.Errorf("found %q, want %q", findings(got), findings(want))
			}
			got.Discoveries, want.Discoveries, got.Misbehaviour, want.Misbehaviour = nil, nil, nil, nil
			got.PeakMemory, want.PeakMemory = 0, 0
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, want %+v", got, want)
			}
			c.check(t, fmt.Sprintf("workers=%d", workers))
			if c.StopReason != want.StopReason && want.StopReason != engine.StopReasonModel {
				t.Errorf("the graph was ended by %d, the search by %d", c.StopReason, want.StopReason)
			}
			if want.StopReason == engine.StopReasonNone {
				same(t, c, collect(t, g, workers, engine.Limits{}))
			}
		}
	})
	if found == 0 {
		t.Error("no search has found anything")
	}
}

// same checks that two graphs of a space are equal.
func same(t *testing.T, a, b *collected) {
	t.Helper()
	if a.Inits != b.Inits || !slices.Equal(a.Flags, b.Flags) || !slices.Equal(a.Holds, b.Holds) {
		t.Errorf("%d initial states, flags %b, want %d, %b", a.Inits, a.Flags, b.Inits, b.Flags)
		return
	}
	for v := range a.Flags {
		if a.node(v) != b.node(v) || !slices.Equal(a.edges(v), b.edges(v)) {
			t.Errorf("node %d is %d with %q, want %d with %q", v, a.node(v), a.edges(v), b.node(v), b.edges(v))
		}
	}
}

// A limit of memory that is enough for a search is enough for it with a graph, which is dropped in time.
func TestSearchWithoutMemoryForGraph(t *testing.T) {
	g := graphtest.Mesh(1500, 12)
	search := func(limit int64, workers int) (*engine.Outcome, *collected) {
		b := graphtest.Budget(t, g, engine.Limits{MaxMemory: limit})
		return together(t, g, &engine.Config{Workers: workers, Budget: b})
	}
	dropped, kept := 0, 0
	for workers := 1; workers <= 2; workers++ {
		for limit := int64(1 << 18); limit < 8<<20; limit += limit / 4 {
			alone, err := engine.BreadthFirst(g, &engine.Config{
				Workers: workers, Budget: graphtest.Budget(t, g, engine.Limits{MaxMemory: limit}),
			})
			if err != nil {
				t.Fatal(err)
			}
			out, c := search(limit, workers)
			if alone.StopReason == engine.StopReasonNone && (out.StopReason != 0 || out.Distinct != alone.Distinct) {
				t.Errorf("limit %d: stop reason %d, %d states, want %d", limit, out.StopReason, out.Distinct, alone.Distinct)
			}
			if out.StopReason != engine.StopReasonNone {
				continue
			}
			if c == nil {
				dropped++
				continue
			}
			kept++
			c.check(t, fmt.Sprintf("limit %d", limit))
		}
	}
	if dropped == 0 || kept == 0 {
		t.Errorf("%d graphs were dropped and %d kept", dropped, kept)
	}
}

// What is dropped is freed, and so is a graph that is closed.
func TestGraphIsFreed(t *testing.T) {
	before := offheap.Held()
	g := graphtest.Mesh(1500, 12)
	for _, limit := range []int64{0, 1 << 20} {
		t.Run("", func(t *testing.T) {
			together(t, g, &engine.Config{Budget: graphtest.Budget(t, g, engine.Limits{MaxMemory: limit})})
		})
	}
	if held := offheap.Held(); held != before {
		t.Errorf("%d bytes are held, and %d before", held, before)
	}
}
