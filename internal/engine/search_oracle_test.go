package engine

import "slices"

// searched is what a search of a graphSpace must find.
type searched struct {
	generated, distinct int64
	depth               int
	boundary, cutDepth  bool
	order               []int         // nodes in the order in which they are met
	depths              map[int]int   // depth of each node, 1 for initial states
	parent              map[int]int   // parent of each node, -1 for initial states
	first               map[int][]int // nodes on the path to the first finding, by property
	act                 map[int]int   // action of the step that violates propStep
	misbehaviour        []int         // nodes on the path to the first node that panics
	newByName           [3]int64
}

// search is a breadth-first search that is slow and obviously right: one queue, one state after the
// other.
func (g *graphSpace) search(maxDepth int) *searched {
	f := &searched{depths: map[int]int{}, parent: map[int]int{}, first: map[int][]int{}, act: map[int]int{}}
	for _, n := range g.inits {
		if !g.outside[n] {
			f.meet(n, -1, 1)
		}
	}
	for i := 0; i < len(f.order); i++ {
		n := f.order[i]
		if g.bad[n] {
			f.decide(propAlways, n, -1)
		}
		if g.good[n] {
			f.decide(propSometimes, n, -1)
		}
		switch {
		case maxDepth > 0 && f.depths[n] >= maxDepth:
			f.cutDepth = true
		case g.panics[n]:
			if f.misbehaviour == nil {
				f.misbehaviour = f.path(n)
			}
		default:
			g.expand(n, f)
		}
	}
	f.distinct = int64(len(f.order))
	return f
}

// expand meets the successors of a node.
func (g *graphSpace) expand(n int, f *searched) {
	terminal := true
	for act, to := range g.edges[n] {
		if to < 0 {
			continue
		}
		terminal = false
		if g.outside[to] {
			f.boundary = true
			continue
		}
		if _, ok := g.forbidden[arc{n, to}]; ok {
			f.decide(propStep, n, act)
		}
		if f.meet(to, n, f.depths[n]+1) {
			f.newByName[nameOf(act)]++
		}
	}
	if terminal && !g.good[n] {
		f.decide(propDeadlock, n, -1)
	}
}

func (f *searched) path(n int) (nodes []int) {
	for ; n >= 0; n = f.parent[n] {
		nodes = append(nodes, n)
	}
	slices.Reverse(nodes)
	return nodes
}

func (f *searched) decide(property, n, act int) {
	if _, ok := f.first[property]; !ok {
		f.first[property], f.act[property] = f.path(n), act
	}
}

func (f *searched) meet(n, from, depth int) (fresh bool) {
	f.generated++
	if _, ok := f.depths[n]; ok {
		return false
	}
	f.depths[n], f.parent[n] = depth, from
	f.order = append(f.order, n)
	f.depth = max(f.depth, depth)
	return true
}

// refuted is what a search for a refutation of propEventually must find.
type refuted struct {
	terminal int  // states on a shortest path to a terminal state, or 0
	lasso    int  // steps of a shortest lasso, the one that closes it included, or 0
	boundary bool // a path that never satisfies the property leads out of the boundary
	cutDepth bool
}

// refute searches the nodes that are not good and reachable through such nodes, and for a shortest
// cycle from each.
func (g *graphSpace) refute(maxDepth int) (f refuted) {
	sub := &graphSpace{inits: nil, edges: make([][]int, len(g.edges)), outside: g.outside, bad: g.bad, good: g.good,
		panics: g.panics}
	for _, n := range g.inits {
		if !g.good[n] {
			sub.inits = append(sub.inits, n)
		}
	}
	for n, out := range g.edges {
		for _, to := range out {
			if to >= 0 && !g.good[to] {
				sub.edges[n] = append(sub.edges[n], to)
			}
		}
	}
	all := sub.search(maxDepth)
	f.cutDepth = all.cutDepth
	for _, n := range all.order {
		if maxDepth > 0 && all.depths[n] >= maxDepth {
			continue
		}
		terminal := true
		for _, to := range g.edges[n] {
			if to >= 0 {
				terminal = false
				f.boundary = f.boundary || g.outside[to]
			}
		}
		if terminal && (f.terminal == 0 || all.depths[n] < f.terminal) {
			f.terminal = all.depths[n]
		}
		if c := sub.shortestCycle(n, all.depths, maxDepth); c > 0 && (f.lasso == 0 || all.depths[n]-1+c < f.lasso) {
			f.lasso = all.depths[n] - 1 + c
		}
	}
	return f
}

// shortestCycle returns the length of a shortest cycle through a node, within nodes that a limited
// search expands, or 0.
func (g *graphSpace) shortestCycle(n int, depths map[int]int, maxDepth int) int {
	dist, queue := map[int]int{n: 0}, []int{n}
	for i := 0; i < len(queue); i++ {
		u := queue[i]
		if maxDepth > 0 && depths[u] >= maxDepth {
			continue
		}
		for _, to := range g.edges[u] {
			if to == n {
				return dist[u] + 1
			}
			if _, ok := dist[to]; !ok && !g.outside[to] {
				dist[to] = dist[u] + 1
				queue = append(queue, to)
			}
		}
	}
	return 0
}
