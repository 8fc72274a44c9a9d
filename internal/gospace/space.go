package gospace

import (
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/naming"
)

// There are two kinds of space. That of Go values encodes whatever the model's methods return. A
// model that knows better, as systems of actors do, brings its own (package native), which must
// describe the same behaviours: paths found in it are run again with the model's methods. A run does
// not tell them apart.

// Space is the state space of a model, with what a run needs of it beside the engine.
type Space interface {
	engine.Space
	// Counts returns how often actions were enabled and taken, by number of name, for each worker.
	Counts() (enabled, taken [][]int64)
	// Names returns the names by number.
	Names() *naming.Names
	// Encode returns the vector of s, or of its representative.
	Encode(s unsafe.Pointer) ([]uint32, error)
	// Decoder returns a function, for one goroutine, that makes new states of vectors.
	Decoder() func(vec []uint32) unsafe.Pointer
	// Choices shows actions that a worker of the space has prepared, by their indexes, to a
	// schedule.
	Choices(w engine.Worker, state []uint32, candidates []int) Choices
	// Scheduling notes that a schedule is about to run, until the worker computes again.
	Scheduling(w engine.Worker)
	// Finish looks, after a run, for misbehaviour that was not noticed yet: changes of states and,
	// unless other misbehaviour was found, answers that are not repeated. stop ends it early.
	Finish(stop func() bool, found bool) *engine.Misbehaviour
	// Calls returns a number that changes with the user code that Finish runs, or a check of symmetry,
	// and Stuck describes the code that has not returned. They are called from other goroutines.
	Calls() uint64
	Stuck() *engine.Misbehaviour
	// Warnings returns what never happened in a search that was complete, beside actions.
	Warnings() []engine.Warning
}
