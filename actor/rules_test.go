package actor_test

import (
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
)

// shouter sends its words to ids that no actor may have.
type shouter struct{ To []actor.ID }

func (a shouter) Start(c *actor.Context[int8], s *struct{}) {
	for i, to := range a.To {
		c.Send(to, int8(i))
	}
}
func (shouter) Receive(*actor.Context[int8], *struct{}, actor.ID, int8) {}

// TestLinksToNoActor asserts that a link to no actor is one to all ids that no actor has, for every way to look at
// a system.
func TestLinksToNoActor(t *testing.T) {
	sys := actor.NewSystem[int8](actor.Config{Network: actor.Ordered})
	actor.Spawn(sys, "shouter", talker{})
	sys.Link(0, actor.NoActor, actor.Link{Network: actor.Unordered})
	sys.NoDeadlock("goes on", nil)
	r, err := allways.Check(t.Context(), sys, allways.Options{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	if p := r.Properties[0]; p.Verdict != allways.Violated || p.Path == nil {
		t.Errorf("%v %v (%s), want a path that ends", p.Verdict, p.Path, p.Reason)
	}
}

// TestPartitionsAndGreatIds asserts that a partition is not in the way of a message from an id that no actor
// has, even if it ends in the same 32 bits as that of one.
func TestPartitionsAndGreatIds(t *testing.T) {
	var generated []int64
	for _, from := range []actor.ID{actor.NoActor, 1 << 32} {
		sys := actor.NewSystem[int8](actor.Config{Ignored: actor.IgnoredConsumed})
		actor.Spawn(sys, "one", shouter{})
		actor.Spawn(sys, "other", shouter{})
		sys.Partition([]actor.ID{0}, []actor.ID{1})
		sys.InFlight(from, 1, 1)
		sys.Always("true", func(*actor.State[int8]) bool { return true })
		r, err := allways.Check(t.Context(), sys, allways.Options{Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		generated = append(generated, r.Stats.Generated)
	}
	if generated[0] != generated[1] {
		t.Errorf("generated %v, want the same twice", generated)
	}
}

// talker says something to no actor when its timer runs out.
type talker struct{}

func (talker) Start(c *actor.Context[int8], s *struct{})                 { c.SetTimer("t", 0, 0) }
func (talker) Receive(*actor.Context[int8], *struct{}, actor.ID, int8)   {}
func (talker) Timeout(c *actor.Context[int8], s *struct{}, timer string) { c.Send(7, 1) }

// TestLinksAreRefused asserts that links of actors that do not exist, and unknown networks, are mistakes.
func TestLinksAreRefused(t *testing.T) {
	for _, c := range []struct {
		name string
		make func() *actor.System[int8]
		want string
	}{
		{"outside", func() *actor.System[int8] {
			sys := actor.NewSystem[int8](actor.Config{})
			sys.Link(0, 7, actor.Link{Lossy: true})
			return sys
		}, "there is no actor 7"},
		{"no network of a link", func() *actor.System[int8] {
			sys := actor.NewSystem[int8](actor.Config{})
			sys.Link(0, 0, actor.Link{Network: 9})
			return sys
		}, "9 is no network"},
		{"no network", func() *actor.System[int8] { return actor.NewSystem[int8](actor.Config{Network: 9}) },
			"Config.Network is 9"},
	} {
		t.Run(c.name, func(t *testing.T) {
			sys := c.make()
			actor.Spawn(sys, "shouter", shouter{})
			sys.Always("true", func(*actor.State[int8]) bool { return true })
			if _, err := allways.Check(t.Context(), sys, allways.Options{}); err == nil ||
				!strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want an error that contains %q", err, c.want)
			}
		})
	}
}

// parcelMsg is a message with parts that are shared when it is copied.
type parcelMsg struct{ Items []int }

// packer sends a parcel to itself when its timer runs out, three times, and counts what is in those that arrive.
type packer struct{}

type packerState struct{ Sent, Got int }

func (packer) Start(c *actor.Context[parcelMsg], s *packerState) { c.SetTimer("t", 0, 0) }
func (packer) Receive(c *actor.Context[parcelMsg], s *packerState, _ actor.ID, m parcelMsg) {
	s.Got += m.Items[0]
}
func (packer) Timeout(c *actor.Context[parcelMsg], s *packerState, _ string) {
	c.Send(c.Self(), parcelMsg{[]int{1}})
	if s.Sent++; s.Sent < 3 {
		c.SetTimer("t", 0, 0)
	}
}

// TestPropertiesThatChangeMessages asserts that a property that changes a message in flight is reported.
func TestPropertiesThatChangeMessages(t *testing.T) {
	sys := actor.NewSystem[parcelMsg](actor.Config{Ignored: actor.IgnoredConsumed})
	actor.Spawn(sys, "packer", packer{})
	sys.Always("light", func(s *actor.State[parcelMsg]) bool {
		for _, e := range s.Inbox(0) {
			if e.Msg.Items[0]++; e.Msg.Items[0] > 100 {
				return false
			}
		}
		return true
	})
	r, err := allways.Check(t.Context(), sys, allways.Options{Workers: 1})
	if err == nil || !strings.Contains(err.Error(), "changed messages in flight") {
		t.Errorf("%v %v, want an error about the property that changes messages", err, r.Properties)
	}
}
