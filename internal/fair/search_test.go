package fair

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/allways-go/allways/internal/adjacency"
	"github.com/allways-go/allways/internal/longtest"
	"github.com/allways-go/allways/internal/temporal"
)

func atom(op temporal.Op, i int) *temporal.Formula {
	return &temporal.Formula{Op: op, Atom: i, Name: string(rune('a' + i))}
}

// everyday returns the properties that most models have, of two random predicates of states.
func everyday(r *rand.Rand) *temporal.Formula {
	p, q := atom(temporal.State, r.IntN(testAtoms)), atom(temporal.State, r.IntN(testAtoms))
	not := unary(temporal.Not, q)
	return []*temporal.Formula{
		leadsTo(p, not), always(eventually(p)), eventually(always(p)), eventually(p),
		{Op: temporal.Until, Args: []*temporal.Formula{p, q}}, leadsTo(p, always(not)),
	}[r.IntN(6)]
}

// widerSketch returns a graph of some dozen nodes, beyond what the oracle can judge.
func widerSketch(r *rand.Rand, constraints int) *sketch {
	s := randomSketch(r, constraints)
	for v := len(s.edges); v < 40; v++ {
		s.edges = append(s.edges, nil)
		s.state = append(s.state, uint64(r.IntN(1<<testAtoms)))
		s.unexpanded, s.outside = append(s.unexpanded, false), append(s.outside, false)
		for range 1 + r.IntN(2) {
			from, to := r.IntN(v), v
			s.edges[from] = append(s.edges[from], arc{to, uint32(r.IntN(len(s.labels)))})
			s.edges[v] = append(s.edges[v], arc{max(0, v-r.IntN(6)), uint32(r.IntN(len(s.labels)))})
		}
	}
	return s
}

// Fairness can be said by formulas: if the action is at last always enabled, or again and again, it is
// taken again and again. A property holds under a constraint if that implies it without the constraint.
func TestFairnessAsFormula(t *testing.T) {
	violated, cases := 0, longtest.Size(200, 2000)
	for seed := range uint64(cases) {
		r := rand.New(rand.NewPCG(seed, 13))
		constraints := make([]Constraint, 2)
		assumed := &temporal.Formula{Op: temporal.And}
		for c := range constraints {
			constraints[c].Strong = r.IntN(2) == 0
			enabled := eventually(always(atom(temporal.Enabled, c)))
			if constraints[c].Strong {
				enabled = always(eventually(atom(temporal.Enabled, c)))
			}
			assumed.Args = append(assumed.Args, implies(enabled, always(eventually(atom(temporal.Step, c)))))
		}
		s := widerSketch(r, 0)
		for i := range s.labels { // step predicate c is the action of constraint c
			for c := range int32(2) {
				if s.labels[i].Steps>>c&1 == 1 {
					s.labels[i].Takes = append(s.labels[i].Takes, c)
				}
			}
		}
		g, _ := s.part(r).graph()
		f, mayStop := everyday(r), r.IntN(2) == 0
		got := check(t, g, constraints, mayStop, f)
		free := *g
		free.Labels = slices.Clone(g.Labels)
		for i := range free.Labels {
			free.Labels[i].Takes = nil
		}
		want := check(t, &free, nil, mayStop, implies(assumed, f))
		if (got.Lasso == nil) != (want.Lasso == nil) {
			t.Fatalf("seed %d: %s, %+v on %+v: %+v, by formula %+v", seed, f, constraints, g, got, want)
		}
		if got.Lasso != nil {
			violated++
		}
	}
	if violated < cases/10 || violated > cases*9/10 {
		t.Errorf("%d of %d cases violated", violated, cases)
	}
}

// All short lassos of a graph are tried one after the other. If one is a fair run that violates the
// formula, a lasso is found, and it is hardly longer than the shortest one.
func TestShortLassos(t *testing.T) {
	const longest = 5
	lassos, excess := 0, 0
	for seed := range uint64(longtest.Size(500, 5000)) {
		r := rand.New(rand.NewPCG(seed, 17))
		constraints := randomConstraints(r)
		g, _ := randomSketch(r, len(constraints)).graph()
		f, mayStop := randomFormula(r, r.IntN(7)), r.IntN(4) == 0
		shortest := shortestLasso(g, constraints, mayStop, f, longest)
		if got := check(t, g, constraints, mayStop, f); got.Lasso == nil {
			if shortest <= longest {
				t.Fatalf("seed %d: %s, %+v, may stop %t, %+v: a lasso of %d nodes", seed, f, constraints, mayStop, g, shortest)
			}
		} else if shortest <= longest {
			lassos++
			excess += max(0, len(got.Lasso.Nodes)-shortest)
		}
	}
	if lassos < 100 || excess > lassos/10 {
		t.Errorf("%d lassos have %d nodes too many", lassos, excess)
	}
}

