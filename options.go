package allways

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"time"

	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/native"
	"github.com/allways-go/allways/internal/sysmem"
)

// Options controls a [Check]. The zero value is an exhaustive breadth-first search on all cores,
// exact, without limits, that stops as soon as every property is decided. A setting that has no
// effect is an error.
type Options struct {
	Workers  int        // goroutines that search; 0 means one per CPU
	Strategy Strategy   // kind of search
	Store    StateStore // contents of the visited set
	Symmetry bool       // store one representative per orbit; needs Representative, or interchangeable actors

	MaxDepth     int           // states on a path, the initial one included; 0 means no limit
	MaxStates    int           // distinct states, after which the search soon ends; 0 means no limit
	MaxGenerated int           // generated states, initial states included; 0 means no limit
	Timeout      time.Duration // wall time; 0 means no limit
	MaxMemory    int64         // bytes of the checker's tables; 0 means the least of GOMEMLIMIT and 90 % of free memory

	// Spill is a folder on a disk in which a breadth-first search keeps states for which MaxMemory is too small; "" lets
	// it end there. Until then it writes nothing. Verdicts, counts and paths are the same, and it takes two to five times
	// as long. What the model itself holds, such as the contents of states, must fit into MaxMemory. It does not decide
	// Eventually, AlwaysPossible, and promises about runs. Its files are gone when it ends.
	Spill string

	// Stop says when to stop before the search is complete. If the model has Eventually properties or promises
	// about runs, the zero value searches to the end, since they are decided after the search.
	Stop Stop

	Progress      func(Progress) // function called now and then, one call at a time; see CallbackError
	ProgressEvery time.Duration  // time between two calls of Progress; 0 means a second
	Visitor       Visitor        // observer of every distinct state, or of a path to it
	Gate          *Gate          // gate at which the search waits while it is shut; nil for none

	_ struct{} // fields are set by name
}

// SimulateOptions controls a [Simulate]. The zero value makes 1,000 random walks of at most 1,000
// states each on all cores, with seed 0, and stops when every property is decided. A setting that
// has no effect is an error.
type SimulateOptions struct {
	Workers   int       // goroutines that walk; 0 means one per CPU; the outcome does not depend on it
	Walks     int       // number of walks; 0 means 1,000, or no limit when there is a Timeout
	Seed      uint64    // seed of the walks
	Scheduler Scheduler // picks the action of each step; nil means Uniform
	Symmetry  bool      // walk through representatives of orbits; see Options

	MaxDepth     int           // states of a walk, the initial one included; 0 means 1,000
	MaxStates    int           // distinct states; 0 means no limit
	MaxGenerated int           // generated states, initial states included; 0 means no limit
	Timeout      time.Duration // wall time; 0 means no limit
	MaxMemory    int64         // bytes of the checker's tables; 0 means the same as in Options

	Stop Stop // condition that ends the simulation before all walks are made

	Progress      func(Progress) // function called now and then, one call at a time; see CallbackError
	ProgressEvery time.Duration  // time between two calls of Progress; 0 means a second
	Visitor       Visitor        // observer of every distinct state, or of a path to it

	_ struct{} // fields are set by name
}

// Strategy is the order of a search.
type Strategy uint8

// The strategies.
const (
	// BFS searches level by level: every reported path is a shortest one, and counts, verdicts and
	// paths are the same for any number of workers and in every run.
	BFS Strategy = iota
	// DFS goes deep first: it may meet deep states sooner, and promises nothing about the length of
	// paths. With a depth limit it visits exactly the states that BFS visits.
	DFS
	// Symbolic searches sets of states instead of states, as decision diagrams. It is for systems of actors, and
	// counts exactly as BFS does. It pays from about ten million states on, and where many actors talk to few
	// others each; see [Stats.States]. It always finds all reachable states, and only then, if a property is
	// violated or a witness is wanted, goes breadth-first to find a shortest path. It decides Always, Sometimes,
	// NoDeadlock and AlwaysStep properties; one that reads all of the state is evaluated as often as there are states.
	// Predicates must read states by what package actor has for that: to package reflect, all states look empty.
	Symbolic
	// Auto is BFS for models of up to a million states. If there are more, and Symbolic can decide all that is asked, it
	// tries that, as long as it has little work. If it has more, Auto is BFS again. [Stats.Strategy] says what counts.
	Auto
)

// String returns "bfs", "dfs", "symbolic" or "auto".
func (s Strategy) String() string {
	switch s {
	case BFS:
		return "bfs"
	case DFS:
		return "dfs"
	case Symbolic:
		return "symbolic"
	case Auto:
		return "auto"
	}
	return fmt.Sprintf("Strategy(%d)", uint8(s))
}

// StateStore is what the visited set keeps of a state.
type StateStore uint8

// The kinds of store.
const (
	// StoreExact stores whole states and compares them: no state is ever mistaken for another.
	StoreExact StateStore = iota
	// StoreFingerprints stores 64 bits a state. States with equal fingerprints are taken for one;
	// the result says how likely that was. The hash has a random seed, so that the states which one
	// run takes for one are different states for the next. See Stats.ExactMemory for whether it pays. Paths
	// are found, and Eventually and promises about runs are decided, by searching again.
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
	return fmt.Sprintf("StateStore(%d)", uint8(s))
}

