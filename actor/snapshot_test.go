package actor_test

import (
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
)

// order is a message that is ignored or not, as its receiver decides.
type order struct{ Go bool }

// commander sends two orders to an actor.
type commander struct{ To actor.ID }

func (x commander) Start(c *actor.Context[order], _ *struct{}) {
	c.Send(x.To, order{true})
	c.Send(x.To, order{false})
}
func (commander) Receive(*actor.Context[order], *struct{}, actor.ID, order) {}

// soldier is done when it gets the order to go after the other one. Before that it ignores it.
type soldier struct{}

type soldierState struct{ Ready, Done bool }

func (soldier) Start(*actor.Context[order], *soldierState) {}
func (soldier) Receive(_ *actor.Context[order], s *soldierState, _ actor.ID, m order) {
	if m.Go && s.Ready {
		s.Done = true
	} else if !m.Go {
		s.Ready = true
	}
}

func verdicts(t *testing.T, sys *actor.System[order]) map[string]allways.Verdict {
	t.Helper()
	r, err := allways.Check(t.Context(), sys, allways.Options{})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]allways.Verdict{}
	for _, p := range r.Properties {
		all[p.Name] = p.Verdict
	}
	return all
}

// A use of a system, whatever it is, does not fix what later uses see: an Eventually stated after it is decided
// with deliveries without effect as steps, for it would wrongly hold without them.
func TestSystemsDoNotGoStale(t *testing.T) {
	uses := map[string]func(sys *actor.System[order]){
		"none":       func(*actor.System[order]) {},
		"properties": func(sys *actor.System[order]) { sys.Properties() },
		"init":       func(sys *actor.System[order]) { sys.Actions(nil, sys.Init()[0]) },
		"snapshot":   func(sys *actor.System[order]) { sys.Snapshot() },
		"names":      func(sys *actor.System[order]) { actor.Names(sys) },
		"stepper": func(sys *actor.System[order]) {
			if _, err := allways.NewStepper(sys); err != nil {
				t.Fatal(err)
			}
		},
		"check": func(sys *actor.System[order]) {
			sys.Always("true", func(*actor.State[order]) bool { return true })
			if v := verdicts(t, sys); v["true"] != allways.Holds {
				t.Errorf("the first check has verdicts %v", v)
			}
		},
	}
	for name, use := range uses {
		t.Run(name, func(t *testing.T) {
			sys := actor.NewSystem[order](actor.Config{})
			actor.Spawn(sys, "commander", commander{1})
			r := actor.Spawn(sys, "soldier", soldier{})
			use(sys)
			sys.Eventually("done", func(s *actor.State[order]) bool { return r.In(s).Done })
			if v := verdicts(t, sys); v["done"] != allways.Violated {
				t.Errorf("after the use, done is %v, want violated", v["done"])
			}
		})
	}
}

// A snapshot that was taken before a change knows nothing of it, and a use after it knows all.
func TestSnapshotsNeverChange(t *testing.T) {
	sys := actor.NewSystem[order](actor.Config{})
	actor.Spawn(sys, "commander", commander{1})
	before, err := sys.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	r := actor.Spawn(sys, "soldier", soldier{})
	sys.Always("never ready", func(s *actor.State[order]) bool { return !r.In(s).Ready })
	if n := len(before.Properties()); n != 0 {
		t.Errorf("the snapshot has %d properties, stated later", n)
	}
	if names, err := actor.Names(before.(*actor.Model[order])); err != nil || len(names) != 1 {
		t.Errorf("the snapshot has actors %v, error %v", names, err)
	}
	if v := verdicts(t, sys); v["never ready"] != allways.Violated {
		t.Errorf("the system has verdicts %v", v)
	}
}

// One lossy link with a bound on losses is a system like others.
func TestLossyLink(t *testing.T) {
	sys := actor.NewSystem[order](actor.Config{MaxLosses: 1})
	actor.Spawn(sys, "commander", commander{1})
	r := actor.Spawn(sys, "soldier", soldier{})
	sys.Link(0, 1, actor.Link{Lossy: true})
	sys.Sometimes("done", func(s *actor.State[order]) bool { return r.In(s).Done })
	sys.Always("ready or not", func(*actor.State[order]) bool { return true })
	if v := verdicts(t, sys); v["done"] != allways.Holds {
		t.Errorf("verdicts %v", v)
	}
	result, err := allways.Check(t.Context(), sys, allways.Options{Stop: allways.StopNever})
	if err != nil {
		t.Fatal(err)
	}
	lost := int64(0)
	for _, a := range result.Actions {
		if strings.HasPrefix(a.Name, "lose") {
			lost += a.Taken
		}
	}
	if lost == 0 {
		t.Error("no message was ever lost")
	}
}

