package allways_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/allways-go/allways"
)

// promise is a promise about runs and its verdict: "holds", or the counterexample as
// [lassoText] writes it.
type promise[S any] struct {
	prop allways.Property[S]
	want string
}

// decides asserts the verdicts and the exact counterexamples of promises, all of them in one search, by
// every kind of search, and each of them alone.
func decides[S, A any](t *testing.T, m allways.Funcs[S, A], promises []promise[S]) {
	t.Helper()
	m.Props = nil
	for _, p := range promises {
		m.Props = append(m.Props, p.prop)
	}
	for _, o := range matrix() {
		o.Stop = allways.StopNever
		compareRuns(t, m, o, promises)
	}
	for i, p := range promises {
		m.Props = []allways.Property[S]{p.prop}
		compareRuns(t, m, allways.Options{Workers: 2}, promises[i:i+1])
	}
}

func compareRuns[S, A any](t *testing.T, m allways.Model[S, A], o allways.Options, promises []promise[S]) {
	t.Helper()
	r, err := allways.Check(t.Context(), m, o)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range promises {
		if got := verdictText(&r.Properties[i]); got != p.want {
			t.Errorf("%s (%s), %s:\n\t%s\nwant\n\t%s", r.Properties[i].Name, p.prop.Formula(), optionsName(o), got, p.want)
		}
	}
}

func verdictText[S, A any](p *allways.PropertyResult[S, A]) string {
	switch {
	case p.Verdict == allways.Violated && p.Path != nil:
		return lassoText(p.Path)
	case p.Verdict == allways.Holds && p.Reason == "" && p.Path == nil:
		return "holds"
	}
	return fmt.Sprintf("%v: %s", p.Verdict, p.Reason)
}

// lassoText returns the text of the first state and of the actions of a path, with "(" where its loop
// begins and ")" where it ends. A path without a loop ends in a state in which the run stays.
func lassoText[S, A any](p *allways.Path[S, A]) string {
	var b strings.Builder
	b.WriteString(p.StateText(0) + ":")
	start, loops := p.Loop()
	for i, step := range p.Steps() {
		b.WriteString(" ")
		if loops && i == start {
			b.WriteString("(")
		}
		b.WriteString(step.Text)
	}
	if loops {
		b.WriteString(")")
	}
	return b.String()
}

// hop is a step from a number to a number, as a model that is given by a list of its steps has them.
// Those of one action have one name.
type hop struct {
	Name     string
	From, To int
}

func (m hop) String() string { return fmt.Sprintf("%s %d", m.Name, m.To) }

// hops returns a model that begins with 0.
func hops(all ...hop) allways.Funcs[int, hop] {
	return allways.Funcs[int, hop]{
		InitFunc: func() []int { return []int{0} },
		ActionsFunc: func(dst []hop, s int) []hop {
			for _, m := range all {
				if m.From == s {
					dst = append(dst, m)
				}
			}
			return dst
		},
		NextFunc: func(_ int, m hop) (int, bool) { return m.To, true },
	}
}

// called is satisfied by the steps with a name.
func called(name string) func(int, hop, int) bool {
	return func(_ int, m hop, _ int) bool { return m.Name == name }
}

func among(ns ...int) func(int) bool {
	return func(s int) bool {
		for _, n := range ns {
			if n == s {
				return true
			}
		}
		return false
	}
}

// The constraints of the tables below. Without any, TLA+'s [][Next]_v lets runs stop.
var (
	mayStop  = allways.MayStop[int]()
	fairNext = allways.WeaklyFairNext[int]()
)

