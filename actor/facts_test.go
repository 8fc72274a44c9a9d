package actor_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
)

// counts asserts the numbers of states of a complete search of the compiled system and of the plain model.
func counts(t *testing.T, name string, sys func() *actor.System[any], generated,
	distinct int64) *allways.Result[*actor.State[any], actor.Action[any]] {
	t.Helper()
	o := allways.Options{Stop: allways.StopNever}
	r, err := allways.Check(t.Context(), sys(), o)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if !r.Complete || r.Stats.Generated != generated || r.Stats.Distinct != distinct {
		t.Errorf("%s: generated %d, distinct %d, complete %t; want %d, %d", name, r.Stats.Generated, r.Stats.Distinct,
			r.Complete, generated, distinct)
	}
	p, err := allways.Check(t.Context(), plainOf(sys()), o)
	if err != nil || p.Stats.Generated != r.Stats.Generated || p.Stats.Distinct != r.Stats.Distinct {
		t.Errorf("%s: the plain model has %+v, error %v", name, p, err)
	}
	return r
}

// system makes a system of nodes with a property, so that there is something to check.
func system(c actor.Config, nodes ...node) *actor.System[any] {
	sys := actor.NewSystem[any](c)
	for i, n := range nodes {
		actor.Spawn(sys, string(rune('a'+i)), n)
	}
	sys.Always("true", func(*actor.State[any]) bool { return true })
	return sys
}

// TestIgnoredDeliveries: a client sends a message that the server ignores and one that it does not. What is
// ignored stays where that is unobservable, and is consumed where order makes the next message wait for it, or
// where it is asked for.
func TestIgnoredDeliveries(t *testing.T) {
	client := node{start: func(c *actor.Context[any], _ *nodeState) {
		c.Send(1, "ignored")
		c.Send(1, "interesting")
	}}
	server := node{receive: func(_ *actor.Context[any], s *nodeState, _ actor.ID, m any) {
		if m == "interesting" {
			s.N++
		}
	}}
	once := node{receive: func(_ *actor.Context[any], s *nodeState, _ actor.ID, m any) {
		if m == "interesting" {
			s.N = 1
		}
	}}
	with := func(n actor.Network, r actor.IgnoredPolicy, server node) func() *actor.System[any] {
		return func() *actor.System[any] { return system(actor.Config{Network: n, Ignored: r}, client, server) }
	}
	counts(t, "unordered", with(actor.Unordered, actor.IgnoredAuto, server), 2, 2)
	counts(t, "duplicating", with(actor.Duplicating, actor.IgnoredAuto, once), 2, 2)
	counts(t, "ordered", with(actor.Ordered, actor.IgnoredAuto, server), 3, 3)
	counts(t, "unordered, consumed", with(actor.Unordered, actor.IgnoredConsumed, server), 5, 4)
	counts(t, "duplicating, consumed", with(actor.Duplicating, actor.IgnoredConsumed, once), 2, 2)
}

// TestRuleIsSound: a server that ignores B until it has seen A finishes only if A comes first. That an ignored
// message is gone matters to Eventually, so leaving it in flight would make the promise look kept.
func TestRuleIsSound(t *testing.T) {
	make := func() (*actor.System[any], actor.Ref[nodeState]) {
		sys := actor.NewSystem[any](actor.Config{})
		actor.Spawn(sys, "client", node{start: func(c *actor.Context[any], _ *nodeState) {
			c.Send(1, "A")
			c.Send(1, "B")
		}})
		server := actor.Spawn(sys, "server", node{receive: func(_ *actor.Context[any], s *nodeState, _ actor.ID,
			m any) {
			if m == "A" && s.N == 0 || m == "B" && s.N == 1 {
				s.N++
			}
		}})
		return sys, server
	}
	sys, server := make()
	sys.Eventually("finishes", func(s *actor.State[any]) bool { return server.In(s).N == 2 })
	r, err := allways.Check(t.Context(), sys, allways.Options{})
	if err != nil || r.Property("finishes").Verdict != allways.Violated {
		t.Fatalf("result %+v, error %v: want a violation", r, err)
	}
	sys, server = make()
	sys.Sometimes("finishes", func(s *actor.State[any]) bool { return server.In(s).N == 2 })
	if r, err := allways.Check(t.Context(), sys, allways.Options{}); err != nil || r.Verdict != allways.Holds {
		t.Fatalf("result %+v, error %v: want a witness", r, err)
	}
}

func TestMessageToNoActor(t *testing.T) {
	counts(t, "to 99", func() *actor.System[any] {
		return system(actor.Config{}, node{start: func(c *actor.Context[any], _ *nodeState) { c.Send(99, "hello") }})
	}, 1, 1)
}

// TestTimers: a timer that is set again by its own timeout is no step; setting a set timer changes nothing.
func TestTimers(t *testing.T) {
	set := func(c *actor.Context[any], _ *nodeState) {
		c.SetTimer("t", time.Second, 2*time.Second)
		c.SetTimer("t", time.Hour, time.Hour)
	}
	counts(t, "fires once", func() *actor.System[any] {
		return system(actor.Config{}, node{start: set, timeout: func(*actor.Context[any], *nodeState, string) {}})
	}, 2, 2)
	counts(t, "sets itself again", func() *actor.System[any] {
		return system(actor.Config{}, node{start: set,
			timeout: func(c *actor.Context[any], s *nodeState, _ string) { set(c, s) }})
	}, 1, 1)
}

