package allways_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/longtest"
)

// traffic is a light that goes round, and a pedestrian's button that need not be pressed.
func traffic() allways.Funcs[[2]int, string] {
	return allways.Funcs[[2]int, string]{
		InitFunc: func() [][2]int { return [][2]int{{}} },
		ActionsFunc: func(dst []string, s [2]int) []string {
			dst = append(dst, "turn", "press", "press hard", "stay")
			if s[0] == 2 {
				dst = append(dst, "honk")
			}
			return dst
		},
		NextFunc: func(s [2]int, a string) ([2]int, bool) {
			switch a {
			case "turn":
				s[0] = (s[0] + 1) % 3
			case "press", "press hard":
				if s[1] == 1 {
					return s, a == "press hard" // as often as you like
				}
				s[1] = 1
			case "stay":
				return s, false
			}
			return s, true
		},
		ActionNameFunc: func(a string) string { word, _, _ := strings.Cut(a, " "); return word },
		Names:          []string{"turn", "press", "honk", "stay", "fly", "press"},
		Props: []allways.Property[[2]int]{
			allways.Eventually("pressed", func(s [2]int) bool { return s[1] == 1 }),
		},
	}
}

// Actions are counted by name: how often they were enabled in an expanded state, how often they
// were steps, how many states they were first to reach, and whether a complete search never took a
// declared one.
func TestActionCounts(t *testing.T) {
	want := []allways.ActionStats{
		{Name: "fly", NeverTaken: true},
		{Name: "honk", Enabled: 2, Taken: 2},
		// Two actions in each state, one of which has no effect where the button was pressed.
		{Name: "press", Enabled: 12, Taken: 6 + 3, New: 3},
		{Name: "stay", Enabled: 6, NeverTaken: true},
		{Name: "turn", Enabled: 6, Taken: 6, New: 2},
	}
	for _, o := range matrix() {
		r, err := allways.Check(context.Background(), traffic(), o)
		if err != nil {
			t.Fatal(err)
		}
		if o.Strategy == allways.DFS && o.Workers > 1 {
			continue // which action is first is a matter of luck
		}
		if o.Strategy == allways.DFS {
			for i := range want {
				r.Actions[i].New = want[i].New
			}
		}
		if !reflect.DeepEqual(r.Actions, want) {
			t.Errorf("%s: %+v, want %+v", optionsName(o), r.Actions, want)
		}
	}
	r, err := allways.Check(context.Background(), traffic(), allways.Options{MaxDepth: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range r.Actions {
		if a.NeverTaken {
			t.Errorf("%s is called never taken by a search that was not complete", a.Name)
		}
	}
	undeclared := traffic()
	undeclared.Names = nil
	if r, err = allways.Check(context.Background(), undeclared, allways.Options{}); err != nil {
		t.Fatal(err)
	}
	for _, a := range r.Actions {
		if a.NeverTaken || a.Name == "fly" {
			t.Errorf("%+v, though nothing was declared", a)
		}
	}
}

// A lasso tells which actions it ignores: those with an effect in every state of its cycle that it
// never takes.
func TestIgnoredActions(t *testing.T) {
	m := traffic()
	m.NextFunc = func(next func([2]int, string) ([2]int, bool)) func([2]int, string) ([2]int, bool) {
		return func(s [2]int, a string) ([2]int, bool) {
			if a == "press" && s[0] == 1 {
				return s, false // not enabled all along, and so not ignored
			}
			return next(s, a)
		}
	}(m.NextFunc)
	m.ActionNameFunc = nil
	for _, o := range matrix() {
		r, err := allways.Check(context.Background(), m, o)
		if err != nil {
			t.Fatal(err)
		}
		p := r.Property("pressed")
		if p.Path == nil || p.Path.Encode() != "0:0.0.0@0" || !slices.Equal(p.Ignored, []string{"press hard"}) {
			t.Errorf("%s: %v ignores %q", optionsName(o), p.Path, p.Ignored)
		}
	}
	first := allways.SchedulerFunc(func(allways.Rand, allways.Choices) int { return 0 })
	r, err := allways.Simulate(context.Background(), m, allways.SimulateOptions{Scheduler: first})
	if err != nil {
		t.Fatal(err)
	}
	if p := r.Property("pressed"); p.Verdict != allways.Violated || !slices.Equal(p.Ignored, []string{"press hard"}) {
		t.Errorf("simulated: %v ignores %q", p.Path, p.Ignored)
	}
	ends := chainModel(3)
	ended, err := allways.Check(context.Background(), ends, allways.Options{})
	if err != nil || ended.Properties[0].Verdict != allways.Violated || ended.Properties[0].Ignored != nil {
		t.Errorf("a path that ends ignores %q, %v", ended.Properties[0].Ignored, err)
	}
}

// chainModel counts to n and never comes to its goal.
func chainModel(n int) allways.Funcs[int, string] {
	return allways.Funcs[int, string]{
		InitFunc:    func() []int { return []int{0} },
		ActionsFunc: func(dst []string, _ int) []string { return append(dst, "count") },
		NextFunc:    func(s int, _ string) (int, bool) { return s + 1, s < n },
		Props:       []allways.Property[int]{allways.Eventually("goal", func(s int) bool { return s < 0 })},
	}
}

// A visitor sees every distinct state once with its depth, in the order of a sequential search when
// the search is breadth-first, and paths end in the states that they are to.
func TestVisitors(t *testing.T) {
	for seed := range uint64(longtest.Size(8, 25)) {
		g := randomGraph(rand.New(rand.NewPCG(seed, 30)))
		want := g.visits()
		for _, o := range partOfMatrix(seed, 1, 2, 3) {
			var got []string
			o.Visitor = allways.VisitStates(func(s int, depth int) {
				got = append(got, fmt.Sprint(flatStates.node(s), "@", depth))
			})
			check(t, g, o)
			compareVisits(t, o, got, want)

			var states []int
			o.Visitor = recordStates(&states)
			check(t, g, o)
			got = nil
			for i, s := range states {
				got = append(got, strings.Split(want[i], "@")[0])
				if o.Strategy == allways.BFS && fmt.Sprint(flatStates.node(s)) != got[i] {
					t.Errorf("%s: state %d recorded as %d, want %s", optionsName(o), i, flatStates.node(s), got[i])
				}
			}
			if len(got) != len(want) {
				t.Errorf("%s: %d states recorded, want %d", optionsName(o), len(got), len(want))
			}
			if o.Store == allways.StoreFingerprints {
				continue
			}
			var paths []*allways.Path[int, int]
			o.Visitor = recordPaths(&paths)
			check(t, g, o)
			got = nil
			for _, p := range paths {
				got = append(got, fmt.Sprint(flatStates.node(p.Last()), "@", p.Len()+1))
			}
			compareVisits(t, o, got, want)
		}
	}
}

func check(t *testing.T, g *graph, o allways.Options) {
	t.Helper()
	if _, err := allways.Check(context.Background(), model(g, flatStates), o); err != nil {
		t.Fatal(err)
	}
}

// compareVisits leaves depth, which is that of the discovery, out of the comparison for a
// depth-first search.
func compareVisits(t *testing.T, o allways.Options, got, want []string) {
	t.Helper()
	if o.Strategy == allways.DFS {
		node := func(list []string) (nodes []string) {
			for _, v := range list {
				nodes = append(nodes, strings.Split(v, "@")[0])
			}
			slices.Sort(nodes)
			return nodes
		}
		got, want = node(got), node(want)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s: visited %v, want %v", optionsName(o), got, want)
	}
}

// visits returns the nodes, with their depths, in the order in which a sequential breadth-first
// search meets them.
func (g *graph) visits() (all []string) {
	depth, queue := map[int]int{}, []int(nil)
	meet := func(n, d int) {
		if n >= 0 && g.inside[n] && depth[n] == 0 {
			depth[n] = d
			queue = append(queue, n)
			all = append(all, fmt.Sprint(n, "@", d))
		}
	}
	for _, n := range g.inits {
		meet(n, 1)
	}
	for i := 0; i < len(queue); i++ {
		for _, to := range g.edges[queue[i]] {
			meet(to, depth[queue[i]]+1)
		}
	}
	return all
}

// A visitor that does not fit the model or the store is refused with the name of the option.
func TestRefusedVisitors(t *testing.T) {
	for _, c := range []struct {
		o    allways.Options
		want string
	}{
		{
			allways.Options{Visitor: allways.VisitStates(func(string, int) {})},
			"option Visitor: it takes states of type string, and the model's are int",
		},
		{
			allways.Options{Visitor: allways.VisitPaths(func(*allways.Path[int, int]) {})},
			"option Visitor: it takes actions of type int, and the model's are string",
		},
		{
			allways.Options{
				Store: allways.StoreFingerprints, Visitor: allways.VisitPaths(func(*allways.Path[int, string]) {}),
			},
			"option Visitor: paths need an exact store: use StoreExact",
		},
	} {
		if _, err := allways.Check(context.Background(), chainModel(2), c.o); err == nil || err.Error() != c.want {
			t.Errorf("error %v, want %s", err, c.want)
		}
	}
}
