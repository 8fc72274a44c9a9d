package fair

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/allways-go/allways/internal/adjacency"
	"github.com/allways-go/allways/internal/longtest"
	"github.com/allways-go/allways/internal/temporal"
)

// sketch is a graph before its nodes are numbered in breadth-first order.
type sketch struct {
	inits      int
	edges      [][]arc // of each node
	state      []uint64
	unexpanded []bool
	outside    []bool // nodes that do not belong to the graph
	labels     []Label
}

type arc struct {
	to    int
	label uint32
}

// graph returns the graph of what can be reached, and the original number of each node.
func (s *sketch) graph() (*Graph, []int) {
	g, lists := &Graph{Labels: s.labels, OutsideAt: []uint32{0}}, [][]adjacency.Edge(nil)
	var order []int
	number := map[int]uint32{}
	visit := func(v int) uint32 {
		if _, ok := number[v]; !ok {
			number[v] = uint32(len(order))
			order = append(order, v)
		}
		return number[v]
	}
	for v := range s.inits {
		if !s.outside[v] {
			visit(v)
		}
	}
	g.Inits = len(order)
	for i := 0; i < len(order); i++ {
		v := order[i]
		var flag Flag
		var list []adjacency.Edge
		if s.unexpanded[v] {
			flag = Unexpanded
		} else {
			flag = Terminal
			for _, a := range s.edges[v] {
				if a.to != v {
					flag = 0
				}
				if s.outside[a.to] {
					g.Outside = append(g.Outside, a.label)
					continue
				}
				list = append(list, adjacency.NewEdge(visit(a.to), a.label))
			}
		}
		lists, g.OutsideAt = append(lists, list), append(g.OutsideAt, uint32(len(g.Outside)))
		g.State, g.Flags = append(g.State, s.state[v]), append(g.Flags, flag)
	}
	g.Edges = adjacency.New(lists...)
	return g, order
}

// to returns the edges to some nodes, with label 0.
func to(nodes ...uint32) (list []adjacency.Edge) {
	for _, v := range nodes {
		list = append(list, adjacency.NewEdge(v, 0))
	}
	return list
}

const (
	testAtoms       = 2 // predicates of states, and of steps
	testConstraints = 3
)

// randomSketch returns a graph of at most 8 nodes and 12 edges.
func randomSketch(r *rand.Rand, constraints int) *sketch {
	n := 1 + r.IntN(8)
	s := &sketch{
		inits: 1 + r.IntN(min(n, 2)), edges: make([][]arc, n), state: make([]uint64, n),
		unexpanded: make([]bool, n), outside: make([]bool, n),
	}
	for range 1 + r.IntN(5) {
		l := Label{Steps: uint64(r.IntN(1 << testAtoms))}
		for c := range constraints {
			if r.IntN(3) == 0 {
				l.Takes = append(l.Takes, int32(c))
			}
		}
		s.labels = append(s.labels, l)
	}
	for v := range n {
		s.state[v] = uint64(r.IntN(1 << testAtoms))
	}
	add := func(from, to int) {
		s.edges[from] = append(s.edges[from], arc{to, uint32(r.IntN(len(s.labels)))})
	}
	for v := s.inits; v < n; v++ {
		add(r.IntN(v), v)
	}
	for range r.IntN(6) {
		add(r.IntN(n), r.IntN(n))
	}
	return s
}

// part returns a copy in which some nodes are not expanded or lie outside of a boundary.
func (s *sketch) part(r *rand.Rand) *sketch {
	part := *s
	part.unexpanded, part.outside = slices.Clone(s.unexpanded), slices.Clone(s.outside)
	for v := range s.edges {
		part.unexpanded[v] = r.IntN(6) == 0
		part.outside[v] = r.IntN(6) == 0
	}
	return &part
}

func randomConstraints(r *rand.Rand) []Constraint {
	all := make([]Constraint, r.IntN(testConstraints+1))
	for i := range all {
		all[i].Strong = r.IntN(2) == 0
	}
	return all
}

