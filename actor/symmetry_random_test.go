package actor_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/consistency"
	"github.com/allways-go/allways/internal/longtest"
)

// This file compares searches with symmetry reduction with brute force, on random systems whose states, messages,
// choices, stable storage and histories hold ids. Orbits are counted by writing down each state under all names.

// gossip is a message about an actor.
type gossip struct {
	Kind  int8
	About actor.ID
}

// gossipState is the state of a gossiper.
type gossipState struct {
	Mood, Acted int8
	Busy        bool
	Friend      actor.ID
	Known       map[actor.ID]bool
}

// keepsake is what a gossiper saves.
type keepsake struct {
	Mood   int8
	Friend actor.ID
}

// note is an operation of the history: put an id, or get the one that was put last.
type note struct {
	Put bool
	ID  actor.ID
}

type notes struct{}

func (notes) Init() actor.ID { return actor.NoActor }

func (notes) Apply(s actor.ID, op note) (actor.ID, actor.ID) {
	if op.Put {
		return op.ID, op.ID
	}
	return s, s
}

// gossiper carries out deeds, which it picks by its mood, by what happens, and by what the ids in it are to itself.
type gossiper struct {
	Deeds   [][]gossipDeed
	Bound   int8
	N       int
	Resumes bool
	// FriendOfZero leaves the zero id in the zero state of a restart, which is no symmetric thing to do.
	FriendOfZero bool
	History      actor.History[note, actor.ID]
}

// gossipDeed is a part of what a handler does. Who and About name ids by what they are to the actor.
type gossipDeed struct {
	Do         string
	Kind       int8
	Who, About string
}

// occasion is what a handler knows of ids.
type occasion struct {
	from, about actor.ID
	event       int
}

func (g gossiper) named(c *actor.Context[gossip], s *gossipState, o occasion, name string) actor.ID {
	switch name {
	case "self":
		return c.Self()
	case "friend":
		return s.Friend
	case "from":
		return o.from
	case "about":
		return o.about
	case "first": // not symmetric
		return 0
	}
	return actor.NoActor
}

func (g gossiper) perform(c *actor.Context[gossip], s *gossipState, o occasion) {
	relation := 0
	switch o.about {
	case c.Self():
		relation = 1
	case s.Friend:
		relation = 2
	}
	if s.Acted >= g.Bound {
		return
	}
	s.Acted++
	for _, d := range g.Deeds[(int(s.Mood)*11+o.event*3+relation)%len(g.Deeds)] {
		g.do(c, s, o, d)
	}
}

func (g gossiper) do(c *actor.Context[gossip], s *gossipState, o occasion, d gossipDeed) {
	who, about := g.named(c, s, o, d.Who), g.named(c, s, o, d.About)
	switch d.Do {
	case "mood":
		s.Mood = d.Kind
	case "befriend":
		s.Friend = who
	case "know":
		s.Known[who] = true
	case "send":
		c.Send(who, gossip{d.Kind, about})
	case "broadcast":
		c.Broadcast(actor.Peers(c.Self(), g.N), gossip{d.Kind, about})
	case "timer":
		c.SetTimer("timer", 0, time.Second)
	case "offer":
		c.Choose("offer", actor.NoActor, who, about)
	case "save":
		c.Save(keepsake{s.Mood, s.Friend})
	case "record":
		switch {
		case s.Busy:
			g.History.Return(c, about)
		case d.Kind == 0:
			g.History.Invoke(c, note{true, about})
		default:
			g.History.Invoke(c, note{false, actor.NoActor})
		}
		s.Busy = !s.Busy
	}
}

func (g gossiper) Start(c *actor.Context[gossip], s *gossipState) {
	s.Friend = actor.NoActor
	g.perform(c, s, occasion{actor.NoActor, actor.NoActor, 0})
}

func (g gossiper) Restart(c *actor.Context[gossip], s *gossipState) {
	if s.Mood != 0 || s.Acted != 0 || s.Busy || s.Friend != 0 || len(s.Known) > 0 {
		panic(fmt.Sprintf("Restart begins with %+v and not with a zero state", *s))
	}
	if !g.FriendOfZero {
		s.Friend = actor.NoActor
	}
	if k, ok := actor.Load[keepsake](c); ok && g.Resumes {
		s.Mood, s.Friend = k.Mood, k.Friend
	}
	g.perform(c, s, occasion{actor.NoActor, s.Friend, 1})
}

func (g gossiper) Receive(c *actor.Context[gossip], s *gossipState, from actor.ID, m gossip) {
	g.perform(c, s, occasion{from, m.About, 2 + int(m.Kind)})
}

func (g gossiper) Timeout(c *actor.Context[gossip], s *gossipState, _ string) {
	g.perform(c, s, occasion{actor.NoActor, s.Friend, 4})
}

func (g gossiper) Choose(c *actor.Context[gossip], s *gossipState, _ string, option any) {
	g.perform(c, s, occasion{actor.NoActor, option.(actor.ID), 5})
}

