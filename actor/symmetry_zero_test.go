package actor_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/consistency"
)

// forgetfulServer is an actor that, after a crash, forgets to say that it has no leader: its Leader is then the zero
// id, which is that of the first actor, whichever actor it is itself.
type forgetfulServer struct{}

type forgetfulState struct {
	Chosen bool
	Leader actor.ID
}

type choose struct{}

func (forgetfulServer) Start(_ *actor.Context[choose], s *forgetfulState) { s.Leader = actor.NoActor }

func (forgetfulServer) Receive(c *actor.Context[choose], s *forgetfulState, _ actor.ID, _ choose) {
	if s.Leader == actor.NoActor { // it has not crashed
		s.Chosen = true
		c.Save(true)
	}
}

func (forgetfulServer) Restart(c *actor.Context[choose], s *forgetfulState) {
	s.Chosen, _ = actor.Load[bool](c)
}

// idChooser sends one message, to any of the servers.
type idChooser struct{ N int }

func (x idChooser) Start(c *actor.Context[choose], _ *struct{}) {
	var to []any
	for i := range x.N {
		to = append(to, actor.ID(i))
	}
	c.Choose("whom", to...)
}

func (idChooser) Receive(*actor.Context[choose], *struct{}, actor.ID, choose) {}

func (idChooser) Choose(c *actor.Context[choose], _ *struct{}, _ string, option any) {
	c.Send(option.(actor.ID), choose{})
}

func forgetfulSystem(n int) *actor.System[choose] {
	sys := actor.NewSystem[choose](actor.Config{Crashes: true, MaxDown: 1, MaxCrashes: 1})
	var servers []actor.Ref[forgetfulState]
	for i := range n {
		servers = append(servers, actor.Spawn(sys, fmt.Sprint("server-", i), forgetfulServer{}))
	}
	client := actor.Spawn(sys, "client", idChooser{n})
	sys.NeverCrashes(client.ID())
	sys.Interchangeable(actor.Peers(actor.NoActor, n)...)
	sys.Always("no chosen server leads itself", func(s *actor.State[choose]) bool {
		for _, r := range servers {
			if x := r.In(s); x.Chosen && x.Leader == r.ID() {
				return false
			}
		}
		return true
	})
	sys.Always("no chosen server is led by another", func(s *actor.State[choose]) bool {
		for _, r := range servers {
			if x := r.In(s); x.Chosen && x.Leader != r.ID() && x.Leader != actor.NoActor {
				return false
			}
		}
		return true
	})
	return sys
}

// TestZeroIDAsymmetry: an actor that keeps the zero id of its zero state is not interchangeable. Both properties are
// violated, so a search with symmetry reduction must not say that one holds.
func TestZeroIDAsymmetry(t *testing.T) {
	for n := 2; n <= 4; n++ {
		for _, o := range []allways.Options{{Workers: 1}, {Workers: 2}, {Strategy: allways.DFS}} {
			o.Stop = allways.StopNever
			r, err := allways.Check(t.Context(), forgetfulSystem(n), o)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range r.Properties {
				if p.Verdict != allways.Violated {
					t.Errorf("%d servers, %q: %v without symmetry reduction", n, p.Name, p.Verdict)
				}
			}
			o.Symmetry = true
			r, err = allways.Check(t.Context(), forgetfulSystem(n), o)
			e, ok := errors.AsType[*allways.ModelError](err)
			if !ok || e.Kind != allways.ErrorSymmetry || !strings.Contains(err.Error(), "set it to NoActor") {
				t.Fatalf("%d servers: error %v, want one about symmetry", n, err)
			}
			if r.Verdict == allways.Holds {
				t.Errorf("%d servers: it holds", n)
			}
		}
	}
}

// voterOfNone votes for no actor. If it is strict, its Restart panics unless the state is zero.
type voterOfNone struct{ Strict bool }

type votedFor struct{ Vote actor.ID }

func (voterOfNone) Start(_ *actor.Context[choose], s *votedFor) { s.Vote = actor.NoActor }

func (voterOfNone) Receive(*actor.Context[choose], *votedFor, actor.ID, choose) {}

func (v voterOfNone) Restart(_ *actor.Context[choose], s *votedFor) {
	if v.Strict && *s != (votedFor{}) {
		panic(fmt.Sprintf("Restart begins with %+v and not with a zero state", *s))
	}
	s.Vote = actor.NoActor
}

// TestZeroIDCounts: the zero state of an actor that is down is the same under all names. There are three orbits: all
// actors up before a crash, one of them down, all up after it.
func TestZeroIDCounts(t *testing.T) {
	for n := 2; n <= 4; n++ {
		for _, symmetry := range []bool{false, true} {
			sys := actor.NewSystem[choose](actor.Config{Crashes: true, MaxDown: 1, MaxCrashes: 1})
			var servers []actor.Ref[votedFor]
			for i := range n {
				servers = append(servers, actor.Spawn(sys, fmt.Sprint("server-", i), voterOfNone{Strict: true}))
			}
			sys.Interchangeable(actor.Peers(actor.NoActor, n)...)
			sys.Always("what is down is zero", func(s *actor.State[choose]) bool {
				for _, r := range servers {
					if r.Down(s) && *r.In(s) != (votedFor{}) {
						return false
					}
				}
				return true
			})
			r, err := allways.Check(t.Context(), sys, allways.Options{Symmetry: symmetry, Stop: allways.StopNever})
			if err != nil {
				t.Fatal(err)
			}
			want := int64(n + 2)
			if symmetry {
				want = 3
			}
			if r.Stats.Distinct != want || r.Verdict != allways.Holds {
				t.Errorf("%d servers, symmetry %t: %d states, %v; want %d, holds", n, symmetry, r.Stats.Distinct, r.Verdict, want)
			}
		}
	}
}

