package allways_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/longtest"
	"github.com/allways-go/allways/trace"
)

// image is a graph with an abstract one and a map to that.
type image struct {
	*graph
	abstract *graph
	to       []int             // by node
	searches []allways.Options // ways to search it
}

// randomImage returns a graph with one that allows what it does, but for some steps and initial states.
func randomImage(r *rand.Rand) *image {
	m := &image{graph: randomGraph(r), abstract: &graph{}}
	k := 1 + r.IntN(len(m.edges))
	m.abstract.edges = make([][]int, k)
	m.abstract.inside, m.abstract.p, m.abstract.q = make([]bool, k), make([]bool, k), make([]bool, k)
	m.abstract.bound = r.IntN(3) == 0 // which is to make no difference
	for range m.edges {
		m.to = append(m.to, r.IntN(k))
	}
	missing := 2 + r.IntN(20)
	for s, next := range m.edges {
		for _, t := range next {
			if t >= 0 && r.IntN(missing) > 0 {
				m.abstract.edges[m.to[s]] = append(m.abstract.edges[m.to[s]], m.to[t])
			}
		}
	}
	for s := range k {
		m.abstract.edges[s] = append(m.abstract.edges[s], -1)
		if r.IntN(3) == 0 {
			m.abstract.edges[s] = append(m.abstract.edges[s], r.IntN(k))
		}
	}
	m.abstract.inits = []int{r.IntN(k)}
	for _, s := range m.inits {
		if r.IntN(6) > 0 {
			m.abstract.inits = append(m.abstract.inits, m.to[s])
		}
	}
	return m
}

// follows reports whether a step of the graph is one of the abstract graph, or no change there.
func (m *image) follows(s, t int) bool {
	return m.to[s] == m.to[t] || slices.Contains(m.abstract.edges[m.to[s]], m.to[t])
}

// check is a naive checker. It returns the steps of a shortest counterexample, or -1, and whether the depth limit
// has hidden states.
func (m *image) check(maxDepth int) (steps int, cut bool) {
	steps = -1
	found := func(n int) {
		if steps < 0 || n < steps {
			steps = n
		}
	}
	seen := map[int]bool{}
	var level []int
	for _, s := range m.inits {
		if m.inside[s] && !seen[s] {
			seen[s] = true
			level = append(level, s)
			if !slices.Contains(m.abstract.inits, m.to[s]) {
				found(0)
			}
		}
	}
	for d := 1; len(level) > 0; d++ {
		if maxDepth > 0 && d >= maxDepth {
			return steps, true
		}
		var next []int
		for _, s := range level {
			for _, t := range m.edges[s] {
				if t < 0 || !m.inside[t] {
					continue
				}
				if !m.follows(s, t) {
					found(d)
				}
				if !seen[t] {
					seen[t] = true
					next = append(next, t)
				}
			}
		}
		level = next
	}
	return steps, false
}

// refining is a model of the graph with its refinement as the only property.
func refining[S, T any](m *image, e encoding[S], f encoding[T]) allways.Funcs[S, int] {
	c := model(m.graph, e)
	c.Props = []allways.Property[S]{
		allways.Refines("refines", model(m.abstract, f), func(s S) T { return f.of(m.to[e.node(s)]) }),
	}
	return c
}

// Verdicts and the lengths of counterexamples are those of a naive checker, for every way to search.
func TestRefinesAgainstReference(t *testing.T) {
	verdicts := map[allways.Verdict]int{}
	all := matrix()
	parts := uint64(longtest.Size(2, 4)) // of many graphs each is searched in some of the ways
	for seed := range uint64(longtest.Size(60, 1000)) {
		r := rand.New(rand.NewPCG(seed, 11))
		m, depth := randomImage(r), 0
		for i := seed / 3 % parts; i < uint64(len(all)); i += parts {
			m.searches = append(m.searches, all[i])
		}
		if r.IntN(3) == 0 {
			depth = 1 + r.IntN(4)
		}
		switch seed % 3 {
		case 0:
			compareRefinement(t, m, depth, refining(m, flatStates, flatStates), verdicts)
		case 1:
			compareRefinement(t, m, depth, refining(m, flatStates, deepStates), verdicts)
		default:
			compareRefinement(t, m, depth, refining(m, deepStates, deepStates), verdicts)
		}
		if t.Failed() {
			t.Fatalf("seed %d: %+v, abstract %+v, map %v", seed, m.graph, m.abstract, m.to)
		}
	}
	for _, v := range []allways.Verdict{allways.Holds, allways.Violated, allways.Inconclusive} {
		if verdicts[v] < 5 {
			t.Errorf("the verdict %v came up %d times: the test says little", v, verdicts[v])
		}
	}
}

