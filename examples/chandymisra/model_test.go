package main

import (
	"fmt"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/internal/exampletest"
	"github.com/allways-go/allways/internal/longtest"
)

func TestCounts(t *testing.T) {
	for _, c := range []struct {
		model               Model
		generated, distinct int64
	}{
		{Model{Philosophers: 3, Meals: 2}, 15_382, 5_267},
		{Model{Philosophers: 3, Meals: 2, Network: actor.Ordered}, 9_880, 3_826},
	} {
		exampletest.Counts(t, c.model.System(), false, c.generated, c.distinct)
		exampletest.Holds(t, c.model.System())
	}
	exampletest.HoldsWith(t, Model{Philosophers: 4, Meals: 2}.System(), 2, 391_370, 101_089)
}

// standstill are the steps after which all wait for each other: each philosopher requests the other fork, gets it, and
// keeps it because it is clean.
var standstill = []string{
	"timeout hunger of philosopher-1",
	"timeout hunger of philosopher-2",
	"philosopher-2 -> philosopher-1: Request{}",
	"philosopher-1 -> philosopher-2: Request{}",
	"philosopher-1 -> philosopher-3: Request{}",
	"philosopher-3 -> philosopher-1: Fork{}",
	"timeout hunger of philosopher-3",
	"philosopher-3 -> philosopher-1: Request{}",
	"philosopher-3 -> philosopher-2: Request{}",
	"philosopher-1 -> philosopher-2: Fork{}",
	"philosopher-2 -> philosopher-3: Fork{}",
	"philosopher-2 -> philosopher-3: Request{}",
}

// With precedence in a cycle nobody eats.
func TestBroken(t *testing.T) {
	for _, property := range []string{"nobody waits for ever", "everybody has eaten"} {
		exampletest.Trace(t, Model{Philosophers: 3, Meals: 2, Round: true}.System(), property, allways.Violated,
			standstill...)
	}
}

// A network that duplicates messages duplicates forks: the algorithm needs one that does not.
func TestDoubledForks(t *testing.T) {
	exampletest.Trace(t, Model{Philosophers: 3, Meals: 2, Network: actor.Duplicating}.System(),
		"neighbours do not eat at the same time", allways.Violated,
		"timeout hunger of philosopher-2",
		"philosopher-2 -> philosopher-1: Request{}",
		"timeout hunger of philosopher-1",
		"philosopher-1 -> philosopher-2: Fork{}",
		"philosopher-1 -> philosopher-2: Request{}",
		"timeout satiety of philosopher-2",
		"philosopher-2 -> philosopher-1: Fork{}",
		"philosopher-1 -> philosopher-2: Fork{}",
		"timeout hunger of philosopher-2")
}

func TestAgreesWithPlain(t *testing.T) {
	for _, network := range exampletest.Networks() {
		for _, round := range []bool{false, true} {
			m := Model{Philosophers: 3, Meals: 1, Network: network, Round: round}
			exampletest.AgreesWithPlain(t, m.System())
		}
	}
}

// Philosophers who eat again and again: each who is hungry eats.
func TestEndless(t *testing.T) {
	for _, network := range []actor.Network{actor.Unordered, actor.Ordered} {
		exampletest.Holds(t, Model{Philosophers: 3, Network: network}.System())
	}
}

// notHungry returns a table of philosophers who are promised to be not hungry again and again.
func notHungry(philosophers int, assume func(*actor.System[Msg]) []allways.Fairness[*actor.State[Msg]],
) *actor.System[Msg] {
	sys, all := Model{Philosophers: philosophers, Unfair: true}.table()
	for _, r := range all {
		again := allways.InfinitelyOften(r.Name()+" is not hungry",
			func(s *actor.State[Msg]) bool { return r.In(s).Phase != Hungry })
		actor.Promise(sys, again.Assuming(assume(sys)...))
	}
	return sys
}

// Each philosopher eats if each message arrives and each timer expires.
func TestNotHungry(t *testing.T) {
	for philosophers := 3; philosophers <= longtest.Size(3, 5); philosophers++ {
		sys := notHungry(philosophers, func(sys *actor.System[Msg]) []allways.Fairness[*actor.State[Msg]] {
			return actor.Fairness(sys, actor.FairDelivery|actor.FairTimers)
		})
		r, err := allways.Check(t.Context(), sys, allways.Options{Stop: allways.StopNever})
		if err != nil {
			t.Fatal(err)
		}
		for i := range philosophers {
			p := r.Property(fmt.Sprintf("philosopher-%d is not hungry", i+1))
			if p.Verdict != allways.Holds {
				t.Errorf("%d philosophers, %s: %v %s\n%v", philosophers, p.Name, p.Verdict, p.Reason, p.Path)
			}
		}
	}
}

// It is not enough that each philosopher goes on, since one who takes messages may take them from one side only, or let
// timers expire instead.
func TestFairPhilosophers(t *testing.T) {
	sys := notHungry(3, func(*actor.System[Msg]) []allways.Fairness[*actor.State[Msg]] {
		return []allways.Fairness[*actor.State[Msg]]{allways.WeaklyFairEach("philosophers",
			func(_ *actor.State[Msg], a actor.Action[Msg], _ *actor.State[Msg]) (actor.ID, bool) {
				return a.Actor, true
			})}
	})
	exampletest.Trace(t, sys, "philosopher-3 is not hungry", allways.Violated,
		"timeout hunger of philosopher-2",
		"timeout hunger of philosopher-3",
		"philosopher-3 -> philosopher-2: Request{}",
		"philosopher-2 -> philosopher-3: Fork{}",
		"philosopher-2 -> philosopher-3: Request{}",
		"timeout hunger of philosopher-1",
		"timeout satiety of philosopher-1",
		"loop 5")
}

// Philosopher 1 is hungry and asks for a fork, but its request never arrives.
func TestUnfair(t *testing.T) {
	exampletest.Trace(t, Model{Philosophers: 3, Unfair: true}.System(), "philosopher-1 eats when hungry",
		allways.Violated,
		"timeout hunger of philosopher-2",
		"philosopher-2 -> philosopher-1: Request{}",
		"timeout hunger of philosopher-1",
		"philosopher-1 -> philosopher-2: Fork{}",
		"timeout satiety of philosopher-2",
		"timeout hunger of philosopher-2",
		"timeout satiety of philosopher-2",
		"loop 5")
}

// With precedence in a cycle all wait forever, and nothing is left to be fair about.
func TestBrokenEndless(t *testing.T) {
	exampletest.Trace(t, Model{Philosophers: 3, Round: true}.System(), "philosopher-1 eats when hungry",
		allways.Violated,
		standstill...)
}
