package fair

import (
	"math"
	"slices"
)

// Stutter is what a lasso has in place of an edge where the run stays forever.
const Stutter = math.MaxUint32

// Lasso is a run without end: its nodes, and after the last one those from index Loop on, repeatedly.
type Lasso struct {
	Nodes   []uint32
	Edges   []uint32 // the place of the edge to the next node in the list of each node; Stutter: the run stays
	Loop    int
	Honours []Honour // the reason why the loop honours each constraint
}

// Honour says why a loop honours a constraint, with indexes of nodes of the lasso, or -1. One of them is
// enough for weak fairness. Strong fairness needs that the action is taken or, if it is not, that it is
// disabled in all nodes of the loop: Never.
type Honour struct {
	Taken    int  // the step from here takes the action
	Disabled int  // the action is not enabled here
	Never    bool // the action is not enabled in any node of the loop
}

// none is no pair.
const none = math.MaxUint32

// The limits of the search for a short lasso. Any lasso is right, but people have to read it.
const (
	maxEntries = 64      // pairs of fair components at which loops are tried
	maxTrimmed = 128     // steps of a loop that is searched for detours
	lassoWork  = 1 << 16 // pairs that searches reach, and steps of stems, before no other loop is tried
)

// lasso returns a lasso with few nodes: its stem is a shortest path to one of the first pairs of fair
// components, and its loop a short way from that pair back to it. Ties go to the lower node, and to
// the earlier edge.
func (e *emptiness) lasso() (best *Lasso) {
	b := &builder{emptiness: e, seen: make([]uint32, e.size()), parent: make([]uint32, e.size())}
	stems := b.stems()
	b.work = 0
	for _, stem := range stems {
		if best != nil && (len(stem.steps) >= len(best.Nodes) || b.work > lassoWork) {
			continue
		}
		l := e.project(slices.Concat(stem.steps, b.loop(stem.entry)))
		if e.late {
			return nil
		}
		l.Loop = len(stem.steps)
		l.fold()
		if best == nil || len(l.Nodes) < len(best.Nodes) {
			best = l
		}
	}
	if best != nil {
		best.Honours = e.honours(best)
	}
	return best
}

// project returns the nodes and edges of steps between pairs.
func (p *product) project(steps []taken) *Lasso {
	l := &Lasso{}
	for _, s := range steps {
		l.Nodes, l.Edges = append(l.Nodes, s.from%p.n), append(l.Edges, s.edge)
	}
	return l
}

// fold writes the same run with as few positions as possible. Steps of the automaton make a lasso of
// pairs longer than the lasso of nodes that it stands for.
func (l *Lasso) fold() {
	same := func(i, j int) bool { return l.Nodes[i] == l.Nodes[j] && l.Edges[i] == l.Edges[j] }
	length := len(l.Nodes) - l.Loop
	for period := 1; period < length; period++ {
		if length%period != 0 {
			continue
		}
		repeats := true
		for i := l.Loop; i+period < len(l.Nodes); i++ {
			repeats = repeats && same(i, i+period)
		}
		if repeats {
			length = period
		}
	}
	end := l.Loop + length
	for l.Loop > 0 && same(l.Loop-1, end-1) {
		l.Loop, end = l.Loop-1, end-1
	}
	l.Nodes, l.Edges = l.Nodes[:end], l.Edges[:end]
}

// builder makes lassos by breadth-first searches.
type builder struct {
	*emptiness
	seen   []uint32 // number of the last search that reached each pair
	parent []uint32
	round  uint32
	queue  []uint32
	work   int // pairs that were reached
}

// taken is a step of a lasso, with the pair in which it is taken.
type taken struct {
	step
	from uint32
}

// begin starts a search.
func (b *builder) begin() {
	b.round++
	b.queue = b.queue[:0]
}

// reach adds a pair to the search, unless it has been reached before.
func (b *builder) reach(id, parent uint32) bool {
	if b.seen[id] == b.round {
		return false
	}
	b.seen[id], b.parent[id] = b.round, parent
	b.queue = append(b.queue, id)
	b.work++
	return true
}

// steps returns the steps from the start of the search to a pair.
func (b *builder) steps(to uint32) (all []taken) {
	for id := to; b.parent[id] != none; id = b.parent[id] {
		from := b.parent[id]
		w := b.from(from)
		s, _ := b.next(&w)
		for s.to != id {
			s, _ = b.next(&w)
		}
		all = append(all, taken{s, from})
	}
	slices.Reverse(all)
	return all
}

// stem is a shortest path to a pair of a fair component.
type stem struct {
	steps []taken
	entry uint32
}

// stems returns the stems to the first pairs of fair components, in breadth-first order.
func (b *builder) stems() (all []stem) {
	b.begin()
	length := 0
	more := func() bool { return len(all) < maxEntries && length < lassoWork }
	meet := func(id, parent uint32) {
		if b.reach(id, parent) && b.isFair(id) && more() {
			all = append(all, stem{b.steps(id), id})
			length += len(all[len(all)-1].steps)
		}
	}
	b.roots(func(id uint32) { meet(id, none) })
	for i := 0; more() && i < len(b.queue); i++ {
		w := b.from(b.queue[i])
		for s, ok := b.next(&w); ok; s, ok = b.next(&w) {
			if b.tick() {
				return nil
			}
			meet(s.to, w.id)
		}
	}
	return all
}

// isFair reports whether a pair is in a fair component.
func (e *emptiness) isFair(id uint32) bool {
	return e.mark[id] <= firstFair && e.mark[id] > firstFair-e.fair
}

