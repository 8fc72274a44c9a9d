package allways

import (
	"fmt"
	"time"
)

// Options controls a check or a simulation. The zero value is an exhaustive breadth-first search on all cores, exact,
// without limits, that stops as soon as every property is decided.
type Options struct {
	Workers  int        // goroutines that search; 0 means one per usable CPU
	Strategy Strategy   // order of the search: BFS or DFS
	Store    StateStore // what the visited set keeps: whole states or fingerprints
	Symmetry bool       // store one representative per orbit; needs a Representative method, or actors that are interchangeable

	MaxDepth     int           // states on a path, the initial one included; 0 means no limit
	MaxStates    int           // distinct states; 0 means no limit; a search ends soon after, not at once
	MaxGenerated int           // generated states, initial states included; 0 means no limit
	Timeout      time.Duration // wall time; 0 means no limit
	MaxMemory    int64         // bytes of the checker's own tables; 0 means the smaller of GOMEMLIMIT and most of the machine's memory

	// Stop says when to stop before the search is complete; the zero value, StopDecided, stops when every property is
	// decided. A model with an Eventually is then searched to the end, whatever is found: whether every path gets there is
	// decided after the search, in a search of its own, which one that stopped early would not come to.
	Stop Stop
	Seed uint64 // seed of Simulate, where it is reported; Check does not use it

	Walks     int       // Simulate: number of walks; 0 means 1,000, or no limit when there is a Timeout
	Scheduler Scheduler // Simulate: picks the action of each step; nil means uniform

	Progress      func(Progress) // called now and then from one goroutine at a time; nil means never; see CallbackError
	ProgressEvery time.Duration  // time between two calls of Progress; 0 means a second

	Visitor Visitor // sees every distinct state or its path; see [VisitStates] and [VisitPaths]

	_ struct{} // fields are set by name
}

// Strategy is the order of a search.
type Strategy uint8

// The strategies.
const (
	// BFS searches level by level: every reported path is a shortest one, and counts, verdicts and paths are the same for
	// any number of workers and in every run.
	BFS Strategy = iota
	// DFS goes deep first: it may meet deep states sooner, and keeps no promise about the length of paths. With a depth
	// limit it visits exactly the states that BFS visits.
	DFS
)

// String returns "bfs" or "dfs".
func (s Strategy) String() string {
	switch s {
	case BFS:
		return "bfs"
	case DFS:
		return "dfs"
	}
	return fmt.Sprintf("Strategy(%d)", uint8(s))
}

// StateStore is what the visited set keeps of a state.
type StateStore uint8

// The kinds of storage.
const (
	// StoreExact stores whole states and compares them: no state is ever mistaken for another.
	StoreExact StateStore = iota
	// StoreFingerprints stores 64 bits a state. States with equal fingerprints are taken for one; the result says how likely
	// that was. Paths and liveness are found by searching again.
	StoreFingerprints
)

// String returns "exact" or "fingerprint".
func (s StateStore) String() string {
	switch s {
	case StoreExact:
		return "exact"
	case StoreFingerprints:
		return "fingerprint"
	}
	return fmt.Sprintf("Storage(%d)", uint8(s))
}

// Progress is a glance at a run that goes on.
type Progress struct {
	Phase     string        // "search", "simulate", "eventually NAME", or "trace" while the paths of findings are found again
	Generated int64         // states generated so far in this phase
	Distinct  int64         // distinct states so far in this phase
	Depth     int           // level being expanded, or the deepest one so far
	Queue     int64         // distinct states met and not yet expanded
	Memory    int64         // bytes of the checker's own tables
	Elapsed   time.Duration // since the start of the run
}

// Rate returns the generated states a second since the start, for phases that began with the run.
func (p Progress) Rate() float64 {
	if p.Elapsed <= 0 {
		return 0
	}
	return float64(p.Generated) / p.Elapsed.Seconds()
}
