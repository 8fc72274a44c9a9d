package allways

import (
	"github.com/allways-go/allways/internal/property"
	"github.com/allways-go/allways/internal/refine"
)

// PropertyKind says what a property promises.
type PropertyKind uint8

// The kinds of property.
const (
	KindAlways     PropertyKind = iota // a predicate holds in every reachable state
	KindSometimes                      // a predicate holds in some reachable state
	KindEventually                     // every maximal path reaches a state in which the predicate holds
	KindStep                           // a predicate holds of every step
	KindDeadlock                       // every state without a step is an accepting one

	KindLeadsTo           // wherever one predicate holds, another one holds there or later
	KindInfinitelyOften   // on every run a predicate holds again and again
	KindEventuallyForever // on every run a predicate holds from some state on
	KindUntil             // on every run one predicate holds until another one does
	KindTemporal          // every run satisfies another formula
	KindPossible          // from every reachable state one can be reached in which a predicate holds

	KindRefinement // every initial state and every step is one of an abstract model, under a map
)

// String returns a word or two, such as "always" or "leads to".
func (k PropertyKind) String() string { return property.Kind(k).String() }

// MarshalText makes a kind a word in JSON.
func (k PropertyKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Property is a named promise of a model. Make one with [Always], [Sometimes], [Eventually],
// [AlwaysStep], [NoDeadlock], [AlwaysPossible], [Refines], or with [LeadsTo], [Temporal] and the other
// promises about runs; the zero value is refused.
type Property[S any] struct {
	name    string
	kind    PropertyKind
	state   func(S) bool
	step    any         // func(before S, a A, after S) bool; A is asserted when the model is compiled
	formula *formula[S] // promise about runs, or what AlwaysPossible asks for; nil for all others
	fair    []Fairness[S]
	refines *refinement         // abstract model of a Refines; nil for all others
	mapped  *refine.Abstraction // abstract model of which it is a promise; nil for all that [Mapped] has not made
	wrong   string              // reason why it cannot be checked; empty if it can
}

// Name returns the property's name.
func (p Property[S]) Name() string { return p.name }

// Kind returns what the property promises.
func (p Property[S]) Kind() PropertyKind { return p.kind }

// Always promises that f holds in every reachable state: it states an invariant.
func Always[S any](name string, f func(S) bool) Property[S] {
	return Property[S]{name: name, kind: KindAlways, state: f}
}

// Sometimes promises that f holds in at least one reachable state. The path to the first such state
// is its witness.
func Sometimes[S any](name string, f func(S) bool) Property[S] {
	return Property[S]{name: name, kind: KindSometimes, state: f}
}

// Eventually promises that every maximal path from an initial state reaches a state in which f
// holds. It is refuted by a path that ends, or runs into a cycle, without ever meeting f. No
// fairness is assumed without [Property.Assuming]: a cycle that forever ignores an enabled action is a
// refutation too, and its report names the ignored actions.
//
// A step that leads back to the same state is a step, so a state in which it may be taken forever is
// such a cycle. TLA+ sees that otherwise: there, weak fairness of Next asks for steps that change
// something. For the same verdict assume [WeaklyFairNext], or let [Model.Next] report false for an action that
// changes nothing.
func Eventually[S any](name string, f func(S) bool) Property[S] {
	return Property[S]{name: name, kind: KindEventually, state: f}
}

// AlwaysStep promises that f holds of every step between reachable states. A must be the model's
// action type; another one is an error when the model is checked.
func AlwaysStep[S, A any](name string, f func(before S, a A, after S) bool) Property[S] {
	p := Property[S]{name: name, kind: KindStep}
	if f != nil {
		p.step = f
	}
	return p
}

// NoDeadlock promises that only states accepted by final are without a step. A step that leads back
// to the same state is a step, so a self-loop is no deadlock; neither is a state all of whose steps
// leave the boundary. A nil final accepts no state.
func NoDeadlock[S any](name string, final func(S) bool) Property[S] {
	if final == nil {
		final = func(S) bool { return false }
	}
	return Property[S]{name: name, kind: KindDeadlock, state: final}
}

// Verdict is the outcome for a property or a model.
type Verdict uint8

// The verdicts. The zero value is Inconclusive, so that nothing holds by default.
const (
	Inconclusive Verdict = iota
	Holds
	Violated
)

// String returns "inconclusive", "holds" or "violated".
func (v Verdict) String() string {
	switch v {
	case Holds:
		return "holds"
	case Violated:
		return "violated"
	}
	return "inconclusive"
}

// MarshalText makes a verdict a word in JSON.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }
