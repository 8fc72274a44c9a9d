package main

import (
	"fmt"
	"slices"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/register"
	"github.com/allways-go/allways/allwaystest"
	"github.com/allways-go/allways/internal/exampletest"
	"github.com/allways-go/allways/internal/longtest"
)

func TestModel(t *testing.T) {
	allwaystest.Check(t, Model{Servers: 3, Clients: 2}.System(), allwaystest.Options{
		Complete: true, Command: "go run ./examples/paxos", Params: []string{"2"},
	})
}

// Deliveries without effect are omitted on unordered networks and are steps on ordered ones. On a
// duplicating network delivered messages stay in flight, which makes fewer states and more steps.
func TestCounts(t *testing.T) {
	for _, c := range []struct {
		clients             int
		network             actor.Network
		generated, distinct int64
	}{
		{1, actor.Unordered, 482, 265},
		{1, actor.Ordered, 512, 237},
		{1, actor.Duplicating, 748, 265},
		{2, actor.Unordered, 32_971, 16_668},
		{2, actor.Ordered, 110_216, 33_328},
		{2, actor.Duplicating, 50_541, 16_355},
	} {
		t.Run(fmt.Sprintf("%d clients, %v", c.clients, c.network), func(t *testing.T) {
			sys := Model{Servers: 3, Clients: c.clients, Network: c.network}.System()
			exampletest.Counts(t, sys, false, c.generated, c.distinct)
			exampletest.Holds(t, sys)
		})
	}
}

func TestThreeClients(t *testing.T) {
	longtest.Run(t)
	for workers := 1; workers <= 2; workers++ {
		exampletest.HoldsWith(t, Model{Servers: 3, Clients: 3}.System(), workers, 2_420_477, 1_194_428)
		exampletest.HoldsWith(t, Model{Servers: 3, Clients: 3, Network: actor.Ordered}.System(), workers,
			5_816_481, 1_574_375)
	}
}

// One server decides alone, two need each other, and of five any three suffice.
func TestServers(t *testing.T) {
	for servers := 1; servers <= 5; servers++ {
		exampletest.Holds(t, Model{Servers: servers, Clients: 1}.System())
	}
	exampletest.Holds(t, Model{Servers: 1, Clients: 3}.System())
	exampletest.Holds(t, Model{Servers: 2, Clients: 3}.System())
}

// decidedTwice are the steps in which server-1 and server-2 decide A, and then server-2 and server-3 decide B.
var decidedTwice = []string{
	`client-1 -> server-1: Put{Request:301 Value:"A"}`,
	`server-1 -> server-2: Prepare{Ballot:{Round:1 Server:server-1}}`,
	`server-2 -> server-1: Prepared{Ballot:{Round:1 Server:server-1} ` +
		`Last:{Ballot:{Round:0 Server:server-1} Proposal:{Request:0 Client:server-1 Value:""}}}`,
	`server-1 -> server-2: Accept{Ballot:{Round:1 Server:server-1} Proposal:{Request:301 Client:client-1 Value:"A"}}`,
	`server-2 -> server-1: Accepted{Ballot:{Round:1 Server:server-1}}`,
	`client-2 -> server-2: Put{Request:401 Value:"B"}`,
	`server-2 -> server-3: Prepare{Ballot:{Round:2 Server:server-2}}`,
	`server-3 -> server-2: Prepared{Ballot:{Round:2 Server:server-2} ` +
		`Last:{Ballot:{Round:0 Server:server-1} Proposal:{Request:0 Client:server-1 Value:""}}}`,
	`server-2 -> server-3: Accept{Ballot:{Round:2 Server:server-2} Proposal:{Request:401 Client:client-2 Value:"B"}}`,
	`server-3 -> server-2: Accepted{Ballot:{Round:2 Server:server-2}}`,
}

// Server-1 and server-2 decide A. Server-2 ignores that and decides B with server-3, which then
// learns of A.
func TestBroken(t *testing.T) {
	exampletest.Trace(t, Model{Servers: 3, Clients: 2, Forgetful: true}.System(), "linearizable", allways.Violated,
		slices.Concat(decidedTwice, []string{
			`server-1 -> server-3: Decided{Ballot:{Round:1 Server:server-1} Proposal:{Request:301 Client:client-1 Value:"A"}}`,
			`server-1 -> client-1: PutOK{Request:301}`,
			`client-1 -> server-2: Get{Request:302}`,
			`server-2 -> client-1: GetOK{Request:302 Value:"B"}`,
			`server-2 -> client-2: PutOK{Request:401}`,
			`client-2 -> server-3: Get{Request:402}`,
			`server-3 -> client-2: GetOK{Request:402 Value:"A"}`,
		})...)
}

