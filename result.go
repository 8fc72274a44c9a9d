package allways

import (
	"math/big"
	"time"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/gospace"
)

// Result is what a run learned. Only a complete run proves that no state violates a property or
// that no state satisfies it. Any other run still reports all that it knows.
//
// A search has several passes: one decides all properties but those of [Eventually], which have a
// pass each, and promises about runs, such as [LeadsTo], which share one. A limit may end one of the latter
// when the others were complete: StopPass says which it ended first, and the Reason of each property whether
// its verdict is affected. A refutation found among the states that were met is one, whatever has ended the
// pass.
//
// A model without properties has nothing to violate: its verdict is Holds after a complete run, and
// Inconclusive after any other. Warnings say so.
type Result[S, A any] struct {
	Verdict    Verdict                // violated if any property is, else inconclusive if any is, else holds
	Properties []PropertyResult[S, A] // verdicts in the order of the model's Properties
	Complete   bool                   // every pass expanded every state that it had to, inside a boundary
	Bounded    bool                   // a step left the model's boundary: verdicts hold within it
	StopReason StopReason             // reason why the run ended early; empty when it is complete
	StopPass   string                 // pass that StopReason ended, named as in Progress.Phase: see Complete

	Stats   Stats         // counts of the whole run
	Actions []ActionStats // counts by name of action, sorted by name

	Misbehaviour     *ModelError // broken rule of models, such as a panic, also returned as the error; nil without one
	MisbehaviourPath *Path[S, A] // path to the state in which the model misbehaved; nil if no path is known

	Warnings []Warning // reasons to doubt that the run has checked what was meant, each once
	Optional []string  // optional methods that the model has, such as "Within", sorted; none of systems of actors
	Seed     uint64    // seed of a simulation
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
	Name    string       // name of the property
	Kind    PropertyKind // kind of promise
	Verdict Verdict      // outcome; Inconclusive if the run did not decide the property
	Within  bool         // the verdict is about the states inside the model's boundary only
	Path    *Path[S, A]  // counterexample, or witness of a Sometimes; nil if the verdict has neither
	Reason  string       // reason for the verdict, where the other fields do not show it; may be empty
	Ignored []string     // actions enabled all along the cycle of a refuting lasso and never taken
	Formula string       // text of a promise about runs; empty for others
	Assumes []string     // names of the fairness constraints that it assumes
	Fair    []string     // reasons why the counterexample honours each of them, for people

	Abstract *AbstractStep // place where a violated Refines breaks, as the abstract model sees it; nil for all others
}

// StopReason is the reason why a run ended before it was complete.
type StopReason string

// The stop reasons. With any other than StopReasonNone, properties that were not decided are
// inconclusive.
const (
	StopReasonNone      StopReason = ""
	StopReasonCondition StopReason = "stopped as asked"                 // Options.Stop was met
	StopReasonDepth     StopReason = "depth limit"                      // Options.MaxDepth
	StopReasonStates    StopReason = "limit of distinct states"         // Options.MaxStates
	StopReasonGenerated StopReason = "limit of generated states"        // Options.MaxGenerated
	StopReasonTime      StopReason = "time limit"                       // Options.Timeout or a deadline of the context
	StopReasonMemory    StopReason = "memory limit"                     // Options.MaxMemory
	StopReasonCanceled  StopReason = "interrupted"                      // the context was canceled
	StopReasonIDs       StopReason = "state numbers exhausted"          // more states than 32-bit numbers
	StopReasonModel     StopReason = "the model misbehaved"             // see Result.Misbehaviour
	StopReasonCallback  StopReason = "a function of the options failed" // see CallbackError
	StopReasonWalks     StopReason = "a simulation is never complete"   // all walks of a simulation were made
)

// stopReasons translates those of the engine.
var stopReasons = map[engine.StopReason]StopReason{
	engine.StopReasonNone: StopReasonNone, engine.StopReasonCondition: StopReasonCondition,
	engine.StopReasonDepth: StopReasonDepth, engine.StopReasonStates: StopReasonStates,
	engine.StopReasonGenerated: StopReasonGenerated, engine.StopReasonTime: StopReasonTime,
	engine.StopReasonMemory: StopReasonMemory, engine.StopReasonCanceled: StopReasonCanceled,
	engine.StopReasonIDs: StopReasonIDs, engine.StopReasonModel: StopReasonModel,
	engine.StopReasonCallback: StopReasonCallback,
}

