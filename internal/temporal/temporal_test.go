package temporal

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/allways-go/allways/internal/longtest"
)

// Short names for what the tests write often.
var (
	p       = &Formula{Op: State, Atom: 0, Name: "p"}
	q       = &Formula{Op: State, Atom: 1, Name: "q"}
	taken   = &Formula{Op: Step, Atom: 0, Name: "a"}
	enabled = &Formula{Op: Enabled, Atom: 0, Name: "a"}
)

func apply(op Op, args ...*Formula) *Formula { return &Formula{Op: op, Args: args} }

func not(f *Formula) *Formula            { return apply(Not, f) }
func always(f *Formula) *Formula         { return apply(Always, f) }
func eventually(f *Formula) *Formula     { return apply(Eventually, f) }
func implies(f, g *Formula) *Formula     { return apply(Implies, f, g) }
func and(f ...*Formula) *Formula         { return apply(And, f...) }
func or(f ...*Formula) *Formula          { return apply(Or, f...) }
func untilOf(f, g *Formula) *Formula     { return apply(Until, f, g) }
func releases(f, g *Formula) *Formula    { return apply(Release, f, g) }
func leadsToFrom(f, g *Formula) *Formula { return always(implies(f, eventually(g))) }

// randomFormula returns a formula with the given number of operators.
func randomFormula(r *rand.Rand, operators int, atoms []*Formula) *Formula {
	if operators == 0 {
		if r.IntN(12) == 0 {
			return &Formula{Op: Op(r.IntN(2))}
		}
		return atoms[r.IntN(len(atoms))]
	}
	op := Not + Op(r.IntN(int(Release-Not)+1))
	switch operands[op] {
	case 1:
		return apply(op, randomFormula(r, operators-1, atoms))
	case anyNumber:
		if r.IntN(10) == 0 {
			return apply(op)
		}
	}
	left := r.IntN(operators)
	return apply(op, randomFormula(r, left, atoms), randomFormula(r, operators-1-left, atoms))
}

// naive decides a formula at one position from the definition of its operators: it looks at the
// positions from there on, one after the other. After as many as there are, all have been seen.
func naive(f *Formula, run []Position, loop, at int) bool {
	later := func(steps int) int {
		i := at + steps
		for i >= len(run) {
			i -= len(run) - loop
		}
		return i
	}
	arg := func(n, steps int) bool { return naive(f.Args[n], run, loop, later(steps)) }
	switch f.Op {
	case True:
		return true
	case False:
		return false
	case State:
		return run[at].State&(1<<f.Atom) != 0
	case Step:
		return run[at].Step&(1<<f.Atom) != 0
	case Enabled:
		return run[at].Enabled&(1<<f.Atom) != 0
	case Not:
		return !arg(0, 0)
	case Implies:
		return !(arg(0, 0) && !arg(1, 0))
	case And:
		for i := range f.Args {
			if !arg(i, 0) {
				return false
			}
		}
		return true
	case Or:
		return !naive(and(negated(f.Args)...), run, loop, at)
	case Always:
		return naive(not(eventually(not(f.Args[0]))), run, loop, at)
	case Release:
		return naive(not(untilOf(not(f.Args[0]), not(f.Args[1]))), run, loop, at)
	case Eventually:
		return naive(untilOf(apply(True), f.Args[0]), run, loop, at)
	}
	for steps := range 2 * len(run) {
		if arg(1, steps) {
			return true
		}
		if !arg(0, steps) {
			return false
		}
	}
	return false
}

func negated(args []*Formula) (all []*Formula) {
	for _, arg := range args {
		all = append(all, not(arg))
	}
	return all
}

// lassos calls visit with all runs of at most the given number of positions, each a set of two atoms.
func lassos(length int, letter func(atoms int) Position, visit func(run []Position, loop int)) {
	for n := 1; n <= length; n++ {
		run := make([]Position, n)
		for word := range 1 << (2 * n) {
			for i := range run {
				run[i] = letter(word >> (2 * i) & 3)
			}
			for loop := range n {
				visit(run, loop)
			}
		}
	}
}

// stateLetter has two state predicates, and mixedLetter a state predicate that is also ENABLED and a
// step predicate.
func stateLetter(atoms int) Position { return Position{State: uint64(atoms)} }
func mixedLetter(atoms int) Position {
	return Position{State: uint64(atoms & 1), Enabled: uint64(atoms & 1), Step: uint64(atoms >> 1)}
}

var (
	stateAtoms = []*Formula{p, q}
	mixedAtoms = []*Formula{p, taken, enabled}
)

func TestHolds(t *testing.T) {
	for seed := range uint64(longtest.Size(100, 2000)) {
		r := rand.New(rand.NewPCG(seed, 1))
		atoms, letter := stateAtoms, stateLetter
		if seed%2 == 0 {
			atoms, letter = mixedAtoms, mixedLetter
		}
		f := randomFormula(r, r.IntN(5), atoms)
		lassos(3, letter, func(run []Position, loop int) {
			if got, want := Holds(f, run, loop), naive(f, run, loop, 0); got != want {
				t.Fatalf("seed %d: %s on %v, loop %d: %t, want %t", seed, f, run, loop, got, want)
			}
		})
	}
}

