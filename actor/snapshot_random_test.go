package actor_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/internal/program"
	"github.com/allways-go/allways/consistency"
	"github.com/allways-go/allways/internal/longtest"
)

// word is a message of one of several types, so that types are met in an order that depends on which use of a
// system comes first.
type word any

type (
	question struct{ N int8 }
	rumour   struct {
		To   actor.ID
		Text string
	}
	numbers []int8
)

// snapshotter answers words with words until it is tired. It is spawned by pointer.
type snapshotter struct {
	Greets  []actor.ID
	Answers word
	Limit   int
	Record  *actor.History[consistency.RegisterOp[int8], int8]
}

type snapshotterState struct {
	Heard int
	Last  word
}

func (g *snapshotter) say(c *actor.Context[word], m word) {
	for _, to := range g.Greets {
		c.Send(to, m)
	}
}

func (g *snapshotter) Start(c *actor.Context[word], _ *snapshotterState) {
	g.say(c, rumour{c.Self(), "hello"})
	if g.Record != nil {
		g.Record.Invoke(c, consistency.Register[int8]{}.Write(1))
		g.Record.Return(c, 0)
	}
}

func (g *snapshotter) Receive(c *actor.Context[word], s *snapshotterState, from actor.ID, m word) {
	if s.Heard >= g.Limit {
		return
	}
	s.Heard++
	s.Last = m
	c.Save(m)
	if g.Answers != nil && s.Heard == 1 {
		c.Send(from, g.Answers)
	}
	c.SetTimer("rest", 0, 0)
}

func (g *snapshotter) Timeout(c *actor.Context[word], s *snapshotterState, _ string) {
	if g.Record != nil && s.Heard == 1 {
		g.Record.Invoke(c, consistency.Register[int8]{}.Read())
		g.Record.Return(c, 0)
	}
}

// builder is a system in the making.
type builder struct {
	sys    *actor.System[word]
	refs   []actor.Ref[snapshotterState]
	record *actor.History[consistency.RegisterOp[int8], int8]
	named  int
}

func (b *builder) name(kind string) string {
	b.named++
	return fmt.Sprint(kind, "-", b.named)
}

// call is one call of a method that builds.
type call struct {
	what string
	make func(b *builder)
}

func build(config actor.Config, calls []call) *builder {
	b := &builder{sys: actor.NewSystem[word](config)}
	for _, c := range calls {
		c.make(b)
	}
	return b
}

func drawWord(t *rapid.T) word {
	n := rapid.Int8Range(0, 1).Draw(t, "n")
	words := []word{question{n}, rumour{actor.ID(n), "x"}, numbers{n}, n, nil}
	return rapid.SampledFrom(words).Draw(t, "word")
}

// drawCall draws a call. Few of them are mistakes, which are errors of all uses that follow.
func drawCall(t *rapid.T, spawned int) call {
	id := func() actor.ID { return actor.ID(rapid.IntRange(0, max(spawned-1, 0)).Draw(t, "id")) }
	kinds := []string{
		"spawn", "spawn", "in flight", "in flight", "link", "never", "split", "all", "same", "always", "sometimes",
		"eventually", "deadlock", "step", "boundary", "history", "observe", "messages", "values",
	}
	if spawned == 0 {
		kinds = []string{"spawn", "history", "messages", "values"}
	}
	if spawned == 1 {
		kinds = slices.DeleteFunc(kinds, func(k string) bool { return k == "split" || k == "all" })
	}
	kind := rapid.SampledFrom(kinds).Draw(t, "call")
	if kind == "spawn" && spawned == 3 {
		kind = "always"
	}
	a, b, w, n := id(), id(), drawWord(t), rapid.IntRange(0, 2).Draw(t, "n")
	var make func(x *builder)
	switch kind {
	case "spawn":
		make = func(x *builder) {
			g := &snapshotter{Greets: []actor.ID{a, b}[:min(n, 2)], Answers: w, Limit: 1 + n%2, Record: x.record}
			x.refs = append(x.refs, actor.Spawn(x.sys, x.name("snapshotter"), g))
		}
	case "in flight":
		make = func(x *builder) { x.sys.InFlight(a, b, w) }
	case "link":
		make = func(x *builder) { x.sys.Link(a, b, actor.Link{Network: actor.Network(n), Lossy: n == 1}) }
	case "never":
		make = func(x *builder) { x.sys.NeverCrashes(a) }
	case "split":
		make = func(x *builder) { x.sys.Partition([]actor.ID{a}, other(x, a)) }
	case "all":
		make = func(x *builder) { x.sys.PartitionAll(append(other(x, a), a)...) }
	case "same":
		make = func(x *builder) { x.sys.Interchangeable(a) }
	case "messages":
		make = func(x *builder) { x.sys.RegisterMessages(numbers{1}, question{}) }
	case "values":
		make = func(x *builder) { x.sys.RegisterValues(question{}, numbers{}) }
	case "history":
		make = func(x *builder) {
			h := actor.Linearizable(x.sys, x.name("history"), consistency.Register[int8]{})
			x.record = &h
		}
	case "observe":
		make = func(x *builder) {
			actor.Observe(x.sys, x.name("observer"), word(question{}), func(v word, a actor.Action[word]) word {
				if a.Kind == actor.Deliver {
					return a.Msg
				}
				return v
			})
		}
	default:
		make = drawProperty(kind, int(a), n)
	}
	return call{kind, make}
}

