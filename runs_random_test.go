package allways_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/adjacency"
	"github.com/allways-go/allways/internal/fair"
	"github.com/allways-go/allways/internal/temporal"
)

// step is an action of a written: it leads to a state and has a letter.
type step struct{ To, Letter int }

// written is a model that is written down: the steps of each state.
type written struct {
	steps   [][]step
	inits   int
	outside []bool // states beyond the boundary
	props   []allways.Property[int]
}

func (m written) Init() (all []int) {
	for i := range m.inits {
		all = append(all, i)
	}
	return all
}
func (m written) Actions(dst []step, s int) []step    { return append(dst, m.steps[s]...) }
func (m written) Next(_ int, a step) (int, bool)      { return a.To, true }
func (m written) Within(s int) bool                   { return !m.outside[s] }
func (m written) Properties() []allways.Property[int] { return m.props }
func (m written) ActionName(a step) string            { return fmt.Sprint("step ", a.Letter) }

func drawTable(t *rapid.T) written {
	n := rapid.IntRange(1, 6).Draw(t, "states")
	m := written{inits: rapid.IntRange(1, min(n, 2)).Draw(t, "inits")}
	for v := range n {
		m.steps = append(m.steps, rapid.SliceOfN(rapid.Custom(func(t *rapid.T) step {
			return step{rapid.IntRange(0, n-1).Draw(t, "to"), rapid.IntRange(0, 2).Draw(t, "letter")}
		}), 0, 3).Draw(t, "steps"))
		m.outside = append(m.outside, v >= m.inits && rapid.IntRange(0, 7).Draw(t, "outside") == 0)
	}
	return m
}

// graph returns the part of a written that can be reached, numbered breadth-first, and the state of each node. The
// predicate of states i holds in states with bit i; that of steps i holds of letter i. Each constraint is on a letter.
func (m written) graph(constraints []int) (g *fair.Graph, states []int) {
	number := map[int]uint32{}
	visit := func(s int) {
		if _, ok := number[s]; !ok && !m.outside[s] {
			number[s] = uint32(len(states))
			states = append(states, s)
		}
	}
	for i := range m.inits {
		visit(i)
	}
	g = &fair.Graph{Inits: m.inits, OutsideAt: []uint32{0}, Labels: []fair.Label{{}}}
	for letter := range 3 {
		l := fair.Label{Steps: 1 << uint(letter)}
		for c, of := range constraints {
			if of == letter {
				l.Takes = append(l.Takes, int32(c))
			}
		}
		g.Labels = append(g.Labels, l)
	}
	var lists [][]adjacency.Edge
	for i := 0; i < len(states); i++ {
		list := []adjacency.Edge(nil)
		s, flag := states[i], fair.Flag(0)
		if len(m.steps[s]) == 0 {
			flag = fair.Terminal
		}
		for _, a := range m.steps[s] {
			visit(a.To)
			label := uint32(a.Letter + 1)
			if a.To == s {
				label = 0
			}
			if m.outside[a.To] {
				g.Outside = append(g.Outside, label)
				continue
			}
			list = append(list, adjacency.NewEdge(number[a.To], label))
		}
		lists, g.OutsideAt = append(lists, list), append(g.OutsideAt, uint32(len(g.Outside)))
		g.State, g.Flags = append(g.State, uint64(s)), append(g.Flags, flag)
	}
	g.Edges = adjacency.New(lists...)
	return g, states
}

// statement is a formula twice: as users write it, and as the judge reads it.
type statement[S any] struct {
	public allways.Formula[S]
	plain  *temporal.Formula
}

// letters are the predicates, made once, as users should.
type letters[S any] struct {
	states, steps [3]allways.Formula[S]
}

func newLetters() (l letters[int]) {
	for i := range 3 {
		l.states[i] = allways.Predicate(fmt.Sprint("p", i), func(s int) bool { return s>>uint(i)&1 != 0 })
		l.steps[i] = allways.StepPredicate(fmt.Sprint("a", i), func(_ int, a step, _ int) bool { return a.Letter == i })
	}
	return l
}

func (l letters[S]) draw(t *rapid.T, operators int) statement[S] {
	leaf := func(op temporal.Op, i int, f allways.Formula[S]) statement[S] {
		return statement[S]{f, &temporal.Formula{Op: op, Atom: i}}
	}
	if operators == 0 {
		i := rapid.IntRange(0, 2).Draw(t, "atom")
		switch rapid.IntRange(0, 3).Draw(t, "leaf") {
		case 0:
			return leaf(temporal.Step, i, l.steps[i])
		case 1:
			return leaf(temporal.Enabled, i, allways.Enabled(l.steps[i]))
		}
		return leaf(temporal.State, i, l.states[i])
	}
	one := func(op temporal.Op, f func(allways.Formula[S]) allways.Formula[S]) statement[S] {
		x := l.draw(t, operators-1)
		return statement[S]{f(x.public), &temporal.Formula{Op: op, Args: []*temporal.Formula{x.plain}}}
	}
	two := func(op temporal.Op, f func(a, b allways.Formula[S]) allways.Formula[S]) statement[S] {
		left := rapid.IntRange(0, operators-1).Draw(t, "left")
		x, y := l.draw(t, left), l.draw(t, operators-1-left)
		return statement[S]{f(x.public, y.public), &temporal.Formula{Op: op, Args: []*temporal.Formula{x.plain, y.plain}}}
	}
	switch rapid.IntRange(0, 7).Draw(t, "operator") {
	case 0:
		return one(temporal.Not, allways.Formula[S].Not)
	case 1:
		return one(temporal.Always, allways.Formula[S].Always)
	case 2:
		return one(temporal.Eventually, allways.Formula[S].Eventually)
	case 3:
		return two(temporal.And, allways.Formula[S].And)
	case 4:
		return two(temporal.Or, allways.Formula[S].Or)
	case 5:
		return two(temporal.Implies, allways.Formula[S].Implies)
	case 6:
		return two(temporal.Until, allways.Formula[S].Until)
	}
	return two(temporal.Release, allways.Formula[S].Release)
}

