package main

import (
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/exampletest"
)

// The protocol is all or nothing, with and without symmetry, and so is what that means.
func TestRefinesAtomic(t *testing.T) {
	exampletest.Holds(t, Atomic{N: 3})
	m := newModel(t, 3)
	m.Refines = true
	exampletest.Counts(t, m, false, 1_146, 288)
	exampletest.Counts(t, m, true, 318, 80)
	exampletest.Holds(t, m)
}

// A resource manager commits while another one still works.
func TestBrokenRefinesAtomic(t *testing.T) {
	m := newModel(t, 3)
	m.Hasty, m.Refines = true, true
	exampletest.Trace(t, m, "atomic", allways.Violated,
		"Prepare(0)", "TMReceivePrepared(0)", "Prepare(1)", "TMReceivePrepared(1)", "TMCommit", "ReceiveCommit(0)")
}
