package actor_test

import (
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
)

// climber goes up from 0 to 2, or falls down again, whichever timer expires.
type climber struct{}

func (climber) Start(c *actor.Context[int], _ *int) {
	c.SetTimer("up", 1, 1)
	c.SetTimer("down", 1, 1)
}

func (climber) Receive(*actor.Context[int], *int, actor.ID, int) {}

func (climber) Timeout(c *actor.Context[int], height *int, timer string) {
	c.SetTimer(timer, 1, 1)
	if timer == "down" {
		*height = 0
		return
	}
	*height = (*height + 1) % 3
}

// A constraint of a user may tell the same action apart by the state in which it is taken.
func TestFairnessByState(t *testing.T) {
	sys := actor.NewSystem[int](actor.Config{})
	ref := actor.Spawn(sys, "climber", climber{})
	top := func(s *actor.State[int]) bool { return *ref.In(s) == 2 }
	key := func(byState bool) func(s *actor.State[int], a actor.Action[int], _ *actor.State[int]) (int, bool) {
		return func(s *actor.State[int], a actor.Action[int], _ *actor.State[int]) (int, bool) {
			if byState {
				return *ref.In(s), a.Name == "up"
			}
			return 0, a.Name == "up"
		}
	}
	promise := func(name string, assumed ...allways.Fairness[*actor.State[int]]) {
		actor.Promise(sys, allways.InfinitelyOften(name, top).Assuming(assumed...))
	}
	promise("none")
	promise("up", allways.StronglyFairEach("up", key(false)))
	promise("up from each height", allways.StronglyFairEach("up from each height", key(true)))
	promise("timers", actor.Fairness(sys, actor.FairTimers)...)
	want := []allways.Verdict{allways.Violated, allways.Violated, allways.Holds, allways.Violated}
	for _, workers := range []int{1, 2} {
		r, err := allways.Check(t.Context(), sys, allways.Options{Workers: workers, Stop: allways.StopNever})
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range r.Properties {
			if p.Verdict != want[i] {
				t.Errorf("%d workers: %s: %v, want %v", workers, p.Name, p.Verdict, want[i])
			}
		}
	}
}
