package actor_test

import (
	"slices"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
)

// silent is an actor that does nothing.
type silent struct{}

func (silent) Start(*actor.Context[int], *int)                  {}
func (silent) Receive(*actor.Context[int], *int, actor.ID, int) {}

func TestNotes(t *testing.T) {
	any := func(*actor.State[int]) bool { return true }
	for _, c := range []struct {
		name   string
		config actor.Config
		change func(*actor.System[int])
		want   []string
	}{
		{"zero", actor.Config{}, func(*actor.System[int]) {}, []string{
			"network: unordered", "faults: none",
			"deliveries without effect: left out, since all properties are Always or Sometimes, " +
				"and there are no observers"}},
		{"property", actor.Config{Lossy: true}, func(sys *actor.System[int]) { sys.Eventually("it ends", any) },
			[]string{
				"network: unordered, lossy", "faults: losses without limit",
				`deliveries without effect: steps that consume the message, since there is property "it ends"`}},
		{"as set", actor.Config{Network: actor.Duplicating, Ignored: actor.IgnoredConsumed, Crashes: true, MaxDown: 1,
			MaxCrashes: 2}, func(*actor.System[int]) {}, []string{
			"network: duplicating", "faults: crashes at most 2, down at once at most 1",
			"deliveries without effect: steps that consume the message, as Config.Ignored says"}},
		{"left out as set", actor.Config{Ignored: actor.IgnoredKept, Duplicates: true, MaxDuplicates: 3},
			func(*actor.System[int]) {}, []string{
				"network: unordered", "faults: duplicates at most 3",
				"deliveries without effect: left out, as Config.Ignored says"}},
		{"forgotten", actor.Config{Ignored: actor.IgnoredForgotten}, func(*actor.System[int]) {}, []string{
			"network: unordered", "faults: none",
			"deliveries without effect: left out, and dead messages are forgotten, as Config.Ignored says"}},
		{"forgotten beside deadlocks", actor.Config{Ignored: actor.IgnoredForgotten},
			func(sys *actor.System[int]) { sys.NoDeadlock("it goes on", any) }, []string{"network: unordered", "faults: none",
				`deliveries without effect: steps that consume the message, since there is property "it goes on", ` +
					"and dead messages are forgotten, as Config.Ignored says"}},
		{"not forgotten", actor.Config{Ignored: actor.IgnoredForgotten},
			func(sys *actor.System[int]) { sys.Eventually("it ends", any) }, []string{"network: unordered", "faults: none",
				"deliveries without effect: steps that consume the message, and dead ones are not forgotten, " +
					`since there is property "it ends"`}},
		{"ordered", actor.Config{Network: actor.Ordered, MaxPartitions: 1},
			func(sys *actor.System[int]) { sys.PartitionAll(0, 1) }, []string{
				"network: ordered", "faults: partitions at most 1",
				"deliveries without effect: steps that consume the message, since all links are ordered"}},
		{"link", actor.Config{Network: actor.Ordered},
			func(sys *actor.System[int]) { sys.Link(0, 1, actor.Link{Lossy: true}) }, []string{
				"network: ordered, one link set apart", "faults: losses without limit",
				"deliveries without effect: left out on links without order, since all properties are " +
					"Always or Sometimes, and there are no observers"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			sys := actor.NewSystem[int](c.config)
			actor.Spawn(sys, "a", silent{})
			actor.Spawn(sys, "b", silent{})
			c.change(sys)
			s, err := allways.NewStepper[*actor.State[int], actor.Action[int]](sys)
			if err != nil {
				t.Fatal(err)
			}
			if got := s.Notes(); !slices.Equal(got, c.want) {
				t.Errorf("notes\n%q, want\n%q", got, c.want)
			}
		})
	}
}
