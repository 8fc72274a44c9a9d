package main

import (
	"fmt"
	"testing"

	"github.com/allways-go/allways"
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

// The counts are those of other checkers of the same programs.
func TestCounts(t *testing.T) {
	for _, c := range []struct {
		threads        int
		lock, symmetry bool
		distinct       int64
	}{
		{2, false, false, 13},
		{2, false, true, 8},
		{1, true, false, 5},
		{2, true, false, 17},
		{3, true, false, 61},
		{4, true, false, 257},
		{5, true, false, 1_301},
		{6, true, false, 7_825},
		{7, true, false, 54_797},
		{2, true, true, 9},
		{3, true, true, 13},
		{8, true, true, 33},
	} {
		t.Run(fmt.Sprintf("%d/lock=%t/symmetry=%t", c.threads, c.lock, c.symmetry), func(t *testing.T) {
			exampletest.Counts(t, newModel(t, c.threads, c.lock), c.symmetry, 0, c.distinct)
		})
	}
}

func TestLockHolds(t *testing.T) { exampletest.Holds(t, newModel(t, 4, true)) }

func TestBroken(t *testing.T) {
	m := newModel(t, 2, false)
	exampletest.Trace(t, m, "every write counts", allways.Violated, "Read(0)", "Read(1)", "Write(0)", "Write(1)")
}
