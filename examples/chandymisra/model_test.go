package main

import (
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/internal/exampletest"
)

func TestCounts(t *testing.T) {
	for _, c := range []struct {
		model               Model
		generated, distinct int64
	}{
		{Model{Philosophers: 3, Meals: 2}, 15_382, 5_267},
		{Model{Philosophers: 3, Meals: 2, Network: actor.Ordered}, 9_880, 3_826},
	} {
		exampletest.Counts(t, c.model.System(), false, c.generated, c.distinct)
		exampletest.Holds(t, c.model.System())
	}
	exampletest.HoldsWith(t, Model{Philosophers: 4, Meals: 2}.System(), 2, 391_370, 101_089)
}

// standstill are the steps after which all wait for each other: each philosopher requests the other fork, gets it, and
// keeps it because it is clean.
var standstill = []string{
	"timeout hunger of philosopher-1",
	"timeout hunger of philosopher-2",
	"philosopher-2 -> philosopher-1: Request{}",
	"philosopher-1 -> philosopher-2: Request{}",
	"philosopher-1 -> philosopher-3: Request{}",
	"philosopher-3 -> philosopher-1: Fork{}",
	"timeout hunger of philosopher-3",
	"philosopher-3 -> philosopher-1: Request{}",
	"philosopher-3 -> philosopher-2: Request{}",
	"philosopher-1 -> philosopher-2: Fork{}",
	"philosopher-2 -> philosopher-3: Fork{}",
	"philosopher-2 -> philosopher-3: Request{}",
}

// With precedence in a cycle nobody eats.
func TestBroken(t *testing.T) {
	for _, property := range []string{"nobody waits for ever", "everybody has eaten"} {
		exampletest.Trace(t, Model{Philosophers: 3, Meals: 2, Round: true}.System(), property, allways.Violated,
			standstill...)
	}
}

// A network that duplicates messages duplicates forks: the algorithm needs one that does not.
func TestDoubledForks(t *testing.T) {
	exampletest.Trace(t, Model{Philosophers: 3, Meals: 2, Network: actor.Duplicating}.System(),
		"neighbours do not eat at the same time", allways.Violated,
		"timeout hunger of philosopher-2",
		"philosopher-2 -> philosopher-1: Request{}",
		"timeout hunger of philosopher-1",
		"philosopher-1 -> philosopher-2: Fork{}",
		"philosopher-1 -> philosopher-2: Request{}",
		"timeout satiety of philosopher-2",
		"philosopher-2 -> philosopher-1: Fork{}",
		"philosopher-1 -> philosopher-2: Fork{}",
		"timeout hunger of philosopher-2")
}

func TestAgreesWithPlain(t *testing.T) {
	for _, network := range exampletest.Networks() {
		for _, round := range []bool{false, true} {
			m := Model{Philosophers: 3, Meals: 1, Network: network, Round: round}
			exampletest.AgreesWithPlain(t, m.System())
		}
	}
}

// Philosophers who eat again and again: each who is hungry eats.
func TestEndless(t *testing.T) {
	for _, network := range []actor.Network{actor.Unordered, actor.Ordered} {
		exampletest.Holds(t, Model{Philosophers: 3, Network: network}.System())
	}
}

// Philosopher 1 is hungry and asks for a fork, but its request never arrives.
func TestUnfair(t *testing.T) {
	exampletest.Trace(t, Model{Philosophers: 3, Unfair: true}.System(), "philosopher-1 eats when hungry",
		allways.Violated,
		"timeout hunger of philosopher-2",
		"philosopher-2 -> philosopher-1: Request{}",
		"timeout hunger of philosopher-1",
		"philosopher-1 -> philosopher-2: Fork{}",
		"timeout satiety of philosopher-2",
		"timeout hunger of philosopher-2",
		"timeout satiety of philosopher-2",
		"loop 5")
}

// With precedence in a cycle all wait forever, and nothing is left to be fair about.
func TestBrokenEndless(t *testing.T) {
	exampletest.Trace(t, Model{Philosophers: 3, Round: true}.System(), "philosopher-1 eats when hungry",
		allways.Violated,
		standstill...)
}