func compareRefinement[S any](
	t *testing.T, m *image, depth int, c allways.Funcs[S, int], verdicts map[allways.Verdict]int,
) {
	t.Helper()
	steps, cut := m.check(depth)
	want := allways.Holds
	switch {
	case steps >= 0:
		want = allways.Violated
	case cut:
		want = allways.Inconclusive
	}
	verdicts[want]++
	for _, o := range m.searches {
		o.MaxDepth = depth
		r, err := allways.Check(t.Context(), c, o)
		if err != nil {
			t.Errorf("%s: %v", optionsName(o), err)
			return
		}
		p := r.Properties[0]
		if p.Verdict != want || (p.Path != nil) != (steps >= 0) || (p.Abstract != nil) != (steps >= 0) {
			t.Errorf("%s: %v (%s), want %v", optionsName(o), p.Verdict, p.Reason, want)
			return
		}
		if p.Path == nil {
			continue
		}
		if p.Path.Len() < steps || o.Strategy == allways.BFS && p.Path.Len() != steps {
			t.Errorf("%s: a path of %d steps, want %d", optionsName(o), p.Path.Len(), steps)
		}
		if p.Abstract.Step != p.Path.Len() {
			t.Errorf("%s: %+v after %d steps", optionsName(o), p.Abstract, p.Path.Len())
		}
	}
	r, err := allways.Simulate(t.Context(), c, allways.SimulateOptions{Walks: 20, MaxDepth: cmp.Or(depth, 20)})
	if err != nil || r.Properties[0].Verdict == allways.Violated && steps < 0 {
		t.Errorf("simulation: %v, %v", r, err)
	}
	if p := r.Properties[0]; steps == 0 && len(m.inits) == 1 && p.Verdict != allways.Violated {
		t.Errorf("simulation: %v, and the initial state is not one of the abstract model", p.Verdict)
	}
}

// wallClock counts minutes; the abstract one counts hours.
type wallClock struct{ Hour, Minute int }

func minutes(props ...allways.Property[wallClock]) allways.Funcs[wallClock, string] {
	return allways.Funcs[wallClock, string]{
		InitFunc:    func() []wallClock { return []wallClock{{}} },
		ActionsFunc: func(dst []string, _ wallClock) []string { return append(dst, "tick") },
		NextFunc: func(s wallClock, _ string) (wallClock, bool) {
			if s.Minute++; s.Minute == 3 {
				s = wallClock{Hour: (s.Hour + 1) % 4}
			}
			return s, true
		},
		Props: props,
	}
}

type hourDial struct{ Hour int }

func hours(steps ...int) allways.Funcs[hourDial, int] {
	return allways.Funcs[hourDial, int]{
		InitFunc:    func() []hourDial { return []hourDial{{}} },
		ActionsFunc: func(dst []int, _ hourDial) []int { return append(dst, steps...) },
		NextFunc:    func(s hourDial, by int) (hourDial, bool) { return hourDial{(s.Hour + by) % 4}, true },
	}
}

func toDial(s wallClock) hourDial { return hourDial{s.Hour} }

