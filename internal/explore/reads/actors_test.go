package reads

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
)

// count is the state of an actor that counts messages, and passes each on to the next one.
type count struct{ N, Other int }

type counter struct{ Next actor.ID }

func (counter) Start(c *actor.Context[string], s *count) {
	c.Save(s.N)
	if c.Self() == 0 {
		c.Send(0, "on")
	}
}

func (k counter) Receive(c *actor.Context[string], s *count, _ actor.ID, m string) {
	s.N++
	s.Other += 2
	c.Save(s.N)
	c.Send(k.Next, m)
}

type refs = [3]actor.Ref[count]

// Of a system, the actors, observers and inboxes that a property reads are known exactly; among their parts are those
// that decide.
func TestActors(t *testing.T) {
	for name, x := range map[string]struct {
		want string
		p    func(refs, actor.Observed[int], *actor.State[string]) bool
	}{
		"one actor": {"decides actors.b.N, read actors.b", func(r refs, _ actor.Observed[int], s *actor.State[string]) bool {
			return r[1].In(s).N == 0
		}},
		"the first is enough": {"decides actors.a.Other, read actors.a",
			func(r refs, _ actor.Observed[int], s *actor.State[string]) bool {
				return r[0].In(s).Other == 0 && r[2].In(s).N == 0
			}},
		"two actors": {"decides actors.a.N, decides actors.b.N, read actors.a, read actors.b",
			func(r refs, _ actor.Observed[int], s *actor.State[string]) bool {
				return r[0].In(s).N == 0 || r[1].In(s).N == 0
			}},
		"an observer": {"decides observed.steps, read observed.steps",
			func(_ refs, o actor.Observed[int], s *actor.State[string]) bool { return *o.In(s) < 2 }},
		"an inbox": {"decides inFlight, read inFlight",
			func(r refs, _ actor.Observed[int], s *actor.State[string]) bool { return s.InFlight(r[2].ID()) == 0 }},
		"a message": {"decides inFlight[0].message, read inFlight",
			func(r refs, _ actor.Observed[int], s *actor.State[string]) bool {
				return len(s.Inbox(r[2].ID())) == 0 || s.Inbox(r[2].ID())[0].Msg == ""
			}},
		"nothing": {"", func(refs, actor.Observed[int], *actor.State[string]) bool { return false }},
	} {
		t.Run(name, func(t *testing.T) {
			sys := actor.NewSystem[string](actor.Config{Ignored: actor.IgnoredConsumed})
			var r refs
			for i, name := range []string{"a", "b", "c"} {
				r[i] = actor.Spawn(sys, name, counter{actor.ID((i + 1) % 3)})
			}
			steps := actor.Observe(sys, "steps", 0, func(n int, _ actor.Action[string]) int { return n + 1 })
			sys.Always("p", func(s *actor.State[string]) bool { return x.p(r, steps, s) })
			sys.Boundary(func(s *actor.State[string]) bool { return r[0].In(s).N < 2 })
			found, err := Find(context.Background(), path(t, sys, "0:0.0"), 2, "p", limits)
			if err != nil || found.Holds || !found.Exact || found.Cut != "" {
				t.Errorf("%+v, %v", found, err)
			}
			if got := all(found); got != x.want {
				t.Errorf("got %q, want %q", got, x.want)
			}
		})
	}
}

// A property that does not return on a state that cannot occur, or ends its goroutine, ends the experiment at most.
func TestMisbehaviour(t *testing.T) {
	stuck := make(chan struct{})
	defer close(stuck)
	for name, x := range map[string]struct {
		cut string
		p   func(s shapes) bool
	}{
		"stuck": {cutStuck, func(s shapes) bool {
			if s.Number == 0 {
				<-stuck
			}
			return false
		}},
		"exit": {"", func(s shapes) bool {
			if s.Number == 0 {
				runtime.Goexit()
			}
			return false
		}},
		"panic": {"", func(s shapes) bool {
			if s.Number == 0 {
				panic("zero")
			}
			return false
		}},
	} {
		t.Run(name, func(t *testing.T) {
			p := path(t, between(shapes{Number: 1}, second, allways.Always("p", x.p)), "0:0")
			r, err := Find(context.Background(), p, 1, "p", Limits{Trials: 5000, Time: 300 * time.Millisecond})
			if err != nil || r.Holds || r.Cut != x.cut {
				t.Errorf("%+v, %v", r, err)
			}
			if want := "fails Number"; x.cut == "" && all(r) != want {
				t.Errorf("got %q, want %q", all(r), want)
			}
		})
	}
}

// Limits are kept, and said.
func TestLimits(t *testing.T) {
	bad := allways.Always("p", func(s shapes) bool { return s.Number != 7 })
	p := path(t, between(first, second, bad), "0:0")
	r, err := Find(context.Background(), p, 1, "p", Limits{3, time.Minute})
	if err != nil || r.Cut != cutTrials || r.Tried != 3 {
		t.Errorf("%+v, %v", r, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if r, err := Find(ctx, p, 1, "p", limits); err != nil || r.Cut != cutTime {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := Find(context.Background(), p, 1, "q", limits); err == nil {
		t.Error("a property that the model does not have was accepted")
	}
}
