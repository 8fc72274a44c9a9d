package engine

// LocalWorker is a worker whose steps are [Local].
type LocalWorker interface {
	Worker
	Local
}

// Local describes a space whose steps are local: what a step is, and whether it is there, depends on the
// number in one place of the vector, and what it does to each other place depends on the number in that place. Only
// the last place may also forbid a step. A search of sets of states needs no more, and makes no vectors.
//
// Numbers of changes mean the same for the life of the worker. Its errors are of type *Misbehaviour.
type Local interface {
	// Initial returns the initial state.
	Initial() ([]uint32, error)
	// Moves reports whether numbers in a place make steps possible. No number is one of two such places before
	// the last place.
	Moves(place int) bool
	// LocalSteps returns the steps that a number in a place makes possible, valid until the next call.
	LocalSteps(place int, value uint32) ([]LocalStep, error)
	// PlaceOf returns the place that a change is for, and whether it may forbid the step. Only the first change of the
	// last place may.
	PlaceOf(change uint32) (place int, guard bool)
	// Changed returns a number after a change, or false if that forbids the step.
	Changed(change, value uint32) (after uint32, ok bool, err error)
	// Permit says which parts of states predicates may read from now on, beside the number in the place of a step; nil
	// permits all. One that reads another part is ended there, with an error that means nothing: the part is noted, and
	// the predicate is not shown what it would have read.
	Permit(parts []Parts)
	// Test evaluates the predicate of a property, and notes in reads which parts of the state that needed.
	Test(property int, state []uint32, reads []Parts) (holds bool, err error)
	// TestStep evaluates the predicate of a property for the i-th of the steps that the number in a place makes
	// possible, and notes which parts of the state that needed, beside that number. A step that is forbidden, or leads
	// out of the boundary, satisfies it. last reports that there is no i-th step.
	TestStep(property int, state []uint32, place, i int, reads []Parts) (holds, last bool, err error)
	// Nonlocal says why the steps of the space are not local; empty if they are.
	Nonlocal() string
	// Count notes how often actions of a name were enabled and taken.
	Count(name uint16, enabled, taken int64)
	// Took notes that a step is possible which asks for that, see [LocalStep], by the numbers before it and after it.
	Took(before, after uint32)
	// PartsOf returns a number that stands for some parts of a number in a place.
	PartsOf(place int, value uint32, parts Parts) uint32
}

// LocalNative is a NativeWorker of a space whose steps may be local.
type LocalNative interface {
	NativeWorker
	// Local returns the steps.
	Local() Local
}

// LocalStep is a step that a number in one place makes possible.
type LocalStep struct {
	After   uint32   // the number in that place afterwards
	Changes []uint32 // changes of other places, in turn
	Name    uint16   // number of the name of the action
	Outside bool     // the step leads out of the boundary
	Noted   bool     // the space wants to know whether a reachable state permits the step
}

// Parts are parts of the number in a place.
type Parts uint8

// The parts of a number. A number that is not made of two has all of its content in both.
const (
	FirstPart Parts = 1 << iota
	SecondPart
	NoParts   Parts = 0
	BothParts       = FirstPart | SecondPart
)