// other returns the actors but one. Without any, the partition is a mistake.
func other(x *builder, id actor.ID) (ids []actor.ID) {
	for _, r := range x.refs {
		if r.ID() != id {
			ids = append(ids, r.ID())
		}
	}
	return ids
}

func drawProperty(kind string, of, n int) func(x *builder) {
	return func(x *builder) {
		ref := x.refs[of]
		few := func(s *actor.State[word]) bool { return ref.In(s).Heard < 1+n }
		switch kind {
		case "always":
			x.sys.Always(x.name(kind), few)
		case "sometimes":
			x.sys.Sometimes(x.name(kind), func(s *actor.State[word]) bool { return !few(s) })
		case "eventually":
			x.sys.Eventually(x.name(kind), func(s *actor.State[word]) bool { return ref.In(s).Heard >= n })
		case "deadlock":
			x.sys.NoDeadlock(x.name(kind), few)
		case "step":
			x.sys.AlwaysStep(x.name(kind), func(_ *actor.State[word], _ actor.Action[word], after *actor.State[word]) bool {
				return few(after)
			})
		case "boundary":
			x.sys.Boundary(func(s *actor.State[word]) bool { return len(s.Timers(0)) < 1+n%2 || ref.In(s).Heard < 3 })
		}
	}
}

type wordModel = allways.Model[*actor.State[word], actor.Action[word]]

// uses are what may be done with a system, or with a snapshot of it, and what comes of that in words.
var uses = map[string]func(m wordModel) string{
	"check":     func(m wordModel) string { return checked(m, allways.Options{Workers: 1, Stop: allways.StopNever}) },
	"check two": func(m wordModel) string { return checked(m, allways.Options{Workers: 2}) },
	"fingerprint": func(m wordModel) string {
		return checked(m, allways.Options{Workers: 1, Store: allways.StoreFingerprints})
	},
	"symmetry": func(m wordModel) string { return checked(m, allways.Options{Workers: 1, Symmetry: true}) },
	"deep": func(m wordModel) string {
		return checked(m, allways.Options{Workers: 1, Strategy: allways.DFS, Stop: allways.StopNever})
	},
	"simulate": func(m wordModel) string {
		o := allways.SimulateOptions{Workers: 1, Walks: 8, MaxDepth: 9, Stop: allways.StopNever}
		r, err := allways.Simulate(context.Background(), m, o)
		return outcome(r, err)
	},
	"stepper": stepped,
	"live":    lived,
	"names": func(m wordModel) string {
		names, err := actor.Names(m.(actor.Program))
		return fmt.Sprint(names, err)
	},
	"properties": func(m wordModel) string {
		s, err := allways.NewStepper(m)
		if err != nil {
			return err.Error()
		}
		return fmt.Sprint(len(s.Properties()), s.Notes(), s.TypesHash())
	},
}

func checked(m wordModel, o allways.Options) string {
	o.MaxDepth = 5
	r, err := allways.Check(context.Background(), m, o)
	return outcome(r, err)
}

// outcome is all that a result says but for times and memory.
func outcome(r *allways.Result[*actor.State[word], actor.Action[word]], err error) string {
	if r == nil {
		return fmt.Sprint(err)
	}
	var b strings.Builder
	fmt.Fprintln(&b, r.Verdict, r.Complete, r.Bounded, r.StopReason,
		r.Stats.Generated, r.Stats.Distinct, r.Stats.Depth, r.Actions, err)
	for _, p := range r.Properties {
		fmt.Fprintln(&b, p.Name, p.Kind, p.Verdict, p.Within, p.Reason, p.Ignored)
		if p.Path != nil {
			fmt.Fprintln(&b, p.Path.Encode(), p.Path)
		}
	}
	return b.String()
}

