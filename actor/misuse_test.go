package actor_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/consistency"
)

// node is an actor made of functions.
type node struct {
	start   func(c *actor.Context[any], s *nodeState)
	receive func(c *actor.Context[any], s *nodeState, from actor.ID, m any)
	timeout func(c *actor.Context[any], s *nodeState, timer string)
	chosen  func(c *actor.Context[any], s *nodeState, key string, option any)
}

type nodeState struct {
	N    int
	Seen map[string]int
}

func (n node) Start(c *actor.Context[any], s *nodeState) {
	if n.start != nil {
		n.start(c, s)
	}
}

func (n node) Receive(c *actor.Context[any], s *nodeState, from actor.ID, m any) {
	if n.receive != nil {
		n.receive(c, s, from, m)
	}
}

func (n node) Timeout(c *actor.Context[any], s *nodeState, timer string) { n.timeout(c, s, timer) }

func (n node) Choose(c *actor.Context[any], s *nodeState, key string, option any) {
	n.chosen(c, s, key, option)
}

// one returns a system of one node, to which a message 1 is on its way.
func one(n node) *actor.System[any] {
	sys := actor.NewSystem[any](actor.Config{})
	actor.Spawn(sys, "node", n)
	sys.InFlight(actor.NoActor, 0, 1)
	sys.Always("true", func(*actor.State[any]) bool { return true })
	return sys
}

type pointerNode struct{ last *nodeState }

func (p *pointerNode) Start(*actor.Context[any], *nodeState) {}
func (p *pointerNode) Receive(c *actor.Context[any], s *nodeState, from actor.ID, m any) {
	s.N++
	p.last = s
}

type recovering struct{}

func (recovering) Start(*actor.Context[any], *nodeState)                  {}
func (recovering) Receive(*actor.Context[any], *nodeState, actor.ID, any) {}
func (recovering) Recover(*actor.Context[any], *nodeState)                {}

type wrongTimeout struct{ node }

func (wrongTimeout) Timeout(*actor.Context[any], nodeState, string) {}

type pointerRestart struct{}

func (pointerRestart) Start(*actor.Context[any], *nodeState)                  {}
func (pointerRestart) Receive(*actor.Context[any], *nodeState, actor.ID, any) {}
func (p *pointerRestart) Restart(c *actor.Context[any], s *nodeState)         {}

type channelState struct{ Peers []struct{ Out chan int } }
type channelNode struct{}

func (channelNode) Start(*actor.Context[any], *channelState)                  {}
func (channelNode) Receive(*actor.Context[any], *channelState, actor.ID, any) {}

type kept[T any] struct{ Kept []T }
type keeper[T any] struct{}

func (keeper[T]) Start(*actor.Context[any], *kept[T])                  {}
func (keeper[T]) Receive(*actor.Context[any], *kept[T], actor.ID, any) {}

// received is a system of a node that handles a message.
func received(f func(c *actor.Context[any], s *nodeState, m any)) *actor.System[any] {
	return one(node{receive: func(c *actor.Context[any], s *nodeState, _ actor.ID, m any) { f(c, s, m) }})
}

// misuse is a system that breaks a rule, and what the error says.
type misuse struct {
	name  string
	sys   *actor.System[any]
	fault allways.ErrorKind
	texts []string
}

