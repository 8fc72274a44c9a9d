package main

import (
	"fmt"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/allwaystest"
	"github.com/allways-go/allways/internal/exampletest"
)

func newModel(t *testing.T, n int, lock bool) Model {
	t.Helper()
	m, err := New(n, lock)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestModel(t *testing.T) {
	allwaystest.Check(t, newModel(t, 4, true), allwaystest.Options{
		Complete: true, Command: "go run ./examples/increment", Params: []string{"4"},
	})
}

// The counts agree with other checkers. With the lock the states form a tree, so that no state is
// generated twice.
func TestCounts(t *testing.T) {
	for _, c := range []struct {
		threads             int
		lock, symmetry      bool
		generated, distinct int64
		depth               int
	}{
		{1, false, false, 3, 3, 3},
		{2, false, false, 15, 13, 5},
		{2, false, true, 10, 8, 5},
		{3, false, false, 112, 84, 7},
		{3, false, true, 32, 22, 7},
		{1, true, false, 5, 5, 5},
		{2, true, false, 17, 17, 9},
		{3, true, false, 61, 61, 13},
		{4, true, false, 257, 257, 17},
		{5, true, false, 1_301, 1_301, 21},
		{6, true, false, 7_825, 7_825, 25},
		{7, true, false, 54_797, 54_797, 29},
		{1, true, true, 5, 5, 5},
		{2, true, true, 10, 9, 9},
		{3, true, true, 16, 13, 13},
		{4, true, true, 23, 17, 17},
		{5, true, true, 31, 21, 21},
		{6, true, true, 40, 25, 25},
		{7, true, true, 50, 29, 29},
		{8, true, true, 61, 33, 33},
	} {
		t.Run(fmt.Sprintf("%d/lock=%t/symmetry=%t", c.threads, c.lock, c.symmetry), func(t *testing.T) {
			m := newModel(t, c.threads, c.lock)
			exampletest.Counts(t, m, c.symmetry, c.generated, c.distinct)
			for _, workers := range []int{1, 2} {
				r, err := allways.Check(t.Context(), m,
					allways.Options{Workers: workers, Symmetry: c.symmetry, Stop: allways.StopNever})
				if err != nil || r.Stats.Depth != c.depth {
					t.Errorf("%d workers: depth %d, %v; want %d", workers, r.Stats.Depth, err, c.depth)
				}
			}
		})
	}
}

// One thread alone cannot race.
func TestAloneHolds(t *testing.T) { exampletest.Holds(t, newModel(t, 1, false)) }

func TestBroken(t *testing.T) {
	for n := 2; n <= 4; n++ {
		exampletest.Trace(t, newModel(t, n, false), "every write counts", allways.Violated,
			"Read(0)", "Read(1)", "Write(0)", "Write(1)")
	}
}

// With symmetry a counterexample is still a shortest run of the actual threads.
func TestBrokenWithSymmetry(t *testing.T) {
	m := newModel(t, 3, false)
	r, err := allways.Check(t.Context(), m, allways.Options{Symmetry: true})
	if err != nil {
		t.Fatal(err)
	}
	p := r.Property("every write counts")
	if p.Verdict != allways.Violated || p.Path.Len() != 4 {
		t.Fatalf("%v\n%v", p.Verdict, p.Path)
	}
	allwaystest.Counterexample(t, m, "every write counts", allwaystest.Path(p.Path.Encode()))
}
