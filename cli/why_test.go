package cli

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/cli/internal/render"
)

// tally is a state with a counter that nothing bounds, among parts that are bounded and take more
// steps.
type tally struct {
	Hands   [3]int8
	Rounds  int
	Colours map[string]bool
}

// runaway counts rounds forever.
func runaway() allways.Funcs[tally, string] {
	return allways.Funcs[tally, string]{
		InitFunc: func() []tally { return []tally{{}} },
		ActionsFunc: func(dst []string, _ tally) []string {
			return append(dst, "first", "second", "third", "round", "paint")
		},
		NextFunc: func(s tally, a string) (tally, bool) {
			colours := map[string]bool{}
			for k := range s.Colours {
				colours[k] = true
			}
			switch a {
			case "round":
				s.Rounds++
			case "paint":
				colours["red"] = true
			default:
				hand := &s.Hands[slices.Index([]string{"first", "second", "third"}, a)]
				*hand = (*hand + 1) % 4
			}
			s.Colours = colours
			return s, true
		},
		Props: []allways.Property[tally]{allways.Always("few rounds", func(s tally) bool { return s.Rounds < 1_000_000 })},
	}
}

// echo answers every message with one that counts on.
type echo struct{ peer actor.ID }

type echoed struct{ Last, Parity int }

type shout struct{ N int }

func (e echo) Start(c *actor.Context[shout], _ *echoed) {
	if c.Self() == 0 {
		c.Send(e.peer, shout{1})
	}
}

func (e echo) Receive(c *actor.Context[shout], s *echoed, from actor.ID, m shout) {
	s.Last, s.Parity = m.N, m.N%2
	c.Send(from, shout{m.N + 1})
}

func echoes(c actor.Config) *actor.System[shout] {
	sys := actor.NewSystem[shout](c)
	actor.Spawn(sys, "left", echo{1})
	right := actor.Spawn(sys, "right", echo{0})
	sys.Always("not negative", func(s *actor.State[shout]) bool { return right.In(s).Last >= 0 })
	return sys
}

// twins are two actors that greet each other, as alike as can be.
func twins() *actor.System[shout] {
	sys := actor.NewSystem[shout](actor.Config{})
	a, b := actor.Spawn(sys, "a", greeter{}), actor.Spawn(sys, "b", greeter{})
	sys.Interchangeable(a.ID(), b.ID())
	sys.Always("one greeting", func(s *actor.State[shout]) bool { return a.In(s).Last <= 1 })
	return sys
}

type greeter struct{}

func (greeter) Start(c *actor.Context[shout], _ *echoed) {
	for id := range actor.ID(2) {
		if id != c.Self() {
			c.Send(id, shout{1})
		}
	}
}

func (greeter) Receive(_ *actor.Context[shout], s *echoed, _ actor.ID, m shout) { s.Last += m.N }

// Systems with interchangeable actors have symmetry without a method for it, and other systems have
// none.
func TestSymmetryOfActors(t *testing.T) {
	for args, want := range map[string]string{
		"check twins":            `"distinct":4,`,
		"check twins -symmetry":  `"distinct":3,`,
		"check echoes -symmetry": "a system with interchangeable actors",
	} {
		got := runApp(whyApp, append(strings.Fields(args), "-json")...)
		if !strings.Contains(got.stdout+got.stderr, want) {
			t.Errorf("%q prints\n%s%s, without %s", args, got.stdout, got.stderr, want)
		}
	}
}

var whyApp = App[string]{
	Name: "growing",
	Variants: []Variant[string]{
		{Name: "runaway", Config: "runaway"}, {Name: "echoes", Config: "echoes"},
		{Name: "twins", Config: "twins"}, {Name: "locks"},
	},
	Build: func(kind string) (Instance, error) {
		switch kind {
		case "runaway":
			return NewInstance(runaway()), nil
		case "echoes":
			return NewInstance(echoes(actor.Config{})), nil
		case "twins":
			return NewInstance(twins()), nil
		}
		return NewInstance(lockModel(2, true)), nil
	},
}

func TestWhyGolden(t *testing.T) {
	t.Setenv("NO_COLOR", "1")
	for file, args := range map[string]string{
		"why":          "check runaway -workers 1 -max-states 3000 -why",
		"why-actors":   "check echoes -workers 1 -max-states 300 -why",
		"why-complete": "check locks -workers 1 -why",
	} {
		t.Run(file, func(t *testing.T) { checkGolden(t, whyApp, file, args) })
	}
}

// Whatever cuts a search, the counter that runs away is named first.
func TestWhyCut(t *testing.T) {
	for args, want := range map[string]string{
		"check runaway -max-states 20000":    "Rounds",
		"check runaway -max-generated 20000": "Rounds",
		"check runaway -timeout 200ms":       "Rounds",
		"check runaway -depth 40":            "Rounds",
		"check runaway -memory 8MB":          "Rounds",
		"check echoes -max-states 200":       "message shout.N",
	} {
		got := runApp(whyApp, append(strings.Fields(args), "-why", "-json")...)
		if got.code != ExitInconclusive {
			t.Fatalf("%q exits with %d\n%s", args, got.code, got.stderr)
		}
		lines := strings.Split(strings.TrimSpace(got.stdout), "\n")
		var done render.DoneEvent
		if err := json.Unmarshal([]byte(lines[len(lines)-1]), &done); err != nil {
			t.Fatal(err)
		}
		if w := done.Why; w == nil || len(w.RunsOn) == 0 || w.RunsOn[0] != want ||
			w.Parts[0].Path != want || len(w.Actions) == 0 {
			t.Errorf("%q: %+v, want %s first", args, w, want)
		}
	}
}

// A complete search has nothing that runs on, and without the flag nothing is said.
func TestWhyComplete(t *testing.T) {
	got := runApp(whyApp, "check", "locks", "-why", "-json")
	if !strings.Contains(got.stdout, `"why":{"looked":`) || !strings.Contains(got.stdout, `"runs_on":[]`) {
		t.Errorf("it prints\n%s", got.stdout)
	}
	if got := runApp(whyApp, "check", "locks", "-json"); strings.Contains(got.stdout, `"why"`) {
		t.Errorf("it prints\n%s", got.stdout)
	}
	if got := runApp(whyApp, "simulate", "locks", "-why"); got.code != ExitUsage ||
		!strings.Contains(got.stderr, "simulate has no flag -why: it is for check") {
		t.Errorf("simulate -why: %+v", got)
	}
}
