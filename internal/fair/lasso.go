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
	Edges   []uint32 // from each node to the next, as an index of Graph.To; Stutter: the run stays
	Loop    int
	Honours []Honour // how the loop honours each constraint
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

// lasso returns a lasso with a shortest stem to a fair component, and a short loop in it. Ties go to
// the lower node, to a run that stays there, and to the earlier edge. A run that stops although it need not is
// easier to understand than a loop, so it is preferred unless it is longer.
func (e *emptiness) lasso() *Lasso {
	b := &builder{emptiness: e, seen: make([]uint32, e.size()), parent: make([]uint32, e.size())}
	l := b.lasso(e.isFair)
	if l == nil || !e.mayStop {
		return l
	}
	stops := b.lasso(func(id uint32) bool { return id/e.n >= e.k && e.isFair(id) })
	if stops != nil && len(stops.Nodes) <= len(l.Nodes) {
		return stops
	}
	return l
}

// lasso returns a lasso with a shortest stem to a pair that is good, which is in a fair component. It returns nil
// if there is none, or if the search ended early.
func (b *builder) lasso(good func(id uint32) bool) *Lasso {
	stem, entry := b.stem(good)
	if entry == none {
		return nil
	}
	loop := b.loop(entry)
	if b.late {
		return nil
	}
	l := &Lasso{Loop: len(stem)}
	for _, s := range slices.Concat(stem, loop) {
		l.Nodes = append(l.Nodes, s.from%b.n)
		l.Edges = append(l.Edges, s.edge)
	}
	l.roll()
	l.Honours = b.honours(l)
	return l
}

// builder makes lassos by breadth-first searches.
type builder struct {
	*emptiness
	seen   []uint32 // number of the last search that reached each pair
	parent []uint32
	round  uint32
	queue  []uint32
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

// stem returns the steps of a shortest path from an initial pair to one that is good, and that pair, or none.
func (b *builder) stem(good func(id uint32) bool) (steps []taken, entry uint32) {
	b.begin()
	entry = none
	meet := func(id, parent uint32) {
		if b.reach(id, parent) && entry == none && good(id) {
			entry = id
		}
	}
	b.roots(func(id uint32) { meet(id, none) })
	for i := 0; entry == none && i < len(b.queue); i++ {
		w := b.from(b.queue[i])
		for s, ok := b.next(&w); ok && entry == none; s, ok = b.next(&w) {
			if b.tick() {
				return nil, none
			}
			meet(s.to, w.id)
		}
	}
	if entry == none {
		return nil, none
	}
	return b.steps(entry), entry
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
	for _, c := range b.dishonoured(loop) {
		required[c], more = true, true
	}
	return more
}

// dishonoured returns the constraints that a loop does not honour.
func (b *builder) dishonoured(loop []taken) (all []int) {
	l := &Lasso{}
	for _, s := range loop {
		l.Nodes, l.Edges = append(l.Nodes, s.from%b.n), append(l.Edges, s.edge)
	}
	for c, h := range b.honours(l) {
		if h.Taken < 0 && !h.Never && (b.constraints[c].Strong || h.Disabled < 0) {
			all = append(all, c)
		}
	}
	return all
}

// trim leaves out the ways from a pair back to it that a loop does not need, the longest first.
func (b *builder) trim(loop []taken) []taken {
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
	return accept == b.All() && len(b.dishonoured(loop)) == 0
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

// tour returns a way from a pair back to it that reaches all goals, the nearest first. Those of constraints are
// harder to reach, so they come before the acceptance sets, which are often reached on the way.
func (b *builder) tour(entry uint32, g *goals) (loop []taken) {
	at := entry
	b.visitNode(g, at%b.n)
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
	if len(g.take) == 0 {
		return s.accept&g.accept != 0
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
	return edge != Stutter && g.To[edge] != v && slices.Contains(g.Labels[g.Label[edge]].Takes, int32(constraint))
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
