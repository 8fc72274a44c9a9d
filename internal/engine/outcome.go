package engine

// StopReason says why a search ended before it was complete.
type StopReason uint8

// The reasons to stop.
const (
	StopReasonNone      StopReason = iota
	StopReasonCondition            // the stop condition of the configuration holds
	StopReasonDepth
	StopReasonStates
	StopReasonGenerated
	StopReasonTime
	StopReasonMemory
	StopReasonCanceled
	StopReasonIDs      // all numbers of states are taken
	StopReasonModel    // the model misbehaved
	StopReasonCallback // a function that watches the run failed
)

// Trail is a path of vectors through a state space.
type Trail struct {
	States [][]uint32 // states of the path, at least one, the first of them initial
	Act    int        // index of a last action after the last state, or -1
	Loop   int        // index of the state that follows the last one in a lasso, or -1
	// Steps are the places of the steps among those that their states have inside the boundary, that of the
	// one that closes a lasso included; nil if any steps between the states will do.
	Steps []int
	// Marks are the step predicates that each step satisfies, as bits, which tell steps between representatives
	// apart; nil if any steps will do.
	Marks []uint64
}

// Discovery decides a property, or reports a misbehaviour if Err is set.
type Discovery struct {
	Property int
	Err      *Misbehaviour
	Trail    *Trail // nil if it could not be reconstructed
}

// Outcome is the result of a search.
type Outcome struct {
	StopReason    StopReason
	Bounded       bool // a step led out of the boundary
	Generated     int64
	Distinct      int64
	Depth         int
	PeakMemory    int64
	Written, Read int64              // bytes of files, of a search beyond memory
	RecordBytes   int                // bytes that a state takes, or would take, in an exact set, at most
	Omission      float64            // probability that a state was omitted because of equal fingerprints
	Discoveries   map[int]*Discovery // one for each decided property
	Misbehaviour  *Discovery         // the first one, with or without a Trail; nil for none
	NewByName     []int64            // distinct states by the name of the action that first led to them
	Passes        int                // searches after which it was known what to forget; 0 if nothing was forgotten
}
