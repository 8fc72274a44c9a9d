package allways_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/longtest"
)

// dialWithPromises is an abstract clock with a promise of each kind and with fairness.
func dialWithPromises() allways.Funcs[hourDial, int] {
	onHour := func(n int) func(hourDial) bool { return func(s hourDial) bool { return s.Hour == n } }
	step := func(_ hourDial, by int, _ hourDial) bool { return by == 1 }
	abstract := hours(1)
	abstract.Props = []allways.Property[hourDial]{
		allways.Always("on the dial", func(s hourDial) bool { return s.Hour < 4 }),
		allways.Sometimes("at three", onHour(3)),
		allways.Eventually("three", onHour(3)),
		allways.AlwaysStep("one by one", step),
		allways.NoDeadlock[hourDial]("goes on", nil),
		allways.LeadsTo("round", onHour(3), onHour(0)),
		allways.AlwaysPossible("back", onHour(0)),
		allways.Temporal("always can", allways.Enabled(allways.StepPredicate("by one", step)).Always()),
	}
	abstract.FairnessFunc = func() []allways.Fairness[hourDial] {
		return []allways.Fairness[hourDial]{allways.WeaklyFair("by one", step), allways.StronglyFair("again", step)}
	}
	return abstract
}

// The promises of an abstract model are those of the states and steps to which others map.
func TestMapped(t *testing.T) {
	abstract := dialWithPromises()
	for _, c := range []struct {
		name   string
		change func(m *allways.Funcs[wallClock, string])
		broken []string
	}{
		{"the clock", func(*allways.Funcs[wallClock, string]) {}, nil},
		{"a clock that may stand", func(m *allways.Funcs[wallClock, string]) {
			m.ActionsFunc = func(dst []string, _ wallClock) []string { return append(dst, "tick", "stand") }
			next := m.NextFunc
			m.NextFunc = func(s wallClock, a string) (wallClock, bool) {
				if a == "stand" {
					return s, true
				}
				return next(s, a)
			}
		}, []string{"three", "round", "weakly fair: by one", "strongly fair: again", "progress"}},
		{"a clock that ends", func(m *allways.Funcs[wallClock, string]) {
			next := m.NextFunc
			m.NextFunc = func(s wallClock, a string) (wallClock, bool) {
				if s.Hour == 1 {
					return s, false
				}
				return next(s, a)
			}
		}, []string{"at three", "three", "goes on", "back", "weakly fair: by one", "strongly fair: again", "progress"}},
	} {
		m := minutes(allways.Mapped("clock", abstract, toDial)...)
		c.change(&m)
		r, err := allways.Check(t.Context(), m, allways.Options{Stop: allways.StopNever})
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		var broken []string
		for _, p := range r.Properties {
			if p.Verdict == allways.Violated {
				broken = append(broken, strings.TrimPrefix(p.Name, "clock: "))
			} else if p.Verdict != allways.Holds {
				t.Errorf("%s: %s is %v (%s)", c.name, p.Name, p.Verdict, p.Reason)
			}
		}
		if len(r.Properties) != 11 || !slices.Equal(broken, c.broken) {
			t.Errorf("%s: of %d promises, %q are broken, want %q", c.name, len(r.Properties), broken, c.broken)
		}
	}
}

