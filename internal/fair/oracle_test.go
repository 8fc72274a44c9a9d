package fair

import (
	"math/bits"
	"slices"

	"github.com/allways-go/allways/internal/temporal"
)

// oracle decides by brute force whether a graph has a fair run that violates a formula. It shares no
// code with what it judges, and is complete: a run without end in a finite graph takes some set of
// edges again and again, and no others. That set is strongly connected, and it alone decides whether
// the run is fair. So the oracle tries every strongly connected set of edges. For each that is fair, it
// looks for a run that takes exactly these again and again and violates the formula. For that it needs
// no automaton of the formula: it guesses at each position which temporal parts hold, as Lichtenstein
// and Pnueli do (POPL 1985). Of the position after, the guess at a position is a function. A run
// of guesses is right if what is promised again and again is kept again and again. If there is a run,
// there is one in a strongly connected part of the guesses that has all edges of the set.
type oracle struct {
	g           *Graph
	constraints []Constraint
	root        *temporal.Formula
	temporal    []*temporal.Formula // parts of the formula with a temporal operator at the top
	edges       []move
	into        [][]int // the edges that lead to each place
	earlier     [][]int // the pairs of an edge and a guess that may come before each pair
	later       [][]int // and after it
	good        []bool  // of pairs: a run is fair and right from here
}

// move is an edge of the graph, or a stuttering step. Places are nodes and, after them, nodes in which
// the run has stopped.
type move struct {
	from, to int
	stops    bool
	takes    uint64
	position temporal.Position
}

func newOracle(g *Graph, constraints []Constraint, mayStop bool, f *temporal.Formula) *oracle {
	o := &oracle{g: g, constraints: constraints, root: f}
	n := g.Len()
	for v := range n {
		if o.known(v) {
			o.movesOf(v, n, mayStop)
		}
	}
	o.into = make([][]int, 2*n)
	for i, m := range o.edges {
		o.into[m.to] = append(o.into[m.to], i)
	}
	o.collect(f)
	pairs := len(o.edges) << len(o.temporal)
	o.earlier, o.later, o.good = make([][]int, pairs), make([][]int, pairs), make([]bool, pairs)
	for pair := range pairs {
		o.before(pair, func(earlier int) {
			o.earlier[pair] = append(o.earlier[pair], earlier)
			o.later[earlier] = append(o.later[earlier], pair)
		})
	}
	return o
}

func (o *oracle) known(v int) bool { return o.g.Flags == nil || o.g.Flags[v]&Unexpanded == 0 }

func (o *oracle) movesOf(v, n int, mayStop bool) {
	g := o.g
	at := temporal.Position{State: g.State[v]}
	at.Enabled, _ = o.enabled(v)
	for _, e := range g.Edges.Of(uint32(v)) {
		m := move{from: v, to: int(e.To()), position: at}
		if m.to != v {
			l := g.Labels[e.Label()]
			m.position.Step = l.Steps
			for _, c := range l.Takes {
				m.takes |= 1 << c
			}
		}
		o.edges = append(o.edges, m)
	}
	if g.Flags != nil && g.Flags[v]&Terminal != 0 {
		o.edges = append(o.edges, move{from: v, to: v, position: at})
	} else if mayStop {
		o.edges = append(o.edges, move{from: v, to: n + v, position: at},
			move{from: n + v, to: n + v, position: at, stops: true})
	}
}

// enabled returns the step predicates and the constraints that are enabled in a node.
func (o *oracle) enabled(v int) (steps, constraints uint64) {
	labels := []uint32{}
	for _, e := range o.g.Edges.Of(uint32(v)) {
		if int(e.To()) != v {
			labels = append(labels, e.Label())
		}
	}
	if o.g.OutsideAt != nil {
		labels = append(labels, o.g.Outside[o.g.OutsideAt[v]:o.g.OutsideAt[v+1]]...)
	}
	for _, label := range labels {
		steps |= o.g.Labels[label].Steps
		for _, c := range o.g.Labels[label].Takes {
			constraints |= 1 << c
		}
	}
	return steps, constraints
}