// TestTraps has the small graphs on which checkers of promises about runs have been wrong. The verdicts
// are those of TLC.
func TestTraps(t *testing.T) {
	t.Run("grow", func(t *testing.T) {
		grow := hops(hop{"stay", 0, 0}, hop{"grow", 0, 1}, hop{"stay", 1, 1}, hop{"grow", 1, 2},
			hop{"stay", 2, 2}, hop{"grow", 2, 3})
		decides(t, grow, []promise[int]{
			{allways.Eventually("fair", among(3)).Assuming(mayStop, fairNext), "holds"},
			{allways.Eventually("none", among(3)).Assuming(mayStop), "0: (stay 0)"},
			{allways.Eventually("progress", among(3)), "0: (stay 0)"},
		})
	})
	t.Run("inverse actions", func(t *testing.T) {
		m := hops(hop{"A", 0, 1}, hop{"A", 1, 2}, hop{"A", 2, 0},
			hop{"B", 0, 0}, hop{"B", 0, 1}, hop{"B", 0, 2},
			hop{"B", 1, 0}, hop{"B", 1, 1}, hop{"B", 1, 2},
			hop{"B", 2, 0}, hop{"B", 2, 1}, hop{"B", 2, 2})
		again := func(a allways.Formula[int]) allways.Formula[int] { return a.Eventually().Always() }
		turn := func(before int, _ hop, after int) bool { return after == (before+1)%3 }
		byTurn, byName := allways.StepPredicate("A", turn), allways.StepPredicate("A", called("A"))
		decides(t, m, []promise[int]{
			{allways.Temporal("as in TLA+", again(byTurn)).Assuming(mayStop, allways.WeaklyFair("A", turn)), "holds"},
			{allways.Temporal("by name", again(byName)).Assuming(mayStop, allways.WeaklyFair("A", called("A"))), "holds"},
			{allways.Temporal("B instead", again(byName)).Assuming(mayStop, allways.WeaklyFair("A", turn)),
				"0: (B 1 B 0)"},
			{allways.Temporal("none", again(byTurn)).Assuming(mayStop), "0: (B 0)"},
		})
	})
	t.Run("diamond", func(t *testing.T) {
		diamond := hops(hop{"D", 0, 1}, hop{"D", 0, 2}, hop{"D", 1, 3}, hop{"D", 2, 3}, hop{"D", 3, 3})
		decides(t, diamond, []promise[int]{
			{allways.Eventually("one", among(1)).Assuming(mayStop, fairNext), "0: D 2 D 3 (D 3)"},
			{allways.Eventually("both", among(3)).Assuming(mayStop, fairNext), "holds"},
			{allways.EventuallyForever("forever", among(3)).Assuming(mayStop, fairNext), "holds"},
			{allways.EventuallyForever("forever, none", among(3)).Assuming(mayStop), "0:"},
			{allways.InfinitelyOften("again, none", among(3)).Assuming(mayStop), "0:"},
			{allways.Eventually("one, progress", among(1)), "0: D 2 D 3 (D 3)"},
			{allways.InfinitelyOften("again, progress", among(3)), "holds"},
		})
	})
	t.Run("dead end", func(t *testing.T) {
		dead := hops(hop{"D", 0, 1}, hop{"D", 0, 2}, hop{"D", 1, 3})
		decides(t, dead, []promise[int]{
			{allways.Eventually("three", among(3)).Assuming(mayStop, fairNext), "0: D 2"},
			{allways.Eventually("one", among(1)).Assuming(mayStop, fairNext), "0: D 2"},
			{allways.Eventually("either", among(2, 3)).Assuming(mayStop, fairNext), "holds"},
			{allways.Eventually("three, progress", among(3)), "0: D 2"},
			{allways.Eventually("either, progress", among(2, 3)), "holds"},
		})
	})
}

// TestLateLassos has lassos that a search sees late: their states were visited before, on paths that keep the promise,
// or the promise is broken long after the initial state.
func TestLateLassos(t *testing.T) {
	t.Run("visited before", func(t *testing.T) {
		m := hops(hop{"A", 0, 1}, hop{"B", 0, 2}, hop{"A", 1, 3}, hop{"A", 3, 4}, hop{"A", 4, 3}, hop{"B", 2, 3})
		for _, kept := range []int{1, 2} {
			other := 3 - kept
			lasso := map[int]string{1: "0: A 1 A 3 (A 4 A 3)", 2: "0: B 2 B 3 (A 4 A 3)"}[other]
			decides(t, m, []promise[int]{
				{allways.Eventually("progress", among(kept)), lasso},
				{allways.Eventually("fair", among(kept)).Assuming(mayStop, fairNext), lasso},
				{allways.Eventually("both", among(kept, other)), "holds"},
				{allways.LeadsTo("never back", among(0), among(kept)).Assuming(fairNext), lasso},
			})
		}
	})
	t.Run("not at first", func(t *testing.T) {
		m := hops(hop{"A", 0, 1}, hop{"A", 1, 2}, hop{"A", 2, 0}, hop{"B", 2, 3}, hop{"B", 3, 4}, hop{"B", 4, 3})
		decides(t, m, []promise[int]{
			{allways.LeadsTo("at first only", among(0), among(2)), "holds"},
			{allways.LeadsTo("later", among(2), among(0)), "0: A 1 A 2 B 3 (B 4 B 3)"},
			{allways.InfinitelyOften("low", among(0, 1)).Assuming(fairNext), "0: A 1 A 2 B 3 (B 4 B 3)"},
			{allways.AlwaysPossible("back to 0", among(0)), "0: A 1 A 2 B 3"},
		})
	})
}

