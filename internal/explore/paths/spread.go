package paths

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/allways-go/allways/internal/erased"
)

// Spread walks through the states that can be reached from some paths, breadth first, each state
// once and by a shortest path. It can be asked again: it keeps what it has met, and goes on where it
// ended.
type Spread struct {
	Nodes []*Node
	Cut   string // reason why not all states were visited; empty if they were
	// Mark, if set before Run, marks a state. A state is then visited twice, where some paths to it come
	// through a marked one, or end in one, and others do not.
	Mark func(p *erased.Path, tree []byte) (bool, error)

	most, depth int
	from        []*erased.Path
	seen        map[met]int
	expanded    int // nodes whose steps were taken
}

// met is a state that was met.
type met struct {
	hash   uint64
	marked bool
}

// Node is a state of a spread.
type Node struct {
	ID    int // index among the nodes
	Path  *erased.Path
	Tree  []byte
	Depth int
	Edges []Edge
	More  bool // not all of its steps lead to nodes
	// Marked says that the path has come through a marked state, or ends in one.
	Marked bool
}

// Edge is a step of a spread. It is to a node, or to -1 for a state that was not visited.
type Edge struct {
	To   int
	Path *erased.Path // path whose last step it is
}

// The reasons why a spread ends early.
const (
	cutStates = "limit of states"
	cutDepth  = "limit of steps"
	cutTime   = "limit of time"
)

// NewSpread returns a spread from some paths of at most that many states and, unless depth is 0, of
// paths that are at most depth steps longer.
func NewSpread(from []*erased.Path, most, depth int) *Spread {
	return &Spread{most: most, depth: depth, from: from, seen: map[met]int{}}
}

// Run visits states until visit returns false or a limit is met. The states of a step outside the
// boundary are left out, as checks do.
func (sp *Spread) Run(ctx context.Context, visit func(*Node) bool) error {
	sp.Cut = ""
	for _, n := range sp.Nodes {
		if !visit(n) {
			return nil
		}
	}
	for _, p := range sp.from {
		if _, isNew, err := sp.meet(p, nil); err != nil {
			return err
		} else if isNew && !visit(sp.Nodes[len(sp.Nodes)-1]) {
			return nil
		}
	}
	for ; sp.expanded < len(sp.Nodes); sp.expanded++ {
		if ctx.Err() != nil {
			sp.Cut = cutTime
			return nil
		}
		if on, err := sp.expand(sp.Nodes[sp.expanded], visit); err != nil || !on {
			return err
		}
	}
	for _, n := range sp.Nodes {
		switch {
		case n.More && len(n.Edges) > 0:
			sp.Cut = cutStates
		case n.More && sp.Cut == "":
			sp.Cut = cutDepth
		}
	}
	return nil
}

// expand takes the steps of a node. It reports whether to go on.
func (sp *Spread) expand(n *Node, visit func(*Node) bool) (on bool, err error) {
	if sp.depth > 0 && n.Depth == sp.depth {
		n.More = true
		return true, nil
	}
	next, err := n.Path.Successors()
	if err != nil {
		return false, err
	}
	n.Edges = nil
	for _, p := range next {
		to, isNew, err := sp.meet(p, n)
		if err != nil {
			return false, err
		}
		n.Edges = append(n.Edges, Edge{to, p})
		n.More = n.More || to < 0
		if isNew && !visit(sp.Nodes[to]) {
			return false, nil
		}
	}
	return true, nil
}

// meet returns the number of the last state of a path, and whether it is new; -1 when there is no
// room for it. The path is one step longer than that of the node before, if there is one.
func (sp *Spread) meet(p *erased.Path, before *Node) (id int, isNew bool, err error) {
	n := &Node{ID: len(sp.Nodes), Path: p, Tree: erased.StateTree(p, p.Len())}
	if before != nil {
		n.Depth, n.Marked = before.Depth+1, before.Marked
	}
	if sp.Mark != nil && !n.Marked {
		if n.Marked, err = sp.Mark(p, n.Tree); err != nil {
			return -1, false, err
		}
	}
	key := met{hash(n.Tree), n.Marked}
	if id, ok := sp.seen[key]; ok && slices.Equal(sp.Nodes[id].Tree, n.Tree) {
		return id, false, nil
	}
	if len(sp.Nodes) >= sp.most {
		return -1, false, nil
	}
	sp.seen[key] = n.ID
	sp.Nodes = append(sp.Nodes, n)
	return n.ID, true, nil
}

// maxKept bounds the states of a spread that is kept for the next question.
const maxKept = 20_000

// Spreads keeps the latest spread, since people often ask the same states several things: to group them
// another way, or to find something else. It is safe for concurrent use.
type Spreads struct {
	mu   sync.Mutex
	key  spreadKey
	last *Spread // nil when none is kept, or it is in use
}

type spreadKey struct {
	from        string
	most, depth int
}

// Use calls f with a spread as [NewSpread] makes it, which may have met states already.
func (s *Spreads) Use(from []*erased.Path, most, depth int, f func(*Spread) error) error {
	var names []string
	for _, p := range from {
		names = append(names, p.Encode())
	}
	key := spreadKey{strings.Join(names, " "), most, depth}
	s.mu.Lock()
	sp := s.last
	if s.last = nil; sp == nil || s.key != key {
		sp = NewSpread(from, most, depth)
	}
	s.mu.Unlock()
	err := f(sp)
	if err == nil && len(sp.Nodes) <= maxKept {
		s.mu.Lock()
		s.key, s.last = key, sp
		s.mu.Unlock()
	}
	return err
}
