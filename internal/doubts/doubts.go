// Package doubts says what makes the verdicts of a run doubtful: a model that cannot fail, or a part of it that no
// behaviour uses. It knows no models: what a run has counted is all that it looks at.
package doubts

import (
	"fmt"

	"github.com/allways-go/allways/internal/engine"
)

// Run is what is known at the end of a run.
type Run struct {
	Properties int
	Vacuous    []string // properties that are satisfied before anything has happened, each in a sentence
	Actions    []Action
	Native     bool // actions are enabled only if they have an effect, as those of systems of actors
	Searched   bool // all reachable states were searched
	Walked     bool // all walks of a simulation were made
	Bounded    bool // a step led out of the boundary
	Alone      bool // there is one state
}

// Action is how often an action was possible, and how often it was taken.
type Action struct {
	Name           string
	Enabled, Taken int64
}

// Warnings returns the doubts. never returns what never happened, according to the state space; it is called only if
// that means something.
func (r *Run) Warnings(never func() []engine.Warning) (all []engine.Warning) {
	add := func(kind engine.WarningKind, format string, args ...any) {
		all = append(all, engine.Warning{Kind: kind, Text: fmt.Sprintf(format, args...)})
	}
	if r.Properties == 0 {
		add(engine.WarningNoProperties, "the model has no properties, so that nothing can be violated: "+
			"return some from Properties, such as Always(name, predicate)")
	}
	still := r.still()
	if still != "" {
		add(engine.WarningNoSteps, "%s", still)
	}
	for _, text := range r.Vacuous {
		add(engine.WarningVacuous, "%s", text)
	}
	if !r.Searched || still != "" {
		return all // nothing is known of what never happens, or all of it follows
	}
	within := ""
	if r.Bounded {
		within = " (within the boundary)"
	}
	for _, a := range r.Actions {
		if a.Taken == 0 {
			add(engine.WarningNeverTaken, "action %q is never taken: %s%s", a.Name, r.why(a, "it"), within)
		}
	}
	for _, w := range never() {
		add(w.Kind, "%s%s", w.Text, within)
	}
	return all
}

// still says why the model does not move; "" if it does. A search that a limit has stopped may have had no time for
// steps.
func (r *Run) still() string {
	all := Action{}
	for _, a := range r.Actions {
		all.Enabled += a.Enabled
		all.Taken += a.Taken
	}
	switch {
	case !r.Searched && !r.Walked:
		return ""
	case all.Taken == 0:
		return "no step is possible from an initial state: " + r.why(all, "some")
	case r.Alone:
		return "no step changes the state: every step returns to the one initial state"
	}
	return ""
}

// why says what became of actions that were never taken.
func (r *Run) why(a Action, which string) string {
	switch {
	case a.Enabled == 0 && r.Native:
		return "no actor sends a message, sets a timer or offers a choice to which a handler reacts"
	case a.Enabled == 0:
		return "Actions never offers one"
	case r.Native:
		return "each leads out of the boundary"
	case r.Bounded:
		return "Actions offers " + which + ", but Next never reports an effect inside the boundary"
	}
	return "Actions offers " + which + ", but Next never reports an effect"
}