func (o *oracle) collect(f *temporal.Formula) {
	for _, arg := range f.Args {
		o.collect(arg)
	}
	if f.Op >= temporal.Always {
		o.temporal = append(o.temporal, f)
	}
}

// violated reports whether some fair run violates the formula.
func (o *oracle) violated() bool {
	o.markAll()
	for pair, good := range o.good {
		edge, guess := o.split(pair)
		if good && o.edges[edge].from < o.g.Inits && !o.holds(o.root, edge, guess) {
			return true
		}
	}
	return false
}

// markAll marks the pairs from which a run is fair and right.
func (o *oracle) markAll() {
	o.eachSet(func(set []int) {
		if o.fair(set) {
			o.mark(set)
		}
	})
	var work []int
	for pair, good := range o.good {
		if good {
			work = append(work, pair)
		}
	}
	for len(work) > 0 {
		pair := work[len(work)-1]
		work = work[:len(work)-1]
		for _, earlier := range o.earlier[pair] {
			if !o.good[earlier] {
				o.good[earlier] = true
				work = append(work, earlier)
			}
		}
	}
}

// split returns the edge and the guess of a pair.
func (o *oracle) split(pair int) (edge, guess int) {
	return pair >> len(o.temporal), pair & (1<<len(o.temporal) - 1)
}

// holds reports whether a part of the formula holds at an edge, if the guess is right.
func (o *oracle) holds(f *temporal.Formula, edge, guess int) bool {
	at := o.edges[edge].position
	switch f.Op {
	case temporal.True, temporal.False:
		return f.Op == temporal.True
	case temporal.State:
		return at.State>>f.Atom&1 == 1
	case temporal.Step:
		return at.Step>>f.Atom&1 == 1
	case temporal.Enabled:
		return at.Enabled>>f.Atom&1 == 1
	case temporal.Not:
		return !o.holds(f.Args[0], edge, guess)
	case temporal.And:
		return !slices.ContainsFunc(f.Args, func(a *temporal.Formula) bool { return !o.holds(a, edge, guess) })
	case temporal.Or:
		return slices.ContainsFunc(f.Args, func(a *temporal.Formula) bool { return o.holds(a, edge, guess) })
	case temporal.Implies:
		return !o.holds(f.Args[0], edge, guess) || o.holds(f.Args[1], edge, guess)
	}
	return guess>>slices.Index(o.temporal, f)&1 == 1
}

// before calls visit with the pairs that can come before a pair: one for each edge, since what holds
// later and what holds now decide the guess.
func (o *oracle) before(pair int, visit func(earlier int)) {
	edge, later := o.split(pair)
	for _, e := range o.into[o.edges[edge].from] {
		guess := 0
		for i, f := range o.temporal { // parts come before what they are parts of
			now := func(arg int) bool { return o.holds(f.Args[arg], e, guess) }
			next := later>>i&1 == 1
			holds := false
			switch f.Op {
			case temporal.Always:
				holds = now(0) && next
			case temporal.Eventually:
				holds = now(0) || next
			case temporal.Until:
				holds = now(1) || now(0) && next
			case temporal.Release:
				holds = now(1) && (now(0) || next)
			}
			if holds {
				guess |= 1 << i
			}
		}
		visit(e<<len(o.temporal) | guess)
	}
}

// eachSet calls visit with each strongly connected set of edges.
func (o *oracle) eachSet(visit func(set []int)) {
	for _, inner := range o.candidates() {
		for subset := uint(1); subset < 1<<len(inner); subset++ {
			var set []int
			for s := subset; s != 0; s &= s - 1 {
				set = append(set, inner[bits.TrailingZeros(s)])
			}
			if o.connected(set) {
				visit(set)
			}
		}
	}
}

