package actor_test

import (
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
)

// counter counts what it receives and sends itself the next message; it cannot cope with more than it was made
// for.
type counter struct{ Most int }

func (counter) Start(c *actor.Context[int8], _ *int) { c.Send(c.Self(), 0) }

func (x counter) Receive(c *actor.Context[int8], n *int, _ actor.ID, m int8) {
	if *n > x.Most {
		panic("too many")
	}
	*n++
	c.Send(c.Self(), m)
}

// TestNoHandlerRunsOutsideBoundary checks that a handler that panics in states that the boundary leaves out is
// no finding.
func TestNoHandlerRunsOutsideBoundary(t *testing.T) {
	for _, most := range []int{3, 4, 5} {
		sys := actor.NewSystem[int8](actor.Config{})
		ref := actor.Spawn(sys, "counter", counter{most})
		sys.Boundary(func(s *actor.State[int8]) bool { return *ref.In(s) <= 4 })
		sys.Always("counts", func(s *actor.State[int8]) bool { return *ref.In(s) >= 0 })
		r, err := allways.Check(t.Context(), sys, allways.Options{})
		if found := err != nil; found != (most < 4) {
			t.Errorf("a handler that panics beyond %d, within 4: error %v", most, err)
		}
		if err == nil && r.Stats.Distinct != 5 {
			t.Errorf("%d states, not 5", r.Stats.Distinct)
		}
	}
}

// TestMessagesFromNoActor checks that messages that are in flight from ids that no actor has arrive on all
// networks.
func TestMessagesFromNoActor(t *testing.T) {
	for from := actor.ID(-3); from < 4; from++ {
		for network := actor.Unordered; network <= actor.Ordered; network++ {
			sys := actor.NewSystem[int8](actor.Config{Network: network})
			ref := actor.Spawn(sys, "sink", sink{})
			sys.InFlight(from, 0, 7)
			sys.Sometimes("arrives", func(s *actor.State[int8]) bool { return *ref.In(s) == 7 })
			r, err := allways.Check(t.Context(), sys, allways.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if v := r.Properties[0].Verdict; v != allways.Holds || r.Stats.Distinct != 2 {
				t.Errorf("from %d, %v: %v in %d states", from, network, v, r.Stats.Distinct)
			}
		}
	}
}

// sink keeps the last message.
type sink struct{}

func (sink) Start(*actor.Context[int8], *int8)                           {}
func (sink) Receive(_ *actor.Context[int8], s *int8, _ actor.ID, m int8) { *s = m }
