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

// Difference says in what a state, whose conduct is a, and its representative differ, or returns "". The name of
// a property is that of its index.
func Difference(a, b Conduct, name func(property int) string) string {
	if a.Terminal != b.Terminal {
		return fmt.Sprintf("one of them has no steps (the state: %t, its representative: %t)", a.Terminal, b.Terminal)
	}
	for i := range a.Holds {
		if x, y := a.Holds[i], b.Holds[i]; x != y {
			return fmt.Sprintf("property %q is %t of the state and %t of its representative", name(i), x, y)
		}
	}
	if a.Bounded != b.Bounded {
		return fmt.Sprintf("a step of one of them leaves the boundary (of the state: %t, of its representative: %t)",
			a.Bounded, b.Bounded)
	}
	if slices.EqualFunc(a.distinct(), b.distinct(), Step.equal) {
		return ""
	}
	for i := range a.Holds {
		if x, y := a.violates(i), b.violates(i); x != y {
			return fmt.Sprintf("a step of one of them violates property %q (of the state: %t, of its representative: %t)",
				name(i), x, y)
		}
	}
	return "the steps of the state and of its representative lead to states with different representatives"
}

// distinct returns the steps sorted, without repetitions.
func (c Conduct) distinct() []Step {
	return slices.CompactFunc(slices.SortedFunc(slices.Values(c.Steps), Step.compare), Step.equal)
}

// violates reports whether a step violates a property.
func (c Conduct) violates(property int) bool {
	return slices.ContainsFunc(c.Steps, func(s Step) bool { return s.Violated>>uint(property)&1 != 0 })
}

func (s Step) compare(t Step) int {
	return cmp.Or(cmp.Compare(s.Violated, t.Violated), bytes.Compare(s.To, t.To))
}

func (s Step) equal(t Step) bool { return s.compare(t) == 0 }
