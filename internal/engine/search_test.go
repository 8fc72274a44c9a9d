package engine_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/graphtest"
)

// eachConfig calls f for every store and 1 to 3 workers.
func eachConfig(f func(name string, cfg engine.Config)) {
	for _, fingerprint := range []bool{false, true} {
		for workers := 1; workers <= 3; workers++ {
			f(fmt.Sprintf("fingerprint=%t/workers=%d", fingerprint, workers), engine.Config{
				Workers: workers, Fingerprints: fingerprint, Want: graphtest.WantStates, Steps: graphtest.WantSteps,
			})
		}
	}
}

// checkCounts compares what every search must agree on.
func checkCounts(t *testing.T, name string, out *engine.Outcome, want *graphtest.Searched) {
	t.Helper()
	if out.Generated != want.Generated || out.Distinct != want.Distinct || out.Bounded != want.Boundary {
		t.Errorf("%s: generated %d, distinct %d, boundary %t; want %d, %d, %t",
			name, out.Generated, out.Distinct, out.Bounded, want.Generated, want.Distinct, want.Boundary)
	}
	reason := engine.StopReasonNone
	if want.CutDepth {
		reason = engine.StopReasonDepth
	}
	if out.StopReason != reason {
		t.Errorf("%s: stop reason %d, want %d", name, out.StopReason, reason)
	}
	if got, want := len(out.Discoveries), len(want.First); got != want {
		t.Errorf("%s: %d properties decided, want %d", name, got, want)
	}
	for i, d := range out.Discoveries {
		if want.First[i] == nil || d.Property != i || d.Trail == nil {
			t.Errorf("%s: property %d decided by %+v, want %v", name, i, d, want.First[i])
		}
	}
}

// A breadth-first search with any store and any number of workers is the sequential one: the same
// counts, the same states in the same order, and the same trails.
func TestBreadthFirstIsSequential(t *testing.T) {
	graphtest.Each(t, 2000, 60, func(t *testing.T, g *graphtest.Space, r *rand.Rand) {
		depth := graphtest.RandomDepth(r)
		want := g.Search(depth)
		eachConfig(func(name string, cfg engine.Config) {
			cfg.Budget = graphtest.Budget(t, g, engine.Limits{MaxDepth: depth})
			checkSequential(t, name, g, &cfg, want)
		})
	})
}

// checkSequential makes a breadth-first search, which must be the sequential one: the same counts, the same states in
// the same order, and the same trails.
func checkSequential(t *testing.T, name string, g *graphtest.Space, cfg *engine.Config, want *graphtest.Searched) {
	t.Helper()
	var order []int
	cfg.Visit = func(v *engine.Visit) {
		order = append(order, g.Node(v.State))
		if v.Depth != want.Depths[g.Node(v.State)] {
			t.Errorf("%s: node %d visited at depth %d, want %d", name, g.Node(v.State), v.Depth,
				want.Depths[g.Node(v.State)])
		}
	}
	out, err := engine.BreadthFirst(g, cfg)
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
		if nodes := g.Nodes(d.Trail); !slices.Equal(nodes, want.First[i]) || d.Trail.Act != want.Act[i] ||
			d.Trail.Loop != -1 {
			t.Errorf("%s: property %d: %v, action %d; want %v, %d", name, i, nodes, d.Trail.Act, want.First[i],
				want.Act[i])
		}
	}
}

// A search that stops in the middle of a level still reports a shortest trail for all that it
// found.
func TestStoppedSearchKeepsTrails(t *testing.T) {
	graphtest.Each(t, 400, 60, func(t *testing.T, g *graphtest.Space, r *rand.Rand) {
		want := g.Search(0)
		limit := 1 + r.Int64N(want.Distinct)
		eachConfig(func(name string, cfg engine.Config) {
			cfg.Budget = graphtest.Budget(t, g, engine.Limits{MaxStates: limit})
			out, err := engine.BreadthFirst(g, &cfg)
			if err != nil {
				t.Fatal(err)
			}
			if out.StopReason != engine.StopReasonStates || out.Distinct < limit {
				t.Errorf("%s: stop reason %d at %d states, want %d at %d or more", name, out.StopReason, out.Distinct,
					engine.StopReasonStates, limit)
			}
			for i, d := range out.Discoveries {
				if d.Trail == nil {
					t.Errorf("%s: property %d: no trail", name, i)
				} else if flaw := g.Flaw(d.Trail, i); flaw != "" ||
					len(d.Trail.States) != want.Depths[g.Nodes(d.Trail)[len(d.Trail.States)-1]] {
					t.Errorf("%s: property %d: %v: %s", name, i, g.Nodes(d.Trail), flaw)
				}
			}
		})
	})
}

