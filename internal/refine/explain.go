package refine

import (
	"slices"
	"unsafe"

	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/plan"
)

// Sight is what the abstract model has to say of a step, or of an initial state.
type Sight struct {
	Step          int    // number of the step, from 1; 0 for the initial state, before which there is no other
	Before, After string // texts of the abstract states
	Changes       []plan.Change
	Enabled       []Choice // actions that the abstract model has there, or its initial states, nearest first
}

// Choice is what the abstract model would have done.
type Choice struct {
	Text    string        // an action that is enabled before, or an initial state
	Changes []plan.Change // difference from where it leads to the state after
}

// Explain says how the abstract model sees a path up to where it breaks the refinement first: a step, or the
// initial state. It returns nil if the path does not break it.
func (x *Abstraction) Explain(p *gospace.Path) *Sight {
	if !x.Begins(p.State(0)) {
		return x.initially(p.State(0))
	}
	for i := range p.Len() {
		if before, after := p.State(i), p.State(i+1); !x.Follows(before, after) {
			return x.violation(i+1, before, after)
		}
	}
	return nil
}

func (x *Abstraction) initially(s unsafe.Pointer) *Sight {
	after := x.decoded(x.imageOf(s))
	v := &Sight{After: x.model.StateText(after)}
	for _, c := range x.inits {
		init := x.decoded(c)
		v.Enabled = append(v.Enabled, Choice{x.model.StateText(init), x.plan.Diff(init, after)})
	}
	return v.sorted()
}

func (x *Abstraction) violation(step int, from, to unsafe.Pointer) *Sight {
	before, after := x.decoded(x.imageOf(from)), x.decoded(x.imageOf(to))
	v := &Sight{
		Step: step, Before: x.model.StateText(before), After: x.model.StateText(after), Changes: x.plan.Diff(before, after),
	}
	enabled, _ := x.model.Transitions(before) // it has answered before
	for _, t := range enabled {
		if t.Effect {
			v.Enabled = append(v.Enabled, Choice{t.Text, x.plan.Diff(t.Next, after)})
		}
	}
	return v.sorted()
}

func (v *Sight) sorted() *Sight {
	slices.SortStableFunc(v.Enabled, func(a, b Choice) int { return len(a.Changes) - len(b.Changes) })
	return v
}
