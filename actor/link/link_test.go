package link_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/link"
	"github.com/allways-go/allways/internal/exampletest"
)

// talker sends the numbers from 1 to Count to its peer, each after the answer to the one before. It
// answers a number with ten times the number, and saves all that it has received.
type talker struct {
	Peer  actor.ID
	Count int
}

type heard struct{ All []int }

func (x talker) Start(c *actor.Context[int], s *heard) {
	if x.Count > 0 {
		c.Send(x.Peer, 1)
	}
}

func (x talker) Restart(c *actor.Context[int], s *heard) {
	*s, _ = actor.Load[heard](c)
}

func (x talker) Receive(c *actor.Context[int], s *heard, from actor.ID, n int) {
	s.All = append(s.All, n)
	c.Save(*s)
	if n%10 != 0 {
		c.Send(from, 10*n)
	} else if n/10 < x.Count {
		c.Send(from, n/10+1)
	}
}

func wrapped(a talker, tries int) link.Endpoint[heard, int] {
	w := link.Wrap[heard, int](a)
	w.MaxResends = tries
	return w
}

// Actors that talk in both directions receive each number once and in order, through losses,
// duplicates and crashes.
func TestBothDirections(t *testing.T) {
	for _, c := range []struct {
		network      actor.Network
		tries, count int
	}{{actor.Duplicating, 0, 2}, {actor.Ordered, 1, 1}, {actor.Unordered, 1, 1}} {
		config := actor.Config{Network: c.network, Lossy: true, MaxLosses: 1, Crashes: true, MaxDown: 1, MaxCrashes: 1}
		sys := actor.NewSystem[link.Packet[int]](config)
		a := actor.Spawn(sys, "a", wrapped(talker{Peer: 1, Count: c.count}, c.tries))
		b := actor.Spawn(sys, "b", wrapped(talker{}, c.tries))
		prefix := func(got, of []int) bool { return len(got) <= len(of) && slices.Equal(got, of[:len(got)]) }
		sys.Always("once and in order", func(s *actor.State[link.Packet[int]]) bool {
			return prefix(a.In(s).Inner.All, []int{10, 20}) && prefix(b.In(s).Inner.All, []int{1, 2})
		})
		sys.Sometimes("all is heard", func(s *actor.State[link.Packet[int]]) bool {
			return len(a.In(s).
				Inner.All) == c.count
		})
		exampletest.Holds(t, sys)
		exampletest.AgreesWithPlain(t, sys)
	}
}

// chooser sets a timer and offers a choice. It has no handler for them; the types below have.
type chooser struct{ Timer, Choice bool }

func (x chooser) Start(c *actor.Context[int], s *heard) {
	if x.Timer {
		c.SetTimer("tea", 0, 1)
	}
	if x.Choice {
		c.Choose("sugar", 1, 2)
	}
}

func (chooser) Receive(*actor.Context[int], *heard, actor.ID, int) {}

type complete struct{ chooser }

func (complete) Timeout(c *actor.Context[int], s *heard, timer string) {
	s.All = append(s.All, len(timer))
}

func (complete) Choose(c *actor.Context[int], s *heard, key string, option any) {
	s.All = append(s.All, 10*option.(int))
}

type wrong struct{ chooser }

func (wrong) Timeout(c *actor.Context[string], s *heard, timer string) {}

// An actor that the system refuses is refused when it is wrapped too.
func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name  string
		actor actor.Actor[heard, int]
		want  string
	}{
		{"no timer handler", chooser{Timer: true}, "has no method Timeout"},
		{"no choice handler", chooser{Choice: true}, "has no method Choose"},
		{"wrong signature", wrong{}, "method Timeout has the signature"},
		{"complete", complete{chooser{true, true}}, ""},
	} {
		sys := actor.NewSystem[link.Packet[int]](actor.Config{})
		a := actor.Spawn(sys, "a", link.Wrap(c.actor))
		sys.Sometimes("both", func(s *actor.State[link.Packet[int]]) bool {
			return slices.Equal(a.In(s).
				Inner.All, []int{20, 3})
		})
		r, err := allways.Check(t.Context(), sys, allways.Options{})
		switch {
		case c.want == "" && (err != nil || r.Verdict != allways.Holds):
			t.Errorf("%s: %v, %v", c.name, r.Verdict, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}