// hop returns a shortest way of at least one step, within the component of the pair from, whose last
// step satisfies last.
func (b *builder) hop(from uint32, last func(s step, node uint32) bool) []taken {
	b.begin()
	b.reach(from, none)
	for i := 0; i < len(b.queue); i++ {
		w := b.from(b.queue[i])
		for s, ok := b.next(&w); ok; s, ok = b.next(&w) {
			if b.tick() {
				return nil
			}
			if b.mark[s.to] != b.mark[from] {
				continue
			}
			if last(s, w.node) {
				return append(b.steps(w.id), taken{s, w.id})
			}
			b.reach(s.to, w.id)
		}
	}
	panic("fair: a component is not connected")
}

// loop returns a short way from a pair of a fair component back to it that honours all constraints and
// takes edges of all acceptance sets. The constraints that matter are found on the way: those that a
// loop does not honour become goals of the next one.
func (b *builder) loop(entry uint32) []taken {
	required := make([]bool, len(b.constraints))
	for {
		g := b.goals(required)
		loop := b.tour(entry, g)
		switch {
		case b.late:
			return nil
		case !b.demand(loop, required):
			return b.trim(loop)
		}
	}
}

// demand adds the constraints that a loop does not honour. It reports whether there are any.
func (b *builder) demand(loop []taken, required []bool) (more bool) {
	for c, h := range b.honours(b.project(loop)) {
		if !b.honoured(c, h) {
			required[c], more = true, true
		}
	}
	return more
}

func (b *builder) honoured(c int, h Honour) bool {
	return h.Taken >= 0 || h.Never || !b.constraints[c].Strong && h.Disabled >= 0
}

// trim leaves out the ways from a pair back to it that a loop does not need, the longest first. What the tour does
// for the formula is often done on its way to a constraint, too.
func (b *builder) trim(loop []taken) []taken {
	if len(loop) > maxTrimmed {
		return loop
	}
	for i := 0; i < len(loop); i++ {
		for j := len(loop) - 1; j > i; j-- {
			if loop[j].from != loop[i].from {
				continue
			}
			if rest := slices.Concat(loop[:i], loop[j:]); b.suffices(rest) {
				loop = rest
				j = len(loop)
			}
		}
	}
	return loop
}

// suffices reports whether a loop takes edges of all acceptance sets and honours all constraints.
func (b *builder) suffices(loop []taken) bool {
	var accept uint64
	for _, s := range loop {
		accept |= s.accept
	}
	if accept != b.All() {
		return false
	}
	for c, h := range b.honours(b.project(loop)) {
		if !b.honoured(c, h) {
			return false
		}
	}
	return true
}

// goals are what a loop still has to do.
type goals struct {
	accept uint64       // acceptance sets to take an edge of
	take   map[int]bool // constraints to honour; true: by taking the action
}

func (b *builder) goals(required []bool) *goals {
	g := &goals{accept: b.All(), take: map[int]bool{}}
	for c, yes := range required {
		if yes {
			g.take[c] = b.constraints[c].Strong
		}
	}
	return g
}

// tour returns a way from a pair back to it that reaches all goals, the nearest first. A constraint that
// is disabled at the pair is no goal: every loop honours it.
func (b *builder) tour(entry uint32, g *goals) (loop []taken) {
	at := entry
	for g.accept != 0 || len(g.take) > 0 {
		way := b.hop(at, func(s step, node uint32) bool { return b.helps(g, s, node) })
		if b.late {
			return nil
		}
		for _, s := range way {
			g.accept &^= s.accept
			b.visitEdge(g, s.from%b.n, s.edge)
			b.visitNode(g, s.to%b.n)
		}
		loop = append(loop, way...)
		at = way[len(way)-1].to
	}
	if at == entry && len(loop) > 0 {
		return loop
	}
	return append(loop, b.hop(at, func(s step, _ uint32) bool { return s.to == entry })...)
}

// helps reports whether a step reaches a goal.
func (b *builder) helps(g *goals, s step, node uint32) bool {
	if s.accept&g.accept != 0 {
		return true
	}
	for c, take := range g.take {
		if b.takes(node, s.edge, c) || !take && !b.enables(s.to%b.n, c) {
			return true
		}
	}
	return false
}

// visitNode removes the goals that a node reaches.
func (b *builder) visitNode(g *goals, v uint32) {
	for c, take := range g.take {
		if !take && !b.enables(v, c) {
			delete(g.take, c)
		}
	}
}

// visitEdge removes the goals that an edge reaches.
func (b *builder) visitEdge(g *goals, v, edge uint32) {
	for c := range g.take {
		if b.takes(v, edge, c) {
			delete(g.take, c)
		}
	}
}

// takes reports whether an edge of v takes the action of a constraint.
func (g *Graph) takes(v, edge uint32, constraint int) bool {
	if edge == Stutter {
		return false
	}
	e := g.Edges.Edge(v, edge)
	return g.changes(v, e) && slices.Contains(g.Labels[e.Label()].Takes, int32(constraint))
}

// enables reports whether the action of a constraint is enabled in a node.
func (g *Graph) enables(v uint32, constraint int) bool {
	enabled := false
	g.changing(v, func(l *Label) { enabled = enabled || slices.Contains(l.Takes, int32(constraint)) })
	return enabled
}

// honours says how the loop of a lasso honours each constraint.
func (e *emptiness) honours(l *Lasso) []Honour {
	all := make([]Honour, len(e.constraints))
	for c := range all {
		h := Honour{Taken: -1, Disabled: -1, Never: true}
		for i := l.Loop; i < len(l.Nodes); i++ {
			if h.Taken < 0 && e.takes(l.Nodes[i], l.Edges[i], c) {
				h.Taken = i
			}
			enabled := e.enables(l.Nodes[i], c)
			h.Never = h.Never && !enabled
			if h.Disabled < 0 && !enabled {
				h.Disabled = i
			}
		}
		all[c] = h
	}
	return all
}
