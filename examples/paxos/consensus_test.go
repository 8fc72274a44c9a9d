package main

import (
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/exampletest"
)

// Servers choose one value, and so does what that means.
func TestRefinesConsensus(t *testing.T) {
	exampletest.Holds(t, Consensus{Clients: 2})
	exampletest.Counts(t, Model{Servers: 3, Clients: 2, Refines: true}.System(), false, 32_971, 16_668)
	exampletest.Holds(t, Model{Servers: 3, Clients: 2, Refines: true}.System())
	exampletest.AgreesWithPlain(t, Model{Servers: 3, Clients: 1, Refines: true}.System())
}

// Server-1 and server-2 decide A. Server-2 ignores that, and decides B with server-3.
func TestBrokenRefinesConsensus(t *testing.T) {
	sys := Model{Servers: 3, Clients: 2, Forgetful: true, Refines: true}.System()
	exampletest.Trace(t, sys, "consensus", allways.Violated, decidedTwice...)
	r, err := allways.Check(t.Context(), sys, allways.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const want = `step 10 maps to
  from  {Values:["A"]}
  to    {Values:["A" "B"]}
which is no step of the abstract model: it has none there
`
	if got := r.Property("consensus").Abstract.String(); got != want {
		t.Errorf("the abstract model says\n%s\nwant\n%s", got, want)
	}
}
