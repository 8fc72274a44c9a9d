package actor_test

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/consistency"
	"github.com/allways-go/allways/internal/longtest"
)

// plain hides the state space that a system brings: what is left is the model as its methods define it.
type plain[M any] struct {
	allways.Model[*actor.State[M], actor.Action[M]]
}

// plainOf returns the plain model of a system.
func plainOf[M any](sys *actor.System[M]) plain[M] {
	m, err := sys.Snapshot()
	if err != nil {
		panic(err)
	}
	return plain[M]{m}
}

func (p plain[M]) model() *actor.Model[M] { return p.Model.(*actor.Model[M]) }

func (p plain[M]) Within(s *actor.State[M]) bool         { return p.model().Within(s) }
func (p plain[M]) ActionName(a actor.Action[M]) string   { return p.model().ActionName(a) }
func (p plain[M]) FormatAction(a actor.Action[M]) string { return p.model().FormatAction(a) }

// robot is an actor that does what a table says.
type robot struct {
	Table   []reaction // by state, then event
	Events  int
	Bound   int // of messages, timers and choices in all
	History actor.History[consistency.RegisterOp[int8], int8]
}

// reaction is what a robot does in a state, for an event.
type reaction struct {
	Next    int8
	Sends   []parcel
	Set     int8 // timer; 0 for none
	Cancel  int8
	Offer   int8 // number of options; 0 for nothing
	Save    bool
	Record  bool
	Nothing bool // the event is ignored
}

type parcel struct {
	To  actor.ID
	Msg int8
}

type robotState struct {
	State int8
	Acts  int8
	Busy  bool
	Past  []int8
}

func (r robot) act(c *actor.Context[int8], s *robotState, event int) {
	x := r.Table[int(s.State)*r.Events+event%r.Events]
	if x.Nothing || int(s.Acts) >= r.Bound {
		return
	}
	s.Acts++
	s.State = x.Next
	for _, p := range x.Sends {
		c.Send(p.To, p.Msg)
	}
	if x.Set > 0 {
		c.SetTimer(fmt.Sprint("t", x.Set), 0, time.Second)
	}
	if x.Cancel > 0 {
		c.CancelTimer(fmt.Sprint("t", x.Cancel))
	}
	if x.Offer > 0 {
		var options []any
		for i := range x.Offer {
			options = append(options, i%2)
		}
		c.Choose("k", options...)
	}
	if x.Save {
		c.Save(s.State)
	}
	if x.Record {
		register := consistency.Register[int8]{}
		if s.Busy {
			r.History.Return(c, s.State%2)
		} else {
			r.History.Invoke(c, register.Write(s.State%2))
		}
		s.Busy = !s.Busy
	}
	if event%3 == 0 {
		s.Past = append(s.Past, int8(event))
	}
}

func (r robot) Start(c *actor.Context[int8], s *robotState) { r.act(c, s, 0) }
func (r robot) Receive(c *actor.Context[int8], s *robotState, from actor.ID, m int8) {
	r.act(c, s, 1+int(from)+2*int(m))
}
func (r robot) Timeout(c *actor.Context[int8], s *robotState, timer string) {
	r.act(c, s, int(timer[1]))
}
func (r robot) Choose(c *actor.Context[int8], s *robotState, key string, option any) {
	r.act(c, s, 3+int(option.(int8)))
}
func (r robot) Restart(c *actor.Context[int8], s *robotState) {
	if v, ok := actor.Load[int8](c); ok {
		s.State = v
	}
	r.act(c, s, 2)
}

func drawReaction(t *rapid.T, actors int) reaction {
	small := func(n int8) int8 { return rapid.Int8Range(0, n).Draw(t, "n") }
	x := reaction{Next: small(2), Set: max(small(4)-2, 0), Cancel: max(small(4)-3, 0), Offer: max(small(5)-3, 0)}
	x.Save, x.Record, x.Nothing = small(4) == 0, small(3) == 0, small(3) == 0
	for range max(small(3)-1, 0) {
		x.Sends = append(x.Sends, parcel{actor.ID(rapid.IntRange(-1, actors).Draw(t, "to")), small(1)})
	}
	return x
}

