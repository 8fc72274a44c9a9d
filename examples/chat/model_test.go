package main

import (
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/internal/exampletest"
)

func TestCounts(t *testing.T) {
	for _, network := range exampletest.Networks() {
		exampletest.Counts(t, Model{Members: 3, Network: network}.System(), false, 55, 29)
		exampletest.Holds(t, Model{Members: 3, Network: network}.System())
	}
	exampletest.Counts(t, Model{Members: 4}.System(), false, 7_843, 2_325)
}

// Member-3 sees the answer of member-2 before the question of member-1. Ordered links do not help:
// they order the messages between two members, not among three.
func TestBroken(t *testing.T) {
	for _, network := range exampletest.Networks() {
		exampletest.Trace(t, Model{Members: 3, Network: network, Hasty: true}.System(),
			"no answer before its question", allways.Violated,
			"member-1 -> member-2: Post{Author:member-1 Clock:{member-1:1} To:NoActor}",
			"member-2 -> member-3: Post{Author:member-2 Clock:{member-1:1 member-2:1} To:member-1}")
	}
}

func TestAgreesWithPlain(t *testing.T) {
	for _, network := range exampletest.Networks() {
		for _, hasty := range []bool{false, true} {
			exampletest.AgreesWithPlain(t, Model{Members: 3, Network: network, Hasty: hasty}.System())
		}
	}
}

// TestForgetting says how many states differ in more than dead messages.
func TestForgetting(t *testing.T) {
	system := func(m Model, p actor.IgnoredPolicy) *actor.System[Post] {
		m.Ignored = p
		return m.System()
	}
	exampletest.Forgets(t, system, []exampletest.Forgotten[Model]{
		{Model: Model{Members: 3}, Full: 29, Distinct: 29},
		{Model: Model{Members: 3, Hasty: true}, Full: 49, Distinct: 49},
		{Model: Model{Members: 4, Network: actor.Ordered}, Full: 2_325, Distinct: 2_325, Long: true},
	})
}