// shortestLasso returns the least number of positions of a lasso that is fair and violates the formula.
func shortestLasso(g *Graph, constraints []Constraint, mayStop bool, f *temporal.Formula, longest int) int {
	o := newOracle(g, constraints, mayStop, f)
	best := longest + 1
	var path []int
	var run []temporal.Position
	var extend func(place int)
	extend = func(place int) {
		for loop, e := range path {
			if o.edges[e].from == place && len(path) < best && o.fair(path[loop:]) && !temporal.Holds(f, run, loop) {
				best = len(path)
			}
		}
		for i, m := range o.edges {
			if m.from == place && len(path)+1 < best {
				path, run = append(path, i), append(run, m.position)
				extend(m.to)
				path, run = path[:len(path)-1], run[:len(run)-1]
			}
		}
	}
	for v := range g.Inits {
		extend(v)
	}
	return best
}

// Initial states of automata that only wait need no search. With one, the verdict is the same.
func TestWaiting(t *testing.T) {
	waiting := 0
	for seed := range uint64(longtest.Size(300, 2000)) {
		r := rand.New(rand.NewPCG(seed, 14))
		constraints := randomConstraints(r)
		g, _ := widerSketch(r, len(constraints)).part(r).graph()
		a, err := temporal.Translate(temporal.Negate(everyday(r)))
		if err != nil {
			t.Fatal(err)
		}
		s := &Search{Graph: g, Automaton: a, Constraints: constraints, MayStop: r.IntN(2) == 0}
		short, err := s.emptiness()
		if err != nil {
			t.Fatal(err)
		}
		if !short.waiting() {
			continue
		}
		waiting++
		full, _ := s.emptiness()
		short.run()
		full.roots(full.visit)
		full.again()
		if short.fair != full.fair || short.open != full.open || !reflect.DeepEqual(short.lasso(), full.lasso()) {
			t.Fatalf("seed %d: %d fair components, open %t, and %d, open %t", seed, short.fair, short.open, full.fair, full.open)
		}
	}
	if waiting < 50 {
		t.Errorf("only %d automata wait", waiting)
	}
}

// A leads-to is decided if nothing is waited for where the graph ends, and open otherwise.
func TestOpen(t *testing.T) {
	s := &sketch{
		inits: 1, state: []uint64{0, 1, 0, 0}, unexpanded: make([]bool, 4), outside: make([]bool, 4),
		edges: [][]arc{{{1, 1}}, {{2, 0}}, {{2, 0}, {3, 2}}, {{3, 0}}}, labels: []Label{{}, {Steps: 1}, {Steps: 2}},
	}
	p := atom(temporal.State, 0)
	not := func(f *temporal.Formula) *temporal.Formula { return unary(temporal.Not, f) }
	never := func(op temporal.Op, i int) *temporal.Formula { return always(not(atom(op, i))) }
	for _, c := range []struct {
		unexpanded, outside int
		f                   *temporal.Formula
		open                bool
	}{
		{2, -1, eventually(p), false},
		{1, -1, eventually(p), false}, // the state is known, and its steps are not
		{1, -1, eventually(atom(temporal.State, 1)), true},
		{-1, 3, eventually(p), false},
		{-1, 3, eventually(never(temporal.Enabled, 1)), true},
		{-1, 3, eventually(and(p, never(temporal.Enabled, 1))), true},
		{-1, 3, eventually(atom(temporal.Step, 1)), false}, // the step that leaves the graph
		{-1, 3, eventually(atom(temporal.Enabled, 1)), false},
		{-1, 3, eventually(and(atom(temporal.State, 1), p)), true},
	} {
		cut := *s
		cut.unexpanded, cut.outside = make([]bool, 4), make([]bool, 4)
		if c.unexpanded >= 0 {
			cut.unexpanded[c.unexpanded] = true
		}
		if c.outside >= 0 {
			cut.outside[c.outside] = true
		}
		g, _ := cut.graph()
		a, err := temporal.Translate(temporal.Negate(c.f))
		if err != nil {
			t.Fatal(err)
		}
		g.Inits = 1
		e, err := (&Search{Graph: g, Automaton: a}).emptiness()
		if err != nil {
			t.Fatal(err)
		}
		e.run()
		if e.open != c.open {
			t.Errorf("%s, not expanded %d, outside %d: open %t", c.f, c.unexpanded, c.outside, e.open)
		}
	}
}

func and(f ...*temporal.Formula) *temporal.Formula {
	return &temporal.Formula{Op: temporal.And, Args: f}
}

