// Package engine searches state spaces whose states are vectors of 32-bit words: breadth-first, depth-first, by random
// walks, and for cycles. It knows vectors, numbers of actions and bits of properties, and neither Go values of users nor
// texts: the packages that compile models into a [Space] know those.
//
// A breadth-first search numbers states as a search with one worker would meet them, whatever the number of workers:
// by the number of the first parent, then by the action's index. All ties are broken by that rank, so what it reports
// depends on nothing but the model.
package engine

// Mask is a set of properties, a bit each.
type Mask uint64

// Has reports whether property i is in the set.
func (m Mask) Has(i int) bool { return m>>uint(i)&1 != 0 }

// Space is a state space. Its methods may be called concurrently.
type Space interface {
	// Words is the width of a state, at least 1.
	Words() int
	// NewWorker returns a worker for one goroutine.
	NewWorker() Worker
	// Memory returns the bytes that the space itself holds, such as interned values.
	Memory() int64
}

// Worker computes on states for one goroutine. Errors are *Misbehaviour.
type Worker interface {
	// Init appends the initial states, numbered by Act, to out.
	Init(out *Batch) error
	// Expand appends the successors of state to out, in the order of the model's actions. On an error, out keeps what was
	// appended before.
	Expand(state []uint32, o ExpandOptions, out *Batch) (Expansion, error)
	// Eval returns those properties of want that state decides: the always it violates, the sometimes it witnesses, and, for
	// a terminal state, the deadlock properties it violates.
	Eval(state []uint32, want Mask, terminal bool) (Mask, error)
	// Satisfies reports whether the predicate of one property holds in state.
	Satisfies(state []uint32, property int) (bool, error)
	// Actions prepares single steps from state: it returns how many actions are enabled.
	Actions(state []uint32) (int, error)
	// Names returns the numbers of the names of the prepared actions. They are valid until the next call.
	Names() ([]uint16, error)
	// Apply writes the successor by the i-th prepared action to dst. steps are the step properties of want that the step
	// violates. The prepared actions stay as they are.
	Apply(i int, want Mask, dst []uint32) (e Effect, steps Mask, err error)
	// Exited describes user code that, in the method called last, has ended the goroutine instead of returning. It is called
	// while the goroutine ends.
	Exited() *Misbehaviour
}

// ExpandOptions say what an expansion is for.
type ExpandOptions struct {
	Steps     Mask // step properties to evaluate
	Count     bool // add to the statistics of actions
	Sample    bool // run the guards that are too slow for every state
	SelfLoops bool // append successors that equal the state, too
}

// Expansion says what kind of state was expanded.
type Expansion struct {
	Terminal  bool // no action had an effect
	Bounded   bool // an action led out of the boundary
	SelfLoops int  // successors that equal the state and were not appended: they lead nowhere, but they are steps
}

// Effect says what a single step did.
type Effect uint8

// The effects of a step.
const (
	NoEffect Effect = iota // the action changes nothing and is no step
	Inside                 // the successor is inside the boundary
	Outside                // the successor is outside the boundary
)

// Misbehaviour is an error of the model.
type Misbehaviour struct {
	Err error
	// Tolerable misbehaviour, such as a panic, leaves the rest of the state space worth searching.
	Tolerable bool
	// Act is the index of the action concerned, or -1.
	Act int
}

// Error returns the text of the error.
func (m *Misbehaviour) Error() string { return m.Err.Error() }

// Unwrap returns the error.
func (m *Misbehaviour) Unwrap() error { return m.Err }

// guarded runs f, and calls exited if f never returns because the goroutine ends.
func guarded(f, exited func()) {
	returned := false
	defer func() {
		if !returned {
			exited()
		}
	}()
	f()
	returned = true
}

// asMisbehaviour wraps errors that a Worker should not have returned bare.
func asMisbehaviour(err error) *Misbehaviour {
	if m, ok := err.(*Misbehaviour); ok {
		return m
	}
	return &Misbehaviour{Err: err, Act: -1}
}

// NoName is the number of the action name of initial states, and of names beyond the last number.
const NoName = 1<<nameBits - 1

// MaxActions is the number of actions that a state may have.
const MaxActions = 1 << actBits

// Cut is why a search ended before it was complete.
type StopReason uint8

// The reasons for a cut.
const (
	StopReasonNone StopReason = iota
	StopReasonCondition
	StopReasonDepth
	StopReasonStates
	StopReasonGenerated
	StopReasonTime
	StopReasonMemory
	StopReasonCanceled
	StopReasonIDs
	StopReasonModel
	StopReasonCallback // a function that watches the run has failed
)

// Trail is a path through a state space.
type Trail struct {
	States [][]uint32 // from an initial state on, at least one
	Act    int        // index of a last action that follows the last state, or -1
	Loop   int        // index of the state that follows the last one in a lasso, or -1
}

// Discovery decides a property, or shows a misbehaviour when Err is set.
type Discovery struct {
	Property int
	Err      *Misbehaviour
	Trail    *Trail // nil when it could not be found again
}

// Outcome is what a search found.
type Outcome struct {
	StopReason   StopReason
	Bounded      bool // a step led out of the boundary
	Generated    int64
	Distinct     int64
	Depth        int
	PeakMemory   int64
	Omission     float64
	Discoveries  map[int]*Discovery // by property
	Misbehaviour *Discovery         // the first misbehaviour; its Trail may be nil
	NewByName    []int64            // distinct states by the name of the action that first led to them
	Interrupted  bool               // the whole run should end: no time, no memory, or canceled
}

// Config controls a search.
type Config struct {
	Workers      int
	Fingerprints bool
	Want         Mask // properties to decide by state predicates and terminal states
	Steps        Mask // step properties to decide
	Stop         func(found Mask, fault *Misbehaviour) bool
	Budget       *Budget
	Visit        func(v *Visit) // called for every distinct state; nil for none. If it cannot go on, it ends the budget
	Retrace      func()         // called before a search for the trails of what was found; nil for none
	SampleEvery  int            // expand the first n states and every n-th one with slow guards; 0 for none
	Repeat       bool           // the states were counted by an earlier search, and its limits of states were kept
}

// Visit is a state that is shown to a visitor.
type Visit struct {
	State []uint32
	Depth int
	Trail func() *Trail
}

func (c *Config) retrace() {
	if c.Retrace != nil {
		c.Retrace()
	}
}

func (c *Config) stop(found Mask, fault *Misbehaviour) bool {
	if fault != nil && !fault.Tolerable {
		return true
	}
	return c.Stop != nil && c.Stop(found, fault)
}