func randomFormula(r *rand.Rand, operators int) *temporal.Formula {
	if operators == 0 {
		op := []temporal.Op{temporal.State, temporal.State, temporal.Step, temporal.Enabled}[r.IntN(4)]
		return &temporal.Formula{Op: op, Atom: r.IntN(testAtoms), Name: string("ab"[r.IntN(2)])}
	}
	ops := []temporal.Op{
		temporal.Not, temporal.And, temporal.Or, temporal.Implies, temporal.Until, temporal.Release,
		temporal.Always, temporal.Eventually, temporal.Always, temporal.Eventually,
	}
	f := &temporal.Formula{Op: ops[r.IntN(len(ops))]}
	switch f.Op {
	case temporal.Not, temporal.Always, temporal.Eventually:
		f.Args = []*temporal.Formula{randomFormula(r, operators-1)}
	default:
		left := r.IntN(operators)
		f.Args = []*temporal.Formula{randomFormula(r, left), randomFormula(r, operators-1-left)}
	}
	return f
}

// check searches for a fair run that violates a formula, and checks the lasso if there is one.
func check(t *testing.T, g *Graph, constraints []Constraint, mayStop bool, f *temporal.Formula) Result {
	t.Helper()
	a, err := temporal.Translate(temporal.Negate(f))
	if err != nil {
		t.Fatal(err)
	}
	s := &Search{Graph: g, Automaton: a, Constraints: constraints, MayStop: mayStop}
	r, err := s.Run()
	if err != nil {
		t.Fatal(err)
	}
	if r.Lasso != nil {
		checkLasso(t, g, constraints, mayStop, r.Lasso)
		if temporal.Holds(f, positions(g, r.Lasso), r.Lasso.Loop) {
			t.Fatalf("%s holds on the lasso %+v of %+v", f, r.Lasso, g)
		}
	}
	return r
}

// checkLasso checks that a lasso is a run of the graph, and that it is fair.
func checkLasso(t *testing.T, g *Graph, constraints []Constraint, mayStop bool, l *Lasso) {
	t.Helper()
	fail := func(what string) {
		t.Helper()
		t.Fatalf("lasso %+v of %+v: %s", l, g, what)
	}
	if int(l.Nodes[0]) >= g.Inits || l.Loop < 0 || l.Loop >= len(l.Nodes) || len(l.Edges) != len(l.Nodes) {
		fail("malformed")
	}
	for i, v := range l.Nodes {
		next := l.Loop
		if i+1 < len(l.Nodes) {
			next = i + 1
		}
		e := l.Edges[i]
		switch {
		case e != Stutter && (int(e) >= len(g.Edges.Of(v)) || g.Edges.Edge(v, e).To() != l.Nodes[next]):
			fail("a step is no edge")
		case e == Stutter && (l.Nodes[next] != v || l.Edges[next] != Stutter):
			fail("it goes on after it has stopped")
		case e == Stutter && g.Flags[v]&Terminal == 0 && !mayStop:
			fail("it stops where it must not")
		}
	}
	if !folded(l) {
		fail("it can be written with fewer nodes")
	}
	checkHonours(t, g, constraints, l, fail)
}

// checkHonours checks that a lasso honours all constraints, and what it says of them.
func checkHonours(t *testing.T, g *Graph, constraints []Constraint, l *Lasso, fail func(what string)) {
	t.Helper()
	o := &oracle{g: g}
	for c, constraint := range constraints {
		taken, enabled, disabled := false, false, false
		at := func(i int) (takes, possible bool) {
			_, all := o.enabled(int(l.Nodes[i]))
			e := l.Edges[i]
			if e != Stutter {
				x := g.Edges.Edge(l.Nodes[i], e)
				takes = x.To() != l.Nodes[i] && slices.Contains(g.Labels[x.Label()].Takes, int32(c))
			}
			return takes, all>>c&1 == 1
		}
		for i := l.Loop; i < len(l.Nodes); i++ {
			takes, possible := at(i)
			taken, enabled, disabled = taken || takes, enabled || possible, disabled || !possible
		}
		if !taken && enabled && (constraint.Strong || !disabled) {
			fail("it is not fair")
		}
		h := l.Honours[c]
		if (h.Taken >= 0) != taken || (h.Disabled >= 0) != disabled || h.Never == enabled {
			fail("it misjudges a constraint")
		}
		if h.Taken >= 0 {
			if takes, _ := at(h.Taken); !takes || h.Taken < l.Loop {
				fail("the step of a constraint does not take it")
			}
		}
		if h.Disabled >= 0 {
			if _, possible := at(h.Disabled); possible || h.Disabled < l.Loop {
				fail("a constraint is enabled where it is said to be disabled")
			}
		}
	}
}

