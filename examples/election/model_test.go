package main

import (
	"fmt"
	"maps"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/allwaystest"
	"github.com/allways-go/allways/internal/exampletest"
	"github.com/allways-go/allways/internal/longtest"
)

const promise = "a candidate leads to a leader"

func TestModel(t *testing.T) {
	allwaystest.Check(t, Model{Servers: 2, Candidates: 2, Early: 2}, allwaystest.Options{
		Complete: true, Command: "go run ./examples/election", Params: []string{"2", "-early=2"},
	})
}

func TestCounts(t *testing.T) {
	for _, c := range []struct {
		model               Model
		generated, distinct int64
	}{
		{Model{Servers: 2, Candidates: 2, Early: 1}, 49, 29},
		{Model{Servers: 3, Candidates: 2, Early: 1}, 391, 159},
		{Model{Servers: 3, Candidates: 3}, 94, 58},
		{Model{Servers: 2, Candidates: 2, Duel: true}, 99, 33},
	} {
		exampletest.Counts(t, c.model, false, c.generated, c.distinct)
	}
}

// However often timers are too fast, there is a leader if that ends.
func TestHolds(t *testing.T) {
	for servers := 1; servers <= 3; servers++ {
		for early := range longtest.Size(2, 4) {
			exampletest.Holds(t, Model{Servers: servers, Candidates: servers, Early: early})
		}
	}
}

// Server 3 votes for both candidates.
func TestBroken(t *testing.T) {
	exampletest.Trace(t, Model{Servers: 3, Candidates: 3, Early: 1, Forgetful: true}, "election safety", allways.Violated,
		"Timeout 1", "Timeout 2", "Request 1->3, term +1", "Request 2->3", "Vote 3->1", "Vote 3->2")
}

// Two servers always stand at the same time, and each has voted for itself when the other one asks.
func TestDuelOfTwo(t *testing.T) {
	exampletest.Trace(t, Model{Servers: 2, Candidates: 2, Duel: true}, promise, allways.Violated,
		"Timeout 1", "Timeout 2", "Timeout 1", "Request 1->2", "Timeout 2", "loop 2")
}

// Server 3 would make a leader, but the candidate that it votes for has gone on to the next term before the vote
// arrives.
func TestDuel(t *testing.T) {
	exampletest.Trace(t, Model{Servers: 3, Candidates: 2, Duel: true}, promise, allways.Violated,
		"Timeout 1", "Timeout 2", "Request 1->3, term +1", "Timeout 1", "Request 1->2", "Request 1->3, term +1", "Timeout 2",
		"loop 3")
}

// All three servers stand, and each election is over before its votes arrive.
func TestDuelOfThree(t *testing.T) {
	longtest.Run(t)
	exampletest.Trace(t, Model{Servers: 3, Candidates: 3, Duel: true}, promise, allways.Violated,
		"Timeout 1", "Request 1->2, term +1", "Request 1->3, term +1", "Timeout 1", "Timeout 2", "Timeout 3", "Timeout 1",
		"Request 1->2, term +1", "Request 1->3, term +1", "loop 3")
}

// Terms that are relative to the least one lose nothing: up to a depth the states are those with absolute terms, made
// relative.
func TestRelativeTerms(t *testing.T) {
	for _, m := range []Model{
		{Servers: 2, Candidates: 2, Early: 2},
		{Servers: 3, Candidates: 2, Early: 1},
		{Servers: 3, Candidates: 3, Early: 1, Forgetful: true},
	} {
		absolute := m
		absolute.absolute = true
		want, got := reached(t, absolute), reached(t, m)
		if !maps.Equal(got, want) || len(want) < 50 {
			t.Errorf("%+v: %d states, want the %d of absolute terms", m, len(got), len(want))
		}
	}
}

// reached returns the states up to a depth, with relative terms.
func reached(t *testing.T, m Model) map[string]bool {
	t.Helper()
	texts := map[string]bool{}
	_, err := allways.Check(t.Context(), m, allways.Options{
		Workers: 1, MaxDepth: 10, Stop: allways.StopNever,
		Visitor: allways.VisitStates(func(s State, _ int) {
			s.rebase(m.Servers)
			texts[fmt.Sprint(s)] = true
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}
