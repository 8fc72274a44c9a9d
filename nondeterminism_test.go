package allways_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/longtest"
)

// knot is a state with a map and a slice, which are the same in all states.
type knot struct {
	N    int
	Has  map[string]int
	List []int
}

// maze is a random graph of a few nodes that are all reached, without a step that changes nothing.
type maze [][]int

func drawMaze(t *rapid.T) maze {
	g := make(maze, rapid.IntRange(3, 8).Draw(t, "nodes"))
	for i := range g {
		g[i] = append(g[i], (i+1)%len(g))
		for _, to := range rapid.SliceOfN(rapid.IntRange(0, len(g)-1), 0, 2).Draw(t, "edges") {
			if to != i && !slices.Contains(g[i], to) {
				g[i] = append(g[i], to)
			}
		}
	}
	return g
}

// kind makes states of numbers, and numbers of states.
type kind[S any] struct {
	of func(n int) S
	in func(s S) int
}

var (
	numbers = kind[int]{func(n int) int { return n }, func(s int) int { return s }}
	knots   = kind[knot]{
		func(n int) knot { return knot{n, map[string]int{"a": 1, "b": 2}, []int{n, 2}} },
		func(s knot) int { return s.N },
	}
)

// walked returns the maze as a model that does the same always, unless odd says otherwise: it is asked by each method,
// with its name and its state.
func walked[S any](g maze, k kind[S], odd func(where string, s S) bool) allways.Funcs[S, int] {
	return allways.Funcs[S, int]{
		InitFunc: func() []S {
			if odd("Init", k.of(0)) {
				return []S{k.of(1)}
			}
			return []S{k.of(0)}
		},
		ActionsFunc: func(dst []int, s S) []int {
			if odd("Actions", s) {
				return append(append(dst, g[k.in(s)][1:]...), 99)
			}
			return append(dst, g[k.in(s)]...)
		},
		NextFunc: func(s S, a int) (S, bool) {
			if a == 99 || odd("Next", s) {
				return k.of((k.in(s) + 2) % len(g)), true
			}
			return k.of(a), true
		},
		WithinFunc: func(s S) bool { return !odd("Within", s) },
		Props: []allways.Property[S]{
			allways.Always("state", func(s S) bool { return !odd(`property "state"`, s) }),
			allways.AlwaysStep[S, int]("step", func(s S, _ int, _ S) bool { return !odd(`property "step"`, s) }),
			allways.Sometimes("some", func(s S) bool { return odd(`property "some"`, s) }),
		},
		RepresentativeFunc: func(s S) S { return s },
	}
}

var methods = []string{"Init", "Actions", "Next", "Within", `property "state"`, `property "step"`, `property "some"`}

// drawOdd draws what a method depends on beside its arguments.
func drawOdd(t *rapid.T) (name string, make func() func() bool) {
	period, phase := rapid.IntRange(2, 7).Draw(t, "period"), rapid.IntRange(0, 1).Draw(t, "phase")
	own := map[int]bool{1: true, 2: false}
	sources := map[string]func() func() bool{
		"counter": func() func() bool {
			calls := 0
			return func() bool { calls++; return calls%period == phase }
		},
		"late": func() func() bool {
			calls := 0
			return func() bool { calls++; return calls > 1+period }
		},
		"map order": func() func() bool {
			return func() bool {
				for _, first := range own {
					return first
				}
				return false
			}
		},
		"random": func() func() bool {
			x := uint64(period)
			return func() bool { x = x*6364136223846793005 + 1442695040888963407; return x>>33%3 == 0 }
		},
	}
	name = rapid.SampledFrom([]string{"counter", "late", "map order", "random"}).Draw(t, "source")
	return name, sources[name]
}