// TestCycleWithExit asks whether a run leaves a cycle, which it can only in one of its states.
func TestCycleWithExit(t *testing.T) {
	cycle := hops(hop{"step", 0, 1}, hop{"exit", 0, 2}, hop{"step", 1, 0}, hop{"stay", 2, 2})
	weak, strong := allways.WeaklyFair("exit", called("exit")), allways.StronglyFair("exit", called("exit"))
	decides(t, cycle, []promise[int]{
		{allways.Eventually("steps", among(2)).Assuming(mayStop, fairNext), "0: (step 1 step 0)"},
		{allways.Eventually("weak", among(2)).Assuming(mayStop, fairNext, weak), "0: (step 1 step 0)"},
		{allways.Eventually("strong", among(2)).Assuming(mayStop, fairNext, strong), "holds"},
		{allways.Eventually("only strong", among(2)).Assuming(mayStop, strong), "0: step 1"},
		{allways.Eventually("progress", among(2)).Assuming(strong), "holds"},
	})
}

// TestFairnessOfThePart has strong components of which a part matters only: fairness is a question about
// that part, not about the component.
func TestFairnessOfThePart(t *testing.T) {
	m := hops(hop{"a", 0, 1}, hop{"b", 1, 2}, hop{"c", 1, 3}, hop{"d", 2, 0}, hop{"e", 3, 1})
	weak, strong := allways.WeaklyFair("b", called("b")), allways.StronglyFair("b", called("b"))
	t.Run("enabled now and then", func(t *testing.T) {
		decides(t, m, []promise[int]{
			{allways.InfinitelyOften("steps", among(0)).Assuming(mayStop, fairNext), "0: a 1 (c 3 e 1)"},
			{allways.InfinitelyOften("weak", among(0)).Assuming(mayStop, fairNext, weak), "0: a 1 (c 3 e 1)"},
			{allways.InfinitelyOften("strong", among(0)).Assuming(mayStop, fairNext, strong), "holds"},
			{allways.LeadsTo("leads, steps", among(1), among(0)).Assuming(mayStop, fairNext), "0: a 1 (c 3 e 1)"},
			{allways.LeadsTo("leads, weak", among(1), among(0)).Assuming(mayStop, fairNext, weak), "0: a 1 (c 3 e 1)"},
			{allways.LeadsTo("leads, strong", among(1), among(0)).Assuming(mayStop, fairNext, strong), "holds"},
		})
	})
	t.Run("enabled all the time", func(t *testing.T) {
		m := hops(hop{"a", 0, 1}, hop{"b", 1, 2}, hop{"c", 1, 3}, hop{"d", 2, 0}, hop{"e", 3, 1}, hop{"b", 3, 2})
		decides(t, m, []promise[int]{
			{allways.InfinitelyOften("steps", among(0)).Assuming(mayStop, fairNext), "0: a 1 (c 3 e 1)"},
			{allways.InfinitelyOften("weak", among(0)).Assuming(mayStop, fairNext, weak), "holds"},
			{allways.LeadsTo("leads, weak", among(1), among(0)).Assuming(mayStop, fairNext, weak), "holds"},
			{allways.LeadsTo("not at first", among(3), among(0)).Assuming(mayStop, fairNext), "0: a 1 (c 3 e 1)"},
		})
	})
}

// TestSafetyAsFormula has a formula that a finite path breaks.
func TestSafetyAsFormula(t *testing.T) {
	m := hops(hop{"to", 0, 0}, hop{"to", 0, 1}, hop{"to", 1, 0}, hop{"to", 1, 1})
	zero, one := allways.Predicate("x=0", among(0)), allways.Predicate("x=1", among(1))
	stays := one.Implies(zero.Implies(zero.Always()).Always()).Always()
	if got := stays.String(); got != `[]("x=1" => []("x=0" => []"x=0"))` {
		t.Errorf("the formula reads %s", got)
	}
	decides(t, m, []promise[int]{
		{allways.Temporal("none", stays).Assuming(mayStop), "0: to 1 to 0 to 1"},
		{allways.Temporal("progress", stays), "0: to 1 to 0 to 1 to 0 (to 0)"},
		{allways.Temporal("fair", stays).Assuming(mayStop, fairNext), "0: (to 1 to 0)"},
	})
}
