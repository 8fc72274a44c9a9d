package temporal

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// The limits of a translation.
const (
	maxBranches = 1 << 11 // ways to satisfy what one state demands
	maxWork     = 1 << 20 // steps in search of all ways
	stateWork   = 1 << 8  // steps that each state counts for, so that there are at most 4096
	maxSets     = 64
)

var errTooComplex = errors.New(
	"temporal: the formula is too complex: its automaton is too large; fairness costs less as constraints")

// Translate returns an automaton that accepts exactly the runs at whose first position the formula
// holds. The error says that the formula is malformed or that the automaton is too large.
//
// The states are sets of formulas in negation normal form that the rest of the run has to satisfy. A
// state's edges are the ways to do so: what must hold at this position, and what at the next. Each
// formula that demands that something happens eventually has an acceptance set: the edges that do not
// put it off (Couvreur, On-the-fly verification of linear temporal logic, FM 1999).
func Translate(f *Formula) (*Automaton, error) {
	if err := f.Check(); err != nil {
		return nil, err
	}
	t := &tableau{numbers: map[string]int{}, states: map[string]int{}}
	root := t.number(normal(f, false))
	if t.sets > maxSets {
		return nil, fmt.Errorf("temporal: the formula has %d parts that must happen eventually; at most %d are possible",
			t.sets, maxSets)
	}
	a := &Automaton{Initial: []int{t.state([]int{root})}, Sets: t.sets}
	for i := 0; i < len(t.demands); i++ {
		edges, ok := t.edges(t.demands[i])
		if !ok {
			return nil, errTooComplex
		}
		a.States = append(a.States, edges)
	}
	reduce(a)
	return a, nil
}

// tableau makes the states of an automaton.
type tableau struct {
	formulas []part         // all parts of the formula, by number
	numbers  map[string]int // number of each part, by key
	sets     int
	demands  [][]int        // the numbers of parts that each state demands, ascending
	states   map[string]int // number of each state, by the text of its demands
	work     int            // calls of branches, and more for each state
}

// part is a part of the formula, with its own parts as numbers.
type part struct {
	*Formula
	args []int
	set  int // the acceptance set of Eventually and Until
}

// number returns the number of a part.
func (t *tableau) number(f *Formula) int {
	key := f.key()
	if n, ok := t.numbers[key]; ok {
		return n
	}
	p := part{Formula: f}
	if !f.literal() {
		for _, arg := range f.Args {
			p.args = append(p.args, t.number(arg))
		}
	}
	if f.Op == Eventually || f.Op == Until {
		p.set = t.sets
		t.sets++
	}
	t.formulas = append(t.formulas, p)
	t.numbers[key] = len(t.formulas) - 1
	return len(t.formulas) - 1
}

// state returns the number of the state with these demands.
func (t *tableau) state(demands []int) int {
	var key []byte
	for _, d := range demands {
		key = binary.AppendUvarint(key, uint64(d))
	}
	if n, ok := t.states[string(key)]; ok {
		return n
	}
	t.states[string(key)] = len(t.demands)
	t.demands = append(t.demands, demands)
	return len(t.demands) - 1
}

// branch is one way to satisfy some formulas.
type branch struct {
	Condition
	done  []int  // parts that are dealt with
	next  []int  // parts that must hold at the next position
	later uint64 // acceptance sets of what is put off
}

// edges returns the edges of a state. Ways that another one makes superfluous are left out: the other
// holds whenever they do, and demands no more later.
// There may be too many.
func (t *tableau) edges(demands []int) (edges []Edge, ok bool) {
	var all []branch
	t.work += stateWork
	if !t.branches(demands, branch{}, &all) {
		return nil, false
	}
	slices.SortStableFunc(all, func(b, c branch) int {
		return cmp.Compare(b.literals()+len(b.next), c.literals()+len(c.next))
	})
	var kept []branch
	for _, b := range all {
		if slices.ContainsFunc(kept, b.superfluous) {
			continue
		}
		kept = append(kept, b)
		edges = append(edges, Edge{Condition: b.Condition, Accept: (1<<t.sets - 1) &^ b.later, To: t.state(b.next)})
	}
	return edges, true
}

// superfluous reports whether c does what b does and is no less general. It then puts off no more than
// b, since what is put off is demanded at the next position.
func (b branch) superfluous(c branch) bool {
	return c.Condition.impliedBy(&b.Condition) &&
		!slices.ContainsFunc(c.next, func(n int) bool { return !slices.Contains(b.next, n) })
}

// branches appends to all the ways to satisfy the formulas todo and what b has already. It returns
// false if there are too many.
func (t *tableau) branches(todo []int, b branch, all *[]branch) bool {
	if t.work++; t.work > maxWork || len(*all) > maxBranches {
		return false
	}
	if len(todo) == 0 {
		slices.Sort(b.next)
		*all = append(*all, b)
		return true
	}
	n, rest := todo[len(todo)-1], todo[:len(todo)-1]
	if slices.Contains(b.done, n) {
		return t.branches(rest, b, all)
	}
	f := t.formulas[n]
	b.done = append(slices.Clip(b.done), n)
	with := func(more ...int) []int { return append(slices.Clip(rest), more...) }
	postponed := b
	postponed.next = append(slices.Clip(b.next), n)
	switch f.Op {
	case True:
		return t.branches(rest, b, all)
	case False:
		return true
	case And:
		return t.branches(with(f.args...), b, all)
	case Or:
		for _, arg := range f.args {
			if !t.branches(with(arg), b, all) {
				return false
			}
		}
		return true
	case Always:
		return t.branches(with(f.args[0]), postponed, all)
	case Eventually:
		postponed.later |= 1 << f.set
		return t.branches(with(f.args[0]), b, all) && t.branches(rest, postponed, all)
	case Until:
		postponed.later |= 1 << f.set
		return t.branches(with(f.args[1]), b, all) && t.branches(with(f.args[0]), postponed, all)
	case Release:
		return t.branches(with(f.args[0], f.args[1]), b, all) && t.branches(with(f.args[1]), postponed, all)
	}
	return !b.add(f.Formula) || t.branches(rest, b, all)
}
