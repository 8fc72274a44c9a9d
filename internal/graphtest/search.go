package graphtest

import "slices"

// Searched is what a search of a [Space] must find.
type Searched struct {
	Generated, Distinct int64
	Depth               int
	Boundary, CutDepth  bool
	Order               []int         // nodes in the order in which they are met
	Depths              map[int]int   // depth of each node, 1 for initial states
	Parent              map[int]int   // parent of each node, -1 for initial states
	First               map[int][]int // nodes on the path to the first finding, by property
	Act                 map[int]int   // action of the step that violates Step
	Misbehaviour        []int         // nodes on the path to the first node that panics
	NewByName           [3]int64
}

// Search is a breadth-first search that is slow and obviously right: one queue, one state after the
// other.
func (g *Space) Search(maxDepth int) *Searched {
	f := &Searched{Depths: map[int]int{}, Parent: map[int]int{}, First: map[int][]int{}, Act: map[int]int{}}
	for _, n := range g.Inits {
		if !g.Outside[n] {
			f.meet(n, -1, 1)
		}
	}
	for i := 0; i < len(f.Order); i++ {
		n := f.Order[i]
		if g.Bad[n] {
			f.decide(Always, n, -1)
		}
		if g.Good[n] {
			f.decide(Sometimes, n, -1)
		}
		switch {
		case maxDepth > 0 && f.Depths[n] >= maxDepth:
			f.CutDepth = true
		case g.Panics[n]:
			if f.Misbehaviour == nil {
				f.Misbehaviour = f.path(n)
			}
		default:
			g.expand(n, f)
		}
	}
	f.Distinct = int64(len(f.Order))
	return f
}

// expand meets the successors of a node.
func (g *Space) expand(n int, f *Searched) {
	terminal := true
	for act, to := range g.Edges[n] {
		if to < 0 {
			continue
		}
		terminal = false
		if g.Outside[to] {
			f.Boundary = true
			continue
		}
		if g.Forbidden[Arc{n, to}] {
			f.decide(Step, n, act)
		}
		if f.meet(to, n, f.Depths[n]+1) {
			f.NewByName[NameOf(act)]++
		}
	}
	if terminal && !g.Good[n] {
		f.decide(Deadlock, n, -1)
	}
}

func (f *Searched) path(n int) (nodes []int) {
	for ; n >= 0; n = f.Parent[n] {
		nodes = append(nodes, n)
	}
	slices.Reverse(nodes)
	return nodes
}

func (f *Searched) decide(property, n, act int) {
	if _, ok := f.First[property]; !ok {
		f.First[property], f.Act[property] = f.path(n), act
	}
}

func (f *Searched) meet(n, from, depth int) (fresh bool) {
	f.Generated++
	if _, ok := f.Depths[n]; ok {
		return false
	}
	f.Depths[n], f.Parent[n] = depth, from
	f.Order = append(f.Order, n)
	f.Depth = max(f.Depth, depth)
	return true
}

// Refuted is what a search for a refutation of Eventually must find.
type Refuted struct {
	Terminal int  // states on a shortest path to a terminal state, or 0
	Lasso    int  // steps of a shortest lasso, the one that closes it included, or 0
	Boundary bool // a path that never satisfies the property leads out of the boundary
	CutDepth bool
}

// Refute searches the nodes that are not good and reachable through such nodes, and for a shortest
// cycle from each.
func (g *Space) Refute(maxDepth int) (f Refuted) {
	sub := &Space{Inits: nil, Edges: make([][]int, len(g.Edges)), Outside: g.Outside, Bad: g.Bad, Good: g.Good,
		Panics: g.Panics}
	for _, n := range g.Inits {
		if !g.Good[n] {
			sub.Inits = append(sub.Inits, n)
		}
	}
	for n, out := range g.Edges {
		for _, to := range out {
			if to >= 0 && !g.Good[to] {
				sub.Edges[n] = append(sub.Edges[n], to)
			}
		}
	}
	all := sub.Search(maxDepth)
	f.CutDepth = all.CutDepth
	for _, n := range all.Order {
		if maxDepth > 0 && all.Depths[n] >= maxDepth {
			continue
		}
		terminal := true
		for _, to := range g.Edges[n] {
			if to >= 0 {
				terminal = false
				f.Boundary = f.Boundary || g.Outside[to]
			}
		}
		if terminal && (f.Terminal == 0 || all.Depths[n] < f.Terminal) {
			f.Terminal = all.Depths[n]
		}
		if c := sub.shortestCycle(n, all.Depths, maxDepth); c > 0 && (f.Lasso == 0 || all.Depths[n]-1+c < f.Lasso) {
			f.Lasso = all.Depths[n] - 1 + c
		}
	}
	return f
}

// shortestCycle returns the length of a shortest cycle through a node, within nodes that a limited
// search expands, or 0.
func (g *Space) shortestCycle(n int, depths map[int]int, maxDepth int) int {
	dist, queue := map[int]int{n: 0}, []int{n}
	for i := 0; i < len(queue); i++ {
		u := queue[i]
		if maxDepth > 0 && depths[u] >= maxDepth {
			continue
		}
		for _, to := range g.Edges[u] {
			if to == n {
				return dist[u] + 1
			}
			if _, ok := dist[to]; !ok && !g.Outside[to] {
				dist[to] = dist[u] + 1
				queue = append(queue, to)
			}
		}
	}
	return 0
}
