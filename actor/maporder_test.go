package actor_test

import (
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
)

// firstComer takes the first key of a map, in the order in which it meets them.
type firstComer struct{}

type firstState struct {
	Votes map[string]bool
	First string
}

func (firstComer) Start(c *actor.Context[int8], s *firstState) {
	s.Votes["a"], s.Votes["b"] = true, true
	c.SetTimer("t", 0, 0)
}
func (firstComer) Receive(*actor.Context[int8], *firstState, actor.ID, int8) {}
func (firstComer) Timeout(c *actor.Context[int8], s *firstState, _ string) {
	for k := range s.Votes {
		s.First = k
		break
	}
}

// TestMapOrder asserts that a single use of the order of a small map, which is hard to notice since Go mostly
// keeps it, is reported much more often than not.
func TestMapOrder(t *testing.T) {
	missed := 0
	for range 200 {
		sys := actor.NewSystem[int8](actor.Config{})
		actor.Spawn(sys, "first", firstComer{})
		sys.Always("true", func(*actor.State[int8]) bool { return true })
		if _, err := allways.Check(t.Context(), sys, allways.Options{Workers: 1}); err == nil {
			missed++
		}
	}
	if missed > 100 { // a quarter is to be expected
		t.Errorf("missed %d times of 200", missed)
	}
}