// gossips is a random system.
type gossips struct {
	gossiper
	config    actor.Config
	symmetric bool
	mood      int8 // bounds of properties
}

func drawGossips(t *rapid.T, symmetric bool) *gossips {
	n := func(most int) int { return rapid.IntRange(0, most).Draw(t, "n") }
	g := &gossips{symmetric: symmetric, mood: int8(1 + n(4))}
	g.N, g.Bound, g.Resumes = 2+n(1), int8(1+n(1)), n(1) == 0
	networks := []actor.Network{actor.Unordered, actor.Ordered, actor.Duplicating}
	g.config.Network = rapid.SampledFrom(networks).Draw(t, "network")
	g.config.Ignored = actor.IgnoredConsumed
	if n(4) > 0 {
		g.config.Crashes, g.config.MaxDown, g.config.MaxCrashes = true, 1, 1+n(1)
	}
	if n(3) == 0 {
		g.config.Lossy, g.config.MaxLosses = true, 1
	}
	names := []string{"self", "friend", "from", "about", "none"}
	if !symmetric {
		names = append(names, "first")
		g.FriendOfZero = n(1) == 0
	}
	kinds := []string{"mood", "befriend", "befriend", "know", "send", "send", "broadcast", "timer", "offer",
		"save", "save", "record", "record"}
	for range 23 {
		var deeds []gossipDeed
		for range n(3) {
			deeds = append(deeds, gossipDeed{
				rapid.SampledFrom(kinds).Draw(t, "do"), int8(n(1)),
				rapid.SampledFrom(names).Draw(t, "who"), rapid.SampledFrom(names).Draw(t, "about"),
			})
		}
		g.Deeds = append(g.Deeds, deeds)
	}
	return g
}

// gossipRefs are the actors of a system.
type gossipRefs []actor.Ref[gossipState]

func (r gossipRefs) count(s *actor.State[gossip], f func(id actor.ID, x *gossipState) bool) (n int8) {
	for _, ref := range r {
		if !ref.Down(s) && f(ref.ID(), ref.In(s)) {
			n++
		}
	}
	return n
}

func (g *gossips) system() (*actor.System[gossip], actor.History[note, actor.ID]) {
	sys := actor.NewSystem[gossip](g.config)
	h := actor.Linearizable(sys, "history", notes{})
	var refs gossipRefs
	for i := range g.N {
		x := g.gossiper
		x.History = h
		refs = append(refs, actor.Spawn(sys, fmt.Sprint("gossiper-", i), x))
	}
	sys.Interchangeable(actor.Peers(actor.NoActor, g.N)...)
	sys.Always("moods", func(s *actor.State[gossip]) bool {
		return refs.count(s, func(_ actor.ID, x *gossipState) bool { return x.Mood > 0 }) < g.mood
	})
	sys.Always("no friend of itself", func(s *actor.State[gossip]) bool {
		return refs.count(s, func(id actor.ID, x *gossipState) bool { return x.Friend == id }) == 0
	})
	sys.Sometimes("friends", func(s *actor.State[gossip]) bool {
		return refs.count(s, func(_ actor.ID, x *gossipState) bool {
			return x.Friend >= 0 && !refs[x.Friend].Down(s) && refs[x.Friend].In(s).Friend >= 0
		}) > 0
	})
	sys.Eventually("a friend", func(s *actor.State[gossip]) bool {
		return refs.count(s, func(_ actor.ID, x *gossipState) bool { return x.Friend != actor.NoActor }) > 0
	})
	return sys, h
}

// written writes down a value with other names.
func written(v reflect.Value, to []int) string {
	switch {
	case !v.IsValid():
		return "nil"
	case v.Type() == reflect.TypeFor[actor.ID]():
		if id := v.Int(); id >= 0 && int(id) < len(to) {
			return fmt.Sprint("#", to[id])
		}
		return fmt.Sprint("#", v.Int())
	}
	var parts []string
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		return written(v.Elem(), to)
	case reflect.Struct:
		for i := range v.NumField() {
			parts = append(parts, written(v.Field(i), to))
		}
	case reflect.Slice:
		for i := range v.Len() {
			parts = append(parts, written(v.Index(i), to))
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			parts = append(parts, written(k, to)+":"+written(v.MapIndex(k), to))
		}
		sort.Strings(parts)
	default:
		return fmt.Sprint(v)
	}
	return "{" + strings.Join(parts, " ") + "}"
}

