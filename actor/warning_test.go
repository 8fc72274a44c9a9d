package actor_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/internal/longtest"
)

// idler is an actor whose handlers the tests choose.
type idler struct {
	start, receive, timeout func(c *actor.Context[any], s *int)
}

func run(f func(c *actor.Context[any], s *int), c *actor.Context[any], s *int) {
	if f != nil {
		f(c, s)
	}
}

func (x idler) Start(c *actor.Context[any], s *int)                      { run(x.start, c, s) }
func (x idler) Receive(c *actor.Context[any], s *int, _ actor.ID, _ any) { run(x.receive, c, s) }
func (x idler) Timeout(c *actor.Context[any], s *int, _ string)          { run(x.timeout, c, s) }
func (x idler) Choose(c *actor.Context[any], s *int, _ string, _ any)    {}
func (x idler) Restart(c *actor.Context[any], s *int)                    { run(x.start, c, s) }
func count(_ *actor.Context[any], s *int)                                { *s = min(*s+1, 3) }
func sends(to actor.ID, m any) func(c *actor.Context[any], _ *int) {
	return func(c *actor.Context[any], _ *int) { c.Send(to, m) }
}
func sets(timer string) func(c *actor.Context[any], _ *int) {
	return func(c *actor.Context[any], _ *int) { c.SetTimer(timer, 0, time.Second) }
}
func both(f, g func(c *actor.Context[any], s *int)) func(*actor.Context[any], *int) {
	return func(c *actor.Context[any], s *int) { f(c, s); g(c, s) }
}

// Messages of the tests.
type (
	hello struct{}
	lost  struct{ N int }
)

const noChoice = "idler.Choose is never called: no choice is offered at "

// doubtful are systems with the warnings that they deserve.
var doubtful = []struct {
	name   string
	config actor.Config
	actors []idler
	want   []string
}{
	{"nothing happens", actor.Config{}, []idler{{}}, []string{"no step is possible from an initial state: " +
		"no actor sends a message, sets a timer or offers a choice to which a handler reacts"}},
	{
		"all is used", actor.Config{}, []idler{{start: both(sends(0, hello{}), sets("t")), receive: count, timeout: count}},
		[]string{noChoice + "a-0"},
	},
	{
		"an idle actor", actor.Config{},
		[]idler{{start: both(sends(0, hello{}), sets("t")), receive: count, timeout: count}, {}},
		[]string{noChoice + "a-0", "a-1: nothing happens after Start, since no message, timer or choice arrives"},
	},
	{
		"no timer, and a message that is ignored by some", actor.Config{},
		[]idler{{start: both(sends(0, hello{}), sends(1, hello{})), receive: count}, {}},
		[]string{noChoice + "a-0, a-1", "idler.Timeout is never called: no timer is set at a-0, a-1"},
	},
	{
		"a message that all ignore", actor.Config{},
		[]idler{{start: both(sends(0, hello{}), sets("t")), timeout: count}},
		[]string{noChoice + "a-0", "message hello never has an effect: every Receive that handles it ignores it"},
	},
	{
		"a message to no actor", actor.Config{},
		[]idler{{start: both(sends(7, lost{}), sends(0, hello{})), receive: both(sets("t"), count), timeout: count}},
		[]string{noChoice + "a-0", "message lost is sent and never delivered: " +
			"no actor that it is sent to exists, or can receive it"},
	},
	{
		"a timer that is only set again", actor.Config{},
		[]idler{{start: both(sets("t"), sends(0, hello{})), receive: count, timeout: sets("t")}},
		[]string{noChoice + "a-0", "timeout t never has an effect: Timeout only sets the timer again"},
	},
	{
		"no message can be lost", actor.Config{Lossy: true, Crashes: true, MaxCrashes: 1},
		[]idler{{start: sets("t"), timeout: count}},
		[]string{
			noChoice + "a-0", "idler.Receive is never called: no message arrives at a-0",
			"messages may be lost, but no message is sent on a lossy link",
		},
	},
}