// The automaton of a formula accepts exactly the runs that satisfy it, the automaton of the negation
// all others. An automaton's answer is computed here by following all its walks on the lasso.
func TestTranslate(t *testing.T) {
	for seed := range uint64(longtest.Size(400, 4000)) {
		r := rand.New(rand.NewPCG(seed, 2))
		atoms, letter := stateAtoms, stateLetter
		if seed%2 == 0 {
			atoms, letter = mixedAtoms, mixedLetter
		}
		f := randomFormula(r, r.IntN(7), atoms)
		checkLanguage(t, f, letter, 3+longtest.Size(0, int(seed%2)))
	}
}

func checkLanguage(t *testing.T, f *Formula, letter func(int) Position, length int) {
	t.Helper()
	yes, err := Translate(f)
	if err != nil {
		t.Fatal(err)
	}
	no, err := Translate(Negate(f))
	if err != nil {
		t.Fatal(err)
	}
	lassos(length, letter, func(run []Position, loop int) {
		want := Holds(f, run, loop)
		if accepts(yes, run, loop) != want || accepts(no, run, loop) == want {
			t.Fatalf("%s on %v, loop %d: %t; accepted %t, negation accepted %t", f, run, loop, want, accepts(yes, run, loop),
				accepts(no, run, loop))
		}
	})
}

// accepts decides by walks from each pair of a position and a state back to it: the acceptance sets
// that all walks from the pair to itself can collect together are those of its component.
func accepts(a *Automaton, run []Position, loop int) bool {
	k := len(a.States)
	n := len(run) * k
	reach := make([]uint64, n) // of pairs, by bits: n is small
	type edge struct {
		from, to int
		accept   uint64
	}
	var edges []edge
	for i := range run {
		next := i + 1
		if next == len(run) {
			next = loop
		}
		for v, out := range a.States {
			for _, e := range out {
				if e.Allows(&run[i]) {
					edges = append(edges, edge{i*k + v, next*k + e.To, e.Accept})
					reach[i*k+v] |= 1 << (next*k + e.To)
				}
			}
		}
	}
	if n > 64 {
		panic("too large for this test")
	}
	for via := range n {
		for from := range n {
			if reach[from]>>via&1 != 0 {
				reach[from] |= reach[via]
			}
		}
	}
	for v := range n {
		from := false
		for _, initial := range a.Initial {
			from = from || v == initial || reach[initial]>>v&1 != 0
		}
		if !from || reach[v]>>v&1 == 0 {
			continue
		}
		var accept uint64
		for _, e := range edges {
			same := func(w int) bool { return w == v || reach[v]>>w&1 != 0 && reach[w]>>v&1 != 0 }
			if same(e.from) && same(e.to) {
				accept |= e.accept
			}
		}
		if accept == a.All() {
			return true
		}
	}
	return false
}

// The negations of everyday properties have tiny automata, since every state of one multiplies the
// states of a model.
func TestTinyAutomata(t *testing.T) {
	strong := implies(always(eventually(p)), always(eventually(q)))
	for _, c := range []struct {
		f            *Formula
		states, sets int
	}{
		{leadsToFrom(p, q), 2, 1},
		{always(eventually(p)), 2, 1},
		{eventually(always(p)), 1, 1},
		{eventually(p), 1, 0},
		{not(or(and(p, always(q)), p)), 2, 0},
		{and(eventually(always(p)), eventually(always(q))), 1, 1},
		{and(always(eventually(p)), always(eventually(q))), 3, 1},
		{always(p), 2, 1},
		{untilOf(p, q), 2, 0},
		{releases(p, q), 2, 1},
		{strong, 2, 1},
		{always(implies(p, untilOf(p, q))), 3, 1},
		{eventually(always(or(p, not(p)))), 0, 0},
		{and(always(eventually(p)), always(eventually(not(eventually(always(q)))))), 3, 1},
	} {
		a, err := Translate(Negate(c.f))
		if err != nil {
			t.Fatal(err)
		}
		if len(a.States) > c.states || a.Sets > c.sets {
			t.Errorf("the negation of %s has %d states and %d acceptance sets, want %d and %d: %+v", c.f, len(a.States),
				a.Sets, c.states, c.sets, a)
		}
		checkLanguage(t, c.f, stateLetter, 3)
	}
}

func TestTooLarge(t *testing.T) {
	atoms := func(i int) *Formula { return &Formula{Op: State, Atom: i % MaxAtoms, Name: "p"} }
	var demands, choices, chains []*Formula
	for i := range 65 {
		demands = append(demands, eventually(and(atoms(i), always(atoms(i/2+1)))))
		choices = append(choices, or(always(atoms(i)), untilOf(atoms(i+1), atoms(i+2))))
	}
	for i := range 4 { // few ways from each state, and thousands of states
		chain := always(atoms(i))
		for j := range 7 {
			chain = eventually(and(atoms(8*i+j), untilOf(atoms(8*i+j+1), chain)))
		}
		chains = append(chains, chain)
	}
	for _, c := range []struct {
		f    *Formula
		want string
	}{
		{and(demands...), "has 65 parts that must happen eventually"},
		{and(demands[:60]...), "too large"},
		{and(choices[:40]...), "too large"},
		{and(chains...), "too large"},
		{apply(Until, p), "U needs 2 arguments and has 1"},
		{and(p, nil), "is nil"},
		{&Formula{Op: State, Atom: 64, Name: "far"}, "atom 64 (far) is not between 0 and 63"},
		{&Formula{Op: Release + 1}, "no operator"},
	} {
		if _, err := Translate(c.f); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got the error %v, want %q", err, c.want)
		}
	}
}
