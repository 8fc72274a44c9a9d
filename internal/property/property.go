// Package property says what the kinds of property mean: which evidence decides one, and what the
// verdict is then. It knows neither models nor searches: code that evaluates predicates asks it
// what the values mean.
package property

import "fmt"

// Kind says what a property promises.
type Kind uint8

// The kinds of property, in the order of those of package allways.
const (
	Always     Kind = iota // a predicate holds in every reachable state
	Sometimes              // a predicate holds in some reachable state
	Eventually             // every maximal path reaches a state in which the predicate holds
	Step                   // a predicate holds of every step
	Deadlock               // every state without a step is an accepting one

	LeadsTo           // wherever the first predicate holds, the second one holds there or later
	InfinitelyOften   // on every run a predicate holds again and again
	EventuallyForever // on every run a predicate holds from some state on
	Until             // on every run the first predicate holds until the second one does, which it does
	Temporal          // every run satisfies a formula
	Possible          // from every reachable state a state can be reached in which a predicate holds

	// Refinement has a predicate that every initial state satisfies, and one of all steps.
	Refinement

	// Atoms are parts of formulas and of fairness constraints, not promises.
	Atom     // a predicate of states
	StepAtom // a predicate of steps
	KeyAtom  // a function of steps, whose values tell the instances of a constraint apart
)

// String returns the name of a kind of promise.
func (k Kind) String() string {
	names := [...]string{
		"always", "sometimes", "eventually", "step", "deadlock", "leads to", "infinitely often", "eventually forever",
		"until", "temporal", "always possible", "refines",
	}
	if int(k) < len(names) {
		return names[k]
	}
	return fmt.Sprintf("PropertyKind(%d)", uint8(k))
}

// Promise reports whether the kind is that of a promise, and not that of a part of one.
func (k Kind) Promise() bool { return k < Atom }

// Verdict is what evidence says of a property. The zero value is Inconclusive.
type Verdict uint8

// The verdicts, in the order of those of package allways.
const (
	Inconclusive Verdict = iota
	Holds
	Violated
)

// Found is the verdict once there is evidence: a witness of a Sometimes, a counterexample of
// anything else.
func (k Kind) Found() Verdict {
	if k == Sometimes {
		return Holds
	}
	return Violated
}

// Exhausted is the verdict when a complete search has found no evidence.
func (k Kind) Exhausted() Verdict {
	if k == Sometimes {
		return Violated
	}
	return Holds
}

// Terminal reports whether the predicate is evaluated in states without a step only.
func (k Kind) Terminal() bool { return k == Deadlock }

// DecidedBy reports whether a state is evidence, given the value of the predicate there. For a
// Terminal kind it must be a state without a step. An Eventually is never decided by a single
// state, and a Step has no state predicate.
func (k Kind) DecidedBy(holds bool) bool { return holds == (k == Sometimes) }

// Everywhere reports whether every state, or every step, must satisfy the predicate. Then a path that
// does not shows a violation, whatever follows.
func (k Kind) Everywhere() bool { return k == Always || k == Step }

// OfStates reports whether the set of reachable states decides the property: how steps connect them
// does not matter.
func (k Kind) OfStates() bool { return k == Always || k == Sometimes }

// Run is what there is to know of a path.
type Run struct {
	Some  bool // the predicate holds in some state of the path
	All   bool // the predicate holds in all of them
	Last  bool // the predicate holds in the last one
	Steps bool // the step predicate holds of all steps, and of a Refinement that of the first state
	Ends  bool // the last state is without a step
	Loops bool // the path is a lasso
}

// Judge says what a path shows: the verdict of Found if the path is evidence, else Inconclusive.
func (k Kind) Judge(r Run) Verdict {
	evidence := false
	switch k {
	case Always:
		evidence = !r.All
	case Sometimes:
		evidence = r.Some
	case Eventually:
		evidence = !r.Some && (r.Ends || r.Loops)
	case Step, Refinement:
		evidence = !r.Steps
	case Deadlock:
		evidence = r.Ends && !r.Last
	}
	if evidence {
		return k.Found()
	}
	return Inconclusive
}
