package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
)

// caller sends a word to the actor after it, and panics when the message says so.
type caller struct{}

type callerState struct{ Heard string }

func (caller) Start(c *actor.Context[string], s *callerState) { c.Send(c.Self()+1, "hello") }

func (caller) Receive(c *actor.Context[string], s *callerState, from actor.ID, m string) { s.Heard = m }

func calls() *actor.System[string] {
	sys := actor.NewSystem[string](actor.Config{})
	actor.Spawn(sys, "ann", caller{})
	bob := actor.Spawn(sys, "bob", caller{})
	sys.Always("silence", func(s *actor.State[string]) bool { return bob.In(s).Heard == "" })
	return sys
}

var callsApp = App[struct{}]{
	Name: "calls", Variants: []Variant[struct{}]{{Name: "calls"}},
	Build: func(struct{}) (Instance, error) { return NewInstance(calls()), nil },
}

func TestDiagramFlag(t *testing.T) {
	for _, c := range []struct{ file, begins, has string }{
		{"x.svg", "<svg ", "hello"},
		{"x.mmd", "sequenceDiagram\n", "p0->>p1: 1. #34;hello#34;"},
		{"x.txt", " ", `├─ "hello" ─►│`},
	} {
		for _, args := range [][]string{
			{"check", "-diagram"}, {"simulate", "-seed", "1", "-diagram"}, {"replay", "-path", "0:0", "-diagram"},
		} {
			file := filepath.Join(t.TempDir(), c.file)
			got := runApp(callsApp, append(args, file)...)
			data, err := os.ReadFile(file)
			if err != nil || got.code != ExitViolated {
				t.Fatalf("%s %s: exit code %d, %s, %v", args, c.file, got.code, got.stderr, err)
			}
			if text := string(data); !strings.HasPrefix(text, c.begins) || !strings.Contains(text, c.has) {
				t.Errorf("%s %s writes\n%s\nwhich does not begin with %q or does not have %q", args, c.file, text, c.begins, c.has)
			}
		}
	}
}

func TestDiagramFlagErrors(t *testing.T) {
	dir := t.TempDir()
	drawn, written := filepath.Join(dir, "x.svg"), filepath.Join(dir, "x.txt")
	for _, c := range []struct {
		args string
		code int
		want string
	}{
		{"check broken -diagram " + filepath.Join(dir, "x.png"), ExitUsage,
			"want a file called *.svg, *.mmd (Mermaid) or *.txt"},
		{"check broken -diagram " + filepath.Join(dir, "none", "x.svg"), ExitUsage, "there is no folder"},
		{"check broken -diagram " + drawn, ExitUsage, "only systems of actors are drawn as *.svg: use *.txt"},
		{"replay broken -path 0:0 -diagram " + drawn, ExitUsage, "only systems of actors are drawn as *.svg"},
		{"check broken -diagram " + written, ExitUsage, "the model has no Diagram method"},
		{"check light -depth 1 -diagram " + written, ExitInconclusive,
			"there is no counterexample, so " + written + " was not written"},
	} {
		got := run(strings.Fields(c.args)...)
		if got.code != c.code || !strings.Contains(got.stderr, c.want) {
			t.Errorf("%s: exit code %d and %q, want %d and %q", c.args, got.code, got.stderr, c.code, c.want)
		}
	}
	for _, file := range []string{drawn, written} {
		if _, err := os.Stat(file); err == nil {
			t.Errorf("%s was written", file)
		}
	}
}

// changer has the optional method Changes.
type changer struct{ everything }

func (changer) Changes(before, after int) []allways.Change { return nil }

func TestChangesIsAnOptionalMethod(t *testing.T) {
	if got := fmt.Sprint(optionalOf(t, NewInstance(changer{}))); !strings.Contains(got, " Changes Diagram ") {
		t.Errorf("the optional methods are %s", got)
	}
}

func TestPathOfASystem(t *testing.T) {
	got := runApp(callsApp, "check").stdout
	want := `  init  in flight  ann -> bob: "hello"
                   bob -> outside: "hello"
     1  ann -> bob: "hello"
          ~  bob.Heard  "" → "hello"

`
	if !strings.Contains(got, want) {
		t.Errorf("check prints\n%s\nwant\n%s", got, want)
	}
}
