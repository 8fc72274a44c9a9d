package fair

import (
	"slices"
	"testing"

	"github.com/allways-go/allways/internal/temporal"
)

// values is a graph of the values of a number x, from 0 on.
type values struct {
	n       int
	actions map[string][][2]int // steps from one value to another
}

// fairness is a constraint on some actions together, or on all if it names no action.
type fairness struct {
	strong  bool
	actions []string
}

func weak(actions ...string) fairness   { return fairness{false, actions} }
func strong(actions ...string) fairness { return fairness{true, actions} }

// graph returns the graph. The atoms of states are x = 0, x = 1 and so on, and the step predicates are
// the actions in the order of their names. A pair of values that several actions have is one edge.
func (x *values) graph(assumed []fairness) (*Graph, []Constraint) {
	s := &sketch{inits: 1, edges: make([][]arc, x.n), unexpanded: make([]bool, x.n), outside: make([]bool, x.n)}
	names := slices.Sorted(func(yield func(string) bool) {
		for name := range x.actions {
			yield(name)
		}
	})
	for from := range x.n {
		s.state = append(s.state, 1<<from)
		for to := range x.n {
			l := Label{}
			for i, name := range names {
				if !slices.Contains(x.actions[name], [2]int{from, to}) {
					continue
				}
				l.Steps |= 1 << i
				for c, f := range assumed {
					if (f.actions == nil || slices.Contains(f.actions, name)) && !slices.Contains(l.Takes, int32(c)) {
						l.Takes = append(l.Takes, int32(c))
					}
				}
			}
			if l.Steps != 0 {
				s.edges[from] = append(s.edges[from], arc{to, uint32(len(s.labels))})
				s.labels = append(s.labels, l)
			}
		}
	}
	var constraints []Constraint
	for _, f := range assumed {
		constraints = append(constraints, Constraint{f.strong})
	}
	g, _ := s.graph()
	return g, constraints
}

func is(x int) *temporal.Formula {
	return &temporal.Formula{Op: temporal.State, Atom: x, Name: string(rune('0' + x))}
}

func isAny(all ...int) *temporal.Formula {
	f := &temporal.Formula{Op: temporal.Or}
	for _, x := range all {
		f.Args = append(f.Args, is(x))
	}
	return f
}

func taking(i int) *temporal.Formula { return &temporal.Formula{Op: temporal.Step, Atom: i, Name: "A"} }

func always(f *temporal.Formula) *temporal.Formula     { return unary(temporal.Always, f) }
func eventually(f *temporal.Formula) *temporal.Formula { return unary(temporal.Eventually, f) }
func implies(f, g *temporal.Formula) *temporal.Formula {
	return &temporal.Formula{Op: temporal.Implies, Args: []*temporal.Formula{f, g}}
}

var (
	grow    = &values{4, map[string][][2]int{"grow": {{0, 0}, {0, 1}, {1, 1}, {1, 2}, {2, 2}, {2, 3}}}}
	inverse = &values{3, map[string][][2]int{
		"A": {{0, 1}, {1, 2}, {2, 0}}, "B": {{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}, {2, 0}, {2, 1}, {2, 2}},
	}}
	diamond = &values{4, map[string][][2]int{"D": {{0, 1}, {0, 2}, {1, 3}, {2, 3}, {3, 3}}}}
	cycle   = &values{3, map[string][][2]int{"C": {{0, 1}, {1, 0}, {2, 2}}, "exit": {{0, 2}}}}
	subs    = &values{4, map[string][][2]int{"rest": {{0, 1}, {1, 3}, {2, 0}, {3, 1}}, "leave": {{1, 2}}}}
	deadEnd = &values{4, map[string][][2]int{"D": {{0, 1}, {0, 2}, {1, 3}}}}
	toggle  = &values{2, map[string][][2]int{"N": {{0, 0}, {0, 1}, {1, 0}, {1, 1}}}}
	hour    = &values{3, map[string][][2]int{"tick": {{0, 1}, {1, 2}, {2, 0}}}}
)

