package allways

import (
	"fmt"

	"github.com/allways-go/allways/internal/doubts"
	"github.com/allways-go/allways/internal/engine"
)

// Warning is a reason to doubt that a run has checked what was meant: a model that cannot fail, or a
// part of it that no behaviour uses. It changes no verdict. That something never happens is said only
// after a complete search.
type Warning struct {
	Kind WarningKind // reason in general
	Text string      // reason in a sentence, with names
}

// String returns the text.
func (w Warning) String() string { return w.Text }

// WarningKind is a kind of warning.
type WarningKind string

// The kinds of warnings. The last five are about systems of actors.
const (
	WarningNoProperties   = WarningKind(engine.WarningNoProperties)   // nothing can be violated
	WarningNoSteps        = WarningKind(engine.WarningNoSteps)        // no step changes the state
	WarningNeverTaken     = WarningKind(engine.WarningNeverTaken)     // offered or declared, and always without effect
	WarningVacuous        = WarningKind(engine.WarningVacuous)        // satisfied before anything has happened
	WarningIdleActor      = WarningKind(engine.WarningIdleActor)      // no handler of it runs but Start
	WarningNeverCalled    = WarningKind(engine.WarningNeverCalled)    // for none of the actors that have it
	WarningNeverDelivered = WarningKind(engine.WarningNeverDelivered) // no handler ever receives it
	WarningNoEffect       = WarningKind(engine.WarningNoEffect)       // handlers ignore a message or a timeout
	WarningNoFault        = WarningKind(engine.WarningNoFault)        // permitted, and impossible all the same
)

// warn adds to the result what makes its verdicts doubtful. A model that has misbehaved has worse to
// say.
func (r *run) warn() {
	out := r.out
	if out.Misbehaviour != nil || r.failure != nil {
		return
	}
	_, native := r.model.Value.(engine.NativeModel)
	d := doubts.Run{
		Properties: len(out.Properties), Native: native, Searched: r.searched, Bounded: out.Bounded,
		Walked: r.ledger.reason == StopReasonWalks, Alone: out.Stats.Distinct == 1 && !r.Symmetry,
	}
	for _, a := range out.Actions {
		d.Actions = append(d.Actions, doubts.Action{Name: a.Name, Enabled: a.Enabled, Taken: a.Taken})
	}
	for i, p := range out.Properties {
		if why := r.vacuity(i, p.Kind); p.Verdict == Holds && why != "" {
			d.Vacuous = append(d.Vacuous, fmt.Sprintf("%q (%v) %s", p.Name, p.Kind, why))
		}
	}
	for _, w := range d.Warnings(r.space.Warnings) {
		out.Warnings = append(out.Warnings, Warning{WarningKind(w.Kind), w.Text})
	}
}

// vacuity says why a property that holds is satisfied before anything has happened; "" if it is not.
func (r *run) vacuity(i int, kind PropertyKind) string {
	path := r.out.paths[i]
	switch {
	case kind == KindEventually && r.vacuous.Has(i):
		return "is satisfied in every initial state already, so that it holds whatever happens"
	case kind == KindSometimes && path != nil && path.Len() == 0:
		return "is satisfied in an initial state already, so that it holds whatever happens"
	case kind == KindRefinement && r.searched && !abstraction(r.model, i).Moved():
		return "maps every run to one that stays in its first abstract state, so that it holds whatever the abstract " +
			"model does"
	}
	return ""
}
