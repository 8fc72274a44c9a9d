package engine

import "github.com/allways-go/allways/internal/watch"

// ErrorKind names a way in which a model can misbehave.
type ErrorKind string

// The ways in which a model can misbehave.
const (
	ErrorInit           ErrorKind = "initial states"   // none, or none inside the boundary
	ErrorDeclaration    ErrorKind = "declaration"      // duplicate property, wrong optional method, ...
	ErrorType           ErrorKind = "type"             // a state or action type without comparable content
	ErrorValue          ErrorKind = "value"            // a cyclic state, or a refused dynamic type
	ErrorMutation       ErrorKind = "mutation"         // a method changed its argument
	ErrorNondeterminism ErrorKind = "nondeterminism"   // the same arguments gave different outcomes
	ErrorPanic          ErrorKind = "panic"            // a method panicked
	ErrorStuck          ErrorKind = "stuck"            // a method did not return
	ErrorSymmetry       ErrorKind = "unsound symmetry" // a representative that stands for states unlike it
)

// Misbehaviour says that a model is broken. It is the one form in which the engine and the spaces
// report it.
type Misbehaviour struct {
	Kind    ErrorKind
	Where   string // the method or property concerned, such as "Next"
	Action  string // text of the action concerned; empty if none
	Message string // account of what happened, and the remedy
	State   string // text of the state concerned; empty if unknown here
	Panic   any    // the value of a panic
	Stack   string // user frames of a panic

	// Tolerable misbehaviour, such as a panic, leaves the rest of the state space worth searching. A
	// mutation does not: the states that were met since may be wrong.
	Tolerable bool
	// Act is the index of the action concerned, or -1.
	Act int
}

// Error returns one line that names the kind, the place and the remedy.
func (m *Misbehaviour) Error() string {
	s := "model: " + string(m.Kind)
	if m.Where != "" {
		s += " in " + m.Where
	}
	if m.Action != "" {
		s += " (action " + m.Action + ")"
	}
	return s + ": " + m.Message
}

// KindError is an error that names its kind. Code that a [Worker] runs may panic with one instead of
// returning it.
type KindError interface {
	error
	ErrorKind() ErrorKind
}

// AsMisbehaviour wraps an error that a Worker returned bare, against its contract.
func AsMisbehaviour(err error) *Misbehaviour {
	if m, ok := err.(*Misbehaviour); ok {
		return m
	}
	return &Misbehaviour{Kind: ErrorPanic, Message: err.Error(), Act: -1}
}

// Guarded runs f. If f never returns because user code ends the goroutine, Guarded calls exited.
// Without it, a search would wait forever for the worker: t.FailNow in a model is enough.
func Guarded(f, exited func()) {
	returned := false
	defer func() {
		if returned {
			return
		}
		r := recover()
		if _, ok := r.(*watch.Exit); r != nil && !ok {
			panic(r)
		}
		exited()
	}()
	f()
	returned = true
}
