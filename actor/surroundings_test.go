package actor_test

import (
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
)

// TestSurroundingsAreSymmetric checks that actors that their links, crashes or the boundary tell apart are not
// taken for interchangeable.
func TestSurroundingsAreSymmetric(t *testing.T) {
	for _, test := range []struct {
		name, want string
		change     func(*actor.System[int8], []actor.Ref[int8])
	}{
		{"alike", "", func(sys *actor.System[int8], _ []actor.Ref[int8]) {
			sys.Link(0, 1, actor.Link{Lossy: true})
			sys.Link(1, 0, actor.Link{Lossy: true})
			sys.NeverCrashes(0, 1)
		}},
		{"one crashes", "NeverCrashes holds of only one",
			func(sys *actor.System[int8], _ []actor.Ref[int8]) { sys.NeverCrashes(0) }},
		{"one link is lossy", "link", func(sys *actor.System[int8], _ []actor.Ref[int8]) {
			sys.Link(actor.NoActor, 0, actor.Link{Lossy: true})
		}},
		{"boundary", "Boundary", func(sys *actor.System[int8], refs []actor.Ref[int8]) {
			sys.Boundary(func(s *actor.State[int8]) bool { return *refs[0].In(s) == 0 })
		}},
		{"step property", "\"in order\" is true in", func(sys *actor.System[int8], refs []actor.Ref[int8]) {
			sys.AlwaysStep("in order", func(_ *actor.State[int8], a actor.Action[int8], after *actor.State[int8]) bool {
				return a.Kind != actor.Deliver || a.Actor != 1 || *refs[0].In(after) > 0
			})
		}},
		{"always property", "\"first\" is true in", func(sys *actor.System[int8], refs []actor.Ref[int8]) {
			sys.Always("first", func(s *actor.State[int8]) bool { return *refs[0].In(s) < 7 || *refs[1].In(s) >= 7 })
		}},
		{"eventually property", "\"done\" is", func(sys *actor.System[int8], refs []actor.Ref[int8]) {
			sys.Eventually("done", func(s *actor.State[int8]) bool { return *refs[0].In(s) > 0 })
		}},
		{"observer", "observer \"first\"", func(sys *actor.System[int8], _ []actor.Ref[int8]) {
			actor.Observe(sys, "first", int8(0), func(v int8, a actor.Action[int8]) int8 {
				if a.Kind == actor.Deliver && a.Actor == 0 {
					return 1
				}
				return v
			})
		}},
		{"observer of ids", "", func(sys *actor.System[int8], _ []actor.Ref[int8]) {
			actor.Observe(sys, "last", actor.NoActor, func(v actor.ID, a actor.Action[int8]) actor.ID {
				if a.Kind == actor.Deliver {
					return a.Actor
				}
				return v
			})
		}},
	} {
		sys := actor.NewSystem[int8](actor.Config{Crashes: true, MaxDown: 1, MaxCrashes: 1})
		refs := []actor.Ref[int8]{actor.Spawn(sys, "a", sink{}), actor.Spawn(sys, "b", sink{})}
		sys.InFlight(actor.NoActor, 0, 7)
		sys.InFlight(actor.NoActor, 1, 7)
		sys.Interchangeable(0, 1)
		sys.Always("small", func(s *actor.State[int8]) bool { return *refs[0].In(s)+*refs[1].In(s) < 20 })
		test.change(sys, refs)
		_, err := allways.Check(t.Context(), sys, allways.Options{Symmetry: true})
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, not one with %q", test.name, err, test.want)
		}
	}
}
