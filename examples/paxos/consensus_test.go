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
	exampletest.Trace(t, sys, "consensus", allways.Violated,
		`client-1 -> server-1: Put{Request:301 Value:"A"}`,
		`server-1 -> server-2: Prepare{Ballot:{Round:1 Server:server-1}}`,
		`server-2 -> server-1: Prepared{Ballot:{Round:1 Server:server-1} Last:{Ballot:{Round:0 Server:server-1} Proposal:{Request:0 Client:server-1 Value:""}}}`,
		`server-1 -> server-2: Accept{Ballot:{Round:1 Server:server-1} Proposal:{Request:301 Client:client-1 Value:"A"}}`,
		`server-2 -> server-1: Accepted{Ballot:{Round:1 Server:server-1}}`,
		`client-2 -> server-2: Put{Request:401 Value:"B"}`,
		`server-2 -> server-3: Prepare{Ballot:{Round:2 Server:server-2}}`,
		`server-3 -> server-2: Prepared{Ballot:{Round:2 Server:server-2} Last:{Ballot:{Round:0 Server:server-1} Proposal:{Request:0 Client:server-1 Value:""}}}`,
		`server-2 -> server-3: Accept{Ballot:{Round:2 Server:server-2} Proposal:{Request:401 Client:client-2 Value:"B"}}`,
		`server-3 -> server-2: Accepted{Ballot:{Round:2 Server:server-2}}`)
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
