package main

import (
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/internal/exampletest"
)

func TestCounts(t *testing.T) {
	for _, c := range []struct {
		model               Model
		generated, distinct int64
	}{
		{Model{Participants: 1, Crashes: 2}, 334, 173},
		{Model{Participants: 2, Crashes: 2}, 8_393, 3_100},
		{Model{Participants: 2, Crashes: 2, Network: actor.Ordered}, 11_415, 3_234},
		{Model{Participants: 2, Crashes: 2, Network: actor.Duplicating}, 2_941, 834},
		{Model{Participants: 3}, 2_189, 835},
	} {
		exampletest.Counts(t, c.model.System(), false, c.generated, c.distinct)
	}
}

func TestHolds(t *testing.T) {
	exampletest.HoldsWith(t, Model{Participants: 3, Crashes: 2}.System(), 2, 143_124, 40_612)
	exampletest.HoldsWith(t, Model{Participants: 3, Crashes: 2, Network: actor.Ordered}.System(), 2, 220_021,
		45_411)
	exampletest.HoldsWith(t, Model{Participants: 3, Crashes: 2, Network: actor.Duplicating}.System(), 2, 31_432,
		6_711)
}

// Participant-1 votes yes, crashes and aborts, and the others vote yes.
func TestBroken(t *testing.T) {
	for _, network := range exampletest.Networks() {
		exampletest.Trace(t, Model{Participants: 3, Crashes: 2, Network: network, Forgetful: true}.System(),
			"consistent", allways.Violated,
			"coordinator -> participant-1: Prepare{}",
			"choose vote of participant-1: true",
			"crash participant-1",
			"restart participant-1",
			"coordinator -> participant-2: Prepare{}",
			"choose vote of participant-2: true",
			"coordinator -> participant-3: Prepare{}",
			"choose vote of participant-3: true",
			"participant-1 -> coordinator: Vote{Yes:true}",
			"participant-2 -> coordinator: Vote{Yes:true}",
			"participant-3 -> coordinator: Vote{Yes:true}",
			"coordinator -> participant-2: Decision{Outcome:commit}")
	}
}

func TestWitnesses(t *testing.T) {
	m := Model{Participants: 1, Crashes: 1}
	exampletest.Trace(t, m.System(), "all commit", allways.Holds,
		"coordinator -> participant-1: Prepare{}",
		"choose vote of participant-1: true",
		"participant-1 -> coordinator: Vote{Yes:true}",
		"coordinator -> participant-1: Decision{Outcome:commit}")
	exampletest.Trace(t, m.System(), "all abort", allways.Holds,
		"coordinator -> participant-1: Prepare{}",
		"choose vote of participant-1: false")
}

func TestAgreesWithPlain(t *testing.T) {
	for _, network := range exampletest.Networks() {
		for _, forgetful := range []bool{false, true} {
			m := Model{Participants: 2, Crashes: 1, Network: network, Forgetful: forgetful}
			exampletest.AgreesWithPlain(t, m.System())
		}
	}
}

// A participant that has voted yes cannot decide alone, but the others restart and tell it.
func TestLive(t *testing.T) {
	for _, network := range exampletest.Networks() {
		exampletest.Holds(t, Model{Participants: 2, Network: network, Crashes: 1, Live: true}.System())
	}
}

// Two-phase commit blocks while the coordinator is down.
func TestAbandoned(t *testing.T) {
	exampletest.Trace(t, Model{Participants: 2, Crashes: 1, Abandoned: true}.System(),
		"participant-1 hears of the outcome", allways.Violated,
		"coordinator -> participant-1: Prepare{}",
		"choose vote of participant-1: true",
		"coordinator -> participant-2: Prepare{}",
		"crash coordinator")
}

// TestForgetting says how many states differ in more than dead messages.
func TestForgetting(t *testing.T) {
	system := func(m Model, p actor.IgnoredPolicy) *actor.System[Msg] {
		m.Ignored = p
		return m.System()
	}
	exampletest.Forgets(t, system, []exampletest.Forgotten[Model]{
		{Model: Model{Participants: 2, Crashes: 2}, Full: 3_100, Distinct: 762},
		{Model: Model{Participants: 2, Crashes: 2, Network: actor.Ordered}, Full: 3_234, Distinct: 811},
		{Model: Model{Participants: 2, Crashes: 2, Network: actor.Duplicating}, Full: 834, Distinct: 570},
		{Model: Model{Participants: 3, Crashes: 2}, Full: 40_612, Distinct: 4_916, Long: true},
		{Model: Model{Participants: 3, Crashes: 2, Network: actor.Ordered}, Full: 45_411, Distinct: 5_192, Long: true},
	})
}
