package allways_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/longtest"
)

// graph is a small random state machine: edge i of node n leads to edges[n][i], or has no effect
// where that is negative.
type graph struct {
	inits  []int
	edges  [][]int
	inside []bool // the boundary
	p, q   []bool // predicates by node
	bound  bool   // whether there is a boundary
}

func randomGraph(r *rand.Rand) *graph {
	n := 1 + r.IntN(12)
	g := &graph{edges: make([][]int, n), bound: r.IntN(3) == 0}
	density := 1 + r.IntN(3)
	for i := range n {
		for range r.IntN(density + 1) {
			to := r.IntN(n)
			if r.IntN(8) == 0 {
				to = -1
			}
			g.edges[i] = append(g.edges[i], to)
		}
		g.inside = append(g.inside, !g.bound || r.IntN(5) > 0)
		g.p = append(g.p, r.IntN(4) == 0)
		g.q = append(g.q, r.IntN(6) > 0)
	}
	for range 1 + r.IntN(2) {
		g.inits = append(g.inits, r.IntN(n))
	}
	g.inside[g.inits[0]] = true
	return g
}

// stepOK is the step property of a graph: steps from a node to the one before it are forbidden.
func stepOK(from, to int) bool { return to != from-1 }

// facts is what the naive checker below finds out about a graph.
type facts struct {
	generated, distinct int64
	depth               int
	cutByBoundary       bool
	cutByDepth          bool
	length              map[string]int // steps of a shortest counterexample or witness, by property
	openCut             bool           // a path that never satisfies p leaves the boundary or meets the depth limit
}

// check is a checker that is slow and obviously right.
func (g *graph) check(maxDepth int) facts {
	f := facts{length: map[string]int{}}
	found := func(property string, steps int) {
		if old, ok := f.length[property]; !ok || steps < old {
			f.length[property] = steps
		}
	}
	dist := map[int]int{}
	var level []int
	for _, s := range g.inits {
		if !g.inside[s] {
			continue
		}
		f.generated++
		if _, ok := dist[s]; !ok {
			dist[s] = 0
			level = append(level, s)
		}
	}
	for d := 0; len(level) > 0; d++ {
		f.depth = d + 1
		var next []int
		for _, s := range level {
			if !g.q[s] {
				found("always", d)
			}
			if g.p[s] {
				found("sometimes", d)
			}
			if maxDepth > 0 && d+1 >= maxDepth {
				f.cutByDepth = true
				continue
			}
			next = append(next, g.expand(s, d, dist, &f, found)...)
		}
		level = next
	}
	f.distinct = int64(len(dist))
	g.refuteEventually(maxDepth, &f, found)
	return f
}

// expand returns the states that are first reached by a step of s, a state at depth d.
func (g *graph) expand(s, d int, dist map[int]int, f *facts, found func(string, int)) (next []int) {
	effects := 0
	for _, t := range g.edges[s] {
		if t < 0 {
			continue
		}
		effects++
		if !g.inside[t] {
			f.cutByBoundary = true
			continue
		}
		f.generated++
		if !stepOK(s, t) {
			found("step", d+1)
		}
		if _, ok := dist[t]; !ok {
			dist[t] = d + 1
			next = append(next, t)
		}
	}
	if effects == 0 && !g.p[s] {
		found("deadlock", d)
	}
	return next
}

// refuteEventually enumerates all paths through states without p, up to a repeated state.
func (g *graph) refuteEventually(maxDepth int, f *facts, found func(string, int)) {
	least := map[int]int{} // least depth at which a state without p is reached through such states
	var queue []int
	for _, s := range g.inits {
		if g.inside[s] && !g.p[s] {
			if _, ok := least[s]; !ok {
				least[s] = 0
				queue = append(queue, s)
			}
		}
	}
	terminal, lasso := -1, -1
	for i := 0; i < len(queue); i++ {
		s := queue[i]
		if maxDepth > 0 && least[s]+1 >= maxDepth {
			f.openCut = true
			continue
		}
		effects := 0
		for _, t := range g.edges[s] {
			if t < 0 {
				continue
			}
			effects++
			if !g.inside[t] {
				f.openCut = true
				continue
			}
			if _, ok := least[t]; !ok && !g.p[t] {
				least[t] = least[s] + 1
				queue = append(queue, t)
			}
		}
		if effects == 0 && (terminal < 0 || least[s] < terminal) {
			terminal = least[s]
		}
	}
	for _, s := range queue {
		if n := g.shortestCycle(s, least, maxDepth); n > 0 && (lasso < 0 || least[s]+n < lasso) {
			lasso = least[s] + n
		}
	}
	if terminal >= 0 {
		found("eventually", terminal)
	} else if lasso >= 0 {
		found("eventually", lasso)
	}
}

