package actor_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
)

// tally counts in its configuration, which it must not, beside a function, which has no content.
type tally struct {
	report func()
	inner  struct {
		done chan int
		n    map[string]int
	}
}

func (x *tally) Start(*actor.Context[int], *int) {}

func (x *tally) Receive(*actor.Context[int], *int, actor.ID, int) {
	if x.inner.n != nil {
		x.inner.n["received"]++
	}
}

// A change of a configuration is reported beside fields that cannot be watched, and these are named.
func TestConfigurationInParts(t *testing.T) {
	for _, changes := range []bool{false, true} {
		sys := actor.NewSystem[int](actor.Config{})
		x := &tally{report: func() {}}
		if changes {
			x.inner.n = map[string]int{}
		}
		x.inner.done = make(chan int)
		actor.Spawn(sys, "x", x)
		sys.InFlight(actor.NoActor, 0, 7)
		sys.Always("true", func(*actor.State[int]) bool { return true })
		_, err := allways.Check(t.Context(), sys, allways.Options{})
		e, _ := errors.AsType[*allways.ModelError](err)
		if (e != nil) != changes || e != nil && (e.Kind != allways.ErrorMutation ||
			!strings.Contains(e.Message, "configuration of x")) {
			t.Errorf("changes %t: %v", changes, err)
		}
		want := "not watched for changes: report, inner.done in the configuration of x, without content"
		m, err := sys.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		if notes := m.(*actor.Model[int]).Notes(); !slices.Contains(notes, want) {
			t.Errorf("the notes are %q, without %q", notes, want)
		}
	}
}
