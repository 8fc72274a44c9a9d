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

// wideGraph is a random graph of n nodes with wide levels, a few self-loops, actions without
// effect, and shared successors. Property names are those of model.
func wideGraph(r *rand.Rand, n int) *graph {
	g := &graph{edges: make([][]int, n), bound: r.IntN(2) == 0}
	for i := range n {
		for range r.IntN(6) {
			to := r.IntN(n)
			switch r.IntN(10) {
			case 0:
				to = -1
			case 1:
				to = i
			}
			g.edges[i] = append(g.edges[i], to)
		}
		g.inside = append(g.inside, !g.bound || r.IntN(40) > 0)
		g.p = append(g.p, r.IntN(300) == 0)
		g.q = append(g.q, r.IntN(n/2) > 0)
	}
	for range 3 {
		g.inits = append(g.inits, r.IntN(n))
	}
	g.inside[g.inits[0]] = true
	return g
}

// firstPaths searches breadth-first, one state after the other, and returns the encoded path to the
// first state or step that decides each of the properties always, sometimes and deadlock, and the
// number of states first reached by each position among the actions. It is what a search with any
// number of workers must report.
func (g *graph) firstPaths() (paths map[string]string, fresh map[int]int64) {
	type node struct {
		path  string
		depth int
	}
	paths, fresh = map[string]string{}, map[int]int64{}
	seen := map[int]node{}
	var queue []int
	add := func(s int, p node) bool {
		if _, ok := seen[s]; ok || !g.inside[s] {
			return false
		}
		seen[s] = p
		queue = append(queue, s)
		return true
	}
	for i, s := range g.inits {
		add(s, node{fmt.Sprintf("%d:", i), 0})
	}
	found := func(name string, s int) {
		if paths[name] == "" {
			paths[name] = seen[s].path
		}
	}
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		if !g.q[s] {
			found("always", s)
		}
		if g.p[s] {
			found("sometimes", s)
		}
		effects := 0
		for a, t := range g.edges[s] {
			if t < 0 {
				continue
			}
			effects++
			dot := "."
			if seen[s].depth == 0 {
				dot = ""
			}
			if add(t, node{fmt.Sprint(seen[s].path, dot, a), seen[s].depth + 1}) {
				fresh[a]++
			}
		}
		if effects == 0 && !g.p[s] {
			found("deadlock", s)
		}
	}
	return paths, fresh
}

func TestDeterminism(t *testing.T) {
	for seed := range uint64(longtest.Size(3, 12)) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 2))
			g := wideGraph(r, 2000+r.IntN(4000))
			wantPaths, wantNew := g.firstPaths()
			var first string
			for _, store := range []allways.StateStore{allways.StoreExact, allways.StoreFingerprints} {
				for _, workers := range []int{1, 2, 3, 4, 4} {
					m := model(g, flatStates)
					m.ActionNameFunc = func(a int) string { return fmt.Sprint(a) }
					res, err := allways.Check(
						context.Background(), m,
						allways.Options{Workers: workers, Store: store, Stop: allways.StopNever},
					)
					if err != nil {
						t.Fatal(err)
					}
					text := fmt.Sprintln(
						res.Verdict, res.Stats.Generated, res.Stats.Distinct, res.Stats.Depth, res.Actions,
					)
					for _, p := range res.Properties {
						path := ""
						if p.Path != nil {
							path = p.Path.Encode()
						}
						text += fmt.Sprintln(p.Name, p.Verdict, path, p.Ignored)
						want, ok := wantPaths[p.Name]
						if p.Name == "always" || p.Name == "sometimes" || p.Name == "deadlock" {
							if ok != (path != "") || path != want {
								t.Errorf("%v, %d workers: %s: path %q, want %q", store, workers, p.Name, path, want)
							}
						}
					}
					for _, a := range res.Actions {
						var i int
						fmt.Sscan(a.Name, &i)
						if a.New != wantNew[i] {
							t.Errorf(
								"%v, %d workers: action %s led to %d new states, want %d", store, workers, a.Name,
								a.New, wantNew[i],
							)
						}
					}
					if first == "" {
						first = text
					}
					if text != first {
						t.Errorf("%v, %d workers:\n%s\nand before:\n%s", store, workers, text, first)
					}
				}
			}
		})
	}
}

