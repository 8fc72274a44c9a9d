package temporal

import (
	"strconv"
	"strings"
)

// Negate returns a formula that holds exactly where f does not. It has no implications, negations
// only before atoms, and is simplified.
func Negate(f *Formula) *Formula { return normal(f, true) }

// normal returns f, or what is equivalent to its negation, in negation normal form and simplified.
func normal(f *Formula, negate bool) *Formula {
	switch f.Op {
	case True, False:
		return constant((f.Op == True) != negate)
	case State, Step, Enabled:
		if negate {
			return &Formula{Op: Not, Args: []*Formula{f}}
		}
		return f
	case Not:
		return normal(f.Args[0], !negate)
	case Implies:
		return junctionOf(dual(Or, negate), []*Formula{normal(f.Args[0], !negate), normal(f.Args[1], negate)})
	}
	args := make([]*Formula, len(f.Args))
	for i, arg := range f.Args {
		args[i] = normal(arg, negate)
	}
	switch op := dual(f.Op, negate); op {
	case And, Or:
		return junctionOf(op, args)
	case Always, Eventually:
		return throughout(op, args[0])
	default:
		return upTo(op, args[0], args[1])
	}
}

// duals are the operators that negation exchanges.
var duals = map[Op]Op{
	And: Or, Or: And, Always: Eventually, Eventually: Always, Until: Release, Release: Until, True: False, False: True,
}

func dual(op Op, negate bool) Op {
	if negate {
		return duals[op]
	}
	return op
}

func constant(value bool) *Formula {
	if value {
		return &Formula{Op: True}
	}
	return &Formula{Op: False}
}

// junctionOf returns the conjunction or disjunction of formulas in normal form: flat, without
// constants, repetitions and atoms beside their negation.
func junctionOf(op Op, args []*Formula) *Formula {
	neutral, absorbing := constant(op == And), constant(op != And)
	var flat []*Formula
	seen := map[string]bool{}
	for _, arg := range gather(op, args) {
		parts := []*Formula{arg}
		if arg.Op == op {
			parts = arg.Args
		}
		for _, part := range parts {
			key := part.key()
			switch {
			case part.Op == absorbing.Op || part.literal() && seen[normal(part, true).key()]:
				return absorbing
			case part.Op != neutral.Op && !seen[key]:
				seen[key] = true
				flat = append(flat, part)
			}
		}
	}
	switch len(flat) {
	case 0:
		return neutral
	case 1:
		return flat[0]
	}
	return &Formula{Op: op, Args: flat}
}

// gather makes one formula of those that say something about the same positions: []p /\ []q is
// [](p /\ q), and <>[]p /\ <>[]q is <>[](p /\ q); for disjunctions, with [] and <> exchanged.
func gather(op Op, args []*Formula) []*Formula {
	outer := map[Op]Op{And: Always, Or: Eventually}[op]
	var rest, direct, late []*Formula
	for _, arg := range args {
		switch {
		case arg.Op == outer:
			direct = append(direct, arg.Args[0])
		case arg.Op == duals[outer] && arg.Args[0].Op == outer:
			late = append(late, arg.Args[0].Args[0])
		default:
			rest = append(rest, arg)
		}
	}
	if len(direct) > 0 {
		rest = append(rest, throughout(outer, junctionOf(op, direct)))
	}
	if len(late) > 0 {
		rest = append(rest, throughout(duals[outer], throughout(outer, junctionOf(op, late))))
	}
	return rest
}

// throughout returns []f or <>f.
func throughout(op Op, f *Formula) *Formula {
	other := duals[op]
	weaker := map[Op]Op{Always: Release, Eventually: Until}[op]
	switch {
	case f.Op == True || f.Op == False || f.Op == op:
		return f
	case f.Op == weaker: // <>(p U q) is <>q, and [](p R q) is []q
		return throughout(op, f.Args[1])
	case f.Op == other && f.Args[0].Op == op: // <>[]<>p is []<>p
		return f
	}
	return &Formula{Op: op, Args: []*Formula{f}}
}

// upTo returns p U q or p R q.
func upTo(op Op, p, q *Formula) *Formula {
	// What holds for U holds for R with true and false exchanged.
	always, never := dual(True, op == Release), dual(False, op == Release)
	switch {
	case q.Op == True || q.Op == False || p.Op == never || p.key() == q.key():
		return q
	case p.Op == always:
		return throughout(map[Op]Op{Until: Eventually, Release: Always}[op], q)
	}
	return &Formula{Op: op, Args: []*Formula{p, q}}
}

// literal reports whether f is an atom or a negated atom.
func (f *Formula) literal() bool {
	return f.leaf() || f.Op == Not && f.Args[0].leaf()
}

// key returns a text that is equal for equal formulas only. Names do not count.
func (f *Formula) key() string {
	var b strings.Builder
	f.writeKey(&b)
	return b.String()
}

func (f *Formula) writeKey(b *strings.Builder) {
	b.WriteString(strconv.Itoa(int(f.Op)))
	if f.leaf() {
		b.WriteString("." + strconv.Itoa(f.Atom))
		return
	}
	b.WriteByte('(')
	for i, arg := range f.Args {
		if i > 0 {
			b.WriteByte(',')
		}
		arg.writeKey(b)
	}
	b.WriteByte(')')
}