func TestWarnings(t *testing.T) {
	for _, c := range doubtful {
		t.Run(c.name, func(t *testing.T) {
			sys := actor.NewSystem[any](c.config)
			sys.RegisterMessages(hello{}, lost{})
			for i, x := range c.actors {
				actor.Spawn(sys, fmt.Sprint("a-", i), x)
			}
			sys.Always("true", func(*actor.State[any]) bool { return true })
			r, err := allways.Check(t.Context(), sys, allways.Options{})
			if err != nil {
				t.Fatal(err)
			}
			slices.Sort(c.want)
			if got := texts(r.Warnings); !slices.Equal(got, c.want) {
				t.Errorf("warnings\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

// texts returns the texts of warnings, sorted.
func texts(all []allways.Warning) (out []string) {
	for _, w := range all {
		out = append(out, w.Text)
	}
	slices.Sort(out)
	return out
}

// offered is what the plain model says of what may ever happen.
type offered struct {
	kinds   map[actor.ActionKind]bool
	actors  map[actor.ID]map[actor.ActionKind]bool
	timers  map[string]bool // whether one that expired had an effect
	sent    bool
	handled bool // whether any event was handled
}

func naively(t *rapid.T, sys *actor.System[int8]) (o offered, ok bool) {
	o = offered{
		kinds: map[actor.ActionKind]bool{}, actors: map[actor.ID]map[actor.ActionKind]bool{}, timers: map[string]bool{},
	}
	m := plainOf(sys)
	see := func(s *actor.State[int8], _ int) {
		for id := range actor.Len(sys) {
			o.sent = o.sent || len(actor.Envelopes(s, actor.ID(id))) > 0
		}
		o.sent = o.sent || len(actor.Envelopes(s, actor.NoActor)) > 0
		for _, a := range m.Actions(nil, s) {
			o.kinds[a.Kind] = true
			if a.Kind != actor.Deliver && a.Kind != actor.Timeout && a.Kind != actor.Choose && a.Kind != actor.Restart {
				continue
			}
			if o.actors[a.Actor] == nil {
				o.actors[a.Actor] = map[actor.ActionKind]bool{}
			}
			o.actors[a.Actor][a.Kind], o.handled = true, true
			if _, effect := m.Next(s, a); a.Kind == actor.Timeout {
				o.timers[a.Name] = o.timers[a.Name] || effect
			}
		}
	}
	limits := allways.Options{
		Stop: allways.StopNever, Workers: 1, MaxStates: longtest.Size(300, 1500), Visitor: allways.VisitStates(see),
	}
	r, err := allways.Check(t.Context(), m, limits)
	return o, err == nil && r.Complete
}

// warnings returns what there should be of those that name something.
func (o *offered) warnings(faults string, actors int) (want []string) {
	var idle, busy []string
	ran := map[actor.ActionKind]bool{}
	for id := range actors {
		name := fmt.Sprint("robot-", id)
		if kinds := o.actors[actor.ID(id)]; kinds == nil {
			idle = append(idle, name)
		} else {
			busy = append(busy, name)
			for k := range kinds {
				ran[k] = true
			}
		}
	}
	add := func(unless bool, format string, args ...any) {
		if !unless {
			want = append(want, fmt.Sprintf(format, args...))
		}
	}
	add(idle == nil, "%s: nothing happens after Start", strings.Join(idle, ", "))
	for kind, method := range map[actor.ActionKind]string{
		actor.Deliver: "Receive", actor.Timeout: "Timeout", actor.Choose: "Choose",
	} {
		add(ran[kind] || busy == nil, "robot.%s is never called", method)
	}
	for name, effect := range o.timers {
		add(effect, "timeout %s never has an effect", name)
	}
	add(o.kinds[actor.Deliver] || !o.sent, "message int8 is sent and never delivered")
	add(o.kinds[actor.Lose] || !strings.Contains(faults, "losses"), "messages may be lost")
	add(o.kinds[actor.Duplicate] || !strings.Contains(faults, "duplicates"), "messages may be duplicated")
	slices.Sort(want)
	return want
}

// TestWarningsOfRandomSystems compares what a search says never happens with what no reachable state of the plain
// model offers.
func TestWarningsOfRandomSystems(t *testing.T) {
	longtest.Checks(t, 4)
	rapid.Check(t, func(t *rapid.T) {
		make := drawSystem(t)
		sys := make()
		o, ok := naively(t, sys)
		if !ok {
			t.Skip("too large, or the system misbehaves")
		}
		for workers := 1; workers <= 2; workers++ {
			r, err := allways.Check(t.Context(), actor.LimitMemo(make(), forgetful),
				allways.Options{Stop: allways.StopNever, Workers: workers})
			if err != nil {
				t.Fatal(err)
			}
			if slices.ContainsFunc(r.Warnings, func(w allways.Warning) bool { return w.Kind == allways.WarningNoSteps }) {
				continue // all the rest follows
			}
			got := texts(r.Warnings)
			got = slices.DeleteFunc(got, func(s string) bool {
				return strings.HasPrefix(s, `"`) || strings.HasPrefix(s, "action ") || strings.HasPrefix(s, "message int8 never")
			})
			want := o.warnings(plainOf(sys).model().Notes()[1], actor.Len(sys))
			if len(got) != len(want) {
				t.Fatalf("warnings\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			for i := range want {
				if !strings.HasPrefix(got[i], want[i]) {
					t.Fatalf("warning %s, want %s", got[i], want[i])
				}
			}
		}
	})
}
