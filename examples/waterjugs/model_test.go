package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/allwaystest"
	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/internal/exampletest"
)

func TestModel(t *testing.T) {
	allwaystest.Check(t, Model{Capacities: []int{7, 11, 13}, Target: 4}, allwaystest.Options{
		Complete: true, Command: "go run ./examples/waterjugs", Params: []string{"7,11,13", "4"},
	})
}

func TestMeasured(t *testing.T) {
	exampletest.Trace(t, Model{Capacities: []int{3, 5}, Target: 4}, "measured", allways.Holds,
		"Fill 1", "Pour 1 into 0", "Empty 0", "Pour 1 into 0", "Fill 1", "Pour 1 into 0")
}

// One of the jugs of 3 and 5 is always full or empty: 16 of the 24 pairs of amounts are reachable.
func TestCounts(t *testing.T) {
	exampletest.Counts(t, Model{Capacities: []int{3, 5}, Target: 4}, false, 59, 16)
	exampletest.Counts(t, Model{Capacities: []int{7, 11, 13}, Target: 4}, false, 5_301, 624)
}

func TestCannotBeMeasured(t *testing.T) {
	r, err := allways.Check(t.Context(), Model{Capacities: []int{2, 4}, Target: 3}, allways.Options{})
	if err != nil || r.Property("measured").Verdict != allways.Violated || !r.Complete {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestBroken(t *testing.T) {
	m := Model{Capacities: []int{3, 5}, Target: 4, Spilling: true}
	exampletest.Trace(t, m, "pouring keeps the water", allways.Violated, "Fill 1", "Pour 1 into 0")
}

func TestBadParameters(t *testing.T) {
	for _, c := range []struct{ capacities, target, want string }{
		{"3,x", "4", `"x" is no capacity`},
		{"3,,5", "4", `"" is no capacity`},
		{"0,5", "4", `"0" is no capacity`},
		{"3,5", "four", `invalid value "four" for TARGET`},
	} {
		var out bytes.Buffer
		code := cli.Run(t.Context(), app, []string{"check", c.capacities, c.target}, nil, &out, &out)
		if code != cli.ExitUsage || !strings.Contains(out.String(), c.want) {
			t.Errorf("%s %s: exit code %d, want %d and %q in\n%s", c.capacities, c.target, code, cli.ExitUsage,
				c.want, &out)
		}
	}
}
