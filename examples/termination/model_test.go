package main

import (
	"fmt"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/allwaystest"
	"github.com/allways-go/allways/internal/exampletest"
)

func TestModel(t *testing.T) {
	allwaystest.Check(t, Model{N: 3, Work: 2}, allwaystest.Options{
		Complete: true, Command: "go run ./examples/termination", Params: []string{"3", "2"},
	})
}

func TestHolds(t *testing.T) {
	for n := 2; n <= 4; n++ {
		for work := range 3 {
			exampletest.Holds(t, Model{N: n, Work: work})
		}
	}
}

func TestBroken(t *testing.T) {
	exampletest.Trace(t, Model{N: 3, Work: 1, Fault: Forgetful}, "detection is right", allways.Violated,
		"Finish(0)", "Finish(2)", "Pass(2)", "Wake(1, 2)", "Finish(1)", "Pass(1)", "Judge")
}

// Nothing wrong is announced, but the token may travel forever while the nodes stay busy.
func TestImpatient(t *testing.T) {
	m := Model{N: 3, Work: 1, Fault: Impatient}
	exampletest.Trace(t, m, "termination is detected", allways.Violated, "Pass(2)", "Pass(1)", "Judge", "loop 0")
	r, err := allways.Check(t.Context(), m, allways.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"detection is right", "termination leads to its detection", "no deadlock"} {
		if p := r.Property(name); p.Verdict != allways.Holds {
			t.Errorf("%s: %v\n%v", name, p.Verdict, p.Path)
		}
	}
	ignored := r.Property("termination is detected").Ignored
	if fmt.Sprint(ignored) != "[Finish(0) Finish(1) Finish(2)]" {
		t.Errorf("ignored on the lasso: %v", ignored)
	}
}

// Nodes may wake each other forever. When all are idle, that is detected.
func TestEndless(t *testing.T) {
	for n := 2; n <= 4; n++ {
		exampletest.Holds(t, Model{N: n, Endless: true})
	}
}

// Node 1 has woken node 2 and taints the token in every round.
func TestStained(t *testing.T) {
	exampletest.Trace(t, Model{N: 3, Work: 1, Fault: Stained}, "termination leads to its detection", allways.Violated,
		"Finish(0)", "Finish(2)", "Wake(1, 2)", "Finish(1)", "Finish(2)", "Pass(2)", "Pass(1)", "Judge", "loop 5")
}

// The counts come from a second, naive checker.
func TestCounts(t *testing.T) {
	for _, c := range []struct {
		n, work             int
		fault               Fault
		generated, distinct int64
	}{
		{2, 1, Correct, 60, 41},
		{3, 0, Correct, 25, 15},
		{3, 1, Correct, 790, 339},
		{3, 2, Correct, 4_590, 1_667},
		{4, 1, Correct, 9_063, 2_753},
		{4, 2, Correct, 105_157, 25_167},
		{3, 1, Forgetful, 437, 189},
		{4, 2, Forgetful, 22_216, 5_577},
	} {
		exampletest.Counts(t, Model{N: c.n, Work: c.work, Fault: c.fault}, false, c.generated, c.distinct)
	}
}
