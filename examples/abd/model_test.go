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
	allwaystest.Check(t, Model{Servers: 3, Clients: 1}.System(), allwaystest.Options{
		Complete: true, Command: "go run ./examples/abd", Params: []string{"1"},
	})
}

func TestCounts(t *testing.T) {
	for _, c := range []struct {
		servers, clients    int
		network             actor.Network
		generated, distinct int64
	}{
		{1, 1, actor.Unordered, 5, 5},
		{2, 2, actor.Unordered, 875, 544},
		{3, 1, actor.Unordered, 3_728, 1_449},
		{3, 1, actor.Ordered, 1_486, 559},
	} {
		sys := Model{Servers: c.servers, Clients: c.clients, Network: c.network}.System()
		exampletest.Counts(t, sys, false, c.generated, c.distinct)
		exampletest.Holds(t, sys)
	}
}

func TestLargeCounts(t *testing.T) {
	longtest.Run(t)
	for workers := 1; workers <= 2; workers++ {
		exampletest.HoldsWith(t, Model{Servers: 3, Clients: 2, Network: actor.Ordered}.System(), workers,
			4_730_934, 1_212_979)
	}
}

// A write has reached only the writer's server. The first read asks that server and sees it, the
// second one asks the others and does not.
func TestBroken(t *testing.T) {
	exampletest.Trace(t, Model{Servers: 3, Clients: 1, Readers: 1, Hasty: true}.System(), "linearizable",
		allways.Violated,
		`client-1 -> server-1: Put{Request:301 Value:"A"}`,
		`server-1 -> server-2: Query{Request:301}`,
		`server-2 -> server-1: AckQuery{Request:301 Version:{Seq:{Clock:0 Server:server-1} Value:""}}`,
		`reader-1 -> server-2: Get{Request:401}`,
		`server-2 -> server-1: Query{Request:401}`,
		`server-1 -> server-2: AckQuery{Request:401 Version:{Seq:{Clock:1 Server:server-1} Value:"A"}}`,
		`server-2 -> reader-1: GetOK{Request:401 Value:"A"}`,
		`reader-1 -> server-3: Get{Request:402}`,
		`server-3 -> server-2: Query{Request:402}`,
		`server-2 -> server-3: AckQuery{Request:402 Version:{Seq:{Clock:0 Server:server-1} Value:""}}`,
		`server-3 -> reader-1: GetOK{Request:402 Value:""}`)
}

// On ordered links a server that learns a new version from the writer's server has recorded it
// before, and two servers are a majority of three. The hasty variant is correct there, but not with
// five servers.
func TestHasteOnOrderedLinks(t *testing.T) {
	exampletest.Holds(t, Model{Servers: 3, Clients: 1, Readers: 1, Network: actor.Ordered, Hasty: true}.System())
	longtest.Run(t)
	m := Model{Servers: 5, Clients: 1, Readers: 1, Network: actor.Ordered, Hasty: true}
	exampletest.Trace(t, m.System(), "linearizable", allways.Violated,
		`client-1 -> server-1: Put{Request:501 Value:"A"}`,
		`server-1 -> server-2: Query{Request:501}`,
		`server-2 -> server-1: AckQuery{Request:501 Version:{Seq:{Clock:0 Server:server-1} Value:""}}`,
		`reader-1 -> server-2: Get{Request:601}`,
		`server-1 -> server-3: Query{Request:501}`,
		`server-3 -> server-1: AckQuery{Request:501 Version:{Seq:{Clock:0 Server:server-1} Value:""}}`,
		`server-2 -> server-1: Query{Request:601}`,
		`server-1 -> server-2: Record{Request:501 Version:{Seq:{Clock:1 Server:server-1} Value:"A"}}`,
		`server-1 -> server-2: AckQuery{Request:601 Version:{Seq:{Clock:1 Server:server-1} Value:"A"}}`,
		`server-2 -> server-3: Query{Request:601}`,
		`server-3 -> server-2: AckQuery{Request:601 Version:{Seq:{Clock:0 Server:server-1} Value:""}}`,
		`server-2 -> reader-1: GetOK{Request:601 Value:"A"}`,
		`reader-1 -> server-3: Get{Request:602}`,
		`server-3 -> server-4: Query{Request:602}`,
		`server-4 -> server-3: AckQuery{Request:602 Version:{Seq:{Clock:0 Server:server-1} Value:""}}`,
		`server-3 -> server-5: Query{Request:602}`,
		`server-5 -> server-3: AckQuery{Request:602 Version:{Seq:{Clock:0 Server:server-1} Value:""}}`,
		`server-3 -> reader-1: GetOK{Request:602 Value:""}`)
}

// The reader that exposes the error finds none in servers that write back.
func TestReader(t *testing.T) {
	exampletest.Holds(t, Model{Servers: 2, Clients: 2, Readers: 1}.System())
	longtest.Run(t)
	exampletest.Holds(t, Model{Servers: 3, Clients: 1, Readers: 1, Network: actor.Ordered}.System())
}

// Servers and clients restore their saved state after a crash.
func TestCrashes(t *testing.T) {
	sys := Model{Servers: 2, Clients: 2, Network: actor.Ordered, Crashes: 1}.System()
	exampletest.Counts(t, sys, false, 20_818, 10_401)
	exampletest.Holds(t, sys)
	exampletest.AgreesWithPlain(t, sys)
	exampletest.Holds(t, Model{Servers: 3, Clients: 1, Network: actor.Ordered, Crashes: 1}.System())
}

func TestAgreesWithPlain(t *testing.T) {
	for _, m := range []Model{
		{Servers: 2, Clients: 2},
		{Servers: 2, Clients: 1, Readers: 1},
		{Servers: 2, Clients: 2, Network: actor.Ordered},
		{Servers: 3, Clients: 1},
		{Servers: 3, Clients: 1, Network: actor.Ordered},
		{Servers: 2, Clients: 2, Hasty: true},
	} {
		t.Run(fmt.Sprintf("%+v", m), func(t *testing.T) { exampletest.AgreesWithPlain(t, m.System()) })
	}
}

// TestForgetting says how many states differ in more than dead messages.
func TestForgetting(t *testing.T) {
	system := func(m Model, p actor.IgnoredPolicy) *actor.System[register.Msg] {
		m.Ignored = p
		return m.System()
	}
	exampletest.Forgets(t, system, []exampletest.Forgotten[Model]{
		{Model: Model{Clients: 1, Servers: 3}, Full: 1_449, Distinct: 581},
		{Model: Model{Clients: 1, Servers: 3, Network: actor.Ordered}, Full: 559, Distinct: 195},
		{
			Model: Model{Clients: 1, Readers: 1, Servers: 3, Hasty: true, Network: actor.Ordered},
			Full:  82_149, Distinct: 31_863, Long: true,
		},
		{Model: Model{Clients: 2, Servers: 3, Network: actor.Ordered}, Full: 1_212_979, Distinct: 278_578, Long: true},
	})
}
