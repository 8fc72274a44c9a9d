package actor_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/internal/longtest"
)

// Walks through random systems refute only promises about runs that a search does not prove, and most of those that
// it refutes, whatever is assumed to be fair.
func TestWalksOfSystems(t *testing.T) {
	longtest.Checks(t, 25)
	violated, missed := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		sys := drawSystem(t)()
		fair := actor.Fair(rapid.IntRange(0, 63).Draw(t, "fair"))
		empty := func(s *actor.State[int8]) bool { return s.InFlight(0) == 0 }
		p := allways.InfinitelyOften("p", empty)
		if rapid.Bool().Draw(t, "filled") {
			p = allways.LeadsTo("p", empty, func(s *actor.State[int8]) bool { return s.InFlight(0) > 0 })
		}
		actor.Promise(sys, p.Assuming(actor.Fairness(sys, fair)...))
		checked, err := allways.Check(t.Context(), sys, allways.Options{Workers: 1, MaxStates: 1000, Stop: allways.StopNever})
		if err != nil {
			t.Skip("the model misbehaves")
		}
		walked, err := allways.Simulate(t.Context(), sys, allways.SimulateOptions{
			Workers: 2, Walks: 60, MaxDepth: 50, Stop: allways.StopAllOf("p"),
		})
		if err != nil {
			t.Fatal(err)
		}
		want, got := checked.Property("p"), walked.Property("p")
		switch {
		case got.Verdict == allways.Violated && got.Path == nil:
			t.Fatalf("there is no path: %s", got.Reason)
		case got.Verdict == allways.Violated && want.Verdict == allways.Holds:
			t.Fatalf("a search proves it, and a walk shows\n%v", got.Path)
		case want.Verdict == allways.Violated && got.Verdict != allways.Violated:
			missed++
			fallthrough
		case want.Verdict == allways.Violated:
			violated++
		}
	})
	t.Logf("%d violated, of which %d missed", violated, missed)
	if violated == 0 && !testing.Short() || missed > 2+violated/4 { // a few systems may be the hard ones
		t.Errorf("walks have missed %d of %d", missed, violated)
	}
}
