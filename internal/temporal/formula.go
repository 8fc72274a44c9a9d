package temporal

// Op is an operator.
type Op uint8

const (
	True Op = iota
	False
	State
	Step
	Enabled
	Not
	And
	Or
	Implies
	Always
	Eventually
	Until
	Release
)

// Formula is a formula.
type Formula struct {
	Op   Op
	Atom int
	Name string
	Args []*Formula
}

func (f *Formula) String() string { return f.Name }

// Position is a position of a run.
type Position struct{ State, Step, Enabled uint64 }

// Holds is a stub.
func Holds(f *Formula, run []Position, loop int) bool { return true }
