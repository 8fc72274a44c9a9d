package main

import (
	"fmt"
	"slices"

	"github.com/allways-go/allways"
)

// Atomic is what two-phase commit is for, without a transaction manager and messages: all resource managers commit,
// or none does. It is the specification TCommit of Gray and Lamport.
type Atomic struct{ N int }

// Outcome is the state of [Atomic]: those of the resource managers.
type Outcome [MaxRMs]RMState

// Change is an action of [Atomic]: a resource manager enters a state.
type Change struct {
	RM RM
	To RMState
}

var _ allways.Model[Outcome, Change] = Atomic{}

// Init implements [allways.Model].
func (Atomic) Init() []Outcome { return []Outcome{{}} }

// Actions implements [allways.Model]. A resource manager commits if all are ready to, and aborts if none has
// committed.
func (m Atomic) Actions(dst []Change, s Outcome) []Change {
	all := s[:m.N]
	unready := slices.Contains(all, Working) || slices.Contains(all, Aborted)
	for i, state := range all {
		rm := RM(i)
		if state == Working {
			dst = append(dst, Change{rm, Prepared})
		}
		if state == Prepared && !unready {
			dst = append(dst, Change{rm, Committed})
		}
		if state <= Prepared && !slices.Contains(all, Committed) {
			dst = append(dst, Change{rm, Aborted})
		}
	}
	return dst
}

// Next implements [allways.Model].
func (Atomic) Next(s Outcome, c Change) (Outcome, bool) {
	s[c.RM] = c.To
	return s, true
}

// Properties implements [allways.Model].
func (Atomic) Properties() []allways.Property[Outcome] {
	return []allways.Property[Outcome]{
		allways.Always("all or nothing", func(s Outcome) bool {
			return !slices.Contains(s[:], Committed) || !slices.Contains(s[:], Aborted)
		}),
	}
}

// FormatState implements [allways.StateFormatter]. It shows the first N resource managers only.
func (m Atomic) FormatState(s Outcome) string { return fmt.Sprint(s[:m.N]) }

// FormatAction implements [allways.ActionFormatter].
func (Atomic) FormatAction(c Change) string { return fmt.Sprintf("%v(%d)", c.To, c.RM) }