// misdeclared are systems that are put together wrongly.
func misdeclared() []misuse {
	return []misuse{
		{"no actors", actor.NewSystem[any](actor.Config{}), allways.ErrorDeclaration, []string{"no actors", "Spawn"}},
		{"two of a name", func() *actor.System[any] {
			sys := one(node{})
			actor.Spawn(sys, "node", node{})
			return sys
		}(), allways.ErrorDeclaration, []string{`two actors are called "node"`}},
		{"wrong signature", func() *actor.System[any] {
			sys := actor.NewSystem[any](actor.Config{})
			actor.Spawn(sys, "n", wrongTimeout{})
			return sys
		}(), allways.ErrorDeclaration,
			[]string{`actor "n": method Timeout has the signature func(*actor.Context[interface {}], ` +
				"actor_test.nodeState, string), want", "want func(*actor.Context[interface {}], *actor_test.nodeState, string)"}},
		{"pointer receiver", func() *actor.System[any] {
			sys := actor.NewSystem[any](actor.Config{})
			actor.Spawn(sys, "n", pointerRestart{})
			return sys
		}(), allways.ErrorDeclaration, []string{"method Restart has a pointer receiver", "spawn a pointer"}},
		{"a handler by another name", func() *actor.System[any] {
			sys := actor.NewSystem[any](actor.Config{})
			actor.Spawn(sys, "n", recovering{})
			return sys
		}(), allways.ErrorDeclaration, []string{"method Recover looks like a handler", "did you mean Restart?"}},
		{"a channel in a state", func() *actor.System[any] {
			sys := actor.NewSystem[any](actor.Config{})
			actor.Spawn(sys, "n", channelNode{})
			return sys
		}(), allways.ErrorDeclaration, []string{`the state type of actor "n"`, "Peers[].Out"}},
		{"a context in a state", func() *actor.System[any] {
			sys := actor.NewSystem[any](actor.Config{})
			actor.Spawn(sys, "n", keeper[*actor.Context[any]]{})
			return sys
		}(), allways.ErrorDeclaration, []string{`the state type of actor "n": field Kept`, "a Context is valid until"}},
		{"a reference in a state", func() *actor.System[any] {
			sys := actor.NewSystem[any](actor.Config{})
			actor.Spawn(sys, "n", keeper[map[string]actor.Ref[int]]{})
			return sys
		}(), allways.ErrorDeclaration, []string{`the state type of actor "n": field Kept`, "keep its ID instead"}},
		{"crashes without room", actor.NewSystem[any](actor.Config{MaxCrashes: 1}), allways.ErrorDeclaration,
			[]string{"Config.MaxCrashes is set, but Config.Crashes is not"}},
		{"leave out with Eventually", func() *actor.System[any] {
			sys := actor.NewSystem[any](actor.Config{Ignored: actor.IgnoredKept})
			actor.Spawn(sys, "n", node{})
			sys.Eventually("ends", func(*actor.State[any]) bool { return true })
			return sys
		}(), allways.ErrorDeclaration, []string{"IgnoredKept", `property "ends"`,
			"use IgnoredAuto or IgnoredConsumed"}},
	}
}

// misbehaved are handlers that break a rule.
func misbehaved() []misuse {
	shared := map[string]int{}
	return []misuse{
		{"panic", received(func(*actor.Context[any], *nodeState, any) { panic("out of ideas") }), allways.ErrorPanic,
			[]string{"Receive of node", "outside -> node: 1", "out of ideas"}},
		{"map order", received(func(c *actor.Context[any], s *nodeState, m any) {
			for k := range map[string]int{"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6, "g": 7, "h": 8, "i": 9,
				"j": 10, "k": 11, "l": 12} {
				s.Seen[k] = len(s.Seen)
			}
		}), allways.ErrorNondeterminism,
			[]string{"Receive of node", "state Seen[", "two runs of Receive of node differ", "map order"}},
		{"time", received(func(c *actor.Context[any], s *nodeState, m any) { s.N = int(time.Now().UnixNano()) }),
			allways.ErrorNondeterminism, []string{"state N is"}},
		{"chance", received(func(c *actor.Context[any], s *nodeState, m any) { c.Send(0, rand.Int()) }),
			allways.ErrorNondeterminism, []string{"it sends", "to node"}},
		{"shared memory", received(func(c *actor.Context[any], s *nodeState, m any) {
			shared["n"]++
			s.N = shared["n"]
		}), allways.ErrorNondeterminism, []string{"state N is"}},
		{"nil or empty", received(func(c *actor.Context[any], s *nodeState, m any) {
			if s.Seen == nil {
				s.N++
			}
		}), allways.ErrorNondeterminism, []string{"state N is", "whether a slice or map is nil or empty"}},
		{"a message without content", received(func(c *actor.Context[any], s *nodeState,
			m any) {
			c.Send(0, func() {})
		}), allways.ErrorPanic, []string{"func()"}},
		{"saving what has no content", received(func(c *actor.Context[any], s *nodeState,
			m any) {
			c.Save(make(chan int))
		}), allways.ErrorPanic, []string{"chan int"}},
		{"a timer from the past", received(func(c *actor.Context[any], s *nodeState,
			m any) {
			c.SetTimer("t", time.Second, 0)
		}), allways.ErrorPanic, []string{`timer "t"`}},
		{"the context of an earlier handler", func() *actor.System[any] {
			var kept *actor.Context[any]
			return one(node{start: func(c *actor.Context[any], s *nodeState) { kept = c },
				receive: func(c *actor.Context[any], s *nodeState, _ actor.ID, m any) {
					kept.Send(0, 7)
				}})
		}(), allways.ErrorPanic, []string{"Receive of node", "the context of a handler that has returned is used"}},
		{"what is stored is of another type", received(func(c *actor.Context[any], s *nodeState, m any) {
			c.Save(int64(1))
			n, _ := actor.Load[int](c)
			s.N = n
		}), allways.ErrorPanic, []string{"the stored value is of type int64, but Load asks for int"}},
		{"a history of no system", received(func(c *actor.Context[any], s *nodeState,
			m any) {
			actor.History[int, int]{}.Invoke(c, 1)
		}),
			allways.ErrorPanic, []string{"a history that belongs to no system"}},
	}
}

// misplaced are systems whose actors send what belongs elsewhere, behind an interface.
func misplaced() []misuse {
	type letter struct{ Of []any }
	var seen *actor.State[any]
	looking := func(f func(c *actor.Context[any], s *nodeState, m any)) *actor.System[any] {
		sys := received(f)
		sys.Always("looks", func(s *actor.State[any]) bool { seen = s; return true })
		return sys
	}
	ref := actor.Spawn(actor.NewSystem[any](actor.Config{}), "n", node{})
	return []misuse{
		{"a sent reference", received(func(c *actor.Context[any], _ *nodeState, _ any) {
			c.Send(0, letter{[]any{&ref}})
		}), allways.ErrorPanic, []string{"Receive of node", "Of[0]", "a Ref is for properties; keep its ID instead"}},
		{"a saved reference", received(func(c *actor.Context[any], _ *nodeState, _ any) {
			c.Save(struct{ To []actor.Ref[nodeState] }{})
		}), allways.ErrorPanic, []string{"To: a Ref is for properties"}},
		{"a sent context", received(func(c *actor.Context[any], _ *nodeState, _ any) { c.Send(0, *c) }),
			allways.ErrorPanic, []string{"a Context is valid until its handler returns"}},
		{"a sent system", received(func(c *actor.Context[any], _ *nodeState, _ any) {
			c.Send(0, actor.NewSystem[any](actor.Config{}))
		}), allways.ErrorPanic, []string{"a System is no part of its states"}},
		{"a sent state", looking(func(c *actor.Context[any], _ *nodeState, _ any) { c.Send(0, seen) }),
			allways.ErrorPanic, []string{"a State is for properties"}},
		{"a boundary without a function", func() *actor.System[any] {
			sys := one(node{})
			sys.Boundary(nil)
			return sys
		}(), allways.ErrorDeclaration, []string{"Boundary: there is no function"}},
		{"an observer without a function", func() *actor.System[any] {
			sys := one(node{})
			actor.Observe(sys, "nothing", 0, nil)
			return sys
		}(), allways.ErrorDeclaration, []string{`observer "nothing": there is no function`}},
		{"interchangeable with itself", func() *actor.System[any] {
			sys := one(node{})
			sys.Interchangeable(0, 0)
			return sys
		}(), allways.ErrorDeclaration, []string{"Interchangeable: actor 0 is named twice"}},
	}
}

// misread are configurations, histories and properties that break a rule.
func misread() []misuse {
	return []misuse{
		{"a changing configuration", func() *actor.System[any] {
			sys := actor.NewSystem[any](actor.Config{})
			actor.Spawn(sys, "n", &pointerNode{})
			sys.InFlight(actor.NoActor, 0, 1)
			sys.Always("true", func(*actor.State[any]) bool { return true })
			return sys
		}(), allways.ErrorMutation, []string{"the configuration of n has changed"}},
		{"a return without an invocation", func() *actor.System[any] {
			sys := actor.NewSystem[any](actor.Config{})
			h := actor.Linearizable(sys, "linearizable", consistency.Register[int]{})
			actor.Spawn(sys, "n", node{receive: func(c *actor.Context[any], _ *nodeState, _ actor.ID,
				_ any) {
				h.Return(c, 1)
			}})
			sys.InFlight(actor.NoActor, 0, 1)
			return sys
		}(), allways.ErrorPanic,
			[]string{"linearizable: n:", "it calls Return of 1, but no operation is under way: call Invoke first"}},
		{"an invocation before the return", func() *actor.System[any] {
			sys := actor.NewSystem[any](actor.Config{})
			h := actor.Linearizable(sys, "linearizable", consistency.Register[int]{})
			actor.Spawn(sys, "n", node{start: func(c *actor.Context[any], _ *nodeState) {
				h.Invoke(c, consistency.Register[int]{}.Write(2))
				h.Invoke(c, consistency.Register[int]{}.Read())
			}})
			return sys
		}(), allways.ErrorPanic, []string{"linearizable: n: it calls Invoke of read while write(2) is under way"}},
		{"a property that reads inboxes", func() *actor.System[any] {
			sys := one(node{})
			sys.Always("reads", func(s *actor.State[any]) bool { return len(s.Inbox(0)) < 9 })
			return sys
		}(), allways.ErrorPanic, []string{`property "reads"`, "actor.IgnoredConsumed"}},
		{"a property that writes", func() *actor.System[any] {
			sys := actor.NewSystem[any](actor.Config{})
			n := actor.Spawn(sys, "n", node{})
			sys.Always("writes", func(s *actor.State[any]) bool { n.In(s).N = 7; return true })
			return sys
		}(), allways.ErrorMutation, []string{`property "writes" has changed the state of n`, "N was 0 and became 7"}},
		{"a reference to nothing", func() *actor.System[any] {
			sys := one(node{})
			sys.Always("wrong", func(s *actor.State[any]) bool { return (actor.Ref[nodeState]{}).In(s).N == 0 })
			return sys
		}(), allways.ErrorPanic, []string{"a zero Ref refers to no actor"}},
		{"a history of another system", received(func(c *actor.Context[any], s *nodeState,
			m any) {
			actor.Linearizable(actor.NewSystem[any](actor.Config{}), "other", consistency.Register[int]{}).
				Invoke(c, consistency.RegisterOp[int]{})
		}),
			allways.ErrorPanic, []string{"a history of another system", "use the one made with this system"}},
		{"a reference of another system", func() *actor.System[any] {
			sys := one(node{})
			other := actor.NewSystem[any](actor.Config{})
			n := actor.Spawn(other, "n", channelFree{})
			sys.Always("wrong", func(s *actor.State[any]) bool { return *n.In(s) == 0 })
			return sys
		}(), allways.ErrorPanic, []string{`the reference to "n" belongs to another system`}},
	}
}

// TestMisbehaviour: every kind of misuse is an error that names who did what, and where there is a path, shows it.
func TestMisbehaviour(t *testing.T) {
	for _, c := range slices.Concat(misdeclared(), misbehaved(), misread(), misplaced()) {
		t.Run(c.name, func(t *testing.T) {
			r, err := allways.Check(t.Context(), c.sys, allways.Options{Workers: 1})
			var e *allways.ModelError
			if !errors.As(err, &e) || e.Kind != c.fault {
				t.Fatalf("error %v (fault %v), want %v; result %+v", err, faultOf(err), c.fault, r)
			}
			for _, text := range c.texts {
				if !strings.Contains(err.Error(), text) {
					t.Errorf("the error\n\t%v\ndoes not say %q", err, text)
				}
			}
			if r == nil {
				return
			}
			if r.Verdict == allways.Holds {
				t.Errorf("the verdict is %v", r.Verdict)
			}
			for _, p := range r.Properties {
				if p.Path == nil && p.Verdict != allways.Inconclusive {
					t.Errorf("property %q is %v, although the system misbehaves", p.Name, p.Verdict)
				}
			}
		})
	}
}

func faultOf(err error) allways.ErrorKind {
	if e, ok := errors.AsType[*allways.ModelError](err); ok {
		return e.Kind
	}
	return ""
}

type channelFree struct{}

func (channelFree) Start(*actor.Context[any], *int)                  {}
func (channelFree) Receive(*actor.Context[any], *int, actor.ID, any) {}
