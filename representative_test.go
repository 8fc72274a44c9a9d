package allways_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/allways-go/allways"
)

// crew is four interchangeable counters; each step adds one to a counter, modulo 4, or rotates all.
type crew [4]uint8

func sorted(s crew) crew {
	slices.Sort(s[:])
	return s
}

func crewModel(props ...allways.Property[crew]) allways.Funcs[crew, int] {
	return allways.Funcs[crew, int]{
		InitFunc:    func() []crew { return []crew{{}} },
		ActionsFunc: func(dst []int, _ crew) []int { return append(dst, 0, 1, 2, 3) },
		NextFunc: func(s crew, a int) (crew, bool) {
			s[a] = (s[a] + 1) % 4
			return s, true
		},
		Props:              props,
		RepresentativeFunc: sorted,
	}
}

func eachSymmetric(
	t *testing.T, m allways.Funcs[crew, int],
	f func(t *testing.T, r *allways.Result[crew, int], err error, simulated bool),
) {
	eachSearch(t, func(t *testing.T, o allways.Options) {
		o.Symmetry = true
		r, err := allways.Check[crew, int](context.Background(), m, o)
		f(t, r, err, false)
	})
	for _, workers := range []int{1, 2} {
		t.Run(fmt.Sprint("simulate/", workers), func(t *testing.T) {
			r, err := allways.Simulate[crew, int](
				context.Background(), m, allways.SimulateOptions{Symmetry: true, Workers: workers, MaxDepth: 60},
			)
			f(t, r, err, true)
		})
	}
}

func TestSymmetry(t *testing.T) {
	m := crewModel(
		allways.Always("not all at 3", func(s crew) bool { return s != crew{3, 3, 3, 3} }),
		allways.Sometimes("a pair at 2", func(s crew) bool { return sorted(s)[2] == 2 && sorted(s)[3] == 2 }),
		allways.Eventually("all at 3", func(s crew) bool { return s == crew{3, 3, 3, 3} }),
		allways.AlwaysStep(
			"never from 3 to 0", func(s crew, a int, next crew) bool { return s[a] != 3 || next[a] != 0 },
		),
	)
	eachSymmetric(t, m, func(t *testing.T, r *allways.Result[crew, int], err error, simulated bool) {
		if err != nil {
			t.Fatal(err)
		}
		if !simulated && (r.Stats.Distinct != 35 || r.Stats.Generated != 1+35*4) { // multisets of 4 out of 4 values
			t.Errorf("distinct %d, generated %d", r.Stats.Distinct, r.Stats.Generated)
		}
		stepper, err := allways.NewStepper[crew, int](m)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range r.Properties {
			if p.Path == nil {
				if !simulated {
					t.Errorf("%s: %v, no path: %s", p.Name, p.Verdict, p.Reason)
				}
				continue
			}
			again, err := stepper.ParsePath(p.Path.Encode())
			if err != nil {
				t.Fatalf("%s: %s: %v", p.Name, p.Path.Encode(), err)
			}
			if v, err := stepper.Evaluate(again, p.Name); err != nil || v != p.Verdict {
				t.Errorf("%s: the path shows %v, %v; want %v", p.Name, v, err, p.Verdict)
			}
			if start, ok := p.Path.Loop(); p.Kind == allways.KindEventually && !simulated {
				var states []crew
				for _, s := range p.Path.States() {
					states = append(states, s)
				}
				if !ok || states[start] != p.Path.Last() {
					t.Errorf("no lasso of real states: %v, back to %d", states, start)
				}
			}
		}
	})
}

func TestUnsoundSymmetry(t *testing.T) {
	for _, c := range []struct {
		name string
		bend func(m *allways.Funcs[crew, int])
		want string
	}{
		{"not idempotent", func(m *allways.Funcs[crew, int]) {
			m.RepresentativeFunc = func(s crew) crew { return crew{s[1], s[2], s[3], s[0]} }
		}, "the representative of the representative is another state"},
		{"property", func(m *allways.Funcs[crew, int]) {
			m.Props[0] = allways.Always("first", func(s crew) bool { return s[0] == 0 })
		}, `property "first" is false of the state and true of its representative`},
		{"steps", func(m *allways.Funcs[crew, int]) {
			next := m.NextFunc
			m.NextFunc = func(s crew, a int) (crew, bool) {
				if a == 0 && s[0] == 1 {
					return s, false
				}
				return next(s, a)
			}
		}, "the steps of the state and of its representative lead to states with different representatives"},
		{"boundary", func(m *allways.Funcs[crew, int]) {
			m.WithinFunc = func(s crew) bool { return s[3] == 0 }
		}, "the representative is outside the boundary, and the state is not"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := crewModel(allways.Always("any", func(crew) bool { return true }))
			c.bend(&m)
			eachSymmetric(t, m, func(t *testing.T, r *allways.Result[crew, int], err error, _ bool) {
				e, ok := errors.AsType[*allways.ModelError](err)
				if !ok || e.Kind != allways.ErrorSymmetry || e.Where != "Representative" ||
					!strings.Contains(e.Message, c.want) {
					t.Fatalf("%v", err)
				}
				if r.Verdict == allways.Holds {
					t.Error("it holds")
				}
			})
		})
	}
}