// drawWay draws a way to run a model with one worker, since what methods depend on is for one goroutine.
func drawWay[S any](t *rapid.T) (name string, run func(m allways.Model[S, int]) error) {
	o := rapid.SampledFrom(matrix()).Draw(t, "options")
	o.Workers, o.Symmetry = 1, rapid.Bool().Draw(t, "symmetry")
	if rapid.IntRange(0, 5).Draw(t, "simulate") > 0 {
		name = fmt.Sprintf("%s, symmetry %t", optionsName(o), o.Symmetry)
		return name, func(m allways.Model[S, int]) error { return checked(m, o) }
	}
	walk := allways.SimulateOptions{Walks: 30, Workers: 1, MaxDepth: 30, Seed: 1}
	return "simulate", func(m allways.Model[S, int]) error {
		_, err := allways.Simulate(t.Context(), m, walk)
		return err
	}
}

// refuses runs a model with a method that depends on something else in one of its states, and without.
func refuses[S any](t *rapid.T, k kind[S]) {
	g, where := drawMaze(t), rapid.SampledFrom(methods).Draw(t, "method")
	at := rapid.IntRange(0, len(g)-1).Draw(t, "at")
	if where == "Within" || where == "Init" {
		at = 0
	}
	source, make := drawOdd(t)
	name, run := drawWay[S](t)
	if err := run(walked(g, k, func(string, S) bool { return false })); err != nil {
		t.Fatalf("%s, unspoiled: %v", name, err)
	}
	reduced := strings.Contains(name, "symmetry true")
	if source == "late" && reduced {
		// Walks that check the symmetry visit states before the search does, and their answers are not kept: a method
		// that changes its mind before the search asks answers the search the same every time.
		t.Skip("not noticed")
	}
	odd := make()
	err := run(walked(g, k, func(w string, s S) bool { return w == where && k.in(s) == at && odd() }))
	var e *allways.ModelError
	refused := errors.As(err, &e) && (e.Kind == allways.ErrorNondeterminism || e.Kind == allways.ErrorInit ||
		e.Kind == allways.ErrorSymmetry && reduced) // a comparison that fails may look like either
	if !refused {
		t.Errorf("%s of %v at %d by %s, %s: %v", where, g, at, source, name, err)
	}
}

// A method that does not always do the same in one state of a small model is found, whatever it depends on and
// however the model is run.
func TestNondeterminismAnywhere(t *testing.T) {
	longtest.Checks(t, 30)
	rapid.Check(t, func(t *rapid.T) {
		if rapid.Bool().Draw(t, "flat") {
			refuses(t, numbers)
		} else {
			refuses(t, knots)
		}
	})
}

// changes are ways to change memory that belongs to a run.
var changes = map[string]func(kept *[]knot, s knot){
	"a map now":   func(_ *[]knot, s knot) { s.Has["c"]++ },
	"a slice now": func(_ *[]knot, s knot) { s.List[1]++ },
	"a map late": func(kept *[]knot, s knot) {
		for _, k := range *kept {
			k.Has["c"]++
		}
		*kept = append(*kept, s)
	},
	"a slice late": func(kept *[]knot, s knot) {
		for _, k := range *kept {
			k.List[1]++
		}
		*kept = append(*kept, s)
	},
}

// A method that changes a state, the one that it is given or one that it was given before, is found.
func TestMutationAnywhere(t *testing.T) {
	longtest.Checks(t, 30)
	rapid.Check(t, func(t *rapid.T) {
		g, where := drawMaze(t), rapid.SampledFrom(methods[1:]).Draw(t, "method")
		at, how := rapid.IntRange(0, len(g)-1).Draw(t, "at"), rapid.SampledFrom([]string{
			"a map now", "a slice now", "a map late", "a slice late"}).Draw(t, "how")
		name, run := drawWay[knot](t)
		var kept []knot
		err := run(walked(g, knots, func(w string, s knot) bool {
			if w == where && s.N == at {
				changes[how](&kept, s)
			}
			return false
		}))
		var e *allways.ModelError
		if !errors.As(err, &e) || e.Kind != allways.ErrorMutation {
			t.Errorf("%s of %v at %d changes %s, %s: %v", where, g, at, how, name, err)
		}
	})
}
