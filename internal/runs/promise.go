// Package runs judges single runs that are written out, a position after the other: lassos, and runs that end.
// It does so by definition: a formula is evaluated on the run, and each fairness constraint is looked for on its
// loop. So it is apart from the search for such runs, whose counterexamples it checks and puts into words.
package runs

import (
	"github.com/allways-go/allways/internal/property"
	"github.com/allways-go/allways/internal/temporal"
)

// Promise is what a promise about runs says. An atom of its formula is numbered among all atoms of its kind.
type Promise struct {
	Formula   *temporal.Formula
	Automaton *temporal.Automaton // automaton of the negated formula, from Translate; nil for one of kind Possible
	Fair      []Fair
	MayStop   bool // a run may end anywhere
}

// StopsAnywhere is the name of the assumption that runs may end in any state.
const StopsAnywhere = "runs may stop anywhere"

// Fair is a fairness constraint, on the steps of a StepAtom or those of each value of a KeyAtom.
type Fair struct {
	Name   string
	Strong bool
	Keyed  bool
	Atom   int // number among the atoms of that kind
}

// Translate makes the automaton of a promise of some kind. A property that is no promise about runs has none, and
// is nil.
func (p *Promise) Translate(k property.Kind) (err error) {
	if p == nil || k == property.Possible {
		return nil
	}
	p.Automaton, err = temporal.Translate(temporal.Negate(p.Formula))
	return err
}

// Text returns the formula of a promise about runs; nil has none.
func (p *Promise) Text() string {
	if p == nil {
		return ""
	}
	return p.Formula.String()
}

// Assumptions returns the names of the constraints of a promise about runs; nil has none.
func (p *Promise) Assumptions() (names []string) {
	if p == nil {
		return nil
	}
	for i := range p.Fair {
		names = append(names, p.Fair[i].Name)
	}
	if p.MayStop {
		names = append(names, StopsAnywhere)
	}
	return names
}
