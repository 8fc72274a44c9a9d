package main

import (
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/allwaystest"
	"github.com/allways-go/allways/internal/exampletest"
)

func TestModel(t *testing.T) {
	allwaystest.Check(t, Model{Capacity: 2, Duplicates: true}, allwaystest.Options{
		Complete: true, Command: "go run ./examples/alternatingbit", Params: []string{"2", "-duplicates"},
	})
}

func TestHolds(t *testing.T) {
	for capacity := 1; capacity <= 3; capacity++ {
		for _, duplicates := range []bool{false, true} {
			exampletest.Holds(t, Model{Capacity: capacity, Duplicates: duplicates})
		}
	}
}

// A number that is sent twice is confirmed twice, and the second confirmation is taken for that of the next number.
func TestBroken(t *testing.T) {
	exampletest.Trace(t, Model{Capacity: 2, Trusting: true}, "nothing is skipped or received twice", allways.Violated,
		"Send", "Send", "Deliver", "Deliver", "Confirm", "Confirm")
}

// Each packet is lost, so that none stays in its channel and nothing need be delivered.
func TestWeak(t *testing.T) {
	for capacity := 1; capacity <= 3; capacity++ {
		exampletest.Trace(t, Model{Capacity: capacity, Weak: true}, "what is sent is received", allways.Violated,
			"Send", "Lose(0)", "loop 0")
	}
	exampletest.Trace(t, Model{Capacity: 1, Weak: true}, "what is received is confirmed", allways.Violated,
		"Send", "Deliver", "LoseAck(0)", "Send", "Lose(0)", "loop 3")
}

// Without end an old packet is duplicated and delivered, and all new ones are lost behind it.
func TestEchoing(t *testing.T) {
	m := Model{Capacity: 2, Duplicates: true, Echoing: true}
	exampletest.Trace(t, m, "what is sent is received", allways.Violated,
		"Send", "Send", "Deliver", "Confirm", "Double", "Deliver", "Double", "Confirm", "loop 5")
	exampletest.Holds(t, Model{Capacity: 1, Duplicates: true, Echoing: true})
}

func TestCounts(t *testing.T) {
	for _, c := range []struct {
		capacity            int
		duplicates          bool
		generated, distinct int64
	}{
		{1, false, 141, 44},
		{2, false, 669, 140},
		{2, true, 3_601, 608},
		{3, true, 12_601, 1_712},
	} {
		exampletest.Counts(t, Model{Capacity: c.capacity, Duplicates: c.duplicates}, false, c.generated, c.distinct)
	}
}
