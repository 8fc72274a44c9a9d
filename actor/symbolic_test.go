package actor_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/internal/longtest"
)

// promiseReading states properties that read each kind of part of a state: of the actors, their timers and options,
// inboxes where they may, and the faults.
func promiseReading(sys *actor.System[int8], first, last actor.Ref[robotState]) {
	type state = actor.State[int8]
	sys.NoDeadlock("goes on", func(s *state) bool { return last.In(s).State != 1 })
	sys.NoDeadlock("goes on quietly", func(s *state) bool { return s.InFlight(last.ID()) == 0 && s.InFlight(9) < 2 })
	sys.Always("either", func(s *state) bool { return first.In(s).Acts < 2 || len(s.Inbox(last.ID())) < 2 })
	sys.Always("few strays", func(s *state) bool { return len(s.Inbox(-1)) == 0 || first.Down(s) })
	sys.Sometimes("torn", func(s *state) bool { return s.Partitioned() && last.In(s).State == 1 })
	sys.AlwaysStep("does not fall", func(before *state, _ actor.Action[int8], after *state) bool {
		return first.In(before).State <= first.In(after).State+1
	})
	sys.AlwaysStep("calm", func(_ *state, a actor.Action[int8], after *state) bool {
		return a.Kind != actor.Deliver || after.InFlight(last.ID()) < 2
	})
	sys.AlwaysStep("heals", func(before *state, a actor.Action[int8], after *state) bool {
		return !before.Partitioned() || after.Partitioned() || first.In(after).Acts < 2
	})
	sys.AlwaysStep("no stray", func(before *state, a actor.Action[int8], after *state) bool {
		return after.InFlight(-1) == before.InFlight(-1) || last.In(after).State != 2
	})
	sys.Sometimes("set", func(s *state) bool { return len(s.Timers(0)) > 0 && len(s.Offered(last.ID(), "k")) > 0 })
}

// A symbolic search agrees with a search of states about random systems with all kinds of faults: in counts of
// states, steps and actions, in verdicts, and in the lengths of paths.
func TestSymbolicIsExplicit(t *testing.T) {
	longtest.Checks(t, 4)
	states := int64(0)
	rapid.Check(t, func(t *rapid.T) {
		make := drawSystemWith(t, promiseReading, true)
		o := allways.Options{Stop: allways.StopNever, Workers: 1, MaxStates: longtest.Size(4000, 8000)}
		want, err := allways.Check(t.Context(), make(), o)
		if err != nil {
			o := allways.Options{Strategy: allways.Symbolic}
			if _, again := allways.Check(t.Context(), make(), o); again == nil || again.Error() != err.Error() {
				t.Fatalf("a search of states has the error\n%v\nand a symbolic one\n%v", err, again)
			}
			return
		}
		if !want.Complete {
			t.Skip("too large")
		}
		states += want.Stats.Distinct
		for _, sys := range []*actor.System[int8]{make(), actor.LimitMemo(make(), forgetful)} {
			got, err := allways.Check(t.Context(), sys, allways.Options{Strategy: allways.Symbolic})
			if err != nil {
				t.Fatal(err)
			}
			got.Stats.Depth = want.Stats.Depth // which it does not know
			compareResults(t, got, want, true)
			if !got.Complete || got.Bounded != want.Bounded ||
				got.Stats.States.Int64() != want.Stats.Distinct {
				t.Fatalf("complete %t, bounded %t, %v states, want %d", got.Complete, got.Bounded,
					got.Stats.States, want.Stats.Distinct)
			}
		}
	})
	t.Logf("%d states", states)
}