// Stats counts what a run did.
type Stats struct {
	Generated int64         // initial states and every successor inside the boundary
	Distinct  int64         // different states among them; orbits under symmetry
	Depth     int           // states on the longest shortest path (BFS) or longest path (DFS, Simulate)
	Elapsed   time.Duration // wall time of the whole run
	Memory    int64         // peak bytes of the checker's tables
	Workers   int           // goroutines used
	Omission  float64       // probability that two states were taken for one; 0 with StoreExact
	Walks     int64         // walks of a simulation
	Passes    int           // searches of a system that forgets dead messages, which counts are of the last; else 0
	Written   int64         // bytes that a search beyond memory wrote to Options.Spill; 0 while MaxMemory was enough
	Read      int64         // bytes that it read again
	Symmetry  time.Duration // part of Elapsed in which states were compared with their representatives
	// ExactMemory is about the bytes that StoreExact would have taken, in a search with
	// StoreFingerprints. It is less than Memory when states are small or levels wide, since the states of
	// two levels are kept as they are.
	ExactMemory int64
	// Strategy is the one of the search that Check has made. Chosen says in a few words why, if the options asked for
	// Auto.
	Strategy Strategy
	Chosen   string
	// SetsMayPay reports that the search of a system of actors has ended at a limit, or took more than ten seconds, and
	// that the strategy Symbolic, which may have reached further, could decide the same.
	SetsMayPay bool
	// States and Steps are Distinct and Generated without a limit: those are at most the largest int64. They are
	// known of a search with the strategy Symbolic that found all states, and nil for all others. Such a search knows no
	// Depth.
	States, Steps *big.Int
}

// BytesPerState is the memory of the tables divided by the distinct states.
func (s Stats) BytesPerState() float64 {
	if s.Distinct == 0 {
		return 0
	}
	return float64(s.Memory) / float64(s.Distinct)
}

// Rate is the generated states a second.
func (s Stats) Rate() float64 { return Progress{Generated: s.Generated, Elapsed: s.Elapsed}.Rate() }

// ActionStats counts the actions of one name. At most 4,094 names are counted apart, declared ones
// first: when a run meets more, all names that [ActionLister] does not declare are counted together
// as "(others)".
type ActionStats struct {
	Name       string // name under which actions are counted; see [ActionNamer]
	Enabled    int64  // times that such an action was among the actions of an expanded state
	Taken      int64  // times that it led to a state inside the boundary
	New        int64  // states first reached by it, as a breadth-first search with one worker would reach them
	NeverTaken bool   // the model declares the name, and a complete search never took such an action
}

// outcome is a Result before it has types again: its paths are the untyped ones.
type outcome struct {
	Result[untyped, untyped]
	paths            []*gospace.Path // counterexample or witness of each property; nil without one
	misbehaviourPath *gospace.Path
}

// untyped stands for a type that is not known.
type untyped struct{}

// typedResult gives an outcome its types; nil stays nil.
func typedResult[S, A any](o *outcome) *Result[S, A] {
	if o == nil {
		return nil
	}
	r := &Result[S, A]{
		Verdict: o.Verdict, Complete: o.Complete, Bounded: o.Bounded, StopReason: o.StopReason,
		StopPass: o.StopPass, Stats: o.Stats, Actions: o.Actions,
		Misbehaviour: o.Misbehaviour, MisbehaviourPath: typedPath[S, A](o.misbehaviourPath),
		Warnings: o.Warnings, Optional: o.Optional, Seed: o.Seed, Properties: make([]PropertyResult[S, A], len(o.Properties)),
	}
	for i, p := range o.Properties {
		r.Properties[i] = PropertyResult[S, A]{
			Name: p.Name, Kind: p.Kind, Verdict: p.Verdict, Within: p.Within, Path: typedPath[S, A](o.paths[i]),
			Reason: p.Reason, Ignored: p.Ignored, Formula: p.Formula, Assumes: p.Assumes, Fair: p.Fair,
			Abstract: p.Abstract,
		}
	}
	return r
}
