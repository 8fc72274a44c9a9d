package fair

import (
	"cmp"
	"slices"
	"sync/atomic"

	"github.com/allways-go/allways/internal/temporal"
)

// Search looks for a fair run that an automaton accepts.
type Search struct {
	Graph       *Graph
	Automaton   *temporal.Automaton
	Constraints []Constraint
	MayStop     bool        // a run may stop in every node, and stay there forever
	Ended       func() bool // reports whether to stop; nil: never. Several workers may call it at the same time
	Workers     int         // goroutines; less than 2 means 1. The result does not depend on it
	// Done, if not nil, is increased by the pairs that the search deals with, some of them several times; see Pairs.
	Done *atomic.Int64
}

// Result is what a search found.
type Result struct {
	Lasso *Lasso // a run that is fair and accepted, or nil
	// Open says that an accepted run may lead out of the graph. Without a lasso and without that, no fair run
	// is accepted, whatever lies outside, if the graph has all initial states.
	Open  bool
	Ended bool // the search ended early: no lasso means nothing
}

// Run searches. The result depends on the graph and the automaton only. The error says that the graph
// is malformed or that it is too large.
func (s *Search) Run() (Result, error) {
	e, err := s.emptiness()
	if err != nil {
		return Result{}, err
	}
	e.run()
	r := Result{Open: e.open, Ended: e.late}
	if e.fair > 0 && !e.late {
		r.Lasso = e.lasso()
		if e.late {
			r = Result{Open: e.open, Ended: true}
		}
	}
	return r, nil
}

// emptiness decides whether a product has fair components: those in which a run can stay forever that
// honours all constraints and takes edges of all acceptance sets.
type emptiness struct {
	components
	constraints []Constraint
	tally       tally
	fair        uint32     // number of fair components
	rest        [][]uint32 // parts of components that are to be looked at again
	open        bool
	accept      uint64 // acceptance sets that have edges in the component that is looked at
	workers     int
	helpers     []*emptiness // workers that judge a large component
	done        *atomic.Int64
}

func (s *Search) emptiness() (*emptiness, error) {
	if err := cmp.Or(s.Graph.Check(), s.Graph.checkTakes(len(s.Constraints))); err != nil {
		return nil, err
	}
	p, err := newProduct(s)
	if err != nil {
		return nil, err
	}
	e := &emptiness{constraints: s.Constraints, tally: newTally(len(s.Constraints)), workers: s.Workers, done: s.Done}
	if e.done == nil {
		e.done = new(atomic.Int64)
	}
	e.components = components{
		product: p, mark: make([]uint32, p.size()), leave: e.judge, clock: clock{ended: s.Ended},
		enter: func(w *walk) { e.open = e.open || e.leaves(w) },
	}
	return e, nil
}

// Pairs returns the number of pairs of a node and a state of the automaton, which are what a search takes memory and
// time for.
func (s *Search) Pairs() int64 {
	layers := int64(len(s.Automaton.States))
	if s.MayStop {
		layers *= 2
	}
	return int64(s.Graph.Len()) * layers
}

// run visits all pairs that can be reached, and marks the fair components.
func (e *emptiness) run() {
	if e.waiting() {
		e.leaveWaiting()
	} else {
		e.roots(e.visit)
	}
	e.again()
}

// again visits the parts of components that are left, until each is judged.
func (e *emptiness) again() {
	for len(e.rest) > 0 && !e.late {
		last := e.rest[len(e.rest)-1]
		e.rest = e.rest[:len(e.rest)-1]
		e.count = 0
		for _, id := range last {
			e.mark[id] = 0
		}
		for _, id := range last {
			e.visit(id)
		}
	}
}

// roots calls visit with the initial pairs.
func (p *product) roots(visit func(id uint32)) {
	for v := range uint32(p.Inits) {
		for _, q := range p.Initial {
			visit(uint32(q)*p.n + v)
		}
	}
}

// waiting reports whether the initial states of the automaton only wait for something to happen. Most
// properties have such automata. All pairs of such a state can be reached, and none is in a fair
// component, so they need no search.
func (p *product) waiting() bool {
	return !slices.ContainsFunc(p.Initial, func(q int) bool {
		free := func(e temporal.Edge) bool { return e.To == q && e.Free() }
		return p.Accepting[q] || !slices.ContainsFunc(p.States[q], free)
	})
}

// leaveWaiting visits what can be reached from the pairs of initial states, without these.
func (e *emptiness) leaveWaiting() {
	for _, q := range e.Initial {
		first := uint32(q) * e.n
		for v := range e.n {
			if v%endedEvery == 0 {
				e.done.Add(int64(min(endedEvery, e.n-v)))
			}
			w := e.from(first + v)
			e.open = e.open || e.leaves(&w)
			if e.late || !e.stirs(&w) {
				continue
			}
			for s, ok := e.next(&w); ok && !e.tick(); s, ok = e.next(&w) {
				if s.to-first >= e.n {
					e.visit(s.to)
				}
			}
		}
	}
}

// stirs reports whether the automaton may leave its state at a pair.
func (p *product) stirs(w *walk) bool {
	return slices.ContainsFunc(p.States[w.layer], func(e temporal.Edge) bool {
		return uint32(e.To) != w.layer && e.State.Allow(p.state(w.node)) && e.Enabled.Allow(w.enabled)
	})
}

// judge decides whether a component is fair. If strong constraints are all that it does not honour, a
// part of it may still be fair, in which their actions are never enabled (Emerson, Lei, Modalities for
// model checking, 1987).
func (e *emptiness) judge(members []uint32, cyclic bool) {
	e.done.Add(int64(len(members)))
	hopeless := !cyclic || !e.accepting(members[0]/e.n)
	if hopeless {
		e.setMarks(members, done)
		return
	}
	e.setMarks(members, current)
	violated, ok := e.violated(members)
	switch {
	case e.late || !ok:
		e.setMarks(members, done)
	case len(violated) == 0:
		e.setMarks(members, firstFair-e.fair)
		e.fair++
	default:
		e.setMarks(members, done)
		if part := e.without(members, violated); len(part) > 0 {
			e.rest = append(e.rest, part)
		}
	}
}

func (e *emptiness) setMarks(members []uint32, mark uint32) {
	for _, id := range members {
		e.mark[id] = mark
	}
}

// violated returns the strong constraints that a run violates which stays in the component and visits
// all of it again and again. It returns false if all runs that stay there violate a weak constraint,
// or miss an acceptance set.
func (e *emptiness) violated(members []uint32) (strong []int32, ok bool) {
	e.tally.reset()
	if e.accept = 0; e.workers > 1 && len(members) >= largeComponent {
		e.observeTogether(members)
	} else {
		e.observe(members)
	}
	strong, ok = e.tally.violated(e.constraints, len(members))
	return strong, ok && e.accept == e.All()
}

// observe tallies what happens at some pairs of the component that is looked at.
func (e *emptiness) observe(some []uint32) {
	t := &e.tally
	for _, id := range some {
		w := e.from(id)
		t.node()
		if len(e.constraints) > 0 {
			e.changing(w.node, t.enable)
		}
		for s, ok := e.next(&w); ok && !e.tick(); s, ok = e.next(&w) {
			if e.mark[s.to] != current {
				continue
			}
			e.accept |= s.accept
			if s.edge != Stutter && e.changes(w.node, w.list[s.edge]) {
				t.take(&e.Labels[w.list[s.edge].Label()])
			}
		}
	}
}

// without returns the members at which no action of the constraints is enabled.
func (e *emptiness) without(members []uint32, constraints []int32) (rest []uint32) {
	for _, id := range members {
		enabled := false
		e.changing(id%e.n, func(l *Label) {
			enabled = enabled || slices.ContainsFunc(l.Takes, func(c int32) bool { return slices.Contains(constraints, c) })
		})
		if !enabled {
			rest = append(rest, id)
		}
	}
	return rest
}

// tally counts what happens in a component. It keeps what no constraint is concerned with out of the
// cost: there may be thousands of constraints.
type tally struct {
	taken   []bool // whether some edge takes each constraint
	enabled []int  // the number of nodes in which each constraint is enabled
	counted []int  // the last node that was counted for each constraint
	nodes   int
	touched []int32 // the constraints that are enabled somewhere
}

func newTally(constraints int) tally {
	return tally{taken: make([]bool, constraints), enabled: make([]int, constraints), counted: make([]int, constraints)}
}

func (t *tally) reset() {
	for _, c := range t.touched {
		t.taken[c], t.enabled[c] = false, 0
	}
	t.touched = t.touched[:0]
}

// add adds what another tally has counted in another part of the same component.
func (t *tally) add(other *tally) {
	for _, c := range other.touched {
		if t.enabled[c] == 0 {
			t.touched = append(t.touched, c)
		}
		t.enabled[c] += other.enabled[c]
		t.taken[c] = t.taken[c] || other.taken[c]
	}
}

// violated returns the strong constraints that are violated in a component of n nodes, and false if weak ones are.
func (t *tally) violated(constraints []Constraint, n int) (strong []int32, ok bool) {
	for _, c := range t.touched {
		switch {
		case t.taken[c]:
		case constraints[c].Strong:
			strong = append(strong, c)
		case t.enabled[c] == n:
			return nil, false
		}
	}
	return strong, true
}

// node begins the next node.
func (t *tally) node() { t.nodes++ }

func (t *tally) enable(l *Label) {
	for _, c := range l.Takes {
		if t.counted[c] == t.nodes {
			continue
		}
		if t.enabled[c] == 0 {
			t.touched = append(t.touched, c)
		}
		t.counted[c] = t.nodes
		t.enabled[c]++
	}
}

func (t *tally) take(l *Label) {
	for _, c := range l.Takes {
		t.taken[c] = true
	}
}