// TestChoices: options of one key are alternatives, those of two keys are not, and new options replace old ones.
func TestChoices(t *testing.T) {
	chosen := func(_ *actor.Context[any], s *nodeState, key string, option any) {
		s.Seen = map[string]int{key: option.(int)}
		for k, v := range s.Seen {
			s.Seen[k] = v
		}
	}
	counts(t, "one key", func() *actor.System[any] {
		return system(actor.Config{}, node{chosen: chosen,
			start: func(c *actor.Context[any], _ *nodeState) { c.Choose("k", 1, 2, 3, 3) }})
	}, 4, 4)
	counts(t, "replaced and withdrawn", func() *actor.System[any] {
		return system(actor.Config{}, node{chosen: chosen, start: func(c *actor.Context[any], _ *nodeState) {
			c.Choose("k", 1, 2, 3)
			c.Choose("k", 4)
			c.Choose("l", 5)
			c.Choose("l")
		}})
	}, 2, 2)
}

// TestCrash: any one of three actors may crash, and each comes back.
func TestCrash(t *testing.T) {
	r := counts(t, "crash", func() *actor.System[any] {
		return system(actor.Config{Crashes: true, MaxDown: 1, MaxCrashes: 1}, node{}, node{}, node{})
	}, 1+3+3, 1+3+1)
	if !slices.ContainsFunc(r.Actions, func(a allways.ActionStats) bool {
		return a.Name == "restart" &&
			a.Taken == 3
	}) {
		t.Errorf("actions %+v", r.Actions)
	}
}

// TestCrashKeepsTheInbox: a message waits for an actor that is down, on an ordered network too, and what was
// saved stays.
func TestCrashKeepsTheInbox(t *testing.T) {
	for _, network := range []actor.Network{actor.Unordered, actor.Ordered} {
		sys := actor.NewSystem[any](actor.Config{Network: network, Crashes: true, MaxDown: 1, MaxCrashes: 1})
		n := actor.Spawn(sys, "n", saver{})
		sys.InFlight(actor.NoActor, 0, 5)
		sys.Always("nothing is handled while down",
			func(s *actor.State[any]) bool { return !n.Down(s) || *n.In(s) == 0 })
		sys.Sometimes("received after the crash", func(s *actor.State[any]) bool { return *n.In(s) == 15 })
		sys.Sometimes("restored", func(s *actor.State[any]) bool { return *n.In(s) == 105 })
		r, err := allways.Check(t.Context(), sys, allways.Options{})
		if err != nil || r.Verdict != allways.Holds {
			t.Errorf("%v: %+v, error %v", network, r, err)
		}
	}
}

// saver starts at 10 after a crash before which it has saved nothing; it saves what it receives, and restores it.
type saver struct{}

func (saver) Start(*actor.Context[any], *int) {}
func (saver) Receive(c *actor.Context[any], s *int, _ actor.ID, m any) {
	*s += m.(int)
	c.Save(*s)
}
func (saver) Restart(c *actor.Context[any], s *int) {
	*s = 10
	if v, ok := actor.Load[int](c); ok {
		*s = 100 + v
	}
}

// TestPartition: while the network is split, messages wait; they arrive when it is whole again.
func TestPartition(t *testing.T) {
	sys := actor.NewSystem[any](actor.Config{MaxPartitions: 1})
	a := actor.Spawn(sys, "a", node{start: func(c *actor.Context[any], _ *nodeState) { c.Send(1, "x") }})
	b := actor.Spawn(sys, "b", node{receive: func(_ *actor.Context[any], s *nodeState, _ actor.ID, _ any) { s.N++ }})
	sys.PartitionAll(a.ID(), b.ID())
	sys.AlwaysStep("nothing crosses", func(before *actor.State[any], x actor.Action[any],
		after *actor.State[any]) bool {
		return !before.Partitioned() || b.In(before).N == b.In(after).N
	})
	sys.Sometimes("arrives while whole", func(s *actor.State[any]) bool { return b.In(s).N == 1 && !s.Partitioned() })
	r, err := allways.Check(t.Context(), sys, allways.Options{Stop: allways.StopNever})
	if err != nil || r.Verdict != allways.Holds || r.Stats.Distinct != 6 {
		t.Errorf("%+v, error %v", r, err)
	}
}

// TestManyActors: a thousand actors are no problem.
func TestManyActors(t *testing.T) {
	n := 1000
	if testing.Short() {
		n = 300
	}
	var ring []node
	for i := range n {
		ring = append(ring, node{
			start: func(c *actor.Context[any], _ *nodeState) {
				if i == 0 {
					c.Send(1, "token")
				}
			},
			receive: func(c *actor.Context[any], s *nodeState, _ actor.ID, m any) {
				if s.N++; i > 0 {
					c.Send(actor.ID((i+1)%n), m)
				}
			},
		})
	}
	sys := actor.NewSystem[any](actor.Config{})
	for i, x := range ring {
		actor.Spawn(sys, fmt.Sprintf("n%03d", i), x)
	}
	sys.Always("true", func(*actor.State[any]) bool { return true })
	if r, err := allways.Check(t.Context(), sys, allways.Options{Stop: allways.StopNever}); err != nil ||
		r.Stats.Distinct != int64(n)+1 {
		t.Errorf("%+v, error %v", r, err)
	}
}
