package actor_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
)

// bomb is an actor that counts what it receives and sends it on, and panics at a number.
type bomb struct {
	Next  actor.ID
	Fuse  int8
	Range int8
}

func (b bomb) Start(c *actor.Context[int8], _ *int8) { c.Send(b.Next, 1) }

func (b bomb) Receive(c *actor.Context[int8], n *int8, _ actor.ID, m int8) {
	if *n = m; m == b.Fuse {
		panic("boom")
	}
	if m < b.Range {
		c.Send(b.Next, m+1)
	}
}

func bombs(fuse, reach int8) *actor.System[int8] {
	sys := actor.NewSystem[int8](actor.Config{})
	actor.Spawn(sys, "first", bomb{Next: 1, Fuse: fuse, Range: reach})
	actor.Spawn(sys, "second", bomb{Next: 0, Fuse: -1, Range: reach})
	return sys
}

// A panic in a symbolic search is an error with a shortest path to where it happens, of handlers and of predicates.
func TestSymbolicMisbehaviour(t *testing.T) {
	predicate := func(sys *actor.System[int8]) {
		first := actor.Spawn(sys, "watched", bomb{Next: 2, Range: 3, Fuse: -1})
		sys.Always("not three", func(s *actor.State[int8]) bool {
			if *first.In(s) == 3 {
				panic("three")
			}
			return true
		})
	}
	for _, c := range []struct {
		name  string
		make  func() *actor.System[int8]
		where string
	}{
		{"handler", func() *actor.System[int8] { return bombs(3, 6) }, "Receive of first"},
		{"predicate", func() *actor.System[int8] { sys := bombs(-1, 2); predicate(sys); return sys }, `property "not three"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			want, _ := allways.Check(t.Context(), c.make(), allways.Options{})
			r, err := allways.Check(t.Context(), c.make(), allways.Options{Strategy: allways.Symbolic})
			m, ok := errors.AsType[*allways.ModelError](err)
			if !ok || m.Kind != allways.ErrorPanic || m.Where != c.where {
				t.Fatalf("the error is %v, want a panic in %s", err, c.where)
			}
			if want.MisbehaviourPath == nil || r.MisbehaviourPath == nil ||
				r.MisbehaviourPath.Len() != want.MisbehaviourPath.Len() {
				t.Errorf("the path is\n%v\nwant one as long as\n%v", r.MisbehaviourPath, want.MisbehaviourPath)
			}
			if r.Verdict != allways.Inconclusive || r.Complete {
				t.Errorf("verdict %v, complete %t", r.Verdict, r.Complete)
			}
		})
	}
}

// A predicate that does not always say the same ends a symbolic search with an error, whatever it is asked about, at
// once or when it is asked again in the end.
func TestSymbolicRepeats(t *testing.T) {
	for _, c := range []struct {
		name  string
		build func(sys *actor.System[int8], first actor.Ref[int8], once func() bool)
		where string
	}{
		{"state", func(sys *actor.System[int8], _ actor.Ref[int8], once func() bool) {
			sys.Always("p", func(*actor.State[int8]) bool { return once() })
		}, `property "p"`},
		{"step", func(sys *actor.System[int8], _ actor.Ref[int8], once func() bool) {
			sys.AlwaysStep("p", func(_ *actor.State[int8], _ actor.Action[int8], _ *actor.State[int8]) bool { return once() })
		}, `property "p"`},
		{"boundary", func(sys *actor.System[int8], first actor.Ref[int8], once func() bool) {
			actor.Within(sys, first, func(*int8) bool { return once() })
		}, "Boundary"},
	} {
		for _, n := range []int{1, 2, 3, 4, 5, 20, 30} {
			calls := 0
			sys := actor.NewSystem[int8](actor.Config{})
			first := actor.Spawn(sys, "first", bomb{Next: 1, Fuse: -1, Range: 5})
			actor.Spawn(sys, "second", bomb{Next: 0, Fuse: -1, Range: 5})
			c.build(sys, first, func() bool { calls++; return calls != n })
			r, err := allways.Check(t.Context(), sys, allways.Options{Strategy: allways.Symbolic})
			if calls < n {
				continue // it has always said the same
			}
			m, ok := errors.AsType[*allways.ModelError](err)
			if n == 1 && c.name == "boundary" && ok {
				continue // which excludes the initial state
			}
			if !ok || m.Kind != allways.ErrorNondeterminism || m.Where != c.where || r.Verdict != allways.Inconclusive {
				t.Errorf("%s, call %d of %d: the error is %v", c.name, n, calls, err)
			}
		}
	}
}

// What a symbolic search cannot do is refused, with what to do instead.
func TestSymbolicRefuses(t *testing.T) {
	plainModel := func(t *testing.T, sys *actor.System[int8], o allways.Options) error {
		_, err := allways.Check(t.Context(), plainOf(sys), o)
		return err
	}
	native := func(t *testing.T, sys *actor.System[int8], o allways.Options) error {
		_, err := allways.Check(t.Context(), sys, o)
		return err
	}
	bounded := func(sys *actor.System[int8]) { sys.Boundary(func(*actor.State[int8]) bool { return true }) }
	live := func(sys *actor.System[int8]) { sys.Eventually("ends", func(*actor.State[int8]) bool { return true }) }
	visitor := allways.VisitStates(func(*actor.State[int8], int) {})
	for _, c := range []struct {
		name   string
		check  func(*testing.T, *actor.System[int8], allways.Options) error
		build  func(*actor.System[int8])
		o      allways.Options
		option string
		says   string
	}{
		{"plain model", plainModel, nil, allways.Options{}, "Strategy", "use BFS or DFS"},
		{"boundary", native, bounded, allways.Options{}, "Strategy", "use BFS"},
		{"eventually", native, live, allways.Options{}, "Strategy", `cannot decide "ends" (eventually)`},
		{"fingerprints", native, nil, allways.Options{Store: allways.StoreFingerprints}, "Store", "StoreExact"},
		{"visitor", native, nil, allways.Options{Visitor: visitor}, "Visitor", "use BFS"},
		{"stop", native, nil, allways.Options{Stop: allways.StopViolation}, "Stop", "use BFS"},
		{"workers", native, nil, allways.Options{Workers: 2}, "Workers", "leave it out"},
		{"depth", native, nil, allways.Options{MaxDepth: 3}, "MaxDepth", "use BFS"},
		{"states", native, nil, allways.Options{MaxStates: 3}, "MaxStates", "use MaxMemory"},
		{"generated", native, nil, allways.Options{MaxGenerated: 3}, "MaxGenerated", "use MaxMemory"},
	} {
		t.Run(c.name, func(t *testing.T) {
			sys := bombs(-1, 3)
			if c.build != nil {
				c.build(sys)
			}
			c.o.Strategy = allways.Symbolic
			e, ok := errors.AsType[*allways.OptionError](c.check(t, sys, c.o))
			if !ok || e.Option != c.option || !strings.Contains(e.Error(), c.says) {
				t.Errorf("the error is %v, want one of %s that says %q", e, c.option, c.says)
			}
		})
	}
}

// grid is a system whose states are many and whose diagrams are large, since every actor tells every other all it has
// heard, in order.
func grid() *actor.System[int8] {
	sys := actor.NewSystem[int8](actor.Config{})
	for i := range actor.ID(4) {
		actor.Spawn(sys, string('a'+rune(i)), herald{N: 4})
	}
	sys.Always("anything", func(*actor.State[int8]) bool { return true })
	return sys
}

type herald struct{ N actor.ID }

func (g herald) tell(c *actor.Context[int8], m int8) {
	for to := range g.N {
		if to != c.Self() {
			c.Send(to, m)
		}
	}
}

func (g herald) Start(c *actor.Context[int8], heard *[]int8) { g.tell(c, int8(c.Self())) }

func (g herald) Receive(c *actor.Context[int8], heard *[]int8, _ actor.ID, m int8) {
	if *heard = append(*heard, m); len(*heard) < 3 {
		g.tell(c, m+10*int8(len(*heard)))
	}
}

// A symbolic search that runs out of memory, of time or of patience is inconclusive, and says why.
func TestSymbolicLimits(t *testing.T) {
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		name   string
		o      allways.Options
		reason allways.StopReason
	}{
		{"memory", allways.Options{MaxMemory: 16 << 20}, allways.StopReasonMemory},
		{"time", allways.Options{Timeout: 1e8}, allways.StopReasonTime},
		{"canceled", allways.Options{}, allways.StopReasonCanceled},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.o.Strategy = allways.Symbolic
			ctx := t.Context()
			if c.reason == allways.StopReasonCanceled {
				ctx = canceled
			}
			r, err := allways.Check(ctx, grid(), c.o)
			if err != nil {
				t.Fatal(err)
			}
			if r.Complete || r.StopReason != c.reason || r.Verdict != allways.Inconclusive ||
				r.Properties[0].Verdict != allways.Inconclusive || r.Stats.States != nil {
				t.Errorf("complete %t, %q, %v, %v states", r.Complete, r.StopReason, r.Verdict, r.Stats.States)
			}
			if c.o.MaxMemory > 0 && r.Stats.Memory > c.o.MaxMemory {
				t.Errorf("%d bytes were held, of %d", r.Stats.Memory, c.o.MaxMemory)
			}
		})
	}
}