// shortestCycle returns the length of a shortest cycle through s within the states of least that
// are expanded, or 0.
func (g *graph) shortestCycle(s int, least map[int]int, maxDepth int) int {
	dist := map[int]int{s: 0}
	queue := []int{s}
	for i := 0; i < len(queue); i++ {
		u := queue[i]
		if maxDepth > 0 && least[u]+1 >= maxDepth {
			continue
		}
		for _, t := range g.edges[u] {
			if t == s {
				return dist[u] + 1
			}
			if t < 0 || !g.inside[t] || g.p[t] {
				continue
			}
			if _, ok := dist[t]; !ok {
				dist[t] = dist[u] + 1
				queue = append(queue, t)
			}
		}
	}
	return 0
}

// encoding says how the nodes of a graph become states, so that flat and referring types are both
// put to the test.
type encoding[S any] struct {
	of   func(int) S
	node func(S) int
}

var flatStates = encoding[int]{func(n int) int { return n * 1000003 }, func(s int) int { return s / 1000003 }}

type deepState struct {
	digits []uint8
	marks  map[string]bool
	next   *deepState
	any    any
}

var deepStates = encoding[deepState]{
	of: func(n int) deepState {
		s := deepState{marks: map[string]bool{}}
		for range n % 4 {
			s.digits = append(s.digits, 1)
		}
		for i := range n / 4 {
			s.marks[fmt.Sprint(i)] = i%2 == 0
		}
		if n%3 == 0 {
			s.next = &deepState{any: int8(n % 5)}
		}
		return s
	},
	node: func(s deepState) int { return len(s.digits) + 4*len(s.marks) },
}

// model makes a model of a graph.
func model[S any](g *graph, e encoding[S]) allways.Funcs[S, int] {
	m := allways.Funcs[S, int]{
		InitFunc: func() (out []S) {
			for _, s := range g.inits {
				out = append(out, e.of(s))
			}
			return out
		},
		ActionsFunc: func(dst []int, s S) []int {
			for i := range g.edges[e.node(s)] {
				dst = append(dst, i)
			}
			return dst
		},
		NextFunc: func(s S, a int) (S, bool) {
			t := g.edges[e.node(s)][a]
			if t < 0 {
				return s, false
			}
			return e.of(t), true
		},
		Props: []allways.Property[S]{
			allways.Always("always", func(s S) bool { return g.q[e.node(s)] }),
			allways.Sometimes("sometimes", func(s S) bool { return g.p[e.node(s)] }),
			allways.Eventually("eventually", func(s S) bool { return g.p[e.node(s)] }),
			allways.AlwaysStep("step", func(s S, _ int, t S) bool { return stepOK(e.node(s), e.node(t)) }),
			allways.NoDeadlock("deadlock", func(s S) bool { return g.p[e.node(s)] }),
		},
	}
	if g.bound {
		m.WithinFunc = func(s S) bool { return g.inside[e.node(s)] }
	}
	return m
}

// matrix lists the combinations of options that must agree.
func matrix() []allways.Options {
	return append(halfOfMatrix(0, 1, 2, 3), halfOfMatrix(1, 1, 2, 3)...)
}

// halfOfMatrix returns one of two halves of the ways to search with these numbers of workers. In each half every
// strategy meets every store and every number of workers, and every store every number.
func halfOfMatrix(half int, workers ...int) (some []allways.Options) {
	for i, strategy := range []allways.Strategy{allways.BFS, allways.DFS} {
		for j, store := range []allways.StateStore{allways.StoreExact, allways.StoreFingerprints} {
			for k, n := range workers {
				if (i+j+k)%2 == half {
					some = append(some, allways.Options{Strategy: strategy, Store: store, Workers: n, Stop: allways.StopNever})
				}
			}
		}
	}
	return some
}

// partOfMatrix returns the ways in which the case with a number is searched: all of them if the long tests run, and
// otherwise half of them, the other half for the next number.
func partOfMatrix(number uint64, workers ...int) []allways.Options {
	some := halfOfMatrix(int(number%2), workers...)
	if longtest.Enabled() {
		some = append(some, halfOfMatrix(int(1-number%2), workers...)...)
	}
	return some
}

