// Package engine searches state spaces whose states are vectors of 32-bit words. There are three
// searches: [BreadthFirst], [DepthFirst], and [Explore], a breadth-first search for a package that keeps
// the graph of the states. Random walks are in package walks. The engine knows vectors, indexes of actions
// and bits of properties. It knows neither Go values nor texts: the packages that compile models into a
// [Space] do.
//
// # Determinism
//
// A breadth-first search reports the same counts and the same paths for any number of workers.
// Workers meet states in an order that depends on timing, so the numbers that the visited set hands
// out mean nothing from one run to the next. What is reported is therefore ordered by rank: the
// place that a state has in the order in which a single worker would meet the states. The rank
// follows from the model alone; see [ranks.Key]. A depth-first search promises true verdicts and true
// paths only.
package engine

import (
	"github.com/allways-go/allways/internal/label"
	"github.com/allways-go/allways/internal/ranks"
)

// Mask is a set of properties, one bit each.
type Mask uint64

// Has reports whether property i is in the set.
func (m Mask) Has(i int) bool { return m>>uint(i)&1 != 0 }

// Space is a state space. Its methods may be called concurrently.
type Space interface {
	// Words returns the width of a state, at least 1.
	Words() int
	// NewWorker returns a worker for one goroutine.
	NewWorker() Worker
	// Memory returns the bytes that the space itself holds, such as interned values.
	Memory() int64
}

// Worker computes on states for one goroutine. Its errors are of type *Misbehaviour.
//
// A search first calls Init once. Then it calls Expand for each state that is to be expanded, and
// Eval for each new state; Eval is called again, with terminal set, for a state that Expand reports
// as terminal. Walks and replays prepare the actions of one state by Actions and take single steps
// by Apply, which avoids computing successors that are not needed.
type Worker interface {
	// Init appends the initial states, numbered by Act, to out.
	Init(out *Batch) error
	// Expand appends the successors of state to out, in the order of the model's actions. After an
	// error, out holds the successors that were appended before it.
	Expand(state []uint32, o ExpandOptions, out *Batch) (Expansion, error)
	// Eval returns the properties of want that state decides: always-properties that it violates,
	// sometimes-properties that it witnesses, and, if it is terminal, deadlock properties that it
	// violates.
	Eval(state []uint32, want Mask, terminal bool) (Mask, error)
	// Satisfies reports whether the predicate of a property holds in state.
	Satisfies(state []uint32, property int) (bool, error)
	// Actions prepares single steps from state and returns the number of enabled actions.
	Actions(state []uint32) (int, error)
	// Names returns the numbers of the names of the prepared actions, valid until the next call.
	Names() ([]uint16, error)
	// Apply writes the successor by the i-th prepared action to dst. It returns the step properties
	// of want that the step violates. The prepared actions remain valid.
	Apply(i int, want Mask, dst []uint32) (e Effect, steps Mask, err error)
	// Exited describes the user code that ended the goroutine, by runtime.Goexit, during the last
	// call of a method. It is called while the goroutine ends.
	Exited() *Misbehaviour
	// Call returns a number that changes with the user code that runs, and Stuck describes the user
	// code that has not returned. They are called from other goroutines than all other methods.
	Call() uint64
	Stuck() *Misbehaviour
}

// ExpandOptions say what an expansion is for.
type ExpandOptions struct {
	Steps     Mask // step properties to evaluate
	Count     bool // add to the statistics of actions
	Sample    bool // run the guards that are too expensive for every state
	SelfLoops bool // append successors that equal the state, too
	// Labels makes the numbers of labels take the place of the step properties of a batch; nil for none.
	Labels *label.Table
}

// Expansion says what kind of state was expanded.
type Expansion struct {
	Terminal  bool // no action had an effect
	Bounded   bool // an action led out of the boundary
	SelfLoops int  // number of successors that equal the state and were not appended; they count as generated
	// Outside are the labels of the steps that led out of the boundary, if labels were asked for.
	Outside []uint32
}

// Effect says what a single step did.
type Effect uint8

// The effects of a step.
const (
	NoEffect Effect = iota // the action changes nothing and is no step
	Inside                 // the successor is inside the boundary
	Outside                // the successor is outside the boundary
)

// NoName is the number of the action name of initial states, and of all names beyond the last
// number.
const NoName = ranks.NoName

// MaxActions is the number of actions that a state may have.
const MaxActions = ranks.MaxActions