// Minimal models on which checkers of temporal properties went wrong. The verdicts are those of TLC
// for the same models, where every run may stop unless fairness forbids it.
func TestTraps(t *testing.T) {
	none := []fairness(nil)
	for _, c := range []struct {
		name    string
		of      *values
		assumed []fairness
		f       *temporal.Formula
		nodes   []uint32 // of the lasso; nil: the formula holds
		loop    int
	}{
		{"stuttering steps are no progress", grow, []fairness{weak()}, eventually(is(3)), nil, 0},
		{"no fairness", grow, none, eventually(is(3)), []uint32{0}, 0},
		{"inverse actions", inverse, []fairness{weak("A")}, always(eventually(taking(0))), nil, 0},
		{"one branch", diamond, []fairness{weak()}, eventually(is(1)), []uint32{0, 2, 3}, 2},
		{"both branches", diamond, []fairness{weak()}, eventually(is(3)), nil, 0},
		{"settles", diamond, []fairness{weak()}, eventually(always(is(3))), nil, 0},
		{"may stop before", diamond, none, eventually(always(is(3))), []uint32{0}, 0},
		{"may stop before, again", diamond, none, always(eventually(is(3))), []uint32{0}, 0},
		{"exit of a cycle", cycle, []fairness{weak("C")}, eventually(is(2)), []uint32{0, 1}, 0},
		{"weak is not enough", cycle, []fairness{weak("C"), weak("exit")}, eventually(is(2)), []uint32{0, 1}, 0},
		{"strong is enough", cycle, []fairness{weak("C"), strong("exit")}, eventually(is(2)), nil, 0},
		{"unfair cycle in a component", subs, []fairness{weak()}, always(eventually(is(0))), []uint32{0, 1, 3}, 1},
		{"weak there", subs, []fairness{weak(), weak("leave")}, always(eventually(is(0))), []uint32{0, 1, 3}, 1},
		{"strong there", subs, []fairness{weak(), strong("leave")}, always(eventually(is(0))), nil, 0},
		{"answer", subs, []fairness{weak(), weak("leave")}, leadsTo(is(1), is(0)), []uint32{0, 1, 3}, 1},
		{"answer, strong", subs, []fairness{weak(), strong("leave")}, leadsTo(is(1), is(0)), nil, 0},
		{"ends elsewhere", deadEnd, []fairness{weak()}, eventually(is(3)), []uint32{0, 2}, 1},
		{"passes elsewhere", deadEnd, []fairness{weak()}, eventually(is(1)), []uint32{0, 2}, 1},
		{"ends", deadEnd, []fairness{weak()}, eventually(isAny(2, 3)), nil, 0},
		{"safety", toggle, none, always(implies(is(1), always(implies(is(0), always(is(0)))))), []uint32{0, 1, 0, 1}, 3},
		{"clock", hour, []fairness{weak()}, always(eventually(taking(0))), nil, 0},
		{"clock may stop", hour, none, always(eventually(taking(0))), []uint32{0}, 0},
	} {
		g, constraints := c.of.graph(c.assumed)
		r := check(t, g, constraints, true, c.f)
		switch {
		case r.Open || r.Ended:
			t.Errorf("%s: %+v", c.name, r)
		case r.Lasso == nil && c.nodes != nil:
			t.Errorf("%s: %s holds", c.name, c.f)
		case r.Lasso != nil && (!slices.Equal(r.Lasso.Nodes, c.nodes) || r.Lasso.Loop != c.loop):
			t.Errorf("%s: %s has the lasso %+v, want %v from %d", c.name, c.f, r.Lasso, c.nodes, c.loop)
		}
		if newOracle(g, constraints, true, c.f).violated() != (c.nodes != nil) {
			t.Errorf("%s: the oracle thinks differently", c.name)
		}
	}
}