// drawRobots draws the actors of a system.
func drawRobots(t *rapid.T, n int) (robots []robot) {
	for range n {
		r := robot{Events: 4, Bound: rapid.IntRange(1, 3).Draw(t, "bound")}
		for range 3 * r.Events {
			r.Table = append(r.Table, drawReaction(t, n))
		}
		robots = append(robots, r)
	}
	return robots
}

// drawSystem returns a function that makes a random system anew each time.
func drawSystem(t *rapid.T) func() *actor.System[int8] { return drawSystemWith(t, promiseSteps, false) }

// drawSystemWith is drawSystem with other properties than those of promiseSteps, and perhaps a boundary by actor.
func drawSystemWith(
	t *rapid.T, promise func(sys *actor.System[int8], first, last actor.Ref[robotState]), byActor bool,
) func() *actor.System[int8] {
	n := rapid.IntRange(1, 3).Draw(t, "actors")
	networks := rapid.SampledFrom([]actor.Network{actor.Unordered, actor.Duplicating, actor.Ordered})
	config := drawConfig(t, networks)
	split, partitions := n > 1 && rapid.Bool().Draw(t, "split"), rapid.IntRange(0, 1).Draw(t, "partitions")
	link := rapid.Bool().Draw(t, "link")
	linked := actor.Link{Network: networks.Draw(t, "linked"), Lossy: rapid.Bool().Draw(t, "linkLossy")}
	if split {
		config.MaxPartitions = partitions
	}
	if config.Duplicates = config.MaxDuplicates > 0; config.Network == actor.Duplicating &&
		(!link || linked.Network == actor.Duplicating) {
		config.Duplicates, config.MaxDuplicates = false, 0 // without effect
	}
	eventually, observed, bounded := rapid.Bool().Draw(t, "eventually"),
		rapid.IntRange(0, 3).Draw(t, "observed") == 0, rapid.Bool().Draw(t, "bounded")
	robots := drawRobots(t, n)
	return func() *actor.System[int8] {
		sys := actor.NewSystem[int8](config)
		history := actor.Linearizable(sys, "linearizable", consistency.Register[int8]{})
		var refs []actor.Ref[robotState]
		for i, r := range robots {
			r.History = history
			refs = append(refs, actor.Spawn(sys, fmt.Sprint("robot-", i), r))
		}
		if link {
			sys.Link(0, actor.ID(n-1), linked)
		}
		if split {
			sys.PartitionAll(refs[0].ID(), refs[1].ID())
		}
		sys.InFlight(actor.NoActor, 0, 1)
		if eventually {
			promise(sys, refs[0], refs[n-1])
		}
		if observed {
			count := func(n int8, a actor.Action[int8]) int8 { return (n + int8(a.Kind)) % 3 }
			actor.Observe(sys, "steps", int8(0), count)
		}
		if bounded {
			bound(sys, refs[0], byActor)
		}
		sys.Always("small", func(s *actor.State[int8]) bool { return refs[n-1].In(s).State+refs[0].In(s).State < 4 })
		sys.Sometimes("down", func(s *actor.State[int8]) bool { return refs[0].Down(s) })
		return sys
	}
}

// drawConfig draws networks and faults.
func drawConfig(t *rapid.T, networks *rapid.Generator[actor.Network]) actor.Config {
	config := actor.Config{
		Network: networks.Draw(t, "network"), Lossy: rapid.Bool().Draw(t, "lossy"),
		MaxDuplicates: rapid.IntRange(0, 1).Draw(t, "duplicates"), MaxDown: rapid.IntRange(0, 1).Draw(t, "down"),
		Ignored: rapid.SampledFrom([]actor.IgnoredPolicy{actor.IgnoredAuto, actor.IgnoredConsumed}).Draw(t, "rule"),
	}
	if config.Lossy {
		config.MaxLosses = rapid.IntRange(0, 2).Draw(t, "losses")
	}
	if config.Crashes = config.MaxDown > 0; config.Crashes {
		config.MaxCrashes = rapid.IntRange(1, 2).Draw(t, "crashes")
	}
	return config
}

