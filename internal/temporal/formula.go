// Package temporal knows formulas of linear temporal logic: their text, what they say about a run,
// and the automata that recognise the runs that satisfy them. It knows nothing of models: a run is a
// sequence of positions, and a position is three sets of bits.
package temporal

import "fmt"

// Op is an operator of formulas.
type Op uint8

// The operators. The first five are the leaves of a formula.
const (
	True       Op = iota
	False         //
	State         // the state at this position satisfies state predicate Atom
	Step          // the step at this position changes the state, and satisfies step predicate Atom
	Enabled       // a step that changes the state and satisfies step predicate Atom is possible at this position
	Not           // of one argument
	And           // of any number of arguments; of none it is true
	Or            // of any number of arguments; of none it is false
	Implies       // of two arguments
	Always        // of one argument: it holds at this position and at all later ones
	Eventually    // of one argument: it holds at this position or at a later one
	Until         // of two arguments: the second holds now or later, and the first at all positions before
	Release       // of two arguments: the second holds up to the first position at which both do, or forever
)

// MaxAtoms is the number of predicates of states, and of steps, that formulas can tell apart.
const MaxAtoms = 64

// Formula is a formula of linear temporal logic. Formulas may share parts, and are never changed.
type Formula struct {
	Op   Op
	Atom int        // the predicate's bit in positions, of State, Step and Enabled
	Name string     // the predicate's name in texts
	Args []*Formula // the arguments of an operator
}

// Position is what a formula can see at one place of a run: bit i of each set says whether predicate
// i holds.
type Position struct {
	State   uint64 // state predicates
	Step    uint64 // step predicates of the step taken here; 0 if it leaves the state as it is
	Enabled uint64 // step predicates of all steps that are possible here and change the state
}

// operands are the numbers of arguments of the operators.
var operands = [...]int{
	Not: 1, And: anyNumber, Or: anyNumber, Implies: 2, Always: 1, Eventually: 1, Until: 2, Release: 2,
}

const anyNumber = -1

// Check returns an error if the formula has an operator that does not exist, a wrong number of
// arguments or an atom beyond MaxAtoms.
func (f *Formula) Check() error {
	switch {
	case f == nil:
		return fmt.Errorf("temporal: a formula is nil")
	case int(f.Op) >= len(operands):
		return fmt.Errorf("temporal: there is no operator %d", f.Op)
	case operands[f.Op] != anyNumber && operands[f.Op] != len(f.Args):
		return fmt.Errorf("temporal: %s needs %d arguments and has %d", opNames[f.Op], operands[f.Op], len(f.Args))
	case f.Atom < 0 || f.Atom >= MaxAtoms:
		return fmt.Errorf("temporal: atom %d (%s) is not between 0 and %d", f.Atom, f.Name, MaxAtoms-1)
	}
	for _, arg := range f.Args {
		if err := arg.Check(); err != nil {
			return err
		}
	}
	return nil
}

// leaf reports whether the formula is a constant or an atom.
func (f *Formula) leaf() bool { return f.Op <= Enabled }

// OfStates reports whether the formula is about the state at its position alone; nil is not.
func (f *Formula) OfStates() bool {
	if f == nil {
		return false
	}
	switch f.Op {
	case True, False, State:
		return true
	case Not, And, Or, Implies:
		for _, arg := range f.Args {
			if !arg.OfStates() {
				return false
			}
		}
		return true
	}
	return false
}