// longLoop returns a graph of a long line that ends in a long loop. Predicate 0 fails in its last node only.
func longLoop(n uint32) *Graph {
	g := &Graph{Inits: 1, State: make([]uint64, n), Labels: make([]Label, 1)}
	var lists [][]adjacency.Edge
	for v := range n {
		lists, g.State[v] = append(lists, to(v+1)), 1
	}
	lists[n-1], g.State[n-1] = to(n/2), 0
	g.Edges = adjacency.New(lists...)
	return g
}

// A search that has to end does so soon in every part of it, and then says nothing.
func TestEnds(t *testing.T) {
	p, q := atom(temporal.State, 0), atom(temporal.State, 1)
	for _, c := range []struct {
		g           *Graph
		f           *temporal.Formula
		constraints []Constraint
	}{
		{largeGraph(3000), leadsTo(p, q), []Constraint{{true}, {true}, {false}}},
		{longLoop(10_000), eventually(always(p)), nil},
	} {
		a, err := temporal.Translate(temporal.Negate(c.f))
		if err != nil {
			t.Fatal(err)
		}
		var looks atomic.Int64
		s := &Search{Graph: c.g, Automaton: a, Constraints: c.constraints}
		s.Ended = func() bool { looks.Add(1); return false }
		whole, err := s.Run()
		if err != nil || whole.Lasso == nil || whole.Ended {
			t.Fatalf("%+v, %v", whole, err)
		}
		total := looks.Load()
		if total < 10 {
			t.Fatalf("it looked %d times", total)
		}
		for end := int64(1); end <= total; end++ {
			looks.Store(0)
			s.Ended = func() bool { return looks.Add(1) >= end }
			if r, err := s.Run(); err != nil || r.Lasso != nil || !r.Ended {
				t.Fatalf("it ended at look %d of %d: %+v, %v", end, total, r, err)
			}
			if looks.Load() != end {
				t.Errorf("it looked %d times after the end", looks.Load()-end)
			}
		}
	}
}

func TestMalformedGraph(t *testing.T) {
	good := func() *Graph {
		return &Graph{
			Inits: 1, Edges: adjacency.New([]adjacency.Edge{adjacency.NewEdge(0, 0), adjacency.NewEdge(1, 1)}, nil),
			State:  []uint64{0, 1},
			Labels: []Label{{}, {Takes: []int32{0, 1}}}, Flags: []Flag{0, Terminal},
		}
	}
	if err := good().Check(); err != nil {
		t.Fatal(err)
	}
	for want, spoil := range map[string]func(g *Graph){
		"2 initial nodes of 1":               func(g *Graph) { g.Inits, g.Edges = 2, adjacency.New(to(0)) },
		"0 initial nodes of 2":               func(g *Graph) { g.Inits = 0 },
		"graph without edges":                func(g *Graph) { g.Edges = nil },
		"leave the graph are incomplete":     func(g *Graph) { g.OutsideAt = []uint32{0, 0, 1} },
		"leave the graph are incomplete\n":   func(g *Graph) { g.OutsideAt = []uint32{0} },
		"flags of 1":                         func(g *Graph) { g.Flags = g.Flags[:1] },
		"states of 1":                        func(g *Graph) { g.State = g.State[:1] },
		"node that does not exist":           func(g *Graph) { g.Edges.Of(0)[0] = adjacency.NewEdge(2, 0) },
		"with such a label":                  func(g *Graph) { g.Edges.Of(0)[0] = adjacency.NewEdge(0, 2) },
		"a label that does not exist":        func(g *Graph) { g.OutsideAt, g.Outside = []uint32{0, 1, 1}, []uint32{2} },
		"constraint 2, of 2":                 func(g *Graph) { g.Labels[1].Takes[0] = 2 },
		"constraint 1, of 2, or takes it tw": func(g *Graph) { g.Labels[1].Takes[0] = 1 },
		"node 0 is terminal, and has":        func(g *Graph) { g.Flags[0] = Terminal },
		"node 1 is terminal, and has":        func(g *Graph) { g.Flags[1] |= Unexpanded },
		"node 0 was not expanded":            func(g *Graph) { g.Flags[0] = Unexpanded },
		"node 1 has no step":                 func(g *Graph) { g.Flags = nil },
		"no edge leads to it":                func(g *Graph) { g.Edges.Of(0)[1] = adjacency.NewEdge(0, 0) },
	} {
		g := good()
		spoil(g)
		s := &Search{Graph: g, Automaton: &temporal.Automaton{}, Constraints: make([]Constraint, 2)}
		want = strings.TrimSpace(want)
		if _, err := s.Run(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got the error %v, want %q", err, want)
		}
	}
}

