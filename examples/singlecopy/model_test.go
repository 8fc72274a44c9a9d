package main

import (
	"fmt"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/register"
	"github.com/allways-go/allways/allwaystest"
	"github.com/allways-go/allways/internal/exampletest"
	"github.com/allways-go/allways/internal/longtest"
)

func TestModel(t *testing.T) {
	allwaystest.Check(t, Model{Servers: 1, Clients: 3}.System(), allwaystest.Options{
		Complete: true, Command: "go run ./examples/singlecopy", Params: []string{"3"},
	})
}

// A client waits for an answer before it sends again, so that the order in the network makes no
// difference.
func TestCounts(t *testing.T) {
	for _, network := range []actor.Network{actor.Unordered, actor.Ordered} {
		for _, c := range []struct {
			clients             int
			generated, distinct int64
		}{
			{1, 5, 5},
			{2, 121, 93},
			{3, 6_778, 4_243},
		} {
			sys := Model{Servers: 1, Clients: c.clients, Network: network}.System()
			exampletest.Counts(t, sys, false, c.generated, c.distinct)
			exampletest.Holds(t, sys)
		}
	}
}

func TestLargeCounts(t *testing.T) {
	longtest.Run(t)
	exampletest.HoldsWith(t, Model{Servers: 1, Clients: 4}.System(), 1, 731_789, 400_233)
	exampletest.HoldsWith(t, Model{Servers: 1, Clients: 4, Network: actor.Ordered}.System(), 2, 731_789, 400_233)
}

// A client writes to one server and reads the old value from the other.
func TestBroken(t *testing.T) {
	for _, network := range []actor.Network{actor.Unordered, actor.Ordered} {
		exampletest.Trace(t, Model{Servers: 2, Clients: 2, Network: network}.System(), "linearizable",
			allways.Violated,
			`client-1 -> server-1: Put{Request:201 Value:"A"}`,
			`server-1 -> client-1: PutOK{Request:201}`,
			`client-1 -> server-2: Get{Request:202}`,
			`server-2 -> client-1: GetOK{Request:202 Value:""}`)
	}
}

// One server is not enough if messages are duplicated. A is written, then B, as client-1 reads.
// Then the first write arrives again, and client-2 reads A.
func TestDuplicating(t *testing.T) {
	exampletest.Trace(t, Model{Servers: 1, Clients: 2, Network: actor.Duplicating}.System(), "linearizable",
		allways.Violated,
		`client-1 -> server-1: Put{Request:101 Value:"A"}`,
		`client-2 -> server-1: Put{Request:201 Value:"B"}`,
		`server-1 -> client-1: PutOK{Request:101}`,
		`client-1 -> server-1: Get{Request:102}`,
		`client-1 -> server-1: Put{Request:101 Value:"A"}`,
		`server-1 -> client-1: GetOK{Request:102 Value:"B"}`,
		`server-1 -> client-2: PutOK{Request:201}`,
		`client-2 -> server-1: Get{Request:202}`,
		`server-1 -> client-2: GetOK{Request:202 Value:"A"}`)
}

// A server and clients restore their saved state after a crash.
func TestCrashes(t *testing.T) {
	sys := Model{Servers: 1, Clients: 2, Crashes: 1}.System()
	exampletest.Counts(t, sys, false, 1_677, 985)
	exampletest.Holds(t, sys)
	exampletest.AgreesWithPlain(t, sys)
}

func TestAgreesWithPlain(t *testing.T) {
	for servers := 1; servers <= 2; servers++ {
		for clients := 1; clients <= 2; clients++ {
			for _, network := range exampletest.Networks() {
				t.Run(fmt.Sprintf("%d servers, %d clients, %v", servers, clients, network), func(t *testing.T) {
					exampletest.AgreesWithPlain(t,
						Model{Servers: servers, Clients: clients, Network: network}.System())
				})
			}
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
		{Model: Model{Servers: 1, Clients: 2}, Full: 93, Distinct: 93},
		{Model: Model{Servers: 2, Clients: 2}, Full: 62, Distinct: 62},
		{Model: Model{Servers: 1, Clients: 2, Network: actor.Duplicating}, Full: 427, Distinct: 227},
		{Model: Model{Servers: 1, Clients: 2, Crashes: 1}, Full: 985, Distinct: 969},
		{Model: Model{Servers: 1, Clients: 3, Network: actor.Ordered}, Full: 4_243, Distinct: 4_243, Long: true},
	})
}
