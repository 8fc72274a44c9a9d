package main

import (
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/internal/exampletest"
)

// player sends Ping and Pong back and forth without timers. It counts messages with the expected
// number.
type player struct {
	serves bool
	other  actor.ID
}

// Start implements [actor.Actor].
func (p player) Start(c *actor.Context[Msg], count *int) {
	if p.serves {
		c.Send(p.other, Ping{0})
	}
}

// Receive implements [actor.Actor].
func (p player) Receive(c *actor.Context[Msg], count *int, from actor.ID, m Msg) {
	switch m := m.(type) {
	case Ping:
		if m.N == *count {
			*count++
			c.Send(from, Pong(m))
		}
	case Pong:
		if m.N == *count {
			*count++
			c.Send(from, Ping{*count})
		}
	}
}

// pingPong returns a system of two players with counts up to most. promises add properties.
func pingPong(
	most int, config actor.Config,
	promises ...func(sys *actor.System[Msg], reached func(int) func(*actor.State[Msg]) bool),
) *actor.System[Msg] {
	sys := actor.NewSystem[Msg](config)
	a := actor.Spawn(sys, "a", player{serves: true, other: 1})
	b := actor.Spawn(sys, "b", player{})
	reached := func(n int) func(*actor.State[Msg]) bool {
		return func(s *actor.State[Msg]) bool { return *a.In(s) >= n || *b.In(s) >= n }
	}
	sys.Boundary(func(s *actor.State[Msg]) bool { return !reached(most + 1)(s) })
	sys.Always("counts differ by at most 1", func(s *actor.State[Msg]) bool {
		d := *a.In(s) - *b.In(s)
		return -1 <= d && d <= 1
	})
	sys.Sometimes("max reached", reached(most))
	for _, p := range promises {
		p(sys, reached)
	}
	return sys
}

// In a game without losses one message is in flight at any time, which makes two states for each
// number, and the first one. With losses each sent message is in flight or lost, independently of
// the others: after k hits there are 2^(k+1) states.
func TestPingPong(t *testing.T) {
	for _, c := range []struct {
		most                int
		config              actor.Config
		generated, distinct int64
	}{
		{1, actor.Config{Network: actor.Duplicating, Lossy: true}, 0, 14},
		{5, actor.Config{Network: actor.Duplicating, Lossy: true}, 0, 4_094},
		{5, actor.Config{Network: actor.Unordered}, 11, 11},
		{5, actor.Config{Network: actor.Duplicating}, 11, 11},
		{5, actor.Config{Network: actor.Ordered}, 11, 11},
		{5, actor.Config{Network: actor.Unordered, Lossy: true}, 22, 22},
	} {
		for _, rule := range []actor.IgnoredPolicy{actor.IgnoredKept, actor.IgnoredConsumed} {
			c.config.Ignored = rule
			sys := pingPong(c.most, c.config)
			exampletest.Counts(t, sys, false, c.generated, c.distinct)
			exampletest.Holds(t, sys)
			exampletest.AgreesWithPlain(t, sys)
		}
	}
}

// Without losses the game continues up to the boundary. With losses it may end at any time. What it
// would reach beyond the boundary is unknown.
func TestPingPongEventually(t *testing.T) {
	reaches := func(n int) func(sys *actor.System[Msg], reached func(int) func(*actor.State[Msg]) bool) {
		return func(sys *actor.System[Msg], reached func(int) func(*actor.State[Msg]) bool) {
			sys.Eventually("reaches it", reached(n))
		}
	}
	exampletest.Holds(t, pingPong(5, actor.Config{}, reaches(5)))
	r, err := allways.Check(t.Context(), pingPong(5, actor.Config{}, reaches(6)), allways.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if p := r.Property("reaches it"); p.Verdict != allways.Inconclusive || !p.Within {
		t.Errorf("beyond the boundary: %v %s, want inconclusive", p.Verdict, p.Reason)
	}
	duplicating := actor.Config{Network: actor.Duplicating, Lossy: true}
	exampletest.Trace(t, pingPong(5, duplicating, reaches(5)), "reaches it", allways.Violated,
		"lose a -> b: Ping{N:0}")
}
