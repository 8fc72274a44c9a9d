package actor_test

import (
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
)

// teller sends 5 to actor 1, and totaller adds what it gets.
type (
	teller   struct{}
	totaller struct{}
	total    struct{ N int }
)

func (teller) Start(c *actor.Context[int], _ *total)              { c.Send(1, 5) }
func (teller) Receive(*actor.Context[int], *total, actor.ID, int) {}

func (totaller) Start(*actor.Context[int], *total) {}
func (totaller) Receive(_ *actor.Context[int], s *total, _ actor.ID, m int) {
	s.N += m
}

// counting returns a system of a teller and a counter, whose reference it returns.
func counting() (*actor.System[int], actor.Ref[total]) {
	sys := actor.NewSystem[int](actor.Config{})
	actor.Spawn(sys, "teller", teller{})
	return sys, actor.Spawn(sys, "counter", totaller{})
}

// A reference of another system is an error, even where that system has an actor with its number and its type of
// state: the property would hold of the wrong actor.
func TestForeignReferences(t *testing.T) {
	other := actor.NewSystem[int](actor.Config{})
	wrong := actor.Spawn(other, "lonely", totaller{})
	seen := actor.Observe(other, "seen", 0, func(n int, _ actor.Action[int]) int { return n + 1 })
	for name, read := range map[string]func(s *actor.State[int]) bool{
		`the reference to "lonely" belongs to another system than the state, which is one of the system of teller, ` +
			`counter`: func(s *actor.State[int]) bool { return wrong.In(s).N < 5 },
		"the reference to":               func(s *actor.State[int]) bool { return !wrong.Down(s) },
		"observer of another system":     func(s *actor.State[int]) bool { return *seen.In(s) < 9 },
		"there is no actor 7 in a state": func(s *actor.State[int]) bool { return len(s.Timers(7)) == 0 },
	} {
		sys, right := counting()
		sys.Always("at most 5", func(s *actor.State[int]) bool { return right.In(s).N <= 5 })
		if r, err := allways.Check(t.Context(), sys, allways.Options{}); err != nil || r.Verdict != allways.Holds {
			t.Fatalf("with its own reference: verdict %v, error %v", r.Verdict, err)
		}
		sys.Always("read", read)
		r, err := allways.Check(t.Context(), sys, allways.Options{})
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("error %v, want %q", err, name)
		}
		if r.Verdict == allways.Holds {
			t.Errorf("%s: the verdict is %v", name, r.Verdict)
		}
	}
}

// A state that was made before an actor was spawned does not have it.
func TestStatesFromBeforeSpawn(t *testing.T) {
	sys, counted := counting()
	early := sys.Init()[0]
	late := actor.Spawn(sys, "late", totaller{})
	if n := counted.In(early).N; n != 0 {
		t.Errorf("the counter is at %d", n)
	}
	for want, use := range map[string]func(){
		`actor "late" was spawned after the state was made`: func() { late.In(early) },
		"take the states anew":                              func() { sys.Actions(nil, early) },
		"a state of an unknown system":                      func() { sys.Actions(nil, &actor.State[int]{}) },
	} {
		if got := panicOf(use); !strings.Contains(got, want) {
			t.Errorf("panic %q, want %q", got, want)
		}
	}
}

// panicOf returns the value of a panic of f.
func panicOf(f func()) (text string) {
	defer func() { text, _ = recover().(string) }()
	f()
	return "no panic"
}

// deputy has a reference in its configuration, which has no effect, and may keep it in its state, which is refused.
type (
	deputy struct {
		To   actor.Ref[total]
		Keep bool
	}
	deputyState struct{ Kept any }
)

func (d deputy) Start(c *actor.Context[int], s *deputyState) {
	if d.Keep {
		s.Kept = d.To
	}
	c.Send(d.To.ID(), 1)
}
func (deputy) Receive(*actor.Context[int], *deputyState, actor.ID, int) {}

func TestReferencesInConfigurations(t *testing.T) {
	for _, keep := range []bool{false, true} {
		sys, counted := counting()
		actor.Spawn(sys, "deputy", deputy{counted, keep})
		sys.Always("at most 6", func(s *actor.State[int]) bool { return counted.In(s).N <= 6 })
		_, err := allways.Check(t.Context(), sys, allways.Options{})
		if keep && err == nil || !keep && err != nil {
			t.Errorf("kept in the state: %t: error %v", keep, err)
		}
		m, err := sys.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		if notes := strings.Join(m.(*actor.Model[int]).Notes(), "\n"); strings.Contains(notes, "To") {
			t.Errorf("notes %s", notes)
		}
	}
}
