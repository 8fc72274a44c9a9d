package main

import (
	"fmt"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/register"
	"github.com/allways-go/allways/internal/exampletest"
)

func TestCounts(t *testing.T) {
	for _, c := range []struct {
		clients             int
		network             actor.Network
		generated, distinct int64
	}{
		{1, actor.Unordered, 103, 70},
		{2, actor.Unordered, 3_385, 1_858},
		{2, actor.Ordered, 4_884, 1_997},
		{2, actor.Duplicating, 8_148, 2_892},
	} {
		exampletest.Counts(t, Model{Clients: c.clients, Network: c.network}.System(), false, c.generated,
			c.distinct)
	}
}

func TestThreeClients(t *testing.T) {
	exampletest.HoldsWith(t, Model{Clients: 3}.System(), 2, 216_354, 104_128)
	exampletest.HoldsWith(t, Model{Clients: 3, Network: actor.Ordered}.System(), 2, 280_720, 100_988)
}

// The backup takes over although the primary continues: client-2 writes to one server and reads the
// old value from the other.
func TestBroken(t *testing.T) {
	for _, network := range exampletest.Networks() {
		exampletest.Trace(t, Model{Clients: 2, Network: network, Impatient: true}.System(), "linearizable",
			allways.Violated,
			`timeout silence of backup`,
			`client-2 -> backup: Put{Request:301 Value:"B"}`,
			`backup -> client-2: PutOK{Request:301}`,
			`client-2 -> primary: Get{Request:302}`,
			`primary -> client-2: GetOK{Request:302 Value:""}`)
	}
}

// The primary answers and halts, and the backup does not learn of the value.
func TestHasty(t *testing.T) {
	exampletest.Trace(t, Model{Clients: 2, Hasty: true}.System(), "linearizable", allways.Violated,
		`client-1 -> primary: Put{Request:201 Value:"A"}`,
		`choose failure of primary: "halt"`,
		`primary -> backup: Stopped{}`,
		`primary -> client-1: PutOK{Request:201}`,
		`client-1 -> backup: Get{Request:202}`,
		`backup -> client-1: GetOK{Request:202 Value:""}`)
}

func TestWitness(t *testing.T) {
	exampletest.Trace(t, Model{Clients: 1}.System(), "the backup takes over with a value", allways.Holds,
		`client-1 -> primary: Put{Request:201 Value:"A"}`,
		`choose failure of primary: "halt"`,
		`primary -> backup: Replicate{Seq:1 Origin:{Client:client-1 Request:201} Value:"A"}`,
		`primary -> backup: Stopped{}`)
}

func TestAgreesWithPlain(t *testing.T) {
	for _, m := range []Model{
		{Clients: 2},
		{Clients: 2, Hasty: true},
		{Clients: 2, Impatient: true},
		{Clients: 2, Impatient: true, Network: actor.Ordered},
		{Clients: 1, Network: actor.Ordered},
		{Clients: 1, Network: actor.Duplicating},
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
		{Model: Model{Clients: 2}, Full: 1_858, Distinct: 923},
		{Model: Model{Clients: 2, Network: actor.Duplicating}, Full: 2_892, Distinct: 1_016, Long: true},
		{Model: Model{Clients: 2, Network: actor.Ordered}, Full: 1_997, Distinct: 822, Long: true},
		{Model: Model{Clients: 2, Hasty: true}, Full: 4_079, Distinct: 1_820, Long: true},
		{Model: Model{Clients: 2, Impatient: true}, Full: 437, Distinct: 437},
		{Model: Model{Clients: 3}, Full: 104_128, Distinct: 47_040, Long: true},
	})
}
