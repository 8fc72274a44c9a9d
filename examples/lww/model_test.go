package main

import (
	"fmt"
	"slices"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/allwaystest"
	"github.com/allways-go/allways/internal/exampletest"
	"pgregory.net/rapid"
)

const agreement = "replicas that have seen the same writes agree"

func TestModel(t *testing.T) {
	allwaystest.Check(t, Model{Replicas: 2, Sets: 1, Sends: 2}.System(), allwaystest.Options{
		Complete: true, Command: "go run ./examples/lww", Params: []string{"2", "-sets", "1"},
	})
}

// The counts come from a second, naive search.
func TestCounts(t *testing.T) {
	for _, c := range []struct {
		m                   Model
		generated, distinct int64
	}{
		{Model{Replicas: 2, Sets: 1, Sends: 1}, 411, 215},
		{Model{Replicas: 2, Sets: 1, Sends: 2}, 4_983, 1_912},
		{Model{Replicas: 2, Sets: 1, Sends: 2, Network: actor.Duplicating}, 1_535, 1_005},
		{Model{Replicas: 2, Sets: 1, Sends: 2, Network: actor.Ordered}, 3_873, 1_556},
		{Model{Replicas: 3, Sets: 1, Sends: 1}, 44_385, 15_540},
	} {
		exampletest.Counts(t, c.m.System(), false, c.generated, c.distinct)
	}
	for workers := 1; workers <= 2; workers++ {
		exampletest.HoldsWith(t, Model{Replicas: 2, Sets: 2, Sends: 2}.System(), workers, 81_441, 25_184)
	}
}

// Each replica keeps its own write of time 1, although both have seen both writes.
func TestBroken(t *testing.T) {
	exampletest.Trace(t, Model{Replicas: 2, Sets: 2, Sends: 2, Tied: true}.System(), agreement, allways.Violated,
		`choose set of replica-1: "red"`,
		`choose send of replica-1: replica-2`,
		`choose set of replica-2: "blue"`,
		`replica-1 -> replica-2: Register{Stamp:{Time:1 Replica:replica-1} Value:"red" Seen:[1 0]}`,
		`choose send of replica-2: replica-1`,
		`replica-2 -> replica-1: Register{Stamp:{Time:1 Replica:replica-2} Value:"blue" Seen:[1 1]}`)
}

func TestAgreesWithPlain(t *testing.T) {
	for _, m := range []Model{
		{Replicas: 2, Sets: 1, Sends: 1},
		{Replicas: 2, Sets: 1, Sends: 2, Network: actor.Duplicating},
		{Replicas: 2, Sets: 1, Sends: 2, Network: actor.Ordered},
		{Replicas: 2, Sets: 1, Sends: 2, Tied: true},
	} {
		t.Run(fmt.Sprintf("%+v", m), func(t *testing.T) { exampletest.AgreesWithPlain(t, m.System()) })
	}
}

// Merging is commutative, associative and idempotent, as a replicated value requires, and never
// goes back in time.
func TestMerge(t *testing.T) {
	r := Replica{Replicas: 2}
	rapid.Check(t, func(t *rapid.T) {
		registers := rapid.Custom(func(t *rapid.T) Register {
			stamp := Stamp{rapid.IntRange(0, 3).Draw(t, "time"), actor.ID(rapid.IntRange(0, 1).Draw(t, "replica"))}
			// One replica writes one value at a time.
			return Register{stamp, Colour(fmt.Sprint(stamp)),
				rapid.SliceOfN(rapid.IntRange(0, 3), 2, 2).Draw(t, "seen")}
		})
		a, b, c := registers.Draw(t, "a"), registers.Draw(t, "b"), registers.Draw(t, "c")
		merge := func(a, b Register) Register {
			a.Seen = slices.Clone(a.Seen)
			return r.merge(a, b)
		}
		for _, law := range []struct {
			name        string
			left, right Register
		}{
			{"commutative", merge(a, b), merge(b, a)},
			{"associative", merge(merge(a, b), c), merge(a, merge(b, c))},
			{"idempotent", merge(a, a), a},
		} {
			if law.left.Stamp != law.right.Stamp || law.left.Value != law.right.Value ||
				!slices.Equal(law.left.Seen, law.right.Seen) {
				t.Errorf("merging is not %s: %v and %v", law.name, law.left, law.right)
			}
		}
		if merge(a, b).Stamp.compare(a.Stamp) < 0 {
			t.Errorf("merging %v into %v goes back in time", b, a)
		}
	})
}
