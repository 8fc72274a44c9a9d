package allways

import (
	"fmt"
	"strings"

	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/refine"
)

// AbstractStep is what the abstract model says of the place where a path breaks a [Refines].
type AbstractStep struct {
	Step    int              // number of the step, from 1; 0 if the path begins in a state that maps to no initial one
	Before  string           // text of the abstract state before the step; empty without a step
	After   string           // text of the abstract state to which the step leads, or the path begins
	Diff    []Change         // difference between the two
	Enabled []AbstractAction // actions that the abstract model has there, or its initial states, nearest first
}

// AbstractAction is an action of an abstract model, or one of its initial states.
type AbstractAction struct {
	Text string   // the action on one line, or the initial state
	Diff []Change // difference from the state to which it leads to the one that was met
}

// String describes the place in some lines of text, without a margin.
func (a *AbstractStep) String() string {
	var b strings.Builder
	switch {
	case a.Step == 0:
		fmt.Fprintf(&b, "the first state maps to\n  %s\n", a.After)
		b.WriteString("which is no initial state of the abstract model; nearest first, it has\n")
	case len(a.Enabled) == 0:
		fmt.Fprintf(&b, "step %d maps to\n  from  %s\n  to    %s\n", a.Step, a.Before, a.After)
		b.WriteString("which is no step of the abstract model: it has none there\n")
	default:
		fmt.Fprintf(&b, "step %d maps to\n  from  %s\n  to    %s\n", a.Step, a.Before, a.After)
		b.WriteString("which is no step of the abstract model; nearest first, it has\n")
	}
	const shown = 5
	for i, x := range a.Enabled {
		if i == shown {
			fmt.Fprintf(&b, "  and %d more\n", len(a.Enabled)-shown)
			break
		}
		fmt.Fprintf(&b, "  %s\n", x.Text)
		for _, c := range x.Diff {
			fmt.Fprintf(&b, "      %s would be %s, not %s\n", c.Path, orNothing(c.Before), orNothing(c.After))
		}
	}
	return b.String()
}

func orNothing(s string) string {
	if s == "" {
		return "absent"
	}
	return s
}

func abstractStepOf(s *refine.Sight) *AbstractStep {
	if s == nil {
		return nil
	}
	a := &AbstractStep{
		Step: s.Step, Before: s.Before, After: s.After, Diff: convertChanges[gospace.Change, Change](s.Changes),
	}
	for _, c := range s.Enabled {
		a.Enabled = append(a.Enabled, AbstractAction{c.Text, convertChanges[gospace.Change, Change](c.Changes)})
	}
	return a
}
