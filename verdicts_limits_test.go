package allways_test

import (
	"strings"
	"testing"

	"github.com/allways-go/allways"
)

// TestRunsWithinLimits asserts that what a search has left out proves nothing, and that what it has found does.
func TestRunsWithinLimits(t *testing.T) {
	// The run goes on to 3, or turns back from 1 to 0.
	m := hops(hop{"up", 0, 1}, hop{"back", 1, 0}, hop{"up", 1, 2}, hop{"up", 2, 3}, hop{"stay", 3, 3})
	up := allways.StronglyFair("up", called("up"))
	const (
		beyond = "inconclusive: a run that may break it leaves the boundary"
		depth  = "inconclusive: depth limit"
	)
	t.Run("boundary", func(t *testing.T) {
		m := m
		m.WithinFunc = func(s int) bool { return s < 3 }
		decides(t, m, []promise[int]{
			{allways.LeadsTo("found", among(1), among(2)), "0: (up 1 back 0)"},
			{allways.LeadsTo("reached", among(2), among(3)), beyond},
			{allways.LeadsTo("again", among(2), among(0)), beyond},
			{allways.Until("at first", among(0), among(1)), "holds"},
			{allways.InfinitelyOften("low", among(0, 1)).Assuming(up), beyond},
			// The step from 2 to 3 leaves the boundary and counts as enabled, so to stop in 2 is not fair.
			{allways.EventuallyForever("not 2", among(0, 1)).Assuming(mayStop, up), beyond},
			{allways.AlwaysPossible("back to 0", among(0)), beyond},
		})
	})
	t.Run("depth", func(t *testing.T) {
		m := m
		promises := []promise[int]{
			{allways.LeadsTo("found", among(1), among(2)), "0: (up 1 back 0)"},
			{allways.LeadsTo("reached", among(2), among(3)), depth},
			{allways.InfinitelyOften("low", among(0, 1)).Assuming(up), depth},
			{allways.Until("at first", among(0), among(1)), "holds"},
		}
		for _, p := range promises {
			m.Props = append(m.Props, p.prop)
		}
		for _, workers := range []int{1, 2, 4} {
			compareRuns(t, m, allways.Options{Workers: workers, MaxDepth: 3, Stop: allways.StopNever}, promises)
		}
	})
}

// TestRunsWithinMemory asserts that promises hold or are violated if the steps of all states fit in memory, and are
// inconclusive if not, with a reason that says what to do; what states alone decide needs less.
func TestRunsWithinMemory(t *testing.T) {
	const n = 60
	climbs := allways.LeadsTo("climbs", func(s [2]int) bool { return s[0] == 1 }, func(s [2]int) bool { return s[0] == n })
	stays := allways.LeadsTo("stays", func(s [2]int) bool { return s[0] == 1 }, func(s [2]int) bool { return s[1] == n+1 })
	seen := map[string]int{}
	for limit := int64(1 << 10); limit < 4<<20; limit += limit / 3 {
		for _, workers := range []int{1, 2} {
			r, err := allways.Check(t.Context(), grid(n, allways.Always("sure", sure), climbs, stays),
				allways.Options{Workers: workers, MaxMemory: limit, Stop: allways.StopNever})
			if err != nil {
				t.Fatal(err)
			}
			for i, want := range []allways.Verdict{allways.Holds, allways.Holds, allways.Violated} {
				p := &r.Properties[i]
				seen[p.Name+" "+p.Verdict.String()]++
				if p.Verdict == want {
					continue
				}
				if p.Verdict != allways.Inconclusive || !strings.HasPrefix(p.Reason, string(allways.StopReasonMemory)) {
					t.Errorf("%d bytes, %d workers: %s: %v (%s), want %v", limit, workers, p.Name, p.Verdict, p.Reason, want)
				}
				if i > 0 && r.Properties[0].Verdict == allways.Holds && !strings.Contains(p.Reason, "allow more memory") {
					t.Errorf("%d bytes: %s: %s", limit, p.Name, p.Reason)
				}
			}
		}
	}
	for _, p := range []string{"sure holds", "climbs holds", "climbs inconclusive", "stays violated"} {
		if seen[p] == 0 {
			t.Errorf("no run says: %s; %v", p, seen)
		}
	}
	if seen["sure holds"] <= seen["climbs holds"] {
		t.Errorf("states take as much as steps: %v", seen)
	}
}

// cell is a state of two processes that pass something on; the order of the processes does not matter.
type cell [2]uint8

// TestRunsWithSymmetry asserts that symmetry changes no verdict: promises that it might decide wrongly are refused.
func TestRunsWithSymmetry(t *testing.T) {
	m := allways.Funcs[cell, int]{
		InitFunc:    func() []cell { return []cell{{}} },
		ActionsFunc: func(dst []int, _ cell) []int { return append(dst, 0, 1) },
		NextFunc: func(s cell, p int) (cell, bool) {
			s[p] = (s[p] + 1) % 3
			return s, true
		},
		RepresentativeFunc: func(s cell) cell { return cell{min(s[0], s[1]), max(s[0], s[1])} },
	}
	both := func(n uint8) func(cell) bool { return func(s cell) bool { return s == cell{n, n} } }
	check := func(p allways.Property[cell], symmetry bool) (string, error) {
		m := m
		m.Props = []allways.Property[cell]{p}
		r, err := allways.Check(t.Context(), m, allways.Options{Symmetry: symmetry})
		if err != nil {
			return "", err
		}
		return verdictText(&r.Properties[0]), nil
	}
	anyStep := allways.WeaklyFairNext[cell]()
	for _, c := range []struct {
		prop allways.Property[cell]
		want string
	}{
		{allways.LeadsTo("meets", both(0), both(1)), "[0 0]: (0 0 0)"},
		{allways.AlwaysPossible("back", both(0)), "holds"},
		{allways.LeadsTo("meets, fair", both(0), both(1)).Assuming(anyStep), "[0 0]: (0 0 0)"},
		{allways.LeadsTo("one goes on", both(0), func(s cell) bool { return s != cell{} }), "holds"},
	} {
		for _, symmetry := range []bool{false, true} {
			if got, err := check(c.prop, symmetry); err != nil || got != c.want {
				t.Errorf("%s, symmetry %t: %s, %v; want %s", c.prop.Name(), symmetry, got, err, c.want)
			}
		}
	}
	first := func(_ cell, p int, _ cell) bool { return p == 0 }
	moves := allways.InfinitelyOften("moves", both(0))
	for _, c := range []struct {
		prop allways.Property[cell]
		want string
	}{
		{allways.Temporal("formula", allways.StepPredicate("process 0", first).Eventually().Always()),
			`the predicate "process 0" of a promise about runs is true of some steps of the state, and false of the steps ` +
				`of its representative that lead to the same states: it tells apart what is interchangeable; the state is`},
		{moves.Assuming(allways.WeaklyFair("0 goes on", first)), `the predicate "0 goes on" of a promise about runs is true`},
		{allways.AlwaysStep("only 0", first), `property "only 0" is true of some`},
	} {
		want := "unsound symmetry in Representative: " + c.want
		if got, err := check(c.prop, true); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s, which tells the processes apart: %s, %v; want %s", c.prop.Name(), got, err, want)
		}
	}
}
