package gospace

import (
	"fmt"

	"github.com/allways-go/allways/internal/property"
)

// Holds reports whether the i-th state of a path satisfies the predicate of the named property.
// Of a step property it judges the step that leads to the state; an initial state satisfies it, or the predicate of
// a Refinement.
// A state that has steps satisfies one of kind Deadlock.
func Holds(p *Path, i int, name string) (holds bool, err error) {
	if i < 0 || i >= len(p.states) {
		return false, fmt.Errorf("a path of %d steps has no state %d", p.Len(), i)
	}
	prop, err := p.model.property(name)
	if err != nil {
		return false, err
	}
	if prop.State == nil && prop.Step == nil {
		return false, fmt.Errorf("property %q is a promise about runs, and no state alone keeps or breaks it", name)
	}
	if prop.Kind == property.Deadlock {
		if ends, err := First(p, i).ends(); err != nil || !ends {
			return !ends, err
		}
	}
	err = guard(PropertySite(name), func() {
		switch {
		case prop.Step == nil:
			holds = prop.State(p.model.own(p.states[i]))
		case i == 0:
			holds = prop.Kind != property.Refinement || prop.State(p.model.own(p.states[0]))
		default:
			holds = prop.Step(p.model.own(p.states[i-1]), p.actions[i-1], p.model.own(p.states[i]))
		}
	})
	return holds, err
}
