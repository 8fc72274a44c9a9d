package allways_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/longtest"
)

// climb is a model of a number that grows to 3.
func climb(props ...allways.Property[int]) allways.Funcs[int, string] {
	return allways.Funcs[int, string]{
		InitFunc:    func() []int { return []int{0} },
		ActionsFunc: func(dst []string, n int) []string { return append(dst, "up") },
		NextFunc:    func(n int, a string) (int, bool) { return n + 1, n < 3 },
		Props:       props,
	}
}

var small = allways.Always("small", func(n int) bool { return n < 9 })

const (
	noProperties = "the model has no properties, so that nothing can be violated: " +
		"return some from Properties, such as Always(name, predicate)"
	noSteps = "no step is possible from an initial state: "
)

// doubtful are models with the warnings that they deserve.
var doubtful = []struct {
	name   string
	model  func(m *allways.Funcs[int, string])
	want   []string // by any search
	walked []string // by walks, if they differ
}{
	{name: "none", model: func(*allways.Funcs[int, string]) {}},
	{
		name: "no properties", model: func(m *allways.Funcs[int, string]) { m.Props = nil },
		want: []string{noProperties},
	},
	{
		name: "no actions",
		model: func(m *allways.Funcs[int, string]) {
			m.ActionsFunc = func(dst []string, _ int) []string { return dst }
		},
		want: []string{noSteps + "Actions never offers one"},
	},
	{
		name: "no effects",
		model: func(m *allways.Funcs[int, string]) {
			m.NextFunc = func(n int, _ string) (int, bool) { return n, false }
		},
		want: []string{noSteps + "Actions offers some, but Next never reports an effect"},
	},
	{
		name:  "a boundary around the initial state",
		model: func(m *allways.Funcs[int, string]) { m.WithinFunc = func(n int) bool { return n == 0 } },
		want:  []string{noSteps + "Actions offers some, but Next never reports an effect inside the boundary"},
	},
	{
		name: "one state",
		model: func(m *allways.Funcs[int, string]) {
			m.NextFunc = func(n int, _ string) (int, bool) { return n, true }
		},
		want: []string{"no step changes the state: every step returns to the one initial state"},
	},
	{
		name: "an action without effect",
		model: func(m *allways.Funcs[int, string]) {
			m.ActionsFunc = func(dst []string, _ int) []string { return append(dst, "up", "down") }
			m.NextFunc = func(n int, a string) (int, bool) { return n + 1, n < 3 && a == "up" }
			m.Names = []string{"up", "jump"}
		},
		want: []string{
			`action "down" is never taken: Actions offers it, but Next never reports an effect`,
			`action "jump" is never taken: Actions never offers one`,
		},
		walked: []string{},
	},
	{
		name: "properties satisfied at once",
		model: func(m *allways.Funcs[int, string]) {
			m.Props = []allways.Property[int]{
				small, allways.Sometimes("some", func(n int) bool { return n < 2 }),
				allways.Eventually("in the end", func(n int) bool { return n < 2 }),
				allways.Sometimes("later", func(n int) bool { return n == 2 }),
				allways.Eventually("at last", func(n int) bool { return n == 2 }),
			}
		},
		want: []string{
			`"some" (sometimes) is satisfied in an initial state already, so that it holds whatever happens`,
			`"in the end" (eventually) is satisfied in every initial state already, so that it holds whatever happens`,
		},
		walked: []string{
			`"some" (sometimes) is satisfied in an initial state already, so that it holds whatever happens`,
		},
	},
}

func TestWarnings(t *testing.T) {
	for _, c := range doubtful {
		t.Run(c.name, func(t *testing.T) {
			m := climb(small)
			c.model(&m)
			for _, o := range matrix() {
				r, err := allways.Check(t.Context(), m, o)
				if err != nil {
					t.Fatal(err)
				}
				if got := warningTexts(r); !slices.Equal(got, c.want) {
					t.Errorf("%s: %q, want %q", optionsName(o), got, c.want)
				}
			}
			if c.walked == nil {
				c.walked = c.want
			}
			r, err := allways.Simulate(t.Context(), m, allways.SimulateOptions{Walks: 3, Stop: allways.StopNever})
			if got := warningTexts(r); err != nil || !slices.Equal(got, c.walked) {
				t.Errorf("walks: %q, want %q; %v", got, c.walked, err)
			}
		})
	}
}

