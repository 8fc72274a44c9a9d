package actor_test

import (
	"slices"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
)

// chooser offers actors, some of which do not exist.
type chooser struct{}

func (chooser) Start(c *actor.Context[int], _ *int) {
	c.Choose("one", actor.ID(1), actor.ID(7))
	c.Choose("some", []actor.ID{0, 1}, []actor.ID{})
	c.Choose("number", 1)
}

func (chooser) Receive(*actor.Context[int], *int, actor.ID, int) {}
func (chooser) Choose(*actor.Context[int], *int, string, any)    {}

// Options that are actors are shown by name, and not as numbers that could be anything.
func TestOptionsAreNamed(t *testing.T) {
	sys := actor.NewSystem[int](actor.Config{})
	actor.Spawn(sys, "chooser", chooser{})
	actor.Spawn(sys, "other", silent{})
	s, err := allways.NewStepper[*actor.State[int], actor.Action[int]](sys)
	if err != nil {
		t.Fatal(err)
	}
	init, err := s.Init()
	if err != nil {
		t.Fatal(err)
	}
	enabled, err := s.Transitions(init[0])
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range enabled {
		got = append(got, e.Text)
	}
	slices.Sort(got)
	want := []string{
		"choose number of chooser: 1", "choose one of chooser: 7", "choose one of chooser: other",
		"choose some of chooser: []", "choose some of chooser: [chooser other]",
	}
	if !slices.Equal(got, want) {
		t.Errorf("actions\n%q, want\n%q", got, want)
	}
}