// stepped takes a few steps by hand.
func stepped(m wordModel) string {
	s, err := allways.NewStepper(m)
	if err != nil {
		return err.Error()
	}
	p, err := s.Start(0)
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	for i := range 6 {
		enabled, err := p.Transitions()
		if err != nil {
			return err.Error()
		}
		for _, t := range enabled {
			fmt.Fprintln(&b, t.Index, t.Name, t.Text, t.Effect, t.Within, t.SelfLoop, t.Err)
		}
		if len(enabled) == 0 {
			break
		}
		next, err := s.Extend(p, i%len(enabled))
		if err != nil {
			fmt.Fprintln(&b, err)
			break
		}
		p = next
	}
	fmt.Fprintln(&b, p)
	return b.String()
}

// lived runs the first actor as a runtime does.
func lived(m wordModel) string {
	p, err := program.Of(m.(actor.Program))
	if err != nil {
		return err.Error()
	}
	if p.Len() == 0 {
		return "no actor"
	}
	live, err := p.Live(0)
	if err != nil {
		return err.Error()
	}
	_, err = live.Start()
	return fmt.Sprint(p.Len(), live.Digest(), err)
}

func useNames() []string {
	var names []string
	for name := range uses {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// together makes several uses at once, and fails if one differs from the same use of a fresh system.
func together(t *rapid.T, what string, m wordModel, config actor.Config, calls []call, drawn []string) {
	got := make([]string, len(drawn))
	var all sync.WaitGroup
	for i, name := range drawn {
		all.Go(func() { got[i] = uses[name](m) })
	}
	all.Wait()
	for i, name := range drawn {
		if want := uses[name](build(config, calls).sys); got[i] != want {
			t.Fatalf("%s, %s after %d calls:\n%s\na fresh system:\n%s", what, name, len(calls), got[i], want)
		}
	}
}

// Whatever is done with a system while it is being built, one use after another or several at once, a use is
// that of a fresh system made by the same calls. So is the use of a snapshot that was taken before later calls,
// even during them.
func TestUsesDoNotDependOnEarlierOnes(t *testing.T) {
	longtest.Checks(t, 8)
	searched := 0
	defer func() { t.Logf("%d finished systems without mistakes", searched) }()
	rapid.Check(t, func(t *rapid.T) {
		config := actor.Config{
			Network: actor.Network(rapid.IntRange(0, 2).Draw(t, "network")), Lossy: rapid.Bool().Draw(t, "lossy"),
			Crashes: rapid.Bool().Draw(t, "crashes"),
		}
		if config.Crashes {
			config.MaxCrashes = 1
		}
		b := build(config, nil)
		var calls []call
		var background sync.WaitGroup
		defer background.Wait()
		type earlier struct {
			m     wordModel
			calls []call
			got   string
		}
		var kept []*earlier
		for range rapid.IntRange(4, 14).Draw(t, "calls") {
			c := drawCall(t, len(b.refs))
			calls = append(calls, c)
			c.make(b)
			if drawn := rapid.SliceOfN(rapid.SampledFrom(useNames()), 0, 3).Draw(t, "uses"); len(drawn) > 0 {
				together(t, "the system", b.sys, config, calls, drawn)
			}
			if m, err := b.sys.Snapshot(); err == nil && rapid.Bool().Draw(t, "keep") {
				e := &earlier{m: m, calls: slices.Clone(calls)}
				kept = append(kept, e)
				background.Go(func() { e.got = uses["check"](e.m) })
			}
		}
		background.Wait()
		for _, e := range kept {
			if want := uses["check"](build(config, e.calls).sys); e.got != want {
				t.Fatalf("a snapshot used during later calls:\n%s\na fresh system:\n%s", e.got, want)
			}
			drawn := rapid.SliceOfN(rapid.SampledFrom(useNames()), 1, 3).Draw(t, "uses of a snapshot")
			together(t, "a snapshot", e.m, config, e.calls, drawn)
		}
		if _, err := b.sys.Snapshot(); err == nil {
			searched++
		}
		together(t, "the finished system", b.sys, config, calls, useNames())
	})
}
