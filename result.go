package allways

import (
	"fmt"
	"time"
)

// Result is what a run learned. It is complete only when Complete says so; a run that was cut still tells all it knows.
type Result[S, A any] struct {
	Verdict    Verdict                // of the whole: violated if any property is, else inconclusive if any is, else holds
	Properties []PropertyResult[S, A] // in the order of the model's Properties
	Complete   bool                   // every reachable state (inside the boundary, if there is one) was expanded
	Bounded    bool                   // the model has a boundary and it cut some step: verdicts hold within it
	StopReason StopReason             // why the run ended before it was complete; empty when it is complete

	Stats   Stats
	Actions []ActionStats // by name, in the order of the names

	// Misbehaviour is what the model did wrong, such as a panic; nil when it behaved. Check returns it as its error too.
	Misbehaviour *ModelError
	// MisbehaviourPath leads to the state in which the model misbehaved; nil if there is none.
	MisbehaviourPath *Path[S, A]

	Optional []string // the optional methods that the model has, such as "Within", sorted; none of systems of actors
	Seed     uint64   // Simulate: the seed of the run
}

// Property returns the result of the named property, or nil.
func (r *Result[S, A]) Property(name string) *PropertyResult[S, A] {
	for i := range r.Properties {
		if r.Properties[i].Name == name {
			return &r.Properties[i]
		}
	}
	return nil
}

// PropertyResult is the verdict on one property.
type PropertyResult[S, A any] struct {
	Name    string
	Kind    PropertyKind
	Verdict Verdict
	// Within says that the verdict is about the states inside the model's boundary only.
	Within bool
	// Path is the counterexample of a violated property or the witness of a Sometimes that holds; nil if there is none.
	Path *Path[S, A]
	// Reason says in a sentence why the verdict is what it is, where that is not plain from the rest; may be empty.
	Reason string
	// Ignored lists the actions that stay enabled all along the cycle of a refuting lasso and are never taken.
	Ignored []string
}

// StopReason is the reason why a run ended before it was complete.
type StopReason string

// The reasons for a cut. Anything but CutNone leaves properties that were not decided inconclusive.
const (
	StopReasonNone      StopReason = ""
	StopReasonCondition StopReason = "stopped as asked"                 // Options.Stop was met
	StopReasonDepth     StopReason = "depth limit"                      // Options.MaxDepth kept states from being expanded
	StopReasonStates    StopReason = "limit of distinct states"         // Options.MaxStates
	StopReasonGenerated StopReason = "limit of generated states"        // Options.MaxGenerated
	StopReasonTime      StopReason = "time limit"                       // Options.Timeout or a deadline of the context
	StopReasonMemory    StopReason = "memory limit"                     // Options.MaxMemory
	StopReasonCanceled  StopReason = "interrupted"                      // the context was canceled
	StopReasonIDs       StopReason = "state numbers exhausted"          // more states than 32-bit numbers
	StopReasonModel     StopReason = "the model misbehaved"             // see Result.Misbehaviour
	StopReasonCallback  StopReason = "a function of the options failed" // see CallbackError
	StopReasonWalks     StopReason = "a simulation is never complete"   // Simulate ended as asked
)

// Stats counts what a run did.
type Stats struct {
	Generated int64         // initial states and every successor inside the boundary
	Distinct  int64         // different states among them; of orbits with symmetry
	Depth     int           // states on the longest shortest path (BFS) or longest path (DFS, Simulate); an initial state is 1
	Elapsed   time.Duration // wall time of the whole run
	Memory    int64         // peak bytes of the checker's own tables
	Workers   int           // goroutines used
	// Omission is the probability that two states were taken for one, 0 with exact storage.
	Omission float64
	Walks    int64 // Simulate: walks made
}

// BytesPerState is the memory of the tables divided by the distinct states.
func (s Stats) BytesPerState() float64 {
	if s.Distinct == 0 {
		return 0
	}
	return float64(s.Memory) / float64(s.Distinct)
}

// Rate is the generated states a second.
func (s Stats) Rate() float64 {
	if s.Elapsed <= 0 {
		return 0
	}
	return float64(s.Generated) / s.Elapsed.Seconds()
}

// ActionStats counts the actions of one name. At most 4,094 names are told apart, declared ones first: when a run meets
// more, all names that [ActionLister] does not declare are counted together as "(others)".
type ActionStats struct {
	Name    string
	Enabled int64 // times it was among the actions of an expanded state
	Taken   int64 // times it led to a state inside the boundary
	New     int64 // states first reached by it, as a breadth-first search with one worker would reach them
	// NeverTaken flags a declared action that a complete search never took.
	NeverTaken bool
}

// ErrorKind names a way in which a model can misbehave.
type ErrorKind string

// The ways in which a model can misbehave.
const (
	ErrorInit           ErrorKind = "initial states"   // none, or none inside the boundary
	ErrorDeclaration    ErrorKind = "declaration"      // duplicate property, wrong optional method, ...
	ErrorType           ErrorKind = "type"             // a state or action type that has no content to compare
	ErrorValue          ErrorKind = "value"            // a state value that is cyclic, aliased, or holds a refused dynamic type
	ErrorMutation       ErrorKind = "mutation"         // a method changed its argument
	ErrorNondeterminism ErrorKind = "nondeterminism"   // the same arguments gave different outcomes
	ErrorPanic          ErrorKind = "panic"            // a method panicked
	ErrorSymmetry       ErrorKind = "unsound symmetry" // a representative that is none
)

// ModelError says that a model is broken, not that it violates a property. It is what [Check] returns as its error then.
type ModelError struct {
	Kind    ErrorKind
	Where   string // the method or property concerned, such as "Next"
	Action  string // text of the action concerned; empty if none
	Message string // what happened and what to do about it
	Path    string // encoded path to the state concerned, as ParsePath reads it; empty if none
	State   string // text of the state concerned; empty if none
	Panic   any    // the value of a panic
	Stack   string // user frames of a panic
}

// Error returns one line that names the fault and the remedy.
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
