package main

import (
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/allwaystest"
	"github.com/allways-go/allways/internal/exampletest"
)

func TestModel(t *testing.T) {
	allwaystest.Check(t, Model{N: 2}, allwaystest.Options{
		Complete: true, Command: "go run ./examples/dijkstra", Params: []string{"2"},
	})
}

// The counts of three processes agree with those of TLC.
func TestCounts(t *testing.T) {
	exampletest.Counts(t, Model{N: 2}, false, 1_322, 660)
	exampletest.Counts(t, Model{N: 3}, false, 282_810, 90_882)
}

func TestHolds(t *testing.T) { exampletest.Holds(t, Model{N: 3}) }

// Process 1 has seen that process 0 does not want to enter, and takes the turn when process 0 has it already.
func TestBroken(t *testing.T) {
	exampletest.Trace(t, Model{N: 2, Trusting: true}, "mutual exclusion", allways.Violated,
		"Request(1)", "Check(1)", "Withdraw(1)", "Look(1)", "Ask(1)", "Request(0)", "Check(0)", "Stand(0)",
		"Compare(0)", "Claim(1)", "Again(1)", "Check(1)", "Stand(1)", "Compare(1)")
}

// Process 1 enters again and again. Whenever process 0 asks, it wants to enter.
func TestStarving(t *testing.T) {
	exampletest.Trace(t, Model{N: 2, Starving: true}, "process 0 enters after it tries", allways.Violated,
		"Request(0)", "Check(0)", "Withdraw(0)", "Look(0)", "Request(1)", "Check(1)", "Stand(1)", "Ask(0)",
		"Compare(1, 0)", "Again(0)", "Check(0)", "Withdraw(0)", "Look(0)", "Compare(1)", "Critical(1)", "Resign(1)",
		"Release(1)", "Rest(1)", "Request(1)", "Check(1)", "Stand(1)", "loop 7")
}

// Process 1 waits for process 0, which has the turn and does nothing.
func TestScheduled(t *testing.T) {
	exampletest.Trace(t, Model{N: 2, Scheduled: true}, "some process enters after process 0 tries", allways.Violated,
		"Request(0)", "Request(1)", "Check(1)", "Withdraw(1)", "Look(1)", "Ask(1)", "Again(1)", "Check(1)",
		"Withdraw(1)", "Look(1)", "loop 5")
}
