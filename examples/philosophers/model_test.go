package main

import (
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/exampletest"
)

func TestOrderedHolds(t *testing.T) {
	for n := 2; n <= 6; n++ {
		exampletest.Holds(t, Model{N: n, Ordered: true})
	}
}

func TestBroken(t *testing.T) {
	exampletest.Trace(t, Model{N: 3}, "no deadlock", allways.Violated, "TakeFirst(0)", "TakeFirst(1)", "TakeFirst(2)")
}

func TestCounts(t *testing.T) { exampletest.Counts(t, Model{N: 2}, false, 9, 6) }