// drawFairness returns a promise with random fairness, and the letter of each constraint.
func drawFairness(t *rapid.T, p allways.Property[int], search *fair.Search) (allways.Property[int], []int) {
	var letters []int
	add := func(of int, strong bool) {
		letters, search.Constraints = append(letters, of), append(search.Constraints, fair.Constraint{Strong: strong})
	}
	if rapid.Bool().Draw(t, "each") {
		strong := rapid.Bool().Draw(t, "strong")
		key := func(_ int, a step, _ int) (int, bool) { return a.Letter, true }
		if strong {
			p = p.Assuming(allways.StronglyFairEach("letter", key))
		} else {
			p = p.Assuming(allways.WeaklyFairEach("letter", key))
		}
		for of := range 3 {
			add(of, strong)
		}
	}
	for range rapid.IntRange(0, 3).Draw(t, "constraints") {
		of, strong := rapid.IntRange(0, 2).Draw(t, "of"), rapid.Bool().Draw(t, "strong")
		add(of, strong)
		is := func(_ int, a step, _ int) bool { return a.Letter == of }
		if strong {
			p = p.Assuming(allways.StronglyFair("letter", is))
		} else {
			p = p.Assuming(allways.WeaklyFair("letter", is))
		}
	}
	if search.MayStop = rapid.Bool().Draw(t, "may stop"); search.MayStop {
		p = p.Assuming(allways.MayStop[int]())
	}
	return p, letters
}

// The verdict on a random formula, with random fairness and boundary, is that of the judge of graphs on the same
// model, written down without the engine; and it is the same, with the same counterexample, for all ways to search.
// A limit leaves it, or makes it inconclusive.
func TestRandomPromisesAboutRuns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, search := drawTable(t), &fair.Search{}
		f := newLetters().draw(t, rapid.IntRange(0, 5).Draw(t, "operators"))
		p, constraints := drawFairness(t, allways.Temporal("f", f.public), search)
		m.props = []allways.Property[int]{p}
		want := judged(t, m, f.plain, search, constraints)
		first := resultOf(t, m, allways.Options{Workers: 1})
		for _, o := range []allways.Options{
			{Workers: 2}, {Workers: 3, Store: allways.StoreFingerprints}, {Workers: 2, Strategy: allways.DFS},
		} {
			got := resultOf(t, m, o)
			if got.verdict != want || got != first || (want == allways.Violated) != (got.path != "") {
				t.Fatalf("%+v: %+v, want %v %+v", o, got, want, first)
			}
		}
		for _, o := range []allways.Options{
			{Workers: 1, MaxDepth: rapid.IntRange(1, 4).Draw(t, "depth")},
			{Workers: 2, MaxStates: rapid.IntRange(1, 5).Draw(t, "distinct")},
			{Workers: 1, MaxGenerated: rapid.IntRange(1, 8).Draw(t, "generated")},
		} {
			if got := resultOf(t, m, o); got.verdict != allways.Inconclusive && got.verdict != want {
				t.Fatalf("%+v: %+v, want %v", o, got, want)
			}
		}
	})
}

// shown is what a check of one promise shows.
type shown struct {
	verdict allways.Verdict
	path    string
}

func resultOf(t *rapid.T, m written, o allways.Options) shown {
	r, err := allways.Check(t.Context(), m, o)
	if err != nil {
		t.Fatal(err)
	}
	return shownOf(r)
}

func shownOf[A any](r *allways.Result[int, A]) shown {
	s := shown{verdict: r.Properties[0].Verdict}
	if p := r.Properties[0].Path; p != nil {
		s.path = p.Encode()
	}
	return s
}

func judged(t *rapid.T, m written, f *temporal.Formula, s *fair.Search, constraints []int) allways.Verdict {
	var err error
	s.Graph, _ = m.graph(constraints)
	s.Automaton, err = temporal.Translate(&temporal.Formula{Op: temporal.Not, Args: []*temporal.Formula{f}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Run()
	switch {
	case err != nil:
		t.Fatal(err)
	case r.Lasso != nil:
		return allways.Violated
	case r.Open:
		return allways.Inconclusive
	}
	return allways.Holds
}
