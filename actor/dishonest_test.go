package actor_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
)

// clock counts its ticks, and tells another one about each.
type clock struct {
	Ticks, Twin int
	Peer        actor.ID
}

type clockState struct{ Ticked, Heard int }

func (k clock) Start(c *actor.Context[int8], s *clockState) { c.SetTimer("tick", 0, time.Second) }
func (k clock) Receive(c *actor.Context[int8], s *clockState, from actor.ID, m int8) {
	s.Heard++
}
func (k clock) Timeout(c *actor.Context[int8], s *clockState, timer string) {
	if s.Ticked++; s.Ticked < k.Ticks {
		c.SetTimer("tick", 0, time.Second)
	}
	if k.Peer != actor.NoActor {
		c.Send(k.Peer, 0)
	}
}

// clocksAround returns a hub and three interchangeable clocks, which tick a number of times.
func clocksAround(c actor.Config, ticks int) (
	sys *actor.System[int8], hub actor.Ref[clockState], clocks []actor.Ref[clockState],
) {
	sys = actor.NewSystem[int8](c)
	hub = actor.Spawn(sys, "hub", clock{Ticks: 0, Peer: actor.NoActor})
	peer := hub.ID()
	if ticks > 2 {
		peer = actor.NoActor
	}
	var ids []actor.ID
	for i := range 3 {
		clocks = append(clocks, actor.Spawn(sys, fmt.Sprint("clock-", i), clock{Ticks: ticks, Peer: peer}))
		ids = append(ids, clocks[i].ID())
	}
	sys.Interchangeable(ids...)
	sys.Always("heard", func(s *actor.State[int8]) bool { return hub.In(s).Heard < 3 })
	return sys, hub, clocks
}

// observeLast adds an observer that follows one of the clocks only.
func observeLast(sys *actor.System[int8], _ actor.Ref[clockState], clocks []actor.Ref[clockState]) {
	seen := actor.Observe(sys, "ticks of the last", 0, func(n int, a actor.Action[int8]) int {
		if a.Kind == actor.Timeout && a.Actor == clocks[2].ID() {
			n++
		}
		return n
	})
	sys.Always("unseen", func(s *actor.State[int8]) bool {
		return *seen.In(s) == 0 || clocks[0].In(s).Ticked+clocks[1].In(s).Ticked+clocks[2].In(s).Ticked > 1
	})
}

// TestDishonestSymmetry asserts that systems whose actors differ in what surrounds them, though not in what
// their handlers do, are refused with symmetry, and are not judged wrongly. In all of them there are a hub and
// three clocks.
func TestDishonestSymmetry(t *testing.T) {
	type system = actor.System[int8]
	type state = actor.State[int8]
	for _, c := range []struct {
		name   string
		want   string
		config actor.Config
		ticks  int
		add    func(sys *system, hub actor.Ref[clockState], clocks []actor.Ref[clockState])
	}{
		{"one link loses", "the link from clock-2 to hub differs", actor.Config{Lossy: false}, 1,
			func(sys *system, hub actor.Ref[clockState], clocks []actor.Ref[clockState]) {
				sys.Link(clocks[2].ID(), hub.ID(), actor.Link{Lossy: true})
			}},
		{"one link keeps order", "the link from clock-0 to hub differs", actor.Config{}, 1,
			func(sys *system, hub actor.Ref[clockState], clocks []actor.Ref[clockState]) {
				sys.Link(clocks[0].ID(), hub.ID(), actor.Link{Network: actor.Ordered})
			}},
		{"one is reliable", "NeverCrashes holds of only one", actor.Config{Crashes: true, MaxDown: 1, MaxCrashes: 1},
			1, func(sys *system, hub actor.Ref[clockState], clocks []actor.Ref[clockState]) {
				sys.NeverCrashes(clocks[0].ID())
			}},
		{"an observer looks at one", "observer \"ticks of the last\", on timeout tick of clock", actor.Config{}, 1,
			observeLast},
		{"a property of one, seldom", "property \"not so\" is", actor.Config{}, 9,
			func(sys *system, hub actor.Ref[clockState], clocks []actor.Ref[clockState]) {
				sys.Always("not so", func(s *state) bool {
					return clocks[0].In(s).Ticked != 9 || clocks[1].In(s).Ticked != 7 || clocks[2].In(s).Ticked != 3
				})
			}},
		{"a step of one", "property \"not second", actor.Config{}, 2,
			func(sys *system, hub actor.Ref[clockState], clocks []actor.Ref[clockState]) {
				for k := range clocks {
					sys.AlwaysStep(fmt.Sprint("not second ", k),
						func(before *state, a actor.Action[int8], after *state) bool {
							return clocks[k].In(before).Ticked != 0 || clocks[(k+1)%3].In(before).Ticked != 1 ||
								a.Kind != actor.Timeout || a.Actor != clocks[k].ID()
						})
				}
			}},
		{"a boundary for one", "the boundary is true in", actor.Config{}, 2,
			func(sys *system, hub actor.Ref[clockState], clocks []actor.Ref[clockState]) {
				sys.Boundary(func(s *state) bool { return clocks[0].In(s).Ticked < 2 })
			}},
	} {
		t.Run(c.name, func(t *testing.T) {
			sys, hub, clocks := clocksAround(c.config, c.ticks)
			c.add(sys, hub, clocks)
			_, err := allways.Check(t.Context(), sys, allways.Options{Symmetry: true, Stop: allways.StopNever})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one that contains %q", err, c.want)
			}
		})
	}
}
