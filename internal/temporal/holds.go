package temporal

// Holds reports whether the formula holds at the first position of a run without end: the given
// positions, and after the last one those from index loop on, repeatedly. The run must not be empty.
func Holds(f *Formula, run []Position, loop int) bool {
	return truth(f, run, loop)[0]
}

// truth returns at which positions of the run the formula holds.
func truth(f *Formula, run []Position, loop int) []bool {
	args := make([][]bool, len(f.Args))
	for i, arg := range f.Args {
		args[i] = truth(arg, run, loop)
	}
	all := make([]bool, len(run))
	switch f.Op {
	case Always:
		lasting(all, loop, true, func(i int, next bool) bool { return args[0][i] && next })
	case Eventually:
		lasting(all, loop, false, func(i int, next bool) bool { return args[0][i] || next })
	case Until:
		lasting(all, loop, false, func(i int, next bool) bool { return args[1][i] || args[0][i] && next })
	case Release:
		lasting(all, loop, true, func(i int, next bool) bool { return args[1][i] && (args[0][i] || next) })
	default:
		for i := range run {
			all[i] = f.now(&run[i], func(arg int) bool { return args[arg][i] })
		}
	}
	return all
}

// now decides a formula without temporal operator at its top.
func (f *Formula) now(p *Position, arg func(int) bool) bool {
	switch f.Op {
	case State:
		return p.State>>f.Atom&1 != 0
	case Step:
		return p.Step>>f.Atom&1 != 0
	case Enabled:
		return p.Enabled>>f.Atom&1 != 0
	case Not:
		return !arg(0)
	case Implies:
		return !arg(0) || arg(1)
	case And, Or:
		for i := range f.Args {
			if arg(i) == (f.Op == Or) {
				return f.Op == Or
			}
		}
		return f.Op == And
	}
	return f.Op == True
}

// lasting fills all with a fixpoint of rule, which decides a position from the next one: the greatest
// fixpoint if start is true, else the least. Going backwards from the end, two rounds of the loop are
// enough: the first finds out what holds at the start of the loop, the second uses it.
func lasting(all []bool, loop int, start bool, rule func(i int, next bool) bool) {
	next := start
	for range 2 {
		for i := len(all) - 1; i >= loop; i-- {
			next = rule(i, next)
			all[i] = next
		}
	}
	for i := loop - 1; i >= 0; i-- {
		next = rule(i, next)
		all[i] = next
	}
}