func optionsName(o allways.Options) string {
	return fmt.Sprintf("%v/%v/workers=%d/depth=%d", o.Strategy, o.Store, o.Workers, o.MaxDepth)
}

// wantVerdict is the table of design section 4.
func wantVerdict(kind allways.PropertyKind, f facts) allways.Verdict {
	_, found := f.length[kind.String()]
	complete := !f.cutByDepth
	switch kind {
	case allways.KindSometimes:
		switch {
		case found:
			return allways.Holds
		case complete:
			return allways.Violated
		}
		return allways.Inconclusive
	case allways.KindEventually:
		switch {
		case found:
			return allways.Violated
		case f.openCut:
			return allways.Inconclusive
		}
		return allways.Holds
	}
	switch {
	case found:
		return allways.Violated
	case complete:
		return allways.Holds
	}
	return allways.Inconclusive
}

func compareWithReference[S any](t *testing.T, g *graph, e encoding[S], depth int, searches []allways.Options) {
	t.Helper()
	compareModel(t, g, model(g, e), depth, searches)
}

// compareModel is compareWithReference for a model that was made of the graph.
func compareModel[S any](t *testing.T, g *graph, m allways.Model[S, int], depth int, searches []allways.Options) {
	t.Helper()
	want := g.check(depth)
	var encoded []string
	for _, o := range searches {
		o.MaxDepth = depth
		r, err := allways.Check(context.Background(), m, o)
		if err != nil {
			t.Fatalf("%s: %v\n%+v", optionsName(o), err, g)
		}
		fail := func(format string, args ...any) {
			t.Helper()
			t.Fatalf("%s: %s\n%+v\nwant %+v", optionsName(o), fmt.Sprintf(format, args...), g, want)
		}
		if r.Stats.Generated != want.generated || r.Stats.Distinct != want.distinct {
			fail("generated %d, distinct %d", r.Stats.Generated, r.Stats.Distinct)
		}
		if o.Strategy == allways.BFS && r.Stats.Depth != want.depth || depth > 0 && o.Store == allways.StoreExact &&
			r.Stats.Depth != want.depth {
			fail("depth %d", r.Stats.Depth)
		}
		if r.Complete == want.cutByDepth {
			fail("complete %t (%s)", r.Complete, r.StopReason)
		}
		if r.Bounded != want.cutByBoundary {
			fail("bounded %t", r.Bounded)
		}
		var paths []string
		for _, p := range r.Properties {
			if v := wantVerdict(p.Kind, want); p.Verdict != v {
				fail("%s: %v (%s), want %v", p.Name, p.Verdict, p.Reason, v)
			}
			paths = append(paths, checkPath(p, o, want, fail))
		}
		if o.Strategy == allways.BFS {
			if encoded == nil {
				encoded = paths
			} else if !slices.Equal(encoded, paths) {
				fail("paths %q differ from those of other options, %q", paths, encoded)
			}
		}
	}
}

// checkPath checks that a path is there exactly when it should be, replays, and is as short as
// possible; it returns it encoded.
func checkPath[S any](
	p allways.PropertyResult[S, int], o allways.Options, want facts, fail func(string, ...any),
) string {
	steps, found := want.length[p.Name]
	if found != (p.Path != nil) {
		fail("%s: path %v, want one: %t", p.Name, p.Path, found)
	}
	if p.Path == nil {
		return ""
	}
	shortest := o.Strategy == allways.BFS || p.Kind == allways.KindEventually
	if shortest && p.Path.Len() != steps || p.Path.Len() < steps {
		fail("%s: a path of %d steps, want %d:\n%s", p.Name, p.Path.Len(), steps, p.Path)
	}
	return p.Path.Encode()
}

func TestAgainstReference(t *testing.T) {
	for seed := range uint64(longtest.Size(100, 700)) {
		r := rand.New(rand.NewPCG(seed, 1))
		g := randomGraph(r)
		depth := 0
		if r.IntN(3) == 0 {
			depth = 1 + r.IntN(5)
		}
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			searches := partOfMatrix(seed/4, 1, 2, 3)
			compareWithReference(t, g, flatStates, depth, searches)
			if seed%4 == 0 {
				compareWithReference(t, g, deepStates, depth, searches)
			}
		})
		if t.Failed() {
			return
		}
	}
}