// Settings without effect, or made twice, are errors of the uses of a system that say what to do.
func TestSettingsWithoutEffect(t *testing.T) {
	yes := func(*actor.State[order]) bool { return true }
	for _, c := range []struct {
		name   string
		config actor.Config
		change func(sys *actor.System[order])
		want   string
	}{
		{"no lossy link", actor.Config{MaxLosses: 1}, nil, "Config.MaxLosses is set, but no link is lossy: set"},
		{"no duplicates", actor.Config{MaxDuplicates: 1}, nil,
			"Config.MaxDuplicates is set, but Config.Duplicates is not"},
		{"nothing to duplicate", actor.Config{Network: actor.Duplicating, Duplicates: true, MaxDuplicates: 3}, nil,
			"all links are Duplicating"},
		{"no crashes at once", actor.Config{MaxDown: 1}, nil, "Config.MaxDown is set, but Config.Crashes is not"},
		{"no crashes", actor.Config{MaxCrashes: 1}, nil, "Config.MaxCrashes is set, but Config.Crashes is not"},
		{"no partitions", actor.Config{MaxPartitions: 2}, nil,
			"Config.MaxPartitions is set, but the network cannot split: use"},
		{"negative", actor.Config{Lossy: true, MaxLosses: -3}, nil,
			"Config.MaxLosses is -3: must not be negative (0 means no limit)"},
		{"no policy", actor.Config{Ignored: 7}, nil, "Config.Ignored is 7"},
		{"partition of none", actor.Config{}, func(sys *actor.System[order]) { sys.PartitionAll() },
			"PartitionAll of 0 actors has no effect"},
		{"partition of one", actor.Config{}, func(sys *actor.System[order]) { sys.PartitionAll(0) },
			"PartitionAll of 1 actors has no effect"},
		{"two boundaries", actor.Config{}, func(sys *actor.System[order]) { sys.Boundary(yes); sys.Boundary(yes) },
			"Boundary is called twice"},
		{"a link twice", actor.Config{}, func(sys *actor.System[order]) {
			sys.Link(0, 1, actor.Link{})
			sys.Link(0, 1, actor.Link{Lossy: true})
		}, "Link(0, 1) is called twice"},
		{"to a stranger", actor.Config{}, func(sys *actor.System[order]) { sys.InFlight(7, 3, order{}) },
			"there is no actor 3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			sys := actor.NewSystem[order](c.config)
			actor.Spawn(sys, "commander", commander{1})
			actor.Spawn(sys, "soldier", soldier{})
			sys.Always("yes", yes)
			if c.change != nil {
				c.change(sys)
			}
			if _, err := allways.Check(t.Context(), sys, allways.Options{}); err == nil ||
				!strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one that contains %q", err, c.want)
			}
		})
	}
}

// Without limits, what may happen once may happen any number of times.
func TestNoLimits(t *testing.T) {
	sys := actor.NewSystem[order](actor.Config{Crashes: true, Duplicates: true, Ignored: actor.IgnoredConsumed})
	a := actor.Spawn(sys, "commander", commander{1})
	b := actor.Spawn(sys, "soldier", soldier{})
	sys.Boundary(func(s *actor.State[order]) bool {
		n := 0
		for _, e := range s.Inbox(1) {
			n += e.Copies
		}
		return n <= 7
	})
	sys.Sometimes("both are down", func(s *actor.State[order]) bool { return a.Down(s) && b.Down(s) })
	sys.Sometimes("five copies", func(s *actor.State[order]) bool {
		return len(s.Inbox(1)) > 0 &&
			s.Inbox(1)[0].Copies == 5
	})
	for name, v := range verdicts(t, sys) {
		if v != allways.Holds {
			t.Errorf("%s is %v", name, v)
		}
	}
	m, err := sys.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	before := m.Init()[0]
	after, _ := m.Next(before, actor.Action[order]{Kind: actor.Duplicate, Actor: 1, From: 0, Msg: order{true}})
	if changes := m.(*actor.Model[order]).Changes(before, after); len(changes) > 0 {
		t.Errorf("a duplication looks like %v", changes)
	}
}