// bound limits what an actor does.
func bound(sys *actor.System[int8], ref actor.Ref[robotState], byActor bool) {
	few := func(s *robotState) bool { return s.Acts < 3 }
	if byActor {
		actor.Within(sys, ref, few)
		return
	}
	sys.Boundary(func(s *actor.State[int8]) bool { return few(ref.In(s)) })
}

// promiseSteps states properties that are not about states alone.
func promiseSteps(sys *actor.System[int8], first, last actor.Ref[robotState]) {
	type state = actor.State[int8]
	sys.Eventually("rests", func(s *state) bool { return first.In(s).State == 2 })
	sys.NoDeadlock("goes on", func(s *state) bool { return last.In(s).State != 1 })
	sys.AlwaysStep("does not fall", func(before *state, _ actor.Action[int8], after *state) bool {
		return first.In(before).State <= first.In(after).State+1
	})
}

// TestCompiledIsPlain compares the compiled state space of random systems with the model as its methods define
// it: counts, depths, verdicts and statistics of actions, and paths of the same lengths. forgetful is a limit
// in bytes by which a search forgets after almost every state what it has computed.
const forgetful = 1 << 17

func TestCompiledIsPlain(t *testing.T) {
	longtest.Checks(t, 4)
	states := int64(0)
	rapid.Check(t, func(t *rapid.T) {
		make := drawSystem(t)
		o := allways.Options{Stop: allways.StopNever, Workers: 1, MaxStates: longtest.Size(400, 1500)}
		want, err := allways.Check(t.Context(), plainOf(make()), o)
		if err != nil {
			checkSameFault(t, make(), err, o)
			return
		}
		if !want.Complete {
			t.Skip("too large")
		}
		states += want.Stats.Distinct
		o.MaxStates = 0
		for _, strategy := range []allways.Strategy{allways.BFS, allways.DFS} {
			for o.Workers = 1; o.Workers <= 2; o.Workers++ {
				for _, sys := range []*actor.System[int8]{make(), actor.LimitMemo(make(), forgetful)} {
					o.Strategy = strategy
					got, err := allways.Check(t.Context(), sys, o)
					if err != nil {
						t.Fatal(err)
					}
					compareResults(t, got, want, strategy == allways.BFS)
				}
			}
		}
	})
	t.Logf("%d states", states)
}

type result = allways.Result[*actor.State[int8], actor.Action[int8]]

// checkSameFault asserts that the compiled system misbehaves, too.
func checkSameFault(t *rapid.T, sys *actor.System[int8], want error, o allways.Options) {
	if _, err := allways.Check(t.Context(), sys, o); err == nil {
		t.Fatalf("the plain model has the error %v, the compiled system has none", want)
	}
}

func compareResults(t *rapid.T, got, want *result, shortest bool) {
	t.Helper()
	if got.Stats.Generated != want.Stats.Generated || got.Stats.Distinct != want.Stats.Distinct || shortest &&
		got.Stats.Depth != want.Stats.Depth {
		t.Fatalf("compiled: generated %d, distinct %d, depth %d; plain: %d, %d, %d", got.Stats.Generated,
			got.Stats.Distinct, got.Stats.Depth,
			want.Stats.Generated, want.Stats.Distinct, want.Stats.Depth)
	}
	for i, p := range want.Properties {
		q := got.Properties[i]
		if p.Verdict != q.Verdict || (p.Path == nil) != (q.Path == nil) || shortest && p.Path != nil &&
			p.Path.Len() != q.Path.Len() {
			t.Fatalf("property %s: compiled %v %s\n%v\nplain %v %s\n%v", p.Name, q.Verdict, q.Reason, q.Path,
				p.Verdict, p.Reason, p.Path)
		}
	}
	if a, b := taken(want), taken(got); !maps.Equal(a, b) {
		t.Fatalf("taken: compiled %v, plain %v", b, a)
	}
}

// taken returns how often the actions were taken that were.
func taken(r *result) map[string]int64 {
	n := map[string]int64{}
	for _, a := range r.Actions {
		if a.Taken > 0 {
			n[a.Name] = a.Taken
		}
	}
	return n
}
