package allways

import (
	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/stop"
)

// Stop says when a search ends before it is complete. In a breadth-first search a stop takes effect
// at the end of the level. The zero value is [StopDecided].
type Stop string

const (
	// StopDecided stops when further search cannot change any verdict, or when the model
	// misbehaves. A model with Eventually properties is always searched to the end: they are
	// decided after the search.
	StopDecided = Stop(stop.Decided)
	// StopViolation stops at the first violated property or misbehaviour of the model.
	StopViolation = Stop(stop.Violation)
	// StopNever searches everything, whatever is found: where a model panics, the search goes on
	// elsewhere.
	StopNever = Stop(stop.Never)
)

// StopAllOf stops when all the named properties are decided by a counterexample or a witness.
func StopAllOf(names ...string) Stop { return Stop(stop.AllOf(names...)) }

// StopAnyOf stops when any of the named properties is decided by a counterexample or a witness.
func StopAnyOf(names ...string) Stop { return Stop(stop.AnyOf(names...)) }

// String returns the form that [ParseStop] reads.
func (s Stop) String() string { return stop.When(s).String() }

// ParseStop reads "decided", "violation", "never", "all:NAME,NAME" or "any:NAME,NAME".
func ParseStop(text string) (Stop, error) {
	w, err := stop.Parse(text)
	return Stop(w), err
}

// fits refuses a stop that does not fit the model.
func (s Stop) fits(c *gospace.Model) error {
	if misfit := stop.When(s).Misfit(c); misfit != "" {
		return &OptionError{"Stop", misfit}
	}
	return nil
}
