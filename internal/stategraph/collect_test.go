package stategraph_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/graphtest"
	"github.com/allways-go/allways/internal/label"
	"github.com/allways-go/allways/internal/stategraph"
)

// collected is a graph with what it was collected from.
type collected struct {
	*stategraph.Graph
	space  *graphtest.Space
	labels []label.Label
}

// collect collects the graph of a space, with the predicate of Eventually and steps that violate Step.
func collect(t *testing.T, g *graphtest.Space, workers int, l engine.Limits) *collected {
	return collectOf(t, g, g, workers, l)
}

// collectOf collects the graph of a space that has the states of g.
func collectOf(t *testing.T, s engine.Space, g *graphtest.Space, workers int, l engine.Limits) *collected {
	labels := label.NewTable([]int{graphtest.Step}, nil)
	c := stategraph.Collect(s, stategraph.Collecting{Predicates: []int{graphtest.Eventually}, Labels: labels},
		engine.Config{Workers: workers, Budget: graphtest.Budget(t, s, l)})
	t.Cleanup(c.Close)
	return &collected{c, g, labels.Labels()}
}

// node returns the node of the space that a node of the graph is.
func (c *collected) node(v int) int { return c.space.Node(c.State(uint32(v))) }

// edges returns the steps from a node as text, those that lead out of the boundary last.
func (c *collected) edges(v int) (all []string) {
	from := c.node(v)
	for _, e := range c.Edges.Of(uint32(v)) {
		all = append(all, edge(from, c.node(int(e.To())), c.labels[e.Label()].Steps != 0))
	}
	if c.OutsideAt == nil {
		return all
	}
	for _, l := range c.Outside[c.OutsideAt[v]:c.OutsideAt[v+1]] {
		all = append(all, edge(from, -1, c.labels[l].Steps != 0))
	}
	return all
}

func edge(from, to int, violates bool) string {
	return fmt.Sprint(from, " to ", to, " violates ", violates)
}

// wantEdges returns what edges must return.
func (c *collected) wantEdges(v int) (all []string) {
	from := c.node(v)
	var outside []string
	for _, to := range c.space.Edges[from] {
		switch violates := c.space.Forbidden[graphtest.Arc{From: from, To: to}]; {
		case to < 0:
		case c.space.Outside[to]:
			outside = append(outside, edge(from, -1, violates))
		default:
			all = append(all, edge(from, to, violates))
		}
	}
	return append(all, outside...)
}

// wantFlags returns what must be known of a node that is expanded.
func (c *collected) wantFlags(v int) stategraph.NodeFlags {
	f := stategraph.Expanded | stategraph.Ends
	for _, to := range c.space.Edges[c.node(v)] {
		if to >= 0 {
			f &^= stategraph.Ends
		}
		if to >= 0 && c.space.Outside[to] {
			f |= stategraph.Leaves
		}
	}
	return f
}

// check compares what is known of the nodes with the space.
func (c *collected) check(t *testing.T, name string) {
	t.Helper()
	for v, f := range c.Flags {
		n := c.node(v)
		var want []string
		if f != 0 {
			want = c.wantEdges(v)
			if f != c.wantFlags(v) {
				t.Errorf("%s: node %d is flagged %b, want %b", name, n, f, c.wantFlags(v))
			}
		}
		if got := c.edges(v); !slices.Equal(got, want) {
			t.Errorf("%s: edges %q, want %q", name, got, want)
		}
		if holds := c.Holds[v] == 1; holds != c.space.Good[n] {
			t.Errorf("%s: the predicate holds in node %d: %t", name, n, holds)
		}
	}
}