// Boundaries of several actors, and one of all, exclude what any of them does.
func TestWithinIsBoundary(t *testing.T) {
	small := func(n *int8) bool { return *n < 4 }
	count := func(build func(sys *actor.System[int8], first, second actor.Ref[int8])) int64 {
		sys := actor.NewSystem[int8](actor.Config{})
		first := actor.Spawn(sys, "first", bomb{Next: 1, Fuse: -1, Range: 6})
		build(sys, first, actor.Spawn(sys, "second", bomb{Next: 0, Fuse: -1, Range: 6}))
		r, err := allways.Check(t.Context(), sys, allways.Options{Stop: allways.StopNever})
		if err != nil || !r.Bounded {
			t.Fatal(err, "not bounded")
		}
		return r.Stats.Distinct
	}
	want := count(func(sys *actor.System[int8], first, second actor.Ref[int8]) {
		sys.Boundary(func(s *actor.State[int8]) bool { return small(first.In(s)) && small(second.In(s)) })
	})
	for name, build := range map[string]func(sys *actor.System[int8], first, second actor.Ref[int8]){
		"both by actor": func(sys *actor.System[int8], first, second actor.Ref[int8]) {
			actor.Within(sys, first, small)
			actor.Within(sys, second, small)
		},
		"twice of one": func(sys *actor.System[int8], first, second actor.Ref[int8]) {
			actor.Within(sys, first, small)
			actor.Within(sys, second, func(n *int8) bool { return *n < 5 })
			actor.Within(sys, second, small)
		},
		"one of either kind": func(sys *actor.System[int8], first, second actor.Ref[int8]) {
			actor.Within(sys, second, small)
			sys.Boundary(func(s *actor.State[int8]) bool { return small(first.In(s)) })
		},
	} {
		if got := count(build); got != want {
			t.Errorf("%s: %d states, want %d", name, got, want)
		}
	}
}

// hanger hangs below an actor. One that shifts hangs below none first, and then has another one hang below it.
type hanger struct{ Below actor.ID }

func (h hanger) Start(c *actor.Context[int8], below *actor.ID) {
	if *below = h.Below; h.Below >= 0 {
		c.SetTimer("shift", 1, 1)
	}
}

func (h hanger) Timeout(c *actor.Context[int8], below *actor.ID, _ string) {
	*below = -1
	c.Send(h.Below, 0)
}

func (h hanger) Receive(_ *actor.Context[int8], below *actor.ID, from actor.ID, _ int8) {
	*below = from
}

// A predicate that follows what actors say of each other comes to an end in each reachable state. It is shown no
// combination of parts of several states, in which it might not, however its reads depend on what it has read.
func TestSymbolicShowsStates(t *testing.T) {
	hangers := func(circle *bool) *actor.System[int8] {
		sys := actor.NewSystem[int8](actor.Config{})
		all := []actor.Ref[actor.ID]{
			actor.Spawn(sys, "first", hanger{Below: -1}), actor.Spawn(sys, "second", hanger{Below: 0}),
		}
		top := func(s *actor.State[int8], at actor.ID) actor.ID {
			for range all {
				below := *all[at].In(s)
				if below < 0 {
					return at
				}
				at = below
			}
			*circle = true
			return -1
		}
		sys.Always("top", func(s *actor.State[int8]) bool { return top(s, 0) >= 0 })
		sys.Sometimes("top of second", func(s *actor.State[int8]) bool { return top(s, 0) == 1 })
		sys.AlwaysStep("step", func(before *actor.State[int8], _ actor.Action[int8], after *actor.State[int8]) bool {
			return top(before, 0) >= 0 && top(after, 0) >= 0
		})
		return sys
	}
	for _, strategy := range []allways.Strategy{allways.BFS, allways.Symbolic} {
		circle := false
		r, err := allways.Check(t.Context(), hangers(&circle), allways.Options{Strategy: strategy, Stop: allways.StopNever})
		if err != nil || r.Verdict != allways.Holds || r.Stats.Distinct != 3 {
			t.Fatalf("%v: %v", strategy, err)
		}
		if circle {
			t.Errorf("%v: a predicate was shown what is no state", strategy)
		}
	}
}