// An abstract model that may stop promises no progress, and one that refines another one does so for others.
func TestMappedChain(t *testing.T) {
	abstract := hours(1)
	half := func(s hourDial) bool { return s.Hour >= 2 }
	abstract.Props = []allways.Property[hourDial]{allways.Refines("halves", allways.Funcs[bool, int]{
		InitFunc:    func() []bool { return []bool{false} },
		ActionsFunc: func(dst []int, _ bool) []int { return append(dst, 1) },
		NextFunc:    func(s bool, _ int) (bool, bool) { return true, !s }, // the day has one noon, and no second one
	}, half)}
	abstract.FairnessFunc = func() []allways.Fairness[hourDial] {
		return []allways.Fairness[hourDial]{allways.MayStop[hourDial]()}
	}
	m := minutes(allways.Mapped("clock", abstract, toDial)...)
	r, err := allways.Check(t.Context(), m, allways.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if p := r.Properties[0]; len(r.Properties) != 1 || p.Verdict != allways.Violated || p.Path.Len() != 12 {
		t.Errorf("%+v", r.Properties)
	}
}

// toggling is an abstract clock with a predicate that gives another answer each time.
func toggling() allways.Funcs[hourDial, int] {
	var asked atomic.Int64
	m := hours(1)
	m.Props = []allways.Property[hourDial]{
		allways.AlwaysStep("toggles", func(hourDial, int, hourDial) bool { return asked.Add(1)%2 == 0 }),
	}
	return m
}

// What cannot be promised is refused.
func TestMappedRefuses(t *testing.T) {
	keyed := hours(1)
	keyed.FairnessFunc = func() []allways.Fairness[hourDial] {
		return []allways.Fairness[hourDial]{
			allways.WeaklyFairEach("each", func(_ hourDial, by int, _ hourDial) (int, bool) { return by, true }),
		}
	}
	other := hours(1)
	other.Props = []allways.Property[hourDial]{
		allways.AlwaysStep("other", func(hourDial, string, hourDial) bool { return true }),
	}
	panics := hours(1)
	panics.FairnessFunc = func() []allways.Fairness[hourDial] { panic("unfair") }
	for _, c := range []struct {
		name  string
		props []allways.Property[wallClock]
		want  string
	}{
		{"by key", allways.Mapped("c", keyed, toDial), "by key"},
		{"other types", allways.Mapped("c", other, toDial), "does not fit"},
		{"a predicate at random", allways.Mapped("c", toggling(), toDial), "depend on its arguments alone"},
		{"no map", allways.Mapped[wallClock]("c", hours(1), (func(wallClock) hourDial)(nil)), "no map"},
		{"panic", allways.Mapped("c", panics, toDial), "unfair"},
		{"no model", allways.Mapped("c", allways.Model[hourDial, int](nil), toDial), "nil"},
	} {
		if e := refusal(t, minutes(c.props...)); !strings.Contains(e.Error(), c.want) {
			t.Errorf("%s: %v", c.name, e)
		}
	}
}

// Symmetry changes no verdict on promises of an abstract model, if the map does not tell apart what representatives do
// not.
func TestMappedWithSymmetry(t *testing.T) {
	verdicts := map[allways.Verdict]int{}
	longtest.Checks(t, 60)
	rapid.Check(t, func(t *rapid.T) {
		var m, abstract siblings
		for s := range m.program {
			m.program[s] = drawCommands(t)
			for _, c := range m.program[s] {
				if rapid.IntRange(0, 3).Draw(t, "kept") > 0 {
					abstract.program[s] = append(abstract.program[s], c)
				}
			}
		}
		bit := rapid.IntRange(0, 2).Draw(t, "bit")
		either := func(s [2]int) bool { return s[0] == bit || s[1] == bit }
		both := func(s [2]int) bool { return s[0] == bit && s[1] == bit }
		by := func(before [2]int, a siblingStep, _ [2]int) bool {
			return abstract.program[before[a.Process]][a.Step].letter == bit
		}
		byLetter := allways.StepPredicate("letter", by)
		abstract.props = []allways.Property[[2]int]{
			allways.LeadsTo("leads to", either, both), allways.AlwaysStep("letter", by),
			allways.Temporal("again", byLetter.Eventually().Always()),
			allways.Temporal("can", allways.Enabled(byLetter).Eventually()),
		}
		sorted := func(s [2]int) [2]int { return abstract.Representative(s) }
		m.props = append(allways.Mapped("mapped", abstract, sorted), allways.Refines("refines", abstract, sorted))
		plain, err := allways.Check(t.Context(), m, allways.Options{Workers: 1, Stop: allways.StopNever})
		if err != nil {
			t.Fatal(err)
		}
		reduced, err := allways.Check(t.Context(), m, allways.Options{Workers: 2, Stop: allways.StopNever, Symmetry: true})
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range reduced.Properties {
			verdicts[p.Verdict]++
			if want := plain.Properties[i]; p.Verdict != want.Verdict || (p.Path != nil) != (want.Path != nil) {
				t.Fatalf("%s: %v (%s), without symmetry %v", p.Name, p.Verdict, p.Reason, want.Verdict)
			}
		}
	})
	if verdicts[allways.Holds] == 0 || verdicts[allways.Violated] == 0 {
		t.Errorf("the verdicts are %v", verdicts)
	}
}

// Promises of an abstract graph have the verdicts of the same promises, written down for the graph itself.
func TestMappedAgainstDirect(t *testing.T) {
	verdicts := map[allways.Verdict]int{}
	for seed := range uint64(longtest.Size(60, 1000)) {
		r := rand.New(rand.NewPCG(seed, 12))
		m := randomImage(r)
		p := make([]bool, len(m.abstract.edges))
		for i := range p {
			p[i] = r.IntN(3) == 0
		}
		special := func(from, to int) bool { return (from+2*to)%3 != 0 }
		node := flatStates.node
		abstract := model(m.abstract, flatStates)
		in := func(s int) bool { return p[node(s)] }
		abstract.Props = []allways.Property[int]{
			allways.LeadsTo("leads to", in, func(s int) bool { return !in(s) }), allways.InfinitelyOften("often", in),
		}
		abstract.FairnessFunc = func() []allways.Fairness[int] {
			return []allways.Fairness[int]{
				allways.WeaklyFair("weak", func(s, _, t int) bool { return special(node(s), node(t)) }),
				allways.StronglyFair("strong", func(s, _, t int) bool { return special(node(s), node(t)) }),
			}
		}
		c := model(m.graph, flatStates)
		c.Props = slices.Concat(m.direct(p, special), allways.Mapped("mapped", abstract, func(s int) int {
			return flatStates.of(m.to[node(s)])
		}))
		res, err := allways.Check(t.Context(), c, allways.Options{Stop: allways.StopNever, Workers: 1 + int(seed%2)})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		n := len(res.Properties) / 2
		for i := range n {
			a, b := res.Properties[i], res.Properties[n+i]
			verdicts[a.Verdict]++
			if a.Verdict != b.Verdict {
				t.Fatalf("seed %d: %s is %v, and %s is %v (%s)", seed, a.Name, a.Verdict, b.Name, b.Verdict, b.Reason)
			}
		}
	}
	if verdicts[allways.Holds] < 20 || verdicts[allways.Violated] < 20 {
		t.Errorf("the verdicts are %v: the test says little", verdicts)
	}
}

// direct returns the promises of the abstract graph, written down for the graph. p says of abstract nodes whether they
// satisfy a predicate, and special which abstract steps the constraints are about.
func (m *image) direct(p []bool, special func(from, to int) bool) []allways.Property[int] {
	node := flatStates.node
	in := func(s int) bool { return p[m.to[node(s)]] }
	step := func(special func(from, to int) bool) allways.Formula[int] {
		return allways.StepPredicate("step", func(s, _, t int) bool {
			from, to := m.to[node(s)], m.to[node(t)]
			return from != to && slices.Contains(m.abstract.edges[from], to) && special(from, to)
		})
	}
	enabled := allways.Predicate("enabled", func(s int) bool {
		from := m.to[node(s)]
		return slices.ContainsFunc(m.abstract.edges[from], func(to int) bool {
			return to >= 0 && to != from && special(from, to)
		})
	})
	stays := allways.Predicate("stays", func(s int) bool {
		from := m.to[node(s)]
		moves := func(to int) bool { return to >= 0 }
		return slices.Contains(m.abstract.edges[from], from) || !slices.ContainsFunc(m.abstract.edges[from], moves)
	})
	weak, strong := enabled.Not().Or(step(special)), enabled.Eventually().Always()
	progress := stays.Or(step(func(int, int) bool { return true }))
	var all []allways.Property[int]
	for i, f := range []allways.Formula[int]{
		weak.Eventually().Always(), strong.Implies(step(special).Eventually().Always()), progress.Eventually().Always(),
	} {
		all = append(all, allways.Temporal(fmt.Sprint("direct ", i), f))
	}
	return slices.Concat([]allways.Property[int]{
		allways.LeadsTo("direct leads to", in, func(s int) bool { return !in(s) }),
		allways.InfinitelyOften("direct often", in),
	}, all)
}