// writtenState writes down a state with other names.
func (g *gossips) writtenState(s *actor.State[gossip], h actor.History[note, actor.ID], to []int) string {
	actors := make([]string, len(to))
	for id, a := range actor.Actors(s) {
		names := to
		if a.Down {
			names = nil // the zero state refers to no actor
		}
		text := fmt.Sprint(written(reflect.ValueOf(a.State), names), a.Down, a.Timers, a.Saved)
		if a.Saved {
			text += written(reflect.ValueOf(a.Stored), to)
		}
		for _, o := range a.Choices {
			var options []string
			for _, x := range o.Options {
				options = append(options, written(reflect.ValueOf(x), to))
			}
			sort.Strings(options)
			text += o.Key + fmt.Sprint(options)
		}
		actors[to[id]] = text + g.writtenInbox(actor.Envelopes(s, actor.ID(id)), to)
	}
	strays := g.writtenInbox(actor.Envelopes(s, actor.NoActor), to)
	return fmt.Sprint(actors, strays, actor.Faults(s), writtenHistory(s, h, to))
}

// writtenInbox keeps the order of messages of each sender where the network does.
func (g *gossips) writtenInbox(all []actor.Envelope[gossip], to []int) string {
	bySender := map[string][]string{}
	for _, e := range all {
		from := written(reflect.ValueOf(e.From), to)
		bySender[from] = append(bySender[from], written(reflect.ValueOf(e.Msg), to)+fmt.Sprint("x", e.Copies))
	}
	if g.config.Network != actor.Ordered {
		for _, sent := range bySender {
			sort.Strings(sent)
		}
	}
	return fmt.Sprint(bySender)
}

// writtenHistory sorts the events of each run of invocations or of returns.
func writtenHistory(s *actor.State[gossip], h actor.History[note, actor.ID], to []int) string {
	var runs [][]string
	last := consistency.Return + 1
	for e := range h.In(s).Events() {
		if e.Kind != last {
			runs, last = append(runs, nil), e.Kind
		}
		text := fmt.Sprint(to[e.Client%len(to)], "/", e.Client/len(to), " ")
		if e.Kind == consistency.Invoke {
			text += written(reflect.ValueOf(e.Op), to)
		} else {
			text += written(reflect.ValueOf(e.Ret), to)
		}
		runs[len(runs)-1] = append(runs[len(runs)-1], text)
	}
	for _, r := range runs {
		sort.Strings(r)
	}
	lost := make([]int, len(to))
	for id, n := range actor.Lost(h, s) {
		lost[to[id]] = n
	}
	return fmt.Sprint(runs, lost)
}

// orbits returns what a search without symmetry reduction finds, and the number of orbits of its states; 0 if there are
// more than limit states.
func (g *gossips) orbits(t *rapid.T, limit int) (*allways.Result[*actor.State[gossip], actor.Action[gossip]], int) {
	sys, h := g.system()
	names := permutations(g.N)
	set := map[string]bool{}
	visitor := allways.VisitStates(func(s *actor.State[gossip], _ int) {
		var all []string
		for _, to := range names {
			all = append(all, g.writtenState(s, h, to))
		}
		set[slices.Min(all)] = true
	})
	r, err := allways.Check(t.Context(), sys, allways.Options{
		Workers: 1, Stop: allways.StopNever, Visitor: visitor, MaxStates: limit,
	})
	if err != nil {
		t.Fatal(err)
	}
	if !r.Complete {
		return r, 0
	}
	return r, len(set)
}

// TestSymmetryAgainstBruteForce: with symmetry reduction a search keeps one state of each orbit, and gives every
// property the verdict that it has without. A system that is not symmetric is refused, or it makes no difference.
func TestSymmetryAgainstBruteForce(t *testing.T) {
	longtest.Checks(t, 40)
	for _, symmetric := range []bool{true, false} {
		tally := map[string]int{}
		rapid.Check(t, func(t *rapid.T) {
			g := drawGossips(t, symmetric)
			want, orbits := g.orbits(t, longtest.Size(1000, 2500))
			if orbits == 0 {
				t.Skip("too large")
			}
			tally["systems"]++
			tally["states"] += int(want.Stats.Distinct)
			tally["orbits"] += orbits
			for _, o := range []allways.Options{{Workers: 1}, {Workers: 2}, {Workers: 2, Strategy: allways.DFS}} {
				o.Stop, o.Symmetry = allways.StopNever, true
				sys, _ := g.system()
				got, err := allways.Check(t.Context(), sys, o)
				if e, ok := errors.AsType[*allways.ModelError](err); ok && !symmetric && e.Kind == allways.ErrorSymmetry {
					tally["refused"]++
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				if got.Stats.Distinct != int64(orbits) {
					t.Fatalf("%+v: %d states, %d orbits", o, got.Stats.Distinct, orbits)
				}
				for i, p := range got.Properties {
					tally[fmt.Sprint(p.Name, " ", p.Verdict)]++
					if p.Verdict != want.Properties[i].Verdict {
						t.Fatalf("%+v: %s: %v (%s), and %v without symmetry reduction",
							o, p.Name, p.Verdict, p.Reason, want.Properties[i].Verdict)
					}
				}
			}
		})
		t.Logf("symmetric %t: %v", symmetric, tally)
	}
}
