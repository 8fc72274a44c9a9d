package engine

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/allways-go/allways/internal/longtest"
)

// eachGraph calls f for random graphs, most of them small, some with levels wide enough to be
// shared by workers.
func eachGraph(t *testing.T, small, wide int, f func(t *testing.T, g *graphSpace, r *rand.Rand)) {
	t.Helper()
	small, wide = longtest.Size(small/10, small), longtest.Size(wide/10, wide)
	for seed := range uint64(small + wide) {
		r := rand.New(rand.NewPCG(seed, 3))
		nodes := 12
		if seed >= uint64(small) {
			nodes = wideNodes
		}
		f(t, randomSpace(r, nodes), r)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// eachConfig calls f for every store and 1 to 3 workers.
func eachConfig(f func(name string, cfg Config)) {
	for _, fingerprint := range []bool{false, true} {
		for workers := 1; workers <= 3; workers++ {
			f(fmt.Sprintf("fingerprint=%t/workers=%d", fingerprint, workers), Config{
				Workers: workers, Fingerprints: fingerprint, Want: wantStates, Steps: wantSteps,
			})
		}
	}
}

// budget returns an open-ended budget that is closed at the end of the test.
func budget(t testing.TB, space Space, l Limits) *Budget {
	b := NewBudget(context.Background(), space, l)
	t.Cleanup(b.Close)
	return b
}

// randomDepth limits a third of the searches.
func randomDepth(r *rand.Rand) int {
	if r.IntN(3) > 0 {
		return 0
	}
	return 1 + r.IntN(8)
}

// checkCounts compares what every search must agree on.
func checkCounts(t *testing.T, name string, out *Outcome, want *searched) {
	t.Helper()
	if out.Generated != want.generated || out.Distinct != want.distinct || out.Bounded != want.boundary {
		t.Errorf("%s: generated %d, distinct %d, boundary %t; want %d, %d, %t",
			name, out.Generated, out.Distinct, out.Bounded, want.generated, want.distinct, want.boundary)
	}
	reason := StopReasonNone
	if want.cutDepth {
		reason = StopReasonDepth
	}
	if out.StopReason != reason {
		t.Errorf("%s: stop reason %d, want %d", name, out.StopReason, reason)
	}
	if got, want := len(out.Discoveries), len(want.first); got != want {
		t.Errorf("%s: %d properties decided, want %d", name, got, want)
	}
	for i, d := range out.Discoveries {
		if want.first[i] == nil || d.Property != i || d.Trail == nil {
			t.Errorf("%s: property %d decided by %+v, want %v", name, i, d, want.first[i])
		}
	}
}

// A breadth-first search with any store and any number of workers is the sequential one: the same
// counts, the same states in the same order, and the same trails.
func TestBreadthFirstIsSequential(t *testing.T) {
	eachGraph(t, 2000, 60, func(t *testing.T, g *graphSpace, r *rand.Rand) {
		depth := randomDepth(r)
		want := g.search(depth)
		eachConfig(func(name string, cfg Config) {
			var order []int
			cfg.Budget = budget(t, g, Limits{MaxDepth: depth})
			cfg.Visit = func(v *Visit) {
				order = append(order, g.node(v.State))
				if v.Depth != want.depths[g.node(v.State)] {
					t.Errorf("%s: node %d visited at depth %d, want %d", name, g.node(v.State), v.Depth,
						want.depths[g.node(v.State)])
				}
			}
			out, err := BreadthFirst(g, &cfg)
			if err != nil {
				t.Fatal(err)
			}
			checkCounts(t, name, out, want)
			if out.Depth != want.depth || [3]int64(out.NewByName[:3]) != want.newByName {
				t.Errorf("%s: depth %d, new %v; want %d, %v", name, out.Depth, out.NewByName[:3], want.depth,
					want.newByName)
			}
			if !slices.Equal(order, want.order) {
				t.Errorf("%s: order of visits\n%v, want\n%v", name, order, want.order)
			}
			for i, d := range out.Discoveries {
				if nodes := g.nodes(d.Trail); !slices.Equal(nodes, want.first[i]) || d.Trail.Act != want.act[i] ||
					d.Trail.Loop != -1 {
					t.Errorf("%s: property %d: %v, action %d; want %v, %d", name, i, nodes, d.Trail.Act, want.first[i],
						want.act[i])
				}
			}
		})
	})
}

// A search that stops in the middle of a level still reports a shortest trail for all that it
// found.
func TestStoppedSearchKeepsTrails(t *testing.T) {
	eachGraph(t, 400, 60, func(t *testing.T, g *graphSpace, r *rand.Rand) {
		want := g.search(0)
		limit := 1 + r.Int64N(want.distinct)
		eachConfig(func(name string, cfg Config) {
			cfg.Budget = budget(t, g, Limits{MaxStates: limit})
			out, err := BreadthFirst(g, &cfg)
			if err != nil {
				t.Fatal(err)
			}
			if out.StopReason != StopReasonStates || out.Distinct < limit {
				t.Errorf("%s: stop reason %d at %d states, want %d at %d or more", name, out.StopReason, out.Distinct,
					StopReasonStates, limit)
			}
			for i, d := range out.Discoveries {
				if d.Trail == nil {
					t.Errorf("%s: property %d: no trail", name, i)
				} else if flaw := g.flaw(d.Trail, i); flaw != "" ||
					len(d.Trail.States) != want.depths[g.nodes(d.Trail)[len(d.Trail.States)-1]] {
					t.Errorf("%s: property %d: %v: %s", name, i, g.nodes(d.Trail), flaw)
				}
			}
		})
	})
}

// With a depth limit, a depth-first search visits exactly what a breadth-first search visits, knows
// the least depth of each state, and counts each expansion once; without one it visits every state.
func TestDepthFirst(t *testing.T) {
	eachGraph(t, 2000, 60, func(t *testing.T, g *graphSpace, r *rand.Rand) {
		depth := randomDepth(r)
		want := g.search(depth)
		eachConfig(func(name string, cfg Config) {
			visits := map[int]int{}
			cfg.Budget = budget(t, g, Limits{MaxDepth: depth})
			cfg.Visit = func(v *Visit) { visits[g.node(v.State)]++ }
			out, err := DepthFirst(g, &cfg)
			if err != nil {
				t.Fatal(err)
			}
			checkCounts(t, name, out, want)
			if depth > 0 && out.Depth != want.depth || out.Depth < want.depth {
				t.Errorf("%s: depth %d, want %d", name, out.Depth, want.depth)
			}
			for n, times := range visits {
				if times != 1 || want.depths[n] == 0 {
					t.Errorf("%s: node %d visited %d times", name, n, times)
				}
			}
			if int64(len(visits)) != want.distinct {
				t.Errorf("%s: %d nodes visited, want %d", name, len(visits), want.distinct)
			}
			for i, d := range out.Discoveries {
				if flaw := g.flaw(d.Trail, i); flaw != "" {
					t.Errorf("%s: property %d: %v: %s", name, i, g.nodes(d.Trail), flaw)
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
	g := newGraphSpace([]int{0}, []int{1, 5}, []int{2}, []int{3}, []int{4}, []int{5}, []int{6}, []int{7}, []int{8}, nil)
	eachConfig(func(name string, cfg Config) {
		for depth := 1; depth <= 10; depth++ {
			want := g.search(depth)
			cfg.Budget = budget(t, g, Limits{MaxDepth: depth})
			out, err := DepthFirst(g, &cfg)
			if err != nil {
				t.Fatal(err)
			}
			checkCounts(t, fmt.Sprint(name, ", depth ", depth), out, want)
			if out.Depth != want.depth {
				t.Errorf("%s, depth %d: the least depths go to %d, want %d", name, depth, out.Depth, want.depth)
			}
		}
	})
}

// Workers that wait for work are woken when the search ends: in a chain there is never any to
// share.
func TestDepthFirstWakesAll(t *testing.T) {
	g := chain(3000)
	for range 50 {
		out, err := DepthFirst(g, &Config{Workers: 4, Budget: budget(t, g, Limits{MaxStates: 2000})})
		if err != nil || out.StopReason != StopReasonStates {
			t.Fatalf("%+v, %v", out, err)
		}
	}
}

// A search for a lasso finds a shortest path to a terminal state, or else a lasso whose stem and
// cycle have the fewest steps in all, and the same one whatever the number of workers.
func TestEventually(t *testing.T) {
	eachGraph(t, 3000, 40, func(t *testing.T, g *graphSpace, r *rand.Rand) {
		depth := randomDepth(r)
		want := g.refute(depth)
		var first []int
		for workers := 1; workers <= 3; workers++ {
			name := fmt.Sprintf("workers=%d", workers)
			l, err := Eventually(g, propEventually, Config{Workers: workers,
				Budget: budget(t, g, Limits{MaxDepth: depth})})
			if err != nil {
				t.Fatal(err)
			}
			if (l.Refuted != nil) != (want.terminal+want.lasso > 0) {
				t.Errorf("%s: %+v, want %+v", name, l, want)
				return
			}
			if l.Refuted == nil {
				if l.Complete == (want.boundary || want.cutDepth) || l.Bounded != want.boundary ||
					(l.StopReason == StopReasonDepth) != want.cutDepth {
					t.Errorf("%s: %+v, want %+v", name, l, want)
				}
				continue
			}
			if flaw := g.flaw(l.Refuted, propEventually); flaw != "" {
				t.Errorf("%s: %v: %s", name, g.nodes(l.Refuted), flaw)
			}
			steps := len(l.Refuted.States)
			if terminal := l.Refuted.Loop < 0; terminal != (want.terminal > 0) || terminal && steps != want.terminal ||
				!terminal && steps != want.lasso {
				t.Errorf("%s: %v, back to %d; want %+v", name, g.nodes(l.Refuted), l.Refuted.Loop, want)
			}
			nodes := append(g.nodes(l.Refuted), l.Refuted.Loop)
			if first == nil {
				first = nodes
			} else if !slices.Equal(nodes, first) {
				t.Errorf("%s: %v, and with one worker %v", name, nodes, first)
			}
		}
	})
}

// searches are the searches that decide properties, by whether they go depth-first.
var searches = map[bool]func(Space, *Config) (*Outcome, error){false: BreadthFirst, true: DepthFirst}

// Tolerable misbehaviour in some states leaves the rest to be searched, and is reported where a
// sequential search meets it first.
func TestMisbehaviour(t *testing.T) {
	eachGraph(t, 400, 20, func(t *testing.T, g *graphSpace, r *rand.Rand) {
		for i := range g.panics {
			g.panics[i] = r.IntN(6) == 0
		}
		want := g.search(0)
		eachConfig(func(name string, cfg Config) {
			for deep, search := range searches {
				cfg.Budget = budget(t, g, Limits{})
				out, err := search(g, &cfg)
				if err != nil {
					t.Fatal(err)
				}
				if out.Distinct != want.distinct || out.Generated != want.generated ||
					(out.Misbehaviour != nil) != (want.misbehaviour != nil) {
					t.Errorf("%s, deep %t: distinct %d, generated %d, misbehaviour %v; want %d, %d, %v",
						name, deep, out.Distinct, out.Generated, out.Misbehaviour,
						want.distinct, want.generated, want.misbehaviour)
					return
				}
				if out.Misbehaviour == nil {
					continue
				}
				if out.StopReason != StopReasonModel || out.Misbehaviour.Err.Message != errNode ||
					out.Misbehaviour.Trail == nil {
					t.Errorf("%s, deep %t: stop reason %d, misbehaviour %+v", name, deep, out.StopReason, out.Misbehaviour)
					return
				}
				nodes := g.nodes(out.Misbehaviour.Trail)
				if !deep && !slices.Equal(nodes, want.misbehaviour) || !g.panics[nodes[len(nodes)-1]] {
					t.Errorf("%s, deep %t: misbehaviour at the end of %v, want %v", name, deep, nodes, want.misbehaviour)
				}
			}
		})
	})
	g := newGraphSpace([]int{0}, []int{0})
	g.noInit = true
	for deep, search := range searches {
		out, err := search(g, &Config{Budget: budget(t, g, Limits{})})
		if err != nil || out.StopReason != StopReasonModel || out.Misbehaviour == nil ||
			out.Misbehaviour.Err.Message != errNode || out.Distinct != 0 {
			t.Errorf("Init, deep %t: %+v, %v", deep, out, err)
		}
	}
}
