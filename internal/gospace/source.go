// Package gospace compiles Go models into state spaces of vectors, and runs them by hand. It is the
// workshop behind package allways, which knows the types of states and actions and hands a model
// over without them, as a [Source]: nothing here is generic, so that a program with many models
// compiles this package once.
//
// Values of the model's types are passed by address. Those behind an [unsafe.Pointer] that a
// function returns are the caller's to keep, and are never changed afterwards.
//
// # Why without types
//
// Generic code is compiled for every model of a program, in the package of the user, and each time
// the compiler has to see all of it. Types pay only where a state is computed: there, a successor
// may stay on the stack. So package allways implements [Code], a few lines for each method of a
// model, and all the rest is here, once. It takes addresses instead of interface values, since the
// conversion of a state to an interface allocates, and would do so for every step.
//
// # What is trusted
//
// A verdict is as good as the least reliable code that it rests on, and that is the user's. A model
// that modifies a state, asks for the time or depends on the order of a map makes a search leave
// out states, and the search would still end with "holds". Nothing of that kind is assumed to be
// absent, all of it is looked for:
//
//   - modified states, for every state (mutation.go);
//   - outcomes that differ from call to call, for a sample (sample.go);
//   - outcomes that depend on the form of a value, for the same sample (forms.go);
//   - representatives that stand for other states, for the same sample (soundness.go);
//   - panics and goroutines that end, always (guard.go, site.go).
//
// And what is reported to the user in the end was made by running the model again (replay.go).
package gospace

import (
	"reflect"
	"unsafe"

	"github.com/allways-go/allways/internal/packer"
	"github.com/allways-go/allways/internal/plan"
	"github.com/allways-go/allways/internal/property"
	"github.com/allways-go/allways/internal/runs"
	"github.com/allways-go/allways/internal/values"
)

// Source is a Go model without its types.
type Source struct {
	Model  any // the model, whose methods are looked up by reflection and which may bring a native space
	State  reflect.Type
	Action reflect.Type
	Code   Code
	Hooks  Hooks
}

// Code runs the methods of a model. It lets panics of user code pass, and is safe for concurrent
// use.
type Code interface {
	// Init returns the initial states.
	Init() values.Slice
	// Actions returns the actions enabled in s, in the memory of dst if there is room.
	Actions(dst values.Slice, s unsafe.Pointer) values.Slice
	// Next writes the state after an action to next, and reports whether the action has an effect.
	Next(next, s, action unsafe.Pointer) bool
	// Expand adds the results of all actions of s to p. It exists for speed: only where the types
	// are known can successors stay on the stack.
	Expand(p *packer.Packer, s unsafe.Pointer, actions values.Slice)
	// Properties returns the model's properties.
	Properties() []Property
}

// Property is a property with predicates on addresses.
type Property struct {
	Name  string
	Kind  property.Kind
	State func(s unsafe.Pointer) bool                // predicate on states, of a Refinement on the first; nil for a Step
	Step  func(before, a, after unsafe.Pointer) bool // predicate on steps; nil for all other kinds
	Wrong string                                     // defect of the property; empty if it has none

	Key  func(before, a, after unsafe.Pointer) (key any, ok bool) // function of a KeyAtom; nil for all other kinds
	Runs *runs.Promise                                            // promise about runs; nil for all other kinds
}

// Hooks are the optional functions of a model; a nil one is absent.
type Hooks struct {
	Within         func(s unsafe.Pointer) bool
	Representative func(dst, s unsafe.Pointer)
	ActionName     func(a unsafe.Pointer) string
	ActionNames    func() []string
	FormatAction   func(a unsafe.Pointer) string
	FormatState    func(s unsafe.Pointer) string
	FormatStep     func(before, a, after unsafe.Pointer) string
	Changes        func(before, after unsafe.Pointer) []Change
	Diagram        func(p *Path) string
	// NextInPlace copies s to next and does there what Code.Next does.
	NextInPlace stepper
	Notes       func() []string
	Parts       func(s unsafe.Pointer, add func(path, value string))
}

// stepper writes the state after an action to next, and reports whether the action has an effect.
type stepper func(next, s, a unsafe.Pointer) bool

// Untyped marks the model of package erased. Models of users cannot have a method with this type.
type Untyped struct{}

// Change is a part that differs between two states.
type Change = plan.Change