// The graph has the states in the order in which a sequential search meets them, with all their steps, whatever the
// number of workers.
func TestCollect(t *testing.T) {
	graphtest.Each(t, 2000, 40, func(t *testing.T, g *graphtest.Space, r *rand.Rand) {
		for i := range g.Panics {
			g.Panics[i] = r.IntN(20) == 0
		}
		depth := graphtest.RandomDepth(r)
		want := g.Search(depth)
		for workers := 1; workers <= 3; workers++ {
			name := fmt.Sprintf("workers=%d", workers)
			c := collect(t, g, workers, engine.Limits{MaxDepth: depth})
			c.check(t, name)
			if len(c.Flags) != len(want.Order) || (c.StopReason == engine.StopReasonDepth) != want.CutDepth ||
				(c.Misbehaviour != nil) != (want.Misbehaviour != nil) {
				t.Errorf("%s: %d nodes, stop reason %d, %+v; want %+v", name, len(c.Flags), c.StopReason, c.Misbehaviour, want)
				continue
			}
			for v, n := range want.Order {
				if c.node(v) != n || (v < c.Inits) != (want.Depths[n] == 1) {
					t.Errorf("%s: node %d, want %d; %d initial states", name, c.node(v), n, c.Inits)
				}
				if expanded := !g.Panics[n] && (depth == 0 || want.Depths[n] < depth); expanded != (c.Flags[v] != 0) {
					t.Errorf("%s: node %d at depth %d is flagged %b", name, n, want.Depths[n], c.Flags[v])
				}
				trail := c.Trail(uint32(v))
				if len(trail) != want.Depths[n] || g.Node(trail[len(trail)-1]) != n {
					t.Errorf("%s: a trail of %d states to node %d at depth %d", name, len(trail), n, want.Depths[n])
				}
			}
		}
	})
}

// A search that ends within a level keeps all steps of the states that it says are expanded.
func TestCollectCut(t *testing.T) {
	expanded := 0
	graphtest.Each(t, 400, 40, func(t *testing.T, g *graphtest.Space, r *rand.Rand) {
		limit := 1 + r.Int64N(g.Search(0).Distinct)
		for workers := 1; workers <= 3; workers++ {
			c := collect(t, g, workers, engine.Limits{MaxStates: limit})
			c.check(t, fmt.Sprintf("workers=%d", workers))
			if c.StopReason != engine.StopReasonStates {
				t.Errorf("stop reason %d, want %d", c.StopReason, engine.StopReasonStates)
			}
			for _, f := range c.Flags {
				expanded += int(f & stategraph.Expanded)
			}
		}
	})
	if expanded == 0 {
		t.Error("no state was expanded before a search was cut")
	}
}

// Whatever the limit of memory, the steps of expanded states are complete.
func TestCollectWithoutMemory(t *testing.T) {
	g := graphtest.Mesh(20, 40)
	cut := 0
	for limit := int64(16 << 10); limit < 2<<20; limit += limit / 8 {
		for workers := 1; workers <= 2; workers++ {
			c := collect(t, g, workers, engine.Limits{MaxMemory: limit})
			c.check(t, fmt.Sprintf("limit %d, workers=%d", limit, workers))
			if c.StopReason == engine.StopReasonMemory && len(c.Flags) > 0 && c.Flags[0] != 0 {
				cut++
			}
		}
	}
	if cut == 0 {
		t.Error("no limit cut a search in the middle")
	}
}

// stuckSpace is a space in which the expansion of a node waits for a gate.
type stuckSpace struct {
	*graphtest.Space
	node int
	gate chan struct{}
}

func (s *stuckSpace) NewWorker() engine.Worker { return &stuckWorker{s.Space.NewWorker(), s} }

type stuckWorker struct {
	engine.Worker
	space *stuckSpace
}

func (w *stuckWorker) Expand(
	state []uint32, o engine.ExpandOptions, out *engine.Batch,
) (engine.Expansion, error) {
	if w.space.Node(state) == w.space.node {
		<-w.space.gate
	}
	return w.Worker.Expand(state, o, out)
}

func (w *stuckWorker) Stuck() *engine.Misbehaviour {
	return &engine.Misbehaviour{Kind: engine.ErrorStuck, Stack: "user code", Act: -1}
}

// A search that is left behind keeps the steps of complete levels, and what it does later changes nothing.
func TestCollectStuck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := graphtest.BinaryTree(100)
		s := &stuckSpace{Space: g, node: 12, gate: make(chan struct{})}
		c := collectOf(t, s, g, 1, engine.Limits{Timeout: time.Second})
		for range 2 {
			c.check(t, "stuck")
			if c.StopReason == engine.StopReasonNone || c.Misbehaviour == nil {
				t.Errorf("stop reason %d, %+v", c.StopReason, c.Misbehaviour)
			}
			for v, f := range c.Flags {
				if want := c.node(v) < 7; want != (f != 0) { // 12 is on the fourth level of the tree
					t.Errorf("node %d is flagged %b", c.node(v), f)
				}
			}
			if s.node >= 0 {
				close(s.gate)
				synctest.Wait()
			}
			s.node = -1
		}
	})
}