// On graphs with wide levels, and in every strategy, verdicts are those of a naive checker.
func TestWideGraphsAgainstReference(t *testing.T) {
	for seed := range uint64(longtest.Size(2, 10)) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 3))
			g := wideGraph(r, 1000)
			// All but a few lassos are cut, so that cycles are rare and far from the start.
			if seed%2 == 0 {
				for i := range g.edges {
					g.edges[i] = slices.DeleteFunc(g.edges[i], func(to int) bool { return to >= 0 && to <= i })
					if len(g.edges[i]) == 0 {
						g.p[i] = true
					}
				}
				back := 900 + r.IntN(99)
				g.edges[back] = append(g.edges[back], back-r.IntN(50))
			}
			compareWithReference(t, g, flatStates, 0, matrix())
			compareWithReference(t, g, flatStates, 2+r.IntN(6), matrix())
		})
	}
}

// A walk is the same in every version: a change of these numbers breaks the seeds that people have
// written down.
func TestGoldenWalk(t *testing.T) {
	m := allways.Funcs[[2]int, int]{
		InitFunc:    func() [][2]int { return [][2]int{{}, {1, 1}} },
		ActionsFunc: func(dst []int, _ [2]int) []int { return append(dst, 0, 1, 2) },
		NextFunc: func(s [2]int, a int) ([2]int, bool) {
			if a == 2 {
				return s, false
			}
			s[a]++
			return s, true
		},
	}
	for _, c := range []struct {
		seed      uint64
		scheduler allways.Scheduler
		want      string
	}{
		{1, nil, "1:0.0.1.0.0.0.1.0.1.1.0"},
		{42, nil, "0:0.1.1.0.0.0.0.0.1.1.1"},
		{1, allways.PCT(3), "0:0.0.0.0.0.0.0.1.1.1.1"},
	} {
		for _, workers := range []int{1, 2, 3} {
			var longest string
			o := allways.SimulateOptions{Seed: c.seed, Workers: workers, Walks: 1, MaxDepth: 12, Scheduler: c.scheduler,
				Visitor: allways.VisitPaths(func(p *allways.Path[[2]int, int]) { longest = p.Encode() })}
			if _, err := allways.Simulate(context.Background(), m, o); err != nil {
				t.Fatal(err)
			}
			if longest != c.want {
				t.Errorf("seed %d, %d workers: %q, want %q", c.seed, workers, longest, c.want)
			}
		}
	}
}

func TestSimulationDependsOnTheSeedAlone(t *testing.T) {
	for seed := range uint64(10) {
		g := wideGraph(rand.New(rand.NewPCG(seed, 4)), 500)
		for _, scheduler := range []allways.Scheduler{nil, allways.PCT(1), allways.PCT(5)} {
			var first string
			for _, workers := range []int{1, 2, 3, 3} {
				r, err := allways.Simulate(context.Background(), model(g, flatStates), allways.SimulateOptions{
					Seed: seed, Workers: workers, Walks: 300, MaxDepth: 50, Scheduler: scheduler, Stop: allways.StopNever})
				if err != nil {
					t.Fatal(err)
				}
				r.Stats.Elapsed, r.Stats.Memory, r.Stats.Workers = 0, 0, 0
				text := fmt.Sprintln(r.Verdict, r.StopReason, r.Stats, r.Actions)
				stepper, _ := allways.NewStepper(model(g, flatStates))
				for _, p := range r.Properties {
					if p.Path == nil {
						continue
					}
					text += fmt.Sprintln(p.Name, p.Verdict, p.Path.Encode())
					again, err := stepper.ParsePath(p.Path.Encode())
					if err != nil {
						t.Fatal(err)
					}
					if v, err := stepper.Evaluate(again, p.Name); err != nil || v != p.Verdict {
						t.Errorf("%s: %v, %v", p.Name, v, err)
					}
				}
				if first == "" {
					first = text
				}
				if text != first {
					t.Errorf("seed %d, %d workers:\n%s\nand before:\n%s", seed, workers, text, first)
				}
			}
		}
	}
}
