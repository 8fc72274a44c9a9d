package main

import (
	"fmt"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/allwaystest"
	"github.com/allways-go/allways/internal/exampletest"
)

func TestModel(t *testing.T) {
	allwaystest.Check(t, Model{N: 5, Ordered: true}, allwaystest.Options{
		Complete: true, Command: "go run ./examples/philosophers", Params: []string{"5"},
	})
}

func TestOrderedHolds(t *testing.T) {
	for n := 2; n <= 8; n++ {
		exampletest.Holds(t, Model{N: n, Ordered: true})
	}
}

// Each philosopher holds the left fork. No shorter run leads to a deadlock.
func TestBroken(t *testing.T) {
	for n := 2; n <= 6; n++ {
		var want []string
		for i := range n {
			want = append(want, fmt.Sprintf("TakeFirst(%d)", i))
		}
		exampletest.Trace(t, Model{N: n}, "no deadlock", allways.Violated, want...)
	}
}

// The counts come from a second, naive checker.
func TestCounts(t *testing.T) {
	for _, c := range []struct {
		n                   int
		ordered             bool
		generated, distinct int64
	}{
		{2, false, 9, 6},
		{3, false, 28, 14},
		{4, false, 89, 34},
		{5, false, 266, 82},
		{6, false, 769, 198},
		{2, true, 7, 5},
		{3, true, 23, 12},
		{4, true, 73, 29},
		{5, true, 220, 70},
		{6, true, 639, 169},
	} {
		exampletest.Counts(t, Model{N: c.n, Ordered: c.ordered}, false, c.generated, c.distinct)
	}
}