// Servers and clients restore their saved state after a crash.
func TestCrashes(t *testing.T) {
	sys := Model{Servers: 3, Clients: 1, Crashes: 1}.System()
	exampletest.Counts(t, sys, false, 5_467, 2_199)
	exampletest.Holds(t, sys)
	exampletest.AgreesWithPlain(t, sys)
	exampletest.Holds(t, Model{Servers: 3, Clients: 2, Crashes: 1}.System())
}

// Server-1 and server-2 decide A. Server-2 crashes without having saved that, and decides B with
// server-3.
func TestAmnesiac(t *testing.T) {
	exampletest.Trace(t, Model{Servers: 3, Clients: 2, Crashes: 1, Amnesiac: true}.System(), "linearizable",
		allways.Violated,
		`client-1 -> server-1: Put{Request:301 Value:"A"}`,
		`server-1 -> server-2: Prepare{Ballot:{Round:1 Server:server-1}}`,
		`server-2 -> server-1: Prepared{Ballot:{Round:1 Server:server-1} Last:{Ballot:{Round:0 Server:server-1} Proposal:{Request:0 Client:server-1 Value:""}}}`,
		`server-1 -> server-2: Accept{Ballot:{Round:1 Server:server-1} Proposal:{Request:301 Client:client-1 Value:"A"}}`,
		`server-2 -> server-1: Accepted{Ballot:{Round:1 Server:server-1}}`,
		`crash server-2`,
		`restart server-2`,
		`client-2 -> server-2: Put{Request:401 Value:"B"}`,
		`server-2 -> server-3: Prepare{Ballot:{Round:1 Server:server-2}}`,
		`server-3 -> server-2: Prepared{Ballot:{Round:1 Server:server-2} Last:{Ballot:{Round:0 Server:server-1} Proposal:{Request:0 Client:server-1 Value:""}}}`,
		`server-2 -> server-3: Accept{Ballot:{Round:1 Server:server-2} Proposal:{Request:401 Client:client-2 Value:"B"}}`,
		`server-3 -> server-2: Accepted{Ballot:{Round:1 Server:server-2}}`,
		`server-1 -> server-3: Decided{Ballot:{Round:1 Server:server-1} Proposal:{Request:301 Client:client-1 Value:"A"}}`,
		`server-1 -> client-1: PutOK{Request:301}`,
		`client-1 -> server-2: Get{Request:302}`,
		`server-2 -> client-1: GetOK{Request:302 Value:"B"}`,
		`server-2 -> client-2: PutOK{Request:401}`,
		`client-2 -> server-3: Get{Request:402}`,
		`server-3 -> client-2: GetOK{Request:402 Value:"A"}`)
}

func TestAgreesWithPlain(t *testing.T) {
	for _, network := range exampletest.Networks() {
		for _, m := range []Model{
			{Servers: 1, Clients: 2},
			{Servers: 2, Clients: 2},
			{Servers: 3, Clients: 1},
			{Servers: 2, Clients: 2, Forgetful: true},
		} {
			m.Network = network
			t.Run(fmt.Sprintf("%+v", m), func(t *testing.T) { exampletest.AgreesWithPlain(t, m.System()) })
		}
	}
}

// TestForgetting says how many states differ in more than dead messages.
func TestForgetting(t *testing.T) {
	system := func(m Model, p actor.IgnoredPolicy) *actor.System[register.Msg] {
		m.Ignored = p
		return m.System()
	}
	exampletest.Forgets(t, system, []exampletest.Forgotten[Model]{
		{Model: Model{Clients: 1, Servers: 3}, Full: 265, Distinct: 137},
		{Model: Model{Clients: 1, Servers: 3, Network: actor.Ordered}, Full: 237, Distinct: 127},
		{Model: Model{Clients: 1, Servers: 3, Network: actor.Duplicating}, Full: 265, Distinct: 137},
		{Model: Model{Clients: 2, Servers: 3, Forgetful: true}, Full: 16_903, Distinct: 6_802, Long: true},
		{Model: Model{Clients: 1, Servers: 3, Crashes: 1}, Full: 2_199, Distinct: 943},
		{Model: Model{Clients: 2, Servers: 3}, Full: 16_668, Distinct: 6_038, Long: true},
		{Model: Model{Clients: 2, Servers: 3, Network: actor.Ordered}, Full: 33_328, Distinct: 3_273, Long: true},
		{Model: Model{Clients: 1, Servers: 5}, Full: 39_649, Distinct: 9_961, Long: true},
		{Model: Model{Clients: 3, Servers: 3}, Full: 1_194_428, Distinct: 280_499, Long: true},
		{Model: Model{Clients: 3, Servers: 3, Network: actor.Ordered}, Full: 1_574_375, Distinct: 81_426, Long: true},
	})
}
