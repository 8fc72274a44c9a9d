package allways

import (
	"fmt"

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
	if len(out.Properties) == 0 {
		r.warning(WarningNoProperties, "the model has no properties, so that nothing can be violated: "+
			"return some from Properties, such as Always(name, predicate)")
	}
	moves := r.warnOfSteps()
	r.warnOfProperties()
	if !r.searched || !moves {
		return // nothing is known of what never happens, or all of it follows
	}
	within := ""
	if out.Bounded {
		within = " (within the boundary)"
	}
	for _, a := range out.Actions {
		if a.Taken == 0 {
			r.warning(WarningNeverTaken, "action %q is never taken: %s%s", a.Name, r.whyNotTaken(a, "it"), within)
		}
	}
	for _, w := range r.space.Warnings() {
		r.warning(WarningKind(w.Kind), "%s%s", w.Text, within)
	}
}

func (r *run) warning(kind WarningKind, format string, args ...any) {
	r.out.Warnings = append(r.out.Warnings, Warning{kind, fmt.Sprintf(format, args...)})
}

// warnOfSteps warns of a model that does not move, and reports whether it does. A search that a limit
// has stopped may have had no time for steps.
func (r *run) warnOfSteps() (moves bool) {
	all := ActionStats{}
	for _, a := range r.out.Actions {
		all.Enabled += a.Enabled
		all.Taken += a.Taken
	}
	switch {
	case !r.searched && r.ledger.reason != StopReasonWalks:
		return true
	case all.Taken == 0:
		r.warning(WarningNoSteps, "no step is possible from an initial state: %s", r.whyNotTaken(all, "some"))
		return false
	case r.out.Stats.Distinct == 1 && !r.Symmetry:
		r.warning(WarningNoSteps, "no step changes the state: every step returns to the one initial state")
		return false
	}
	return true
}

// whyNotTaken says what became of actions that were never taken. Actions of systems of actors are
// enabled only if they have an effect.
func (r *run) whyNotTaken(a ActionStats, which string) string {
	_, native := r.model.Value.(engine.NativeModel)
	switch {
	case a.Enabled == 0 && native:
		return "no actor sends a message, sets a timer or offers a choice to which a handler reacts"
	case a.Enabled == 0:
		return "Actions never offers one"
	case native:
		return "each leads out of the boundary"
	case r.out.Bounded:
		return "Actions offers " + which + ", but Next never reports an effect inside the boundary"
	}
	return "Actions offers " + which + ", but Next never reports an effect"
}

// warnOfProperties warns of properties that are satisfied before anything has happened.
func (r *run) warnOfProperties() {
	for i, p := range r.out.Properties {
		path := r.out.paths[i]
		switch {
		case p.Kind == KindEventually && p.Verdict == Holds && r.vacuous.Has(i):
			r.warning(WarningVacuous, "%q (eventually) is satisfied in every initial state already, so that it holds "+
				"whatever happens", p.Name)
		case p.Kind == KindSometimes && p.Verdict == Holds && path != nil && path.Len() == 0:
			r.warning(WarningVacuous, "%q (sometimes) is satisfied in an initial state already, so that it holds "+
				"whatever happens", p.Name)
		case p.Kind == KindRefinement && p.Verdict == Holds && r.searched && !abstraction(r.model, i).Moved():
			r.warning(WarningVacuous, "%q (refines) maps every run to one that stays in its first abstract state, so that it "+
				"holds whatever the abstract model does", p.Name)
		}
	}
}