// What is always possible is decided as by closures of small graphs.
func TestAlwaysPossible(t *testing.T) {
	found, open, cases := 0, 0, longtest.Size(1000, 10_000)
	for seed := range uint64(cases) {
		r := rand.New(rand.NewPCG(seed, 15))
		whole := randomSketch(r, testConstraints)
		part := whole.part(r)
		g, _ := part.graph()
		target := func(v uint32) bool { return g.State[v]&1 != 0 }
		got, err := AlwaysPossible(g, target, nil)
		if want := firstWithout(g, target); err != nil || got != want {
			t.Fatalf("seed %d: %+v: %+v, %v, want %+v", seed, g, got, err, want)
		}
		// What is said about a graph that is not expanded everywhere is true of the whole.
		if whole.outside = part.outside; got.Found || !got.Open {
			all, _ := whole.graph()
			if want := firstWithout(all, func(v uint32) bool { return all.State[v]&1 != 0 }); want.Found != got.Found {
				t.Fatalf("seed %d: %+v of a part: %+v, of %+v: %+v", seed, got, g, all, want)
			}
		}
		if got.Found {
			found++
		}
		if got.Open {
			open++
		}
	}
	if min(found, open) < cases/20 {
		t.Errorf("of %d cases, %d and %d", cases, found, open)
	}
	line, lists := &Graph{Inits: 1, Flags: make([]Flag, 1e5), Labels: make([]Label, 1)}, [][]adjacency.Edge(nil)
	for v := range uint32(1e5 - 1) {
		lists = append(lists, to(v+1))
	}
	line.Edges, line.Flags[1e5-1] = adjacency.New(append(lists, nil)...), Terminal
	last := func(v uint32) bool { return v == 1e5-2 }
	if a, err := AlwaysPossible(line, last, nil); err != nil || a != (Answer{Found: true, Node: 1e5 - 1}) {
		t.Errorf("%+v, %v", a, err)
	}
	if a, err := AlwaysPossible(line, last, func() bool { return true }); err != nil || a != (Answer{Ended: true}) {
		t.Errorf("%+v, %v", a, err)
	}
	line.Flags[0], line.checked = Terminal, false
	if _, err := AlwaysPossible(line, last, nil); err == nil {
		t.Error("no error")
	}
}

// firstWithout is the definition of what AlwaysPossible answers.
func firstWithout(g *Graph, target func(v uint32) bool) (a Answer) {
	for v := range uint32(g.Len()) {
		reached := []uint32{v}
		some, open := false, false
		a.Open = a.Open || g.Flags[v] == Unexpanded
		for i := 0; i < len(reached); i++ {
			u := reached[i]
			some = some || target(u)
			open = open || g.Flags[u] == Unexpanded || g.OutsideAt[u] < g.OutsideAt[u+1]
			for _, e := range g.Edges.Of(u) {
				if !slices.Contains(reached, e.To()) {
					reached = append(reached, e.To())
				}
			}
		}
		switch {
		case !some && !open && !a.Found:
			a.Found, a.Node = true, v
		case !some && open:
			a.Open = true
		}
	}
	return a
}

func TestNeverEnabled(t *testing.T) {
	x := &values{3, map[string][][2]int{"A": {{0, 1}}, "B": {{1, 1}}, "C": {{1, 2}}}}
	g, constraints := x.graph([]fairness{weak("A"), weak("B"), strong("C"), strong("D")})
	if got := g.NeverEnabled(len(constraints)); !slices.Equal(got, []int{1, 3}) {
		t.Errorf("got %v", got)
	}
}

func TestEmpty(t *testing.T) {
	a := &temporal.Automaton{Initial: []int{0}, States: [][]temporal.Edge{{{}}}, Accepting: []bool{true}}
	one := &Graph{Inits: 1, Edges: adjacency.New(nil), Flags: []Flag{Terminal}}
	for _, s := range []*Search{
		{Graph: &Graph{Edges: adjacency.New()}, Automaton: a}, {Graph: one, Automaton: &temporal.Automaton{}},
	} {
		if r, err := s.Run(); err != nil || r != (Result{}) {
			t.Errorf("%+v, %v", r, err)
		}
	}
	want := &Lasso{Nodes: []uint32{0}, Edges: []uint32{Stutter}, Honours: []Honour{}}
	if r, err := (&Search{Graph: one, Automaton: a}).Run(); err != nil || !reflect.DeepEqual(r.Lasso, want) {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestTooLarge(t *testing.T) {
	a := &temporal.Automaton{States: make([][]temporal.Edge, 3000)}
	large := &Graph{Edges: adjacency.New(make([][]adjacency.Edge, 1_000_000)...)}
	_, err := newProduct(&Search{Graph: large, Automaton: a})
	if err == nil || !strings.Contains(err.Error(), "1000000 states times 3000 states") {
		t.Errorf("got %v", err)
	}
}
