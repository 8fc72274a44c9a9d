package actor_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/consistency"
)

// supposing is what explorers use of a model.
type supposing interface {
	Suppositions(*actor.State[int8]) []actor.Action[int8]
	StateTree(*actor.State[int8]) []byte
	Assumption(actor.Action[int8]) string
}

// faulty makes the systems of a pair: one that permits few faults, and one that permits all of them and has no order.
type faulty struct {
	robots  []robot
	config  actor.Config
	split   bool // the network can split around the first actor
	staying bool // the first actor never crashes
}

func drawFaulty(t *rapid.T) faulty {
	f := faulty{robots: drawRobots(t, rapid.IntRange(1, 3).Draw(t, "actors"))}
	f.config = actor.Config{
		Network: rapid.SampledFrom([]actor.Network{actor.Unordered, actor.Duplicating, actor.Ordered}).Draw(t, "network"),
		Lossy:   rapid.Bool().Draw(t, "lossy"), Crashes: rapid.Bool().Draw(t, "crashes"), Ignored: actor.IgnoredConsumed,
	}
	if f.config.Crashes {
		f.config.MaxCrashes = 1
	}
	if f.config.Lossy {
		f.config.MaxLosses = 1
	}
	f.split = len(f.robots) > 1 && rapid.Bool().Draw(t, "split")
	if f.split {
		f.config.MaxPartitions = 1
	}
	f.staying = rapid.Bool().Draw(t, "staying")
	return f
}

func (f faulty) model(t *rapid.T, all bool) *actor.Model[int8] {
	c, n := f.config, len(f.robots)
	if all {
		c = actor.Config{Lossy: true, Duplicates: true, Crashes: true, Ignored: actor.IgnoredConsumed}
		if f.config.Network == actor.Duplicating {
			c.Network, c.Duplicates = actor.Duplicating, false
		}
	}
	sys := actor.NewSystem[int8](c)
	history := actor.Linearizable(sys, "linearizable", consistency.Register[int8]{})
	for i, r := range f.robots {
		r.History = history
		actor.Spawn(sys, fmt.Sprint("robot-", i), r)
	}
	if f.split {
		sys.Partition([]actor.ID{0}, actor.Peers(0, n))
	}
	for id := range actor.ID(n) {
		if all && n > 1 && (id > 0 || !f.split) && (id == 0 || n > 2) {
			sys.Partition([]actor.ID{id}, actor.Peers(id, n))
		}
	}
	if f.staying && !all && c.Crashes {
		sys.NeverCrashes(0)
	}
	sys.InFlight(actor.NoActor, 0, 1)
	sys.InFlight(actor.NoActor, 0, 0)
	sys.Always("nothing", func(*actor.State[int8]) bool { return true })
	m, err := sys.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	return m.(*actor.Model[int8])
}

// unordered returns a state as JSON without the order of what is in flight.
func unordered(t *rapid.T, m *actor.Model[int8], s *actor.State[int8]) string {
	var tree map[string]any
	if err := json.Unmarshal(m.Looks().(supposing).StateTree(s), &tree); err != nil {
		t.Fatal(err)
	}
	var flying []string
	for _, x := range tree["inFlight"].([]any) {
		e := x.(map[string]any)
		copies, ok := e["copies"].(float64)
		if !ok {
			copies = 1
		}
		delete(e, "copies")
		for range int(copies) {
			flying = append(flying, fmt.Sprint(e))
		}
	}
	slices.Sort(flying)
	tree["inFlight"] = flying
	return fmt.Sprint(tree)
}

// byText returns actions by their texts.
func byText(m *actor.Model[int8], all []actor.Action[int8]) map[string]actor.Action[int8] {
	out := map[string]actor.Action[int8]{}
	for _, a := range all {
		out[m.FormatAction(a)] = a
	}
	return out
}

// A supposed step leads where the ordinary step leads of a system that permits the fault, and together with the
// ordinary ones there are as many as that system has.
func TestSupposedIsPermittedElsewhere(t *testing.T) {
	supposed := map[actor.ActionKind]int{}
	rapid.Check(t, func(t *rapid.T) {
		f := drawFaulty(t)
		few, all := f.model(t, false), f.model(t, true)
		s, twin := few.Init()[0], all.Init()[0]
		looks := few.Looks().(supposing)
		for range 12 {
			asked := looks.Suppositions(s)
			steps := byText(few, slices.Concat(few.Actions(nil, s), asked))
			permitted := byText(all, all.Actions(nil, twin))
			if len(byText(few, asked)) != len(asked) {
				t.Fatal("a step can be supposed twice")
			}
			f.compare(t, steps, permitted)
			if len(steps) == 0 {
				return
			}
			name := rapid.SampledFrom(slices.Sorted(maps.Keys(steps))).Draw(t, "step")
			for _, a := range asked {
				if few.FormatAction(a) == name {
					supposed[a.Kind]++
					if why := looks.Assumption(a); why == "the model does not list the step" {
						t.Fatalf("no assumption rules out %s", name)
					}
				}
			}
			next, ok := few.Next(s, steps[name])
			want, wantOK := all.Next(twin, permitted[name])
			if s, twin = next, want; ok != wantOK || unordered(t, few, s) != unordered(t, all, twin) {
				t.Fatalf("after %s: %v\n%s\nwant %v\n%s", name, ok, unordered(t, few, s), wantOK, unordered(t, all, twin))
			}
		}
	})
	if testing.Short() {
		return // too few systems for each kind
	}
	for _, kind := range []actor.ActionKind{actor.Deliver, actor.Lose, actor.Duplicate, actor.Crash, actor.Partition} {
		if supposed[kind] == 0 {
			t.Errorf("no step of kind %v was supposed", kind)
		}
	}
}

// compare compares which steps there are. Only the first message of a queue is lost or duplicated, which a system
// without order does not know.
func (f faulty) compare(t *rapid.T, steps, permitted map[string]actor.Action[int8]) {
	for name, a := range permitted {
		queued := f.config.Network == actor.Ordered && (a.Kind == actor.Lose || a.Kind == actor.Duplicate)
		if _, ok := steps[name]; !ok && !queued {
			t.Fatalf("%s cannot be supposed", name)
		}
	}
	for name := range steps {
		if _, ok := permitted[name]; !ok {
			t.Fatalf("%s is no step of a system that permits all faults: it has %s", name,
				strings.Join(slices.Sorted(maps.Keys(permitted)), ", "))
		}
	}
}
