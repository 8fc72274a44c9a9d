package runs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/allways-go/allways/internal/temporal"
)

// Run is a run that goes on without end: its last position is followed by that with the number Loop. One that
// ends stays in its last state, so that its last position follows itself.
type Run struct {
	Positions []temporal.Position
	Taken     []Keys // instances of keyed constraints that the step at each position takes
	Enabled   []Keys // instances that some step there would take
	Loop      int
}

// Keys are instances of keyed constraints.
type Keys map[Key]bool

// Key tells an instance of a keyed constraint apart.
type Key struct {
	Atom  int // number among the atoms of its kind
	Value any
}

// Add appends a position.
func (r *Run) Add(at temporal.Position, taken, enabled Keys) {
	r.Positions, r.Taken, r.Enabled = append(r.Positions, at), append(r.Taken, taken), append(r.Enabled, enabled)
}

// Refutes reports whether the run honours the constraints of a promise and does not satisfy its formula.
func (r *Run) Refutes(p *Promise) bool {
	return r.fair(p.Fair) && !temporal.Holds(p.Formula, r.Positions, r.Loop)
}

// fair reports whether the run honours constraints.
func (r *Run) fair(all []Fair) bool {
	for i := range all {
		for _, x := range r.instances(&all[i]) {
			if !x.fair(x.honour(r)) {
				return false
			}
		}
	}
	return true
}

// instance is a fairness constraint for one value of its key, or one without keys.
type instance struct {
	*Fair
	key *Key
}

// instances returns what a constraint demands of the loop: of those by key, the ones that are enabled somewhere in it.
func (r *Run) instances(f *Fair) (all []instance) {
	if !f.Keyed {
		return []instance{{Fair: f}}
	}
	seen := Keys{}
	for _, enabled := range r.Enabled[r.Loop:] {
		for k := range enabled {
			if k.Atom == f.Atom && !seen[k] {
				seen[k] = true
				all = append(all, instance{f, &k})
			}
		}
	}
	slices.SortFunc(all, func(a, b instance) int { return strings.Compare(a.String(), b.String()) })
	return all
}

// String returns the name of the constraint, and the key.
func (x instance) String() string {
	if x.key == nil {
		return x.Name
	}
	return fmt.Sprintf("%s (%v)", x.Name, x.key.Value)
}

// at reports whether the step at a position takes the instance, and whether it is enabled there.
func (x instance) at(r *Run, i int) (taken, enabled bool) {
	if x.key != nil {
		return r.Taken[i][*x.key], r.Enabled[i][*x.key]
	}
	bit := uint64(1) << uint(x.Atom)
	return r.Positions[i].Step&bit != 0, r.Positions[i].Enabled&bit != 0
}

// honour is what a loop does for a constraint.
type honour struct {
	taken, disabled int  // positions; -1 for none
	never           bool // it is enabled nowhere in the loop
}

func (x instance) honour(r *Run) honour {
	h := honour{-1, -1, true}
	for i := len(r.Positions) - 1; i >= r.Loop; i-- {
		taken, enabled := x.at(r, i)
		if taken {
			h.taken = i
		}
		if !enabled {
			h.disabled = i
		}
		h.never = h.never && !enabled
	}
	return h
}

// fair reports whether that is enough.
func (x instance) fair(h honour) bool {
	return h.taken >= 0 || h.never || h.disabled >= 0 && !x.Strong
}
