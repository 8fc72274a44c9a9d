package allways

import (
	"fmt"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/gospace"
)

// ErrorKind names a way in which a model can misbehave.
type ErrorKind string

// The ways in which a model can misbehave.
const (
	ErrorInit           = ErrorKind(engine.ErrorInit)           // none, or none inside the boundary
	ErrorDeclaration    = ErrorKind(engine.ErrorDeclaration)    // duplicate property, wrong optional method, ...
	ErrorType           = ErrorKind(engine.ErrorType)           // a state or action type without comparable content
	ErrorValue          = ErrorKind(engine.ErrorValue)          // a cyclic state, or a refused dynamic type
	ErrorMutation       = ErrorKind(engine.ErrorMutation)       // a method changed its argument
	ErrorNondeterminism = ErrorKind(engine.ErrorNondeterminism) // the same arguments gave different outcomes
	ErrorPanic          = ErrorKind(engine.ErrorPanic)          // a method panicked
	ErrorStuck          = ErrorKind(engine.ErrorStuck)          // a method has not returned when the run had to end
	ErrorSymmetry       = ErrorKind(engine.ErrorSymmetry)       // a representative that stands for states unlike it
)

// ModelError says that a model is broken, not that it violates a property.
type ModelError struct {
	Kind    ErrorKind // way in which the model misbehaves
	Where   string    // the method or property concerned, such as "Next"
	Action  string    // text of the action concerned; empty if none
	Message string    // account of what happened, and the remedy
	Path    string    // encoded path to the state concerned, as ParsePath reads it; empty if none
	State   string    // text of the state concerned; empty if none
	Panic   any       // the value of a panic
	Stack   string    // stack of a panic, down to where the user's code was called
}

// Error returns one line that names the kind, the place and the remedy.
func (e *ModelError) Error() string {
	s := "model: " + string(e.Kind)
	if e.Where != "" {
		s += " in " + e.Where
	}
	if e.Action != "" {
		s += fmt.Sprintf(" (action %s)", e.Action)
	}
	s += ": " + e.Message
	return s
}

// OptionError says that options cannot be used, alone or with the model.
type OptionError struct {
	Option  string // name of the field
	Message string // the problem, and the remedy
}

// Error names the option.
func (e *OptionError) Error() string { return fmt.Sprintf("option %s: %s", e.Option, e.Message) }

// CallbackError says that a function of the options has panicked or ended its goroutine, which ends
// the run. It says nothing about the model.
type CallbackError struct {
	Callback string // field of the options, "Visitor" or "Progress"
	Message  string // account of what happened
	Panic    any    // the value of a panic; nil if there was none
	Stack    string // stack of the function
}

// Error names the function.
func (e *CallbackError) Error() string {
	return fmt.Sprintf("option %s: its function %s", e.Callback, e.Message)
}

// ReplayError says why a recorded path is no longer a run of the model.
type ReplayError struct {
	Step     int      // steps that were replayed before the one that does not fit
	Expected string   // next step according to the recording
	Problem  string   // reason why it does not fit
	State    string   // text of the state reached
	Enabled  []string // actions enabled there
}

// Error says at which step, what was expected and what is enabled.
func (e *ReplayError) Error() string { return (*gospace.ReplayError)(e).Error() }

// publicError returns an error of a model or a replay in the form that users know.
func publicError(err error) error {
	switch e := err.(type) {
	case *engine.Misbehaviour:
		return modelError(e)
	case *gospace.ReplayError:
		return (*ReplayError)(e)
	}
	return err
}

// modelError is the error that a misbehaviour is for the user.
func modelError(m *engine.Misbehaviour) *ModelError {
	return &ModelError{
		Kind: ErrorKind(m.Kind), Where: m.Where, Action: m.Action, Message: m.Message, State: m.State, Panic: m.Panic,
		Stack: m.Stack,
	}
}