// folded reports whether no other lasso with fewer nodes is the same run.
func folded(l *Lasso) bool {
	at := func(i int) [2]uint32 {
		for i >= len(l.Nodes) {
			i -= len(l.Nodes) - l.Loop
		}
		return [2]uint32{l.Nodes[i], l.Edges[i]}
	}
	for loop := 0; loop <= l.Loop; loop++ {
		for period := 1; loop+period < len(l.Nodes); period++ {
			same := true
			for i := loop; i < 2*len(l.Nodes); i++ {
				same = same && at(i) == at(i+period)
			}
			if same {
				return false
			}
		}
	}
	return true
}

// tested counts cases, so that a test that draws only one kind fails.
type tested struct{ violated, hold, definite, open int }

// Random graphs, formulas and constraints are judged as the oracle does. What is said of a part of a
// graph is also true of the whole.
func TestAgainstOracle(t *testing.T) {
	const shards = 8
	cases := longtest.Size(3000, 50_000) / shards
	if n, err := strconv.Atoi(os.Getenv("ALLWAYS_CASES")); err == nil { // a million take some 20 minutes
		cases = n / shards
	}
	for shard := range shards {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			var n tested
			for i := range cases {
				againstOracle(t, uint64(i*shards+shard), &n)
			}
			if least := min(n.violated, n.hold, n.definite, n.open); least < cases/20 {
				t.Errorf("of %d cases: %+v", cases, n)
			}
		})
	}
}

func againstOracle(t *testing.T, seed uint64, n *tested) {
	r := rand.New(rand.NewPCG(seed, 11))
	constraints := randomConstraints(r)
	whole := randomSketch(r, len(constraints))
	mayStop := r.IntN(4) == 0
	f := randomFormula(r, r.IntN(7))
	g, _ := whole.graph()
	want := newOracle(g, constraints, mayStop, f).violated()
	if got := check(t, g, constraints, mayStop, f); (got.Lasso != nil) != want || got.Open {
		t.Fatalf("seed %d: %s, %+v, may stop %t, %+v: %+v; violated %t", seed, f, constraints, mayStop, g, got, want)
	}
	part, _ := whole.part(r).graph()
	got := check(t, part, constraints, mayStop, f)
	if (got.Lasso != nil) != newOracle(part, constraints, mayStop, f).violated() {
		t.Fatalf("seed %d: %s, %+v, may stop %t, part %+v: %+v", seed, f, constraints, mayStop, part, got)
	}
	missing := part.Inits < g.Inits // initial nodes, which a boundary excludes
	if got.Lasso != nil && !want || got.Lasso == nil && !got.Open && want && !missing {
		t.Fatalf("seed %d: %s, %+v, may stop %t, part %+v of %+v: %+v; violated %t", seed, f, constraints, mayStop, part, g,
			got, want)
	}
	count := func(counter *int, yes bool) {
		if yes {
			*counter++
		}
	}
	count(&n.violated, want)
	count(&n.hold, !want)
	count(&n.definite, got.Lasso == nil && !got.Open)
	count(&n.open, got.Lasso == nil && got.Open)
}

// positions returns what formulas see along a lasso.
func positions(g *Graph, l *Lasso) []temporal.Position {
	run := make([]temporal.Position, len(l.Nodes))
	for i, v := range l.Nodes {
		run[i] = temporal.Position{State: g.state(v), Enabled: g.enabled(v)}
		if e := l.Edges[i]; e != Stutter {
			run[i].Step = g.steps(v, g.Edges.Edge(v, e))
		}
	}
	return run
}
