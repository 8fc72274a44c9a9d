package search

import (
	"slices"
	"testing"
)

// Behaviours are found again, those without steps too.
func TestStepsAreKept(t *testing.T) {
	m := newMemo(0)
	for _, component := range []uint32{0, 5, 1 << 20} {
		if _, ok := m.stepsAt(m.posted.Word(component)); ok {
			t.Errorf("component %d is known", component)
		}
		var steps []step
		for k := range component % 7 {
			steps = append(steps, step{component: k, event: component})
		}
		m.keepSteps(component, steps)
		got, ok := m.stepsAt(m.posted.Word(component))
		if !ok || !slices.Equal(got, steps) {
			t.Errorf("component %d: %v, %t; want %v", component, got, ok, steps)
		}
	}
}
