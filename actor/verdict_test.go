package actor_test

import (
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
)

// counter counts what it receives and sends itself the next message; it cannot cope with more than it was made for.
type counter struct{ Most int }

func (counter) Start(c *actor.Context[int8], _ *int) { c.Send(c.Self(), 0) }

func (x counter) Receive(c *actor.Context[int8], n *int, _ actor.ID, m int8) {
	if *n > x.Most {
		panic("too many")
	}
	*n++
	c.Send(c.Self(), m)
}

// TestNoHandlerRunsOutsideBoundary checks that a handler that panics in states that the boundary leaves out is no finding.
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
