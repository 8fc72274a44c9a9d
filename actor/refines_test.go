package actor_test

import (
	"slices"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
)

// donor sends tokens, of which a drawer takes some.
type donor struct{ To actor.ID }

func (g donor) Start(c *actor.Context[int], s *int) {
	for n := range 3 {
		c.Send(g.To, n)
	}
}

func (donor) Receive(_ *actor.Context[int], s *int, _ actor.ID, _ int) { *s++ }

type drawer struct{ Most int }

func (drawer) Start(*actor.Context[int], *int) {}

func (k drawer) Receive(c *actor.Context[int], s *int, from actor.ID, _ int) {
	if *s < k.Most {
		*s++
		c.Send(from, 0)
	}
}

// upTo counts to a limit by the given steps.
func upTo(limit int, steps ...int) allways.Funcs[int, int] {
	return allways.Funcs[int, int]{
		InitFunc:    func() []int { return []int{0} },
		ActionsFunc: func(dst []int, _ int) []int { return append(dst, steps...) },
		NextFunc:    func(s, by int) (int, bool) { return s + by, s+by <= limit },
		Props: []allways.Property[int]{
			allways.Always("small", func(s int) bool { return s <= limit }),
			allways.AlwaysStep("grows", func(before, _, after int) bool { return after > before }),
			allways.Sometimes("all", func(s int) bool { return s == limit }),
			allways.Eventually("reaches it", func(s int) bool { return s == limit }),
			allways.LeadsTo("goes on", func(s int) bool { return s == 0 }, func(s int) bool { return s > 0 }),
		},
	}
}

// tokens is a system with what it promises.
func tokens(
	ignored actor.IgnoredPolicy, most int, promise func(to func(*actor.State[int]) int) states,
) *actor.System[int] {
	sys := actor.NewSystem[int](actor.Config{Ignored: ignored})
	actor.Spawn(sys, "donor", donor{To: 1})
	k := actor.Spawn(sys, "drawer", drawer{most})
	for _, p := range promise(func(s *actor.State[int]) int { return *k.In(s) }) {
		actor.Promise(sys, p)
	}
	return sys
}

type states = []allways.Property[*actor.State[int]]

// Systems refine plain models, whatever becomes of deliveries without effect.
func TestRefines(t *testing.T) {
	for _, c := range []struct {
		name     string
		abstract allways.Funcs[int, int]
		most     int
		want     allways.Verdict
		steps    int
	}{
		{"same", upTo(2, 1), 2, allways.Holds, 0},
		{"more than it does", upTo(9, 2, 1), 2, allways.Holds, 0},
		{"less", upTo(1, 1), 2, allways.Violated, 2},
		{"other steps", upTo(2, 2), 3, allways.Violated, 1},
	} {
		for _, ignored := range []actor.IgnoredPolicy{actor.IgnoredAuto, actor.IgnoredKept, actor.IgnoredConsumed} {
			sys := tokens(ignored, c.most, func(to func(*actor.State[int]) int) states {
				return states{allways.Refines("counts", c.abstract, to)}
			})
			for _, o := range []allways.Options{
				{Workers: 1}, {Workers: 2, Store: allways.StoreFingerprints}, {Workers: 1, Strategy: allways.DFS},
			} {
				r, err := allways.Check(t.Context(), sys, o)
				if err != nil {
					t.Fatalf("%s, %v: %v", c.name, ignored, err)
				}
				p := r.Properties[0]
				if p.Verdict != c.want || o.Strategy == allways.BFS && p.Path != nil && p.Path.Len() != c.steps {
					t.Errorf("%s, %v, %+v: %v after %v", c.name, ignored, o, p.Verdict, p.Path)
				}
			}
		}
	}
}

// A system whose first state is not one of the abstract model breaks the refinement without a step.
func TestRefinesInitialState(t *testing.T) {
	sys := tokens(actor.IgnoredAuto, 2, func(to func(*actor.State[int]) int) states {
		return states{allways.Refines("counts", upTo(9, 1), func(s *actor.State[int]) int { return to(s) + 1 })}
	})
	for _, strategy := range []allways.Strategy{allways.BFS, allways.DFS} {
		r, err := allways.Check(t.Context(), sys, allways.Options{Strategy: strategy})
		if err != nil {
			t.Fatal(err)
		}
		p := r.Property("counts")
		if p.Verdict != allways.Violated || p.Path.Len() != 0 || p.Abstract.Step != 0 {
			t.Errorf("%v: %+v", strategy, p)
		}
	}
}

// The promises of an abstract model hold of a system, or not.
func TestMapped(t *testing.T) {
	for _, c := range []struct {
		name   string
		most   int
		broken []string
	}{
		{"all", 2, nil},
		{"some", 1, []string{"x: all", "x: reaches it", "x: progress"}},
		{"more", 3, []string{"x: small"}},
	} {
		sys := tokens(actor.IgnoredAuto, c.most, func(to func(*actor.State[int]) int) states {
			return allways.Mapped("x", upTo(2, 1), to)
		})
		r, err := allways.Check(t.Context(), sys, allways.Options{Stop: allways.StopNever})
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		var broken []string
		for _, p := range r.Properties {
			if p.Verdict == allways.Violated {
				broken = append(broken, p.Name)
			} else if p.Verdict != allways.Holds {
				t.Errorf("%s: %s is %v (%s)", c.name, p.Name, p.Verdict, p.Reason)
			}
		}
		if len(r.Properties) != 6 || !slices.Equal(broken, c.broken) {
			t.Errorf("%s: %q are broken, want %q", c.name, broken, c.broken)
		}
	}
}
