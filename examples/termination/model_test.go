package main

import (
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/exampletest"
)

func TestHolds(t *testing.T) {
	for n := 2; n <= 4; n++ {
		exampletest.Holds(t, Model{N: n, Work: 1})
	}
	exampletest.Holds(t, Model{N: 3, Work: 2})
}

func TestBroken(t *testing.T) {
	exampletest.Trace(t, Model{N: 3, Work: 1, Fault: Forgetful}, "detection is right", allways.Violated,
		"Finish(0)", "Finish(2)", "Pass(2)", "Wake(1, 2)", "Finish(1)", "Pass(1)", "Judge")
}

func TestImpatient(t *testing.T) {
	exampletest.Trace(t, Model{N: 3, Work: 1, Fault: Impatient}, "termination is detected", allways.Violated, "Pass(2)", "loop 0")
}
