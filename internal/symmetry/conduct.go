package symmetry

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
)

// Conduct is what a state and its representative must have in common.
type Conduct struct {
	Holds    []bool // answers of the properties; false where a property is not asked in the state
	Terminal bool   // whether there are no steps
	Bounded  bool   // whether a step leaves the boundary
	Steps    []Step // steps inside the boundary; their order and repetitions are of no account
}

// Step is what the steps of a state and of its representative must have in common.
type Step struct {
	Violated uint64 // step properties that the step violates, as bits
	To       []byte // content of the representative of its result
}

// Difference says in what a state, whose conduct is a, and its representative differ, or returns "". It reports
// whether a property of steps alone tells them apart, since they do the same. What a property is called is that of its
// index, such as "property x".
func Difference(a, b Conduct, called func(property int) string) (what string, told bool) {
	if a.Terminal != b.Terminal {
		return fmt.Sprintf("one of them has no steps (the state: %t, its representative: %t)", a.Terminal, b.Terminal), false
	}
	for i := range a.Holds {
		if x, y := a.Holds[i], b.Holds[i]; x != y {
			return fmt.Sprintf("%s is %t of the state and %t of its representative", called(i), x, y), false
		}
	}
	if a.Bounded != b.Bounded {
		return fmt.Sprintf("a step of one of them leaves the boundary (of the state: %t, of its representative: %t)",
			a.Bounded, b.Bounded), false
	}
	if a.same(b, ^uint64(0)) {
		return "", false
	}
	told = a.same(b, 0)
	for i := range a.Holds {
		if x, y := a.violates(i), b.violates(i); x != y {
			return fmt.Sprintf("%s is false of a step of one of them (of the state: %t, of its representative: %t)",
				called(i), x, y), told
		}
	}
	for i := range a.Holds {
		if told && !a.same(b, 1<<uint(i)) {
			return fmt.Sprintf("%s is true of some steps of the state, and false of the steps of its representative that "+
				"lead to the same states: it tells apart what is interchangeable", called(i)), told
		}
	}
	return "the steps of the state and of its representative lead to states with different representatives", told
}

// same reports whether steps lead to the same states, and violate the same of some properties.
func (c Conduct) same(d Conduct, properties uint64) bool {
	return slices.EqualFunc(c.distinct(properties), d.distinct(properties), Step.equal)
}

// distinct returns the steps sorted, without repetitions, as seen by some properties.
func (c Conduct) distinct(properties uint64) []Step {
	all := slices.Clone(c.Steps)
	for i := range all {
		all[i].Violated &= properties
	}
	slices.SortFunc(all, Step.compare)
	return slices.CompactFunc(all, Step.equal)
}

// violates reports whether a step violates a property.
func (c Conduct) violates(property int) bool {
	return slices.ContainsFunc(c.Steps, func(s Step) bool { return s.Violated>>uint(property)&1 != 0 })
}

func (s Step) compare(t Step) int {
	return cmp.Or(cmp.Compare(s.Violated, t.Violated), bytes.Compare(s.To, t.To))
}

func (s Step) equal(t Step) bool { return s.compare(t) == 0 }