// candidates returns the edges between places that reach each other, by group: no strongly connected
// set has others.
func (o *oracle) candidates() (groups [][]int) {
	reach := make([]uint64, len(o.into))
	for v := range reach {
		reach[v] = 1 << v
	}
	for range reach {
		for _, m := range o.edges {
			reach[m.from] |= reach[m.to]
		}
	}
	byFirst := make([][]int, len(reach))
	for i, m := range o.edges {
		if reach[m.to]>>m.from&1 == 1 {
			first := 0
			for reach[first]>>m.from&1 == 0 || reach[m.from]>>first&1 == 0 {
				first++
			}
			byFirst[first] = append(byFirst[first], i)
		}
	}
	for _, group := range byFirst {
		if len(group) > 0 {
			groups = append(groups, group)
		}
	}
	return groups
}

// connected reports whether each place of a set of edges can be reached from each, by edges of the set.
func (o *oracle) connected(set []int) bool {
	var places uint64
	for _, i := range set {
		places |= 1<<o.edges[i].from | 1<<o.edges[i].to
	}
	first := uint64(1) << o.edges[set[0]].from
	forward, backward := first, first
	for range set {
		for _, i := range set {
			m := o.edges[i]
			if forward>>m.from&1 == 1 {
				forward |= 1 << m.to
			}
			if backward>>m.to&1 == 1 {
				backward |= 1 << m.from
			}
		}
	}
	return forward == places && backward == places
}

// fair reports whether a run honours all constraints that takes exactly the edges of a set again and
// again.
func (o *oracle) fair(set []int) bool {
	var takes, somewhere uint64
	everywhere := ^uint64(0)
	for _, i := range set {
		takes |= o.edges[i].takes
		_, enabled := o.enabled(o.edges[i].from % o.g.Len())
		somewhere |= enabled
		everywhere &= enabled
	}
	for c, constraint := range o.constraints {
		wanted := everywhere
		if constraint.Strong {
			wanted = somewhere
		}
		if wanted>>c&1 == 1 && takes>>c&1 == 0 {
			return false
		}
	}
	return true
}

// mark marks the pairs from which a run is right that takes exactly the edges of a set again and
// again: strongly connected parts of the pairs, with all edges of the set, in which no temporal part
// is promised and not kept. A part that is promised to hold at last must do so somewhere; so must one
// that is promised to fail at last.
func (o *oracle) mark(set []int) {
	in := make([]bool, len(o.good))
	for _, e := range set {
		for guess := range 1 << len(o.temporal) {
			in[e<<len(o.temporal)|guess] = true
		}
	}
	for pair := range in {
		if !in[pair] {
			continue
		}
		forward, backward := closure(pair, o.later, in), closure(pair, o.earlier, in)
		in[pair] = false
		var part []int
		for other := range forward {
			if forward[other] && backward[other] {
				part = append(part, other)
				in[other] = false
			}
		}
		if o.right(part, set) {
			for _, pair := range part {
				o.good[pair] = true
			}
		}
	}
}

// closure returns what can be reached from a pair by one step or more.
func closure(from int, steps [][]int, in []bool) []bool {
	seen := make([]bool, len(in))
	work := []int{from}
	for len(work) > 0 {
		last := work[len(work)-1]
		work = work[:len(work)-1]
		for _, next := range steps[last] {
			if in[next] && !seen[next] {
				seen[next] = true
				work = append(work, next)
			}
		}
	}
	return seen
}

func (o *oracle) right(part, set []int) bool {
	var edges uint64
	kept := 0
	for _, pair := range part {
		edge, guess := o.split(pair)
		edges |= 1 << edge
		for i, f := range o.temporal {
			promised := guess>>i&1 == 1
			last := o.holds(f.Args[len(f.Args)-1], edge, guess)
			lasting := f.Op == temporal.Always || f.Op == temporal.Release
			if promised == lasting || last != lasting {
				kept |= 1 << i
			}
		}
	}
	return bits.OnesCount64(edges) == len(set) && kept == 1<<len(o.temporal)-1
}
