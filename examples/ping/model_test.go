package main

import (
	"fmt"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/allwaystest"
	"github.com/allways-go/allways/internal/exampletest"
)

func TestModel(t *testing.T) {
	allwaystest.Check(t, Model{Max: 3, Tries: 2, Lossy: true}.System(), allwaystest.Options{
		Complete: true, Command: "go run ./examples/ping", Params: []string{"3", "-lossy"},
	})
}

// The counts come from a second, naive search.
func TestCounts(t *testing.T) {
	for _, c := range []struct {
		m                   Model
		generated, distinct int64
	}{
		{Model{Max: 3, Tries: 2}, 187, 105},
		{Model{Max: 3, Tries: 2, Lossy: true}, 654, 196},
		{Model{Max: 3, Tries: 2, Network: actor.Duplicating}, 46, 16},
		{Model{Max: 3, Tries: 2, Network: actor.Duplicating, Lossy: true}, 1_558, 337},
		{Model{Max: 3, Tries: 2, Network: actor.Ordered}, 64, 39},
		{Model{Max: 3, Tries: 2, Network: actor.Ordered, Lossy: true}, 154, 68},
	} {
		exampletest.Counts(t, c.m.System(), false, c.generated, c.distinct)
		exampletest.Holds(t, c.m.System())
	}
}

// Two pings are counted before the first one arrives.
func TestBroken(t *testing.T) {
	for _, network := range exampletest.Networks() {
		exampletest.Trace(t, Model{Max: 3, Tries: 2, Network: network, Hasty: true}.System(),
			"counters differ by at most 1", allways.Violated,
			"timeout ping of pinger", "timeout ping of pinger")
	}
}

// A lost ping is resent.
func TestLossIsMadeUpFor(t *testing.T) {
	for tries, want := range map[int]allways.Verdict{1: allways.Violated, 2: allways.Holds} {
		sys := actor.NewSystem[Msg](actor.Config{Lossy: true, MaxLosses: 1})
		pinger := actor.Spawn(sys, "pinger", Pinger{Ponger: 1, Max: 2, Tries: tries})
		actor.Spawn(sys, "ponger", Ponger{})
		sys.Eventually("all pings are answered", func(s *actor.State[Msg]) bool { return pinger.In(s).Count == 2 })
		r, err := allways.Check(t.Context(), sys, allways.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if r.Verdict != want {
			t.Errorf("%d tries: %v, want %v", tries, r.Verdict, want)
		}
	}
}

func TestAgreesWithPlain(t *testing.T) {
	for _, network := range exampletest.Networks() {
		for _, hasty := range []bool{false, true} {
			m := Model{Max: 3, Tries: 2, Network: network, Lossy: true, Hasty: hasty}
			t.Run(fmt.Sprintf("%+v", m), func(t *testing.T) { exampletest.AgreesWithPlain(t, m.System()) })
		}
	}
}

// Over a duplicating network a ping that is sent again is the same message, so tries need no limit.
func unlimited(unfair bool) *actor.System[Msg] {
	return Model{Max: 3, Network: actor.Duplicating, Lossy: true, Live: true, Unfair: unfair}.System()
}

// However many messages are lost, each ping is answered if messages sent again and again get through.
func TestLive(t *testing.T) { exampletest.Holds(t, unlimited(false)) }

// Each ping is lost.
func TestUnfair(t *testing.T) {
	exampletest.Trace(t, unlimited(true), "all pings are answered", allways.Violated,
		"timeout ping of pinger", "lose pinger -> ponger: Ping{N:0}", "loop 0")
}

// TestForgetting says how many states differ in more than dead messages.
func TestForgetting(t *testing.T) {
	system := func(m Model, p actor.IgnoredPolicy) *actor.System[Msg] {
		m.Ignored = p
		return m.System()
	}
	exampletest.Forgets(t, system, []exampletest.Forgotten[Model]{
		{Model: Model{Max: 3, Tries: 2}, Full: 105, Distinct: 50},
		{Model: Model{Max: 3, Tries: 2, Lossy: true}, Full: 196, Distinct: 99},
		{Model: Model{Max: 3, Tries: 2, Network: actor.Duplicating, Lossy: true}, Full: 337, Distinct: 99},
		{Model: Model{Max: 3, Tries: 2, Network: actor.Ordered, Lossy: true}, Full: 68, Distinct: 47},
		{Model: Model{Max: 3, Tries: 2, Hasty: true}, Full: 10, Distinct: 10},
	})
}