func warningTexts[S, A any](r *allways.Result[S, A]) (texts []string) {
	for _, w := range r.Warnings {
		texts = append(texts, w.String())
	}
	return texts
}

// A search that ends early does not say what never happens, and a model that misbehaves has worse to
// say.
func TestWarningsNeedEvidence(t *testing.T) {
	m := climb(allways.Always("below 1", func(n int) bool { return n < 1 }))
	m.Names = []string{"up", "jump"}
	for _, o := range []allways.Options{{MaxStates: 1}, {MaxDepth: 2}, {}} {
		r, err := allways.Check(t.Context(), m, o)
		if err != nil || r.Complete || r.Warnings != nil {
			t.Errorf("%+v: %q, %v", o, r.Warnings, err)
		}
	}
	m.Props = nil
	m.NextFunc = func(int, string) (int, bool) { panic("broken") }
	if r, err := allways.Check(t.Context(), m, allways.Options{}); err == nil || r.Warnings != nil {
		t.Errorf("%q, %v", r.Warnings, err)
	}
}

// A model that embeds a Funcs has the methods of it that it does not have itself, and those need their
// functions.
func TestEmbeddedFuncs(t *testing.T) {
	type embedding struct{ allways.Funcs[int, string] }
	for field, without := range map[string]func(m *embedding){
		"InitFunc":    func(m *embedding) { m.InitFunc = nil },
		"ActionsFunc": func(m *embedding) { m.ActionsFunc = nil },
		"NextFunc":    func(m *embedding) { m.NextFunc = nil },
	} {
		m := embedding{climb(allways.Always("true", func(int) bool { return true }))}
		if _, err := allways.Check(t.Context(), m, allways.Options{}); err != nil {
			t.Fatal(err)
		}
		without(&m)
		_, err := allways.Check(t.Context(), m, allways.Options{})
		if err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("without %s: %v", field, err)
		}
	}
}

// naiveWarnings says what there is to warn of in a graph: kinds are indexes of edges.
func (g *graph) naiveWarnings(kinds int) (want []allways.WarningKind, never []string) {
	taken, seen, moved := make([]bool, kinds), map[int]bool{}, false
	offered := make([]bool, kinds)
	var queue []int
	for _, n := range g.inits {
		if g.inside[n] && !seen[n] {
			seen[n] = true
			queue = append(queue, n)
		}
	}
	some, all := false, true
	for _, n := range queue {
		some, all = some || g.p[n], all && g.p[n]
	}
	for ; len(queue) > 0; queue = queue[1:] {
		for i, to := range g.edges[queue[0]] {
			offered[i] = true
			if to < 0 || !g.inside[to] {
				continue
			}
			taken[i], moved = true, true
			if !seen[to] {
				seen[to] = true
				queue = append(queue, to)
			}
		}
	}
	if !moved || len(seen) == 1 {
		want = append(want, allways.WarningNoSteps)
	}
	if some {
		want = append(want, allways.WarningVacuous)
	}
	if all {
		want = append(want, allways.WarningVacuous)
	}
	for i := range kinds {
		if moved && len(seen) > 1 && offered[i] && !taken[i] {
			want, never = append(want, allways.WarningNeverTaken), append(never, fmt.Sprintf("action \"kind-%d\"", i))
		}
	}
	return want, never
}

func TestWarningsOfRandomModels(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	for range longtest.Size(100, 2_000) {
		g := randomGraph(r)
		m := model(g, flatStates)
		m.ActionNameFunc = func(a int) string { return fmt.Sprint("kind-", a) }
		want, never := g.naiveWarnings(3)
		for _, o := range []allways.Options{{Workers: 1}, {Workers: 2}, {Strategy: allways.DFS, Workers: 2}} {
			o.Stop = allways.StopNever
			got, err := allways.Check(t.Context(), m, o)
			if err != nil {
				t.Fatal(err)
			}
			var kinds []allways.WarningKind
			var names []string
			for _, w := range got.Warnings {
				kinds = append(kinds, w.Kind)
				if name, _, ok := strings.Cut(w.Text, " is never taken"); ok {
					names = append(names, name)
				}
			}
			if !slices.Equal(kinds, want) || !slices.Equal(names, never) {
				t.Fatalf("%s: %v %v, want %v %v in %+v", optionsName(o), kinds, names, want, never, g)
			}
		}
	}
}
