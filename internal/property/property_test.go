package property_test

import (
	"testing"

	"github.com/allways-go/allways/internal/property"
)

// Every kind is decided by the evidence that it is about, and by nothing else.
func TestJudge(t *testing.T) {
	for _, c := range []struct {
		kind property.Kind
		run  property.Run
		want property.Verdict
	}{
		{property.Always, property.Run{All: true}, property.Inconclusive},
		{property.Always, property.Run{Some: true}, property.Violated},
		{property.Sometimes, property.Run{}, property.Inconclusive},
		{property.Sometimes, property.Run{Some: true}, property.Holds},
		{property.Eventually, property.Run{}, property.Inconclusive},
		{property.Eventually, property.Run{Ends: true}, property.Violated},
		{property.Eventually, property.Run{Loops: true}, property.Violated},
		{property.Eventually, property.Run{Some: true, Ends: true}, property.Inconclusive},
		{property.Step, property.Run{Steps: true}, property.Inconclusive},
		{property.Step, property.Run{}, property.Violated},
		{property.Deadlock, property.Run{Ends: true, Last: true}, property.Inconclusive},
		{property.Deadlock, property.Run{Ends: true}, property.Violated},
		{property.Deadlock, property.Run{}, property.Inconclusive},
	} {
		if got := c.kind.Judge(c.run); got != c.want {
			t.Errorf("kind %d, %+v: verdict %d, want %d", c.kind, c.run, got, c.want)
		}
		if c.want != property.Inconclusive && c.want != c.kind.Found() {
			t.Errorf("kind %d: a path gives verdict %d, a search %d", c.kind, c.want, c.kind.Found())
		}
	}
}

// What a search finds, and what it shows by finding nothing, are opposites.
func TestSearchVerdicts(t *testing.T) {
	for k := property.Always; k <= property.Deadlock; k++ {
		if k.Found() == k.Exhausted() || k.Found() == property.Inconclusive || k.Exhausted() == property.Inconclusive {
			t.Errorf("kind %d: %d and %d", k, k.Found(), k.Exhausted())
		}
	}
	for k := property.Always; k <= property.Deadlock; k++ {
		if k.Everywhere() != (k == property.Always || k == property.Step) {
			t.Errorf("kind %d: every state or step must satisfy it: %t", k, k.Everywhere())
		}
		if k.OfStates() != (k == property.Always || k == property.Sometimes) {
			t.Errorf("kind %d: reachable states decide it: %t", k, k.OfStates())
		}
	}
	if property.Always.DecidedBy(true) || !property.Always.DecidedBy(false) {
		t.Error("Always is decided by a state in which its predicate is false")
	}
	if property.Sometimes.DecidedBy(false) || !property.Sometimes.DecidedBy(true) {
		t.Error("Sometimes is decided by a state in which its predicate is true")
	}
}
