package temporal

// Automaton is a generalised Büchi automaton, with conditions and acceptance on its edges. It accepts
// a run if some endless walk from an initial state reads it (the walk's edge at each position allows
// the position) and takes edges of each acceptance set again and again.
type Automaton struct {
	Initial []int
	States  [][]Edge // the edges of each state
	Sets    int      // the number of acceptance sets, at most 64
	// Accepting says of each state whether it lies on a walk from itself to itself that takes an edge of each
	// acceptance set. Only such states occur again and again when a run is accepted.
	Accepting []bool
}

// Edge leads from one state of an automaton to another, or the same, at a position that it allows.
type Edge struct {
	Condition
	Accept uint64 // bit i: it is in acceptance set i
	To     int
}

// Condition is a conjunction of atoms and negated atoms.
type Condition struct {
	State, Step, Enabled Literals
}

// Literals are the atoms of one kind that must hold, and those that must not.
type Literals struct{ Must, Not uint64 }

// Allow reports whether a set of atoms has all that must hold, and no others that must not.
func (l Literals) Allow(atoms uint64) bool { return atoms&l.Must == l.Must && atoms&l.Not == 0 }

// Free reports whether all sets of atoms are allowed.
func (l Literals) Free() bool { return l == Literals{} }

// All returns the acceptance of edges that are in every set.
func (a *Automaton) All() uint64 { return 1<<a.Sets - 1 }

// Allows reports whether the condition holds at a position.
func (c *Condition) Allows(p *Position) bool {
	return c.State.Allow(p.State) && c.Step.Allow(p.Step) && c.Enabled.Allow(p.Enabled)
}

// Free reports whether the condition holds at all positions.
func (c *Condition) Free() bool { return *c == Condition{} }

// impliedBy reports whether c holds wherever d does.
func (c *Condition) impliedBy(d *Condition) bool {
	return c.State.within(d.State) && c.Step.within(d.Step) && c.Enabled.within(d.Enabled)
}

func (l Literals) within(m Literals) bool { return l.Must&^m.Must == 0 && l.Not&^m.Not == 0 }

// add demands that an atom holds, or does not. It reports whether the condition can still hold.
func (c *Condition) add(f *Formula) bool {
	atom, negated := f, f.Op == Not
	if negated {
		atom = f.Args[0]
	}
	l := &c.State
	switch atom.Op {
	case Step:
		l = &c.Step
	case Enabled:
		l = &c.Enabled
	}
	if negated {
		l.Not |= 1 << atom.Atom
	} else {
		l.Must |= 1 << atom.Atom
	}
	return l.Must&l.Not == 0
}
