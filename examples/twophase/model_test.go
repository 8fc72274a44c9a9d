package main

import (
	"fmt"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/allwaystest"
	"github.com/allways-go/allways/internal/exampletest"
	"github.com/allways-go/allways/internal/longtest"
)

func newModel(t testing.TB, n int) Model {
	t.Helper()
	m, err := New(n)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestModel(t *testing.T) {
	allwaystest.Check(t, newModel(t, 3), allwaystest.Options{Complete: true,
		Command: "go run ./examples/twophase", Params: []string{"3"}})
}

func TestMapModel(t *testing.T) {
	allwaystest.Check(t, MapModel{N: 3}, allwaystest.Options{Complete: true,
		Command: "go run ./examples/twophase", Params: []string{"3", "maps"}})
}

// The counts agree with other checkers of the same specification.
func TestCounts(t *testing.T) {
	for _, c := range []struct {
		rms                 int
		generated, distinct int64
	}{
		{1, 20, 12},
		{2, 154, 56},
		{3, 1_146, 288},
		{4, 8_258, 1_568},
		{5, 58_146, 8_832},
		{6, 402_306, 50_816},
		{7, 2_744_706, 296_448},
	} {
		t.Run(fmt.Sprint(c.rms), func(t *testing.T) {
			if c.rms > 5 {
				longtest.Run(t)
			}
			m := newModel(t, c.rms)
			exampletest.Counts(t, m, false, c.generated, c.distinct)
			depth(t, m, allways.Options{}, 3*c.rms+2)
		})
	}
}

// depth checks the length of the longest shortest path: for each resource manager a message, its
// receipt and the commitment, and the decision.
func depth(t *testing.T, m Model, o allways.Options, want int) {
	t.Helper()
	for _, o.Workers = range []int{1, 2} {
		r, err := allways.Check(t.Context(), m, o)
		if err != nil || r.Stats.Depth != want {
			t.Errorf("%d workers: depth %d, %v; want %d", o.Workers, r.Stats.Depth, err, want)
		}
	}
}

// With symmetry the distinct states are the orbits. Their number is the number of multisets of the
// states of resource managers.
func TestSymmetricCounts(t *testing.T) {
	for _, c := range []struct {
		rms                 int
		generated, distinct int64
	}{
		{1, 20, 12},
		{2, 94, 34},
		{3, 318, 80},
		{4, 869, 166},
		{5, 2_048, 314},
		{6, 4_328, 553},
		{7, 8_410, 920},
		{8, 15_287, 1_461},
		{9, 26_316, 2_232},
		{10, 43_298, 3_300},
		{11, 68_566, 4_744},
		{12, 105_081, 6_656},
	} {
		t.Run(fmt.Sprint(c.rms), func(t *testing.T) {
			if c.rms > 4 {
				longtest.Run(t)
			}
			m := newModel(t, c.rms)
			exampletest.Counts(t, m, true, c.generated, c.distinct)
			depth(t, m, allways.Options{Symmetry: true}, 3*c.rms+2)
		})
	}
}

// The benchmark asserts the counts for nine resource managers.
func TestCountsOfManyResourceManagers(t *testing.T) {
	longtest.Run(t)
	m := newModel(t, 8)
	for _, o := range []allways.Options{
		{Workers: 1}, {Workers: 2},
		{Workers: 1, Store: allways.StoreFingerprints}, {Workers: 2, Store: allways.StoreFingerprints},
	} {
		r, err := allways.Check(t.Context(), m, o)
		if err != nil {
			t.Fatal(err)
		}
		if !r.Complete || r.Stats.Generated != 18_507_778 || r.Stats.Distinct != 1_745_408 || r.Stats.Depth != 26 {
			t.Errorf("%v, %d workers: %+v", o.Store, o.Workers, r.Stats)
		}
	}
}

func TestMapsHaveTheSameCounts(t *testing.T) {
	exampletest.Counts(t, MapModel{N: 3}, false, 1_146, 288)
	exampletest.Counts(t, MapModel{N: 4}, false, 8_258, 1_568)
	longtest.Run(t)
	exampletest.Counts(t, MapModel{N: 5}, false, 58_146, 8_832)
}

func TestBroken(t *testing.T) {
	m := newModel(t, 3)
	m.Hasty = true
	exampletest.Trace(t, m, "consistent", allways.Violated,
		"Prepare(0)", "TMReceivePrepared(0)", "Prepare(1)", "TMReceivePrepared(1)",
		"TMCommit", "ReceiveCommit(0)", "ChooseToAbort(2)")
}

// With symmetry a counterexample is still a shortest run of the actual resource managers.
func TestBrokenWithSymmetry(t *testing.T) {
	for _, n := range []int{3, 5} {
		m := newModel(t, n)
		m.Hasty = true
		plain, err := allways.Check(t.Context(), m, allways.Options{Stop: allways.StopAnyOf("consistent")})
		if err != nil {
			t.Fatal(err)
		}
		symmetric, err := allways.Check(t.Context(), m,
			allways.Options{Stop: allways.StopAnyOf("consistent"), Symmetry: true})
		if err != nil {
			t.Fatal(err)
		}
		p, q := plain.Property("consistent"), symmetric.Property("consistent")
		if q.Verdict != allways.Violated || q.Path.Len() != p.Path.Len() || p.Path.Len() != 2*n+1 {
			t.Fatalf("%v\n%v\n%v\n%v", p.Verdict, p.Path, q.Verdict, q.Path)
		}
		allwaystest.Counterexample(t, m, "consistent", allwaystest.Path(q.Path.Encode()))
	}
}

func TestWitness(t *testing.T) {
	exampletest.Trace(t, newModel(t, 2), "commit agreement", allways.Holds,
		"Prepare(0)", "TMReceivePrepared(0)", "Prepare(1)", "TMReceivePrepared(1)",
		"TMCommit", "ReceiveCommit(0)", "ReceiveCommit(1)")
	exampletest.Trace(t, newModel(t, 2), "abort agreement", allways.Holds, "ChooseToAbort(0)", "ChooseToAbort(1)")
}

// promising is the protocol with promises about runs instead of its properties.
type promising struct {
	Model
	promises []allways.Property[State]
}

func (m promising) Properties() []allways.Property[State] { return m.promises }

// The verdicts are those of TLC. A message that is received again changes nothing and is no progress.
func TestDecided(t *testing.T) {
	stop, fair := allways.MayStop[State](), allways.WeaklyFairNext[State]()
	for rms := 2; rms <= 5; rms++ {
		m := promising{Model: newModel(t, rms)}
		decided := func(s State) bool {
			for _, rm := range s.RMs[:rms] {
				if rm != Committed && rm != Aborted {
					return false
				}
			}
			return true
		}
		m.promises = []allways.Property[State]{allways.Eventually("decided", decided).Assuming(stop, fair)}
		exampletest.Holds(t, m)
		m.promises = []allways.Property[State]{
			allways.Eventually("no fairness", decided).Assuming(stop),
			allways.Eventually("committed", func(s State) bool { return m.all(&s, Committed) }).Assuming(stop, fair),
		}
		exampletest.Trace(t, m, "no fairness", allways.Violated)
		aborted := []string{"TMAbort"}
		for rm := range rms {
			aborted = append(aborted, fmt.Sprintf("ChooseToAbort(%d)", rm))
		}
		aborted = append(aborted, "ReceiveAbort(0)", fmt.Sprintf("loop %d", rms+1))
		exampletest.Trace(t, m, "committed", allways.Violated, aborted...)
	}
}