// A counterexample names the abstract states and what the abstract model would have done, nearest first, and its
// trace file replays to the same verdict.
func TestRefinesShowsTheAbstractStep(t *testing.T) {
	m := minutes(allways.Refines("clock", hours(2, 3), toDial))
	r, err := allways.Check(t.Context(), m, allways.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := r.Properties[0]
	const want = `step 3 maps to
  from  {Hour:0}
  to    {Hour:1}
which is no step of the abstract model; nearest first, it has
  2
      Hour would be 2, not 1
  3
      Hour would be 3, not 1
`
	if p.Verdict != allways.Violated || p.Path.Len() != 3 || p.Abstract.String() != want {
		t.Fatalf("%v after %d steps:\n%s", p.Verdict, p.Path.Len(), p.Abstract)
	}
	s, err := allways.NewStepper(m)
	if err != nil {
		t.Fatal(err)
	}
	again, err := trace.Replay(s, trace.New(p.Path, trace.Header{Model: "clock", Property: "clock"}))
	if err != nil {
		t.Fatal(err)
	}
	if v, err := s.Evaluate(again, "clock"); v != allways.Violated || err != nil {
		t.Errorf("the replay is %v, %v", v, err)
	}
	if a, err := s.Abstract(again, "clock"); err != nil || fmt.Sprint(a) != want {
		t.Errorf("the replay shows %v, %v", a, err)
	}
}

// An initial state that maps to no initial one is a counterexample without steps.
func TestRefinesInitialState(t *testing.T) {
	m := minutes(allways.Refines("clock", hours(1), func(s wallClock) hourDial { return hourDial{(s.Hour + 1) % 4} }))
	r, err := allways.Check(t.Context(), m, allways.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const want = `the first state maps to
  {Hour:1}
which is no initial state of the abstract model; nearest first, it has
  {Hour:0}
      Hour would be 0, not 1
`
	if p := r.Properties[0]; p.Verdict != allways.Violated || p.Path.Len() != 0 || p.Abstract.String() != want {
		t.Errorf("%v after %d steps:\n%s", p.Verdict, p.Path.Len(), p.Abstract)
	}
}

// A refinement may rest, but one that always rests says nothing.
func TestRefinesNothing(t *testing.T) {
	for _, c := range []struct {
		name string
		to   func(wallClock) hourDial
		want bool
	}{
		{"hours", toDial, false},
		{"nothing", func(wallClock) hourDial { return hourDial{} }, true},
	} {
		r, err := allways.Check(t.Context(), minutes(allways.Refines("clock", hours(1), c.to)), allways.Options{})
		if err != nil || r.Verdict != allways.Holds {
			t.Fatalf("%s: %v, %v", c.name, r, err)
		}
		warned := slices.ContainsFunc(r.Warnings, func(w allways.Warning) bool { return w.Kind == allways.WarningVacuous })
		if warned != c.want {
			t.Errorf("%s: warnings %v", c.name, r.Warnings)
		}
	}
}

// The steps of an abstract model that lead out of its boundary are steps.
func TestRefinesIgnoresTheAbstractBoundary(t *testing.T) {
	h := hours(1)
	h.WithinFunc = func(s hourDial) bool { return s.Hour < 2 }
	r, err := allways.Check(t.Context(), minutes(allways.Refines("clock", h, toDial)), allways.Options{})
	if err != nil || r.Verdict != allways.Holds || r.Bounded {
		t.Errorf("%+v, %v", r, err)
	}
}

// Memory for pairs of abstract states has a bound, and is that of the run.
func TestRefinesWithLittleMemory(t *testing.T) {
	const last = 12_000 // whose steps need more memory than there is
	m := allways.Funcs[int, int]{
		InitFunc:    func() []int { return []int{0} },
		ActionsFunc: func(dst []int, _ int) []int { return append(dst, 1, 2, 3, 4, 5, 6, 7, 8) },
		NextFunc:    func(s, by int) (int, bool) { return s + by, s < last },
	}
	abstract := m
	abstract.NextFunc = func(s, by int) (int, bool) { return s + by, s < last-10 || by < 8 }
	m.Props = []allways.Property[int]{allways.Refines("same", abstract, func(s int) int { return s })}
	for _, memory := range []int64{0, 4 << 20} {
		r, err := allways.Check(context.Background(), m, allways.Options{MaxMemory: memory})
		if err != nil {
			t.Fatal(err)
		}
		p := r.Properties[0]
		if p.Verdict != allways.Violated || p.Path.Last() != last-2 || len(p.Abstract.Enabled) != 7 {
			t.Errorf("with %d bytes: %v (%s)", memory, p.Verdict, p.Reason)
		}
		if memory > 0 && r.Stats.Memory > memory {
			t.Errorf("%d bytes of %d were used", r.Stats.Memory, memory)
		}
	}
}

// refusal returns the error of a check that is to be one.
func refusal[S, A any](t *testing.T, m allways.Model[S, A]) *allways.ModelError {
	t.Helper()
	_, err := allways.Check(t.Context(), m, allways.Options{})
	e, ok := errors.AsType[*allways.ModelError](err)
	if !ok {
		t.Fatalf("the error is %v", err)
	}
	return e
}

// What is wrong with an abstract model or a map is an error that says so.
func TestRefinesRefuses(t *testing.T) {
	noInit, panics := hours(1), hours(1)
	noInit.InitFunc = func() []hourDial { return nil }
	panics.NextFunc = func(hourDial, int) (hourDial, bool) { panic("out of order") }
	changing := allways.Funcs[[]int, int]{
		InitFunc:    func() [][]int { return [][]int{{0}} },
		ActionsFunc: func(dst []int, _ []int) []int { return append(dst, 1) },
		NextFunc: func(s []int, _ int) ([]int, bool) {
			s[0]++
			return s, true
		},
	}
	calls := 0
	random := hours(1)
	random.NextFunc = func(s hourDial, _ int) (hourDial, bool) {
		calls++
		return hourDial{s.Hour + calls%2}, true
	}
	var none allways.Model[hourDial, int]
	for _, c := range []struct {
		name string
		prop allways.Property[wallClock]
		kind allways.ErrorKind
		want string
	}{
		{"no model", allways.Refines("x", none, toDial), allways.ErrorDeclaration, "the model is nil"},
		{"no map", allways.Refines[wallClock, hourDial, int]("x", hours(1), nil), allways.ErrorDeclaration, "no map"},
		{"no initial state", allways.Refines("x", noInit, toDial), allways.ErrorDeclaration, "at least one initial state"},
		{"no function", allways.Refines("x", allways.Funcs[hourDial, int]{}, toDial), allways.ErrorDeclaration, "InitFunc"},
		{"abstract panic", allways.Refines("x", panics, toDial), allways.ErrorPanic, "out of order"},
		{"panic of the map", allways.Refines("x", hours(1), func(s wallClock) hourDial {
			if s.Hour == 1 {
				panic("no such hour")
			}
			return hourDial{}
		}), allways.ErrorPanic, "no such hour"},
		{"random map", allways.Refines("x", hours(1), func(s wallClock) hourDial {
			calls++
			return hourDial{calls % 2}
		}), allways.ErrorNondeterminism, "the map"},
		{"random abstract model", allways.Refines("x", random, toDial), allways.ErrorNondeterminism, "the abstract model"},
		{"changing abstract model", allways.Refines("x", changing, func(s wallClock) []int { return []int{s.Hour} }),
			allways.ErrorMutation, "copy slices"},
		{"type without content", allways.Refines("x", allways.Funcs[func(), int]{
			InitFunc:    func() []func() { return []func(){nil} },
			ActionsFunc: func(dst []int, _ func()) []int { return dst },
			NextFunc:    func(s func(), _ int) (func(), bool) { return s, true },
		}, func(wallClock) func() { return nil }), allways.ErrorDeclaration, "the state type"},
	} {
		if e := refusal(t, minutes(c.prop)); e.Kind != c.kind || !strings.Contains(e.Error(), c.want) {
			t.Errorf("%s: %v, want %s: %s", c.name, e, c.kind, c.want)
		}
	}
}

// A map that changes the state that it is given is an error of the model.
func TestRefinesMapChangesState(t *testing.T) {
	m := allways.Funcs[[]int, int]{
		InitFunc:    func() [][]int { return [][]int{{0, 0}} },
		ActionsFunc: func(dst []int, _ []int) []int { return append(dst, 0, 1) },
		NextFunc: func(s []int, i int) ([]int, bool) {
			s = slices.Clone(s)
			s[i]++
			return s, s[i] < 4
		},
	}
	m.Props = []allways.Property[[]int]{allways.Refines("x", hours(0, 1), func(s []int) hourDial {
		s[0] = 0
		return hourDial{}
	})}
	if e := refusal(t, m); e.Kind != allways.ErrorMutation {
		t.Errorf("%v", e)
	}
}

// couple are two parts, such as the hands of a clock without labels.
type couple struct {
	Parts [2]int `allways:"indexed=twin"`
}

type twin uint8

func ofCouples(t *testing.T, inits []couple, props ...allways.Property[couple]) allways.Funcs[couple, twin] {
	t.Helper()
	s, err := allways.Interchangeable[twin, couple](2)
	if err != nil {
		t.Fatal(err)
	}
	return allways.Funcs[couple, twin]{
		InitFunc:    func() []couple { return inits },
		ActionsFunc: func(dst []twin, _ couple) []twin { return append(dst, 0, 1) },
		NextFunc: func(s couple, p twin) (couple, bool) {
			s.Parts[p]++
			return s, s.Parts[p] < 4
		},
		RepresentativeFunc: s.Representative,
		Props:              props,
	}
}

// With symmetry a map must not tell parts apart that are interchangeable, neither at the beginning nor later.
func TestRefinesWithSymmetry(t *testing.T) {
	zero, unequal := []couple{{}}, []couple{{[2]int{0, 1}}, {[2]int{1, 0}}}
	whole := ofCouples(t, zero)
	whole.ActionsFunc = func(dst []twin, s couple) []twin {
		if s.Parts[0]+s.Parts[1] < 5 {
			dst = append(dst, 0, 1)
		}
		return dst
	}
	sums := allways.Funcs[int, int]{
		InitFunc:    func() []int { return []int{0, 1} },
		ActionsFunc: func(dst []int, _ int) []int { return append(dst, 1) },
		NextFunc:    func(s, by int) (int, bool) { return s + by, true },
	}
	first := allways.Funcs[int, int]{
		InitFunc: func() []int { return []int{1} }, ActionsFunc: sums.ActionsFunc, NextFunc: sums.NextFunc,
	}
	low := sums
	low.NextFunc = func(s, by int) (int, bool) { return s + by, s < 2 }
	sum := func(s couple) int { return s.Parts[0] + s.Parts[1] }
	left := func(s couple) int { return s.Parts[0] }
	same := func(s couple) couple { return s }
	for _, c := range []struct {
		name    string
		inits   []couple
		prop    allways.Property[couple]
		want    allways.Verdict // of no symmetry
		refused bool
		steps   int
	}{
		{"sum", zero, allways.Refines("x", sums, sum), allways.Holds, false, 0},
		{"low sum", zero, allways.Refines("x", low, sum), allways.Violated, false, 3},
		{"couple", zero, allways.Refines("x", whole, same), allways.Violated, false, 6},
		{"initial states", unequal, allways.Refines("x", first, left), allways.Violated, true, 0},
		{"steps", zero, allways.Refines("x", low, left), allways.Violated, true, 3},
	} {
		for _, symmetry := range []bool{false, true} {
			r, err := allways.Check(t.Context(), ofCouples(t, c.inits, c.prop), allways.Options{Symmetry: symmetry})
			if symmetry && c.refused {
				if e, ok := errors.AsType[*allways.ModelError](err); !ok || e.Kind != allways.ErrorSymmetry {
					t.Errorf("%s: %v", c.name, err)
				}
				continue
			}
			if err != nil {
				t.Fatalf("%s, symmetry %t: %v", c.name, symmetry, err)
			}
			p := r.Properties[0]
			if p.Verdict != c.want || c.want == allways.Violated && p.Path.Len() != c.steps {
				t.Errorf("%s, symmetry %t: %v, %v", c.name, symmetry, p.Verdict, p.Path)
			}
		}
	}
}
