package main

import (
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/exampletest"
)

func TestMeasured(t *testing.T) {
	m := Model{Capacities: []int{3, 5}, Target: 4}
	exampletest.Trace(t, m, "measured", allways.Holds,
		"Fill 1", "Pour 1 into 0", "Empty 0", "Pour 1 into 0", "Fill 1", "Pour 1 into 0")
	exampletest.Counts(t, m, false, 0, 16)
}

func TestCannotBeMeasured(t *testing.T) {
	r, err := allways.Check(t.Context(), Model{Capacities: []int{2, 4}, Target: 3}, allways.Options{})
	if err != nil || r.Property("measured").Verdict != allways.Violated || !r.Complete {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestBroken(t *testing.T) {
	m := Model{Capacities: []int{3, 5}, Target: 4, Spilling: true}
	exampletest.Trace(t, m, "pouring keeps the water", allways.Violated, "Fill 1", "Pour 1 into 0")
}
