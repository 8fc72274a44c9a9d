package explore

import (
	"context"
	"slices"

	"github.com/allways-go/allways/internal/erased"
)

// spread walks through the states that can be reached from some paths, breadth first, each state
// once and by a shortest path. It runs the model by hand and is meant for a few ten thousand states;
// complete searches are those of package allways.
type spread struct {
	server *Server
	most   int // states to visit
	depth  int // steps from the start; 0 means no limit
	seen   map[uint64]int
	nodes  []*node
	cut    string // reason why not all states were visited; empty if they were
}

// node is a state of a spread.
type node struct {
	id    int
	path  *erased.Path
	tree  []byte
	depth int
	edges []edge
	more  bool // its steps were not taken
}

// edge is a step of a spread. It is to a node, or to -1 for a state that was not visited.
type edge struct {
	to   int
	path *erased.Path // the path whose last step it is
}

// The reasons why a spread ends early.
const (
	cutStates = "limit of states"
	cutDepth  = "limit of steps"
	cutTime   = "limit of time"
)

func (s *Server) newSpread(most, depth int) *spread {
	return &spread{server: s, most: most, depth: depth, seen: map[uint64]int{}}
}

// run visits states until visit returns false or a limit is met. The states of a step outside the
// boundary are left out, as checks do.
func (sp *spread) run(ctx context.Context, from []*erased.Path, visit func(*node) bool) error {
	for _, p := range from {
		if _, isNew := sp.meet(p, 0); isNew && !visit(sp.nodes[len(sp.nodes)-1]) {
			return nil
		}
	}
	for i := 0; i < len(sp.nodes); i++ {
		n := sp.nodes[i]
		if ctx.Err() != nil {
			sp.cut = cutTime
			return nil
		}
		if sp.depth > 0 && n.depth == sp.depth {
			n.more, sp.cut = true, cutDepth
			continue
		}
		if on, err := sp.expand(n, visit); err != nil || !on {
			return err
		}
	}
	return nil
}

// expand takes the steps of a node. It reports whether to go on.
func (sp *spread) expand(n *node, visit func(*node) bool) (on bool, err error) {
	next, err := n.path.Successors()
	if err != nil {
		return false, err
	}
	for _, p := range next {
		to, isNew := sp.meet(p, n.depth+1)
		n.edges = append(n.edges, edge{to, p})
		n.more = n.more || to < 0
		if isNew && !visit(sp.nodes[to]) {
			return false, nil
		}
	}
	return true, nil
}

// meet returns the number of the last state of a path, and whether it is new; -1 when there is no
// room for it.
func (sp *spread) meet(p *erased.Path, depth int) (id int, isNew bool) {
	tree := p.StateTree(p.Len())
	hash := sp.server.known.id(tree)
	if id, ok := sp.seen[hash]; ok && slices.Equal(sp.nodes[id].tree, tree) {
		return id, false
	}
	if len(sp.nodes) >= sp.most {
		sp.cut = cutStates
		return -1, false
	}
	id = len(sp.nodes)
	sp.seen[hash] = id
	sp.nodes = append(sp.nodes, &node{id: id, path: p, tree: tree, depth: depth})
	return id, true
}
