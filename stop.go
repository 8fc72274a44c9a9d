package allways

import "github.com/allways-go/allways/internal/stopping"

// Stop says when a search ends before it is complete. In a breadth-first search a stop takes effect
// at the end of the level. The zero value is [StopDecided].
type Stop string

const (
	// StopDecided stops when further search cannot change any verdict, or when the model
	// misbehaves. A model with Eventually properties is always searched to the end: they are
	// decided after the search.
	StopDecided Stop = stopping.Decided
	// StopViolation stops at the first violated property or misbehaviour of the model.
	StopViolation Stop = stopping.Violation
	// StopNever searches everything, whatever is found: where a model panics, the search goes on
	// elsewhere.
	StopNever Stop = stopping.Never
)

// StopAllOf stops when all the named properties are decided by a counterexample or a witness.
func StopAllOf(names ...string) Stop { return Stop(stopping.AllOf(names)) }

// StopAnyOf stops when any of the named properties is decided by a counterexample or a witness.
func StopAnyOf(names ...string) Stop { return Stop(stopping.AnyOf(names)) }

// String returns the form that [ParseStop] reads.
func (s Stop) String() string { return stopping.Text(string(s)) }

// ParseStop reads "decided", "violation", "never", "all:NAME,NAME" or "any:NAME,NAME".
func ParseStop(text string) (Stop, error) {
	s, err := stopping.Parse(text)
	return Stop(s), err
}