// With a depth limit, a depth-first search visits exactly what a breadth-first search visits, knows
// the least depth of each state, and counts each expansion once; without one it visits every state.
func TestDepthFirst(t *testing.T) {
	graphtest.Each(t, 2000, 60, func(t *testing.T, g *graphtest.Space, r *rand.Rand) {
		depth := graphtest.RandomDepth(r)
		want := g.Search(depth)
		eachConfig(func(name string, cfg engine.Config) {
			visits := map[int]int{}
			cfg.Budget = graphtest.Budget(t, g, engine.Limits{MaxDepth: depth})
			cfg.Visit = func(v *engine.Visit) { visits[g.Node(v.State)]++ }
			out, err := engine.DepthFirst(g, &cfg)
			if err != nil {
				t.Fatal(err)
			}
			checkCounts(t, name, out, want)
			if depth > 0 && out.Depth != want.Depth || out.Depth < want.Depth {
				t.Errorf("%s: depth %d, want %d", name, out.Depth, want.Depth)
			}
			for n, times := range visits {
				if times != 1 || want.Depths[n] == 0 {
					t.Errorf("%s: node %d visited %d times", name, n, times)
				}
			}
			if int64(len(visits)) != want.Distinct {
				t.Errorf("%s: %d nodes visited, want %d", name, len(visits), want.Distinct)
			}
			for i, d := range out.Discoveries {
				if flaw := g.Flaw(d.Trail, i); flaw != "" {
					t.Errorf("%s: property %d: %v: %s", name, i, g.Nodes(d.Trail), flaw)
				}
				if depth > 0 && len(d.Trail.States) > depth {
					t.Errorf("%s: property %d: a trail of %d states, the limit is %d", name, i, len(d.Trail.States),
						depth)
				}
			}
		})
	})
}

// A state that is met higher than it was expanded is expanded again, so that the limit cuts off
// what it should and no more, and its steps still count once.
func TestDepthFirstMeetsHigher(t *testing.T) {
	// The first action leads the long way to node 5, the second one straight to it; from there
	// three steps go on.
	g := graphtest.New([]int{0}, []int{1, 5}, []int{2}, []int{3}, []int{4}, []int{5}, []int{6}, []int{7}, []int{8}, nil)
	eachConfig(func(name string, cfg engine.Config) {
		for depth := 1; depth <= 10; depth++ {
			want := g.Search(depth)
			cfg.Budget = graphtest.Budget(t, g, engine.Limits{MaxDepth: depth})
			out, err := engine.DepthFirst(g, &cfg)
			if err != nil {
				t.Fatal(err)
			}
			checkCounts(t, fmt.Sprint(name, ", depth ", depth), out, want)
			if out.Depth != want.Depth {
				t.Errorf("%s, depth %d: the least depths go to %d, want %d", name, depth, out.Depth, want.Depth)
			}
		}
	})
}

// Workers that wait for work are woken when the search ends: in a chain there is never any to
// share.
func TestDepthFirstWakesAll(t *testing.T) {
	g := graphtest.Chain(3000)
	for range 50 {
		b := graphtest.Budget(t, g, engine.Limits{MaxStates: 2000})
		out, err := engine.DepthFirst(g, &engine.Config{Workers: 4, Budget: b})
		if err != nil || out.StopReason != engine.StopReasonStates {
			t.Fatalf("%+v, %v", out, err)
		}
	}
}

// searches are the searches that decide properties, by whether they go depth-first.
var searches = map[bool]func(engine.Space, *engine.Config) (*engine.Outcome, error){
	false: engine.BreadthFirst, true: engine.DepthFirst,
}

// Tolerable misbehaviour in some states leaves the rest to be searched, and is reported where a
// sequential search meets it first.
func TestMisbehaviour(t *testing.T) {
	graphtest.Each(t, 400, 20, func(t *testing.T, g *graphtest.Space, r *rand.Rand) {
		for i := range g.Panics {
			g.Panics[i] = r.IntN(6) == 0
		}
		want := g.Search(0)
		eachConfig(func(name string, cfg engine.Config) {
			for deep, search := range searches {
				cfg.Budget = graphtest.Budget(t, g, engine.Limits{})
				out, err := search(g, &cfg)
				if err != nil {
					t.Fatal(err)
				}
				if out.Distinct != want.Distinct || out.Generated != want.Generated ||
					(out.Misbehaviour != nil) != (want.Misbehaviour != nil) {
					t.Errorf("%s, deep %t: distinct %d, generated %d, misbehaviour %v; want %d, %d, %v",
						name, deep, out.Distinct, out.Generated, out.Misbehaviour,
						want.Distinct, want.Generated, want.Misbehaviour)
					return
				}
				if out.Misbehaviour == nil {
					continue
				}
				if out.StopReason != engine.StopReasonModel || out.Misbehaviour.Err.Message != graphtest.ErrNode ||
					out.Misbehaviour.Trail == nil {
					t.Errorf("%s, deep %t: stop reason %d, misbehaviour %+v", name, deep, out.StopReason, out.Misbehaviour)
					return
				}
				nodes := g.Nodes(out.Misbehaviour.Trail)
				if !deep && !slices.Equal(nodes, want.Misbehaviour) || !g.Panics[nodes[len(nodes)-1]] {
					t.Errorf("%s, deep %t: misbehaviour at the end of %v, want %v", name, deep, nodes, want.Misbehaviour)
				}
			}
		})
	})
	g := graphtest.New([]int{0}, []int{0})
	g.NoInit = true
	for deep, search := range searches {
		out, err := search(g, &engine.Config{Budget: graphtest.Budget(t, g, engine.Limits{})})
		if err != nil || out.StopReason != engine.StopReasonModel || out.Misbehaviour == nil ||
			out.Misbehaviour.Err.Message != graphtest.ErrNode || out.Distinct != 0 {
			t.Errorf("Init, deep %t: %+v, %v", deep, out, err)
		}
	}
}