// Progress is a snapshot of a run.
type Progress struct {
	Phase     string        // "search", "simulate", "runs", "deciding NAMES", "eventually NAME", "trace" or "symmetry"
	Generated int64         // states generated so far in this phase
	Distinct  int64         // distinct states so far in this phase
	Depth     int           // level being expanded, or the deepest one so far
	Queue     int64         // distinct states met and not yet expanded
	Pairs     int64         // while a promise about runs is decided: states times those of its automaton; else 0
	PairsDone int64         // those of Pairs that were dealt with
	Nodes     int64         // nodes of decision diagrams, in a Symbolic run, which knows neither states nor levels
	Memory    int64         // bytes of the checker's tables
	Elapsed   time.Duration // since the start of the run
	Decided   []string      // properties that have a counterexample or a witness, as far as the search has told
	Slow      string        // call of the model that has been running for long, in one report only; mostly empty
}

// Rate returns the generated states a second since the start, for phases that began with the run.
func (p Progress) Rate() float64 {
	if p.Elapsed <= 0 {
		return 0
	}
	return float64(p.Generated) / p.Elapsed.Seconds()
}

// settings are the options of either kind of run.
type settings struct {
	Options
	simulate  bool
	walks     int
	seed      uint64
	scheduler Scheduler
	rule      autoRule
}

// hashSeed returns the seed of the hashes of states: a random one, except that a simulation depends
// on nothing but its seed.
func (s *settings) hashSeed() uint64 {
	if s.simulate {
		return s.seed
	}
	return rand.Uint64()
}

func (o SimulateOptions) settings() *settings {
	s := &settings{simulate: true, walks: o.Walks, seed: o.Seed, scheduler: o.Scheduler}
	s.Options = Options{
		Workers: o.Workers, Symmetry: o.Symmetry, MaxDepth: o.MaxDepth, MaxStates: o.MaxStates,
		MaxGenerated: o.MaxGenerated, Timeout: o.Timeout, MaxMemory: o.MaxMemory, Stop: o.Stop,
		Progress: o.Progress, ProgressEvery: o.ProgressEvery, Visitor: o.Visitor,
	}
	if s.walks == 0 && s.Timeout == 0 {
		s.walks = defaultWalks
	}
	if s.scheduler == nil {
		s.scheduler = Uniform()
	}
	return s
}

// defaultWalks is the number of walks when neither it nor a time limit is given.
const defaultWalks = 1000

// maxWorkers bounds the goroutines of a run.
const maxWorkers = 1024

// settle refuses settings that make no sense, alone or with the model, and fills in those that
// depend on the machine.
func (s *settings) settle(c *gospace.Model) error {
	if err := s.refuseNegative(); err != nil {
		return err
	}
	switch {
	case s.Workers > maxWorkers:
		return &OptionError{"Workers", fmt.Sprintf("must be at most %d", maxWorkers)}
	case s.Strategy > Auto:
		return &OptionError{"Strategy", fmt.Sprintf("there is no %v", s.Strategy)}
	case s.Store > StoreFingerprints:
		return &OptionError{"Store", fmt.Sprintf("there is no %v", s.Store)}
	case s.ProgressEvery != 0 && s.Progress == nil:
		return &OptionError{"ProgressEvery", "it has no effect without Progress"}
	case s.Symmetry && !c.Symmetric():
		return &OptionError{"Symmetry", c.MissingSymmetry()}
	}
	if err := s.Stop.fits(c); err != nil {
		return err
	}
	if err := s.Visitor.fits(c, s.Store == StoreExact); err != nil {
		return err
	}
	if err := s.fitsSearch(c); err != nil {
		return err
	}
	if s.Strategy == Symbolic {
		s.Workers = 1
	}
	if s.Workers == 0 {
		s.Workers = runtime.GOMAXPROCS(0)
	}
	if s.MaxMemory == 0 {
		s.MaxMemory = sysmem.Limit()
	}
	return nil
}

// fitsSearch refuses what a symbolic search, or one beyond memory, cannot do.
func (s *settings) fitsSearch(c *gospace.Model) error {
	asked := native.Asked{
		Symbolic: s.Strategy == Symbolic, Spill: s.Spill != "", DepthFirst: s.Strategy == DFS,
		Symmetry: s.Symmetry, Fingerprints: s.Store != StoreExact, Visitor: s.Visitor.state != nil,
		VisitPaths: s.Visitor.paths != nil, Stop: s.Stop != StopDecided && s.Stop != StopNever, Workers: s.Workers,
		MaxDepth: s.MaxDepth, MaxStates: s.MaxStates, MaxGenerated: s.MaxGenerated,
	}
	if option, reason := asked.Refuse(c); option != "" {
		return &OptionError{option, reason}
	}
	return nil
}

// refuseNegative refuses negative numbers, and says what 0 would mean.
func (s *settings) refuseNegative() error {
	const noLimit = "no limit"
	depth := noLimit
	if s.simulate {
		depth = "1,000"
	}
	for _, x := range []struct {
		option string
		value  int64
		zero   string // meaning of 0
	}{
		{"Workers", int64(s.Workers), "one per CPU"}, {"MaxDepth", int64(s.MaxDepth), depth},
		{"MaxStates", int64(s.MaxStates), noLimit}, {"MaxGenerated", int64(s.MaxGenerated), noLimit},
		{"Timeout", int64(s.Timeout), noLimit}, {"MaxMemory", s.MaxMemory, "what the machine allows"},
		{"Walks", int64(s.walks), "1,000, or no limit with a Timeout"},
		{"ProgressEvery", int64(s.ProgressEvery), "a second"},
	} {
		if x.value < 0 {
			return &OptionError{x.option, fmt.Sprintf("must not be negative (0 means %s)", x.zero)}
		}
	}
	return nil
}
