package main

import (
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/link"
	"github.com/allways-go/allways/internal/exampletest"
)

func small(n actor.Network) Model {
	return Model{Messages: 2, Network: n, Crashes: 1, Losses: 1, Tries: 2}
}

func TestCounts(t *testing.T) {
	for network, want := range map[actor.Network][2]int64{
		actor.Unordered: {84_421, 16_004}, actor.Duplicating: {1_185, 318}, actor.Ordered: {15_684, 4_708},
	} {
		exampletest.Counts(t, small(network).System(), false, want[0], want[1])
		exampletest.Holds(t, small(network).System())
	}
}

// On a duplicating network a message that is sent twice is in flight once, so that resends need no
// limit.
func TestWithoutEnd(t *testing.T) {
	m := Model{Messages: 4, Network: actor.Duplicating, Crashes: 2, Losses: 3}
	exampletest.Holds(t, m.System())
}

// The receiver crashes after the first message, which is not delivered again. The second message
// comes first.
func TestBroken(t *testing.T) {
	for _, network := range exampletest.Networks() {
		m := small(network)
		m.Forgetful = true
		exampletest.Trace(t, m.System(), "once and in order", allways.Violated,
			"sender -> receiver: Packet[int]{Number:1 Ack:false Body:1}",
			"crash receiver",
			"restart receiver",
			"sender -> receiver: Packet[int]{Number:2 Ack:false Body:2}")
	}
}

func TestAgreesWithPlain(t *testing.T) {
	for _, network := range exampletest.Networks() {
		m := small(network)
		m.Tries = 1
		exampletest.AgreesWithPlain(t, m.System())
	}
}

func unlimited(unfair bool) *actor.System[link.Packet[int]] {
	return Model{Messages: 2, Network: actor.Duplicating, Crashes: 1, Live: true, Unfair: unfair}.System()
}

// However much is lost, all is received if what is sent again and again gets through.
func TestLive(t *testing.T) { exampletest.Holds(t, unlimited(false)) }

// Both packets are lost each time.
func TestUnfair(t *testing.T) {
	exampletest.Trace(t, unlimited(true), "all is received", allways.Violated,
		"lose sender -> receiver: Packet[int]{Number:1 Ack:false Body:1}",
		"lose sender -> receiver: Packet[int]{Number:2 Ack:false Body:2}",
		"timeout send again of sender",
		"loop 0")
}