// noter records operations and results that are ids: its own, which it writes and reads back.
type noter struct {
	History actor.History[consistency.RegisterOp[actor.ID], actor.ID]
}

func (n noter) Start(c *actor.Context[choose], s *int) {
	n.History.Invoke(c, consistency.Register[actor.ID]{}.Write(c.Self()))
	c.SetTimer("return", 0, 0)
}

func (noter) Receive(*actor.Context[choose], *int, actor.ID, choose) {}

func (n noter) Timeout(c *actor.Context[choose], s *int, _ string) {
	*s = 1
	n.History.Return(c, c.Self())
}

// TestZeroIDInHistory: the result of an invocation and the operation of a return are unused; a renaming leaves the zero
// ids in them alone.
func TestZeroIDInHistory(t *testing.T) {
	counts := map[bool]int64{}
	for _, symmetry := range []bool{false, true} {
		sys := actor.NewSystem[choose](actor.Config{})
		h := actor.Linearizable(sys, "register", consistency.Register[actor.ID]{Initial: actor.NoActor})
		for i := range 3 {
			actor.Spawn(sys, fmt.Sprint("noter-", i), noter{h})
		}
		sys.Interchangeable(0, 1, 2)
		r, err := allways.Check(t.Context(), sys, allways.Options{Symmetry: symmetry, Stop: allways.StopNever})
		if err != nil {
			t.Fatal(err)
		}
		if r.Verdict != allways.Holds {
			t.Errorf("symmetry %t: %v", symmetry, r.Verdict)
		}
		counts[symmetry] = r.Stats.Distinct
	}
	// All three invoke at the start, so a history is known by the set of those that have returned.
	if counts[false] != 8 || counts[true] != 4 {
		t.Errorf("%d states and %d orbits, want 8 and 4", counts[false], counts[true])
	}
}

// idReader records operations of all kinds that do not use all their fields, whose unused ids are zero.
type idReader struct {
	Register actor.History[consistency.RegisterOp[actor.ID], actor.ID]
	Stack    actor.History[consistency.StackOp[actor.ID], consistency.Maybe[actor.ID]]
	KV       actor.History[consistency.KVOp[actor.ID, actor.ID], consistency.Maybe[actor.ID]]
}

// idReads is what a reader is about to do, and has in its state.
type idReads struct {
	Op  consistency.CASOp[actor.ID]
	Got consistency.Maybe[actor.ID]
}

func (r idReader) Start(c *actor.Context[choose], s *idReads) {
	r.Register.Invoke(c, consistency.Register[actor.ID]{}.Read())
	r.Stack.Invoke(c, consistency.Stack[actor.ID]{}.Pop())
	r.KV.Invoke(c, consistency.KV[actor.ID, actor.ID]{}.Get(c.Self()))
	s.Op = consistency.CASRegister[actor.ID]{}.Read()
	c.SetTimer("return", 0, 0)
}

func (idReader) Receive(*actor.Context[choose], *idReads, actor.ID, choose) {}

func (r idReader) Timeout(c *actor.Context[choose], s *idReads, _ string) {
	r.Register.Return(c, actor.NoActor)
	r.Stack.Return(c, consistency.None[actor.ID]())
	r.KV.Return(c, consistency.None[actor.ID]())
	s.Op = consistency.CASRegister[actor.ID]{}.Write(c.Self())
	s.Got = consistency.Some(c.Self())
}

// TestUnusedIDs: a renaming leaves ids alone that an operation or a result does not use.
func TestUnusedIDs(t *testing.T) {
	for n, orbits := range map[int]int64{2: 3, 3: 4, 5: 6} {
		if n > 3 && testing.Short() {
			continue // 120 renamings of each state
		}
		sys := actor.NewSystem[choose](actor.Config{})
		r := idReader{
			actor.Linearizable(sys, "register", consistency.Register[actor.ID]{Initial: actor.NoActor}),
			actor.Linearizable(sys, "stack", consistency.Stack[actor.ID]{}),
			actor.Linearizable(sys, "kv", consistency.KV[actor.ID, actor.ID]{}),
		}
		for i := range n {
			actor.Spawn(sys, fmt.Sprint("reader-", i), r)
		}
		sys.Interchangeable(actor.Peers(actor.NoActor, n)...)
		got, err := allways.Check(t.Context(), sys, allways.Options{Symmetry: true, Stop: allways.StopNever})
		if err != nil || got.Verdict != allways.Holds || got.Stats.Distinct != orbits {
			t.Errorf("%d readers: %v, %d states, %v; want holds, %d", n, got.Verdict, got.Stats.Distinct, err, orbits)
		}
	}
}
