// Package fair decides whether a graph of states has a fair run that an automaton accepts, and finds
// a short one. With the automaton of a negated property, such a run is a counterexample.
//
// Runs are maximal: a run ends in terminal nodes only, where it stays forever. A run that leaves the
// graph, through what was not searched or lies outside of a boundary, is no run of the graph.
package fair

import (
	"fmt"
	"slices"

	"github.com/allways-go/allways/internal/adjacency"
)

// Graph is a graph of states and steps. The nodes are numbered in breadth-first order, and each can
// be reached from an initial one. An edge from a node to itself changes nothing: it is a step that
// runs may repeat, but it takes no action and makes none enabled.
type Graph struct {
	// Quotient says that nodes stand for several states each: then an edge from a node to itself changes nothing only
	// if its label is 0.
	Quotient bool

	Inits  int              // nodes 0 to Inits-1 are the initial ones
	Edges  *adjacency.Lists // the edges of each node, in the order of the model
	Labels []Label

	State []uint64 // the state predicates that hold in each node, as bits; nil: none in any
	Flags []Flag   // properties of each node; nil: no node has any

	// The steps that leave the graph from node v have the labels Outside[OutsideAt[v]:OutsideAt[v+1]]. They
	// make actions enabled, and no run takes them. OutsideAt may be nil.
	OutsideAt []uint32
	Outside   []uint32

	checked bool // it has passed Check
}

// Label is what is known of a step that changes the state.
type Label struct {
	Steps uint64  // the step predicates that it satisfies, as bits
	Takes []int32 // the fairness constraints whose action it takes, each once
}

// Flag is what is special about a node.
type Flag uint8

// The flags.
const (
	Terminal   Flag = 1 << iota // no step is possible that changes the state: runs may stay forever
	Unexpanded                  // the steps from here are not known
)

// Constraint is an assumption about an action: weak fairness says that it is taken if it stays
// enabled, strong fairness that it is taken again and again if it is enabled again and again.
type Constraint struct {
	Strong bool
}

// Len returns the number of nodes.
func (g *Graph) Len() int { return g.Edges.Len() }

func (g *Graph) flag(v uint32, f Flag) bool { return g.Flags != nil && g.Flags[v]&f != 0 }

func (g *Graph) state(v uint32) uint64 {
	if g.State == nil {
		return 0
	}
	return g.State[v]
}

// outside returns the labels of the steps from a node that leave the graph.
func (g *Graph) outside(v uint32) []uint32 {
	if g.OutsideAt == nil {
		return nil
	}
	return g.Outside[g.OutsideAt[v]:g.OutsideAt[v+1]]
}

// changing calls visit with the label of each step from a node that changes the state.
func (g *Graph) changing(v uint32, visit func(l *Label)) {
	for _, e := range g.Edges.Of(v) {
		if g.changes(v, e) {
			visit(&g.Labels[e.Label()])
		}
	}
	for _, label := range g.outside(v) {
		visit(&g.Labels[label])
	}
}

// changes reports whether an edge of v changes the state.
func (g *Graph) changes(v uint32, e adjacency.Edge) bool {
	return e.To() != v || g.Quotient && e.Label() != 0
}

// enabled returns the step predicates of the steps from a node that change the state.
func (g *Graph) enabled(v uint32) (steps uint64) {
	g.changing(v, func(l *Label) { steps |= l.Steps })
	return steps
}

// steps returns the step predicates that an edge of v satisfies.
func (g *Graph) steps(v uint32, e adjacency.Edge) uint64 {
	if !g.changes(v, e) {
		return 0
	}
	return g.Labels[e.Label()].Steps
}

// Check returns an error if the parts of the graph do not fit together. A graph that passes has a run
// from each node, but for those from which all steps are unknown or leave the graph. Searches check their graph,
// unless it has passed before; then it must not have been changed, but for what its labels say.
func (g *Graph) Check() error {
	if g.checked {
		return nil
	}
	err := g.check()
	g.checked = err == nil
	return err
}

func (g *Graph) check() error {
	if g.Edges == nil {
		return fmt.Errorf("fair: a graph without edges")
	}
	n := g.Len()
	switch {
	case n < 0 || g.Inits < 0 || g.Inits > n || n > 0 && g.Inits == 0:
		return fmt.Errorf("fair: %d initial nodes of %d", g.Inits, n)
	case g.OutsideAt != nil && !table(g.OutsideAt, n, len(g.Outside)):
		return fmt.Errorf("fair: the steps that leave the graph are incomplete")
	case g.State != nil && len(g.State) != n || g.Flags != nil && len(g.Flags) != n:
		return fmt.Errorf("fair: %d nodes, states of %d and flags of %d", n, len(g.State), len(g.Flags))
	case slices.ContainsFunc(g.Outside, func(l uint32) bool { return int(l) >= len(g.Labels) }):
		return fmt.Errorf("fair: a step out of the graph with a label that does not exist")
	}
	return g.checkNodes()
}

// checkTakes returns an error if a label takes a constraint that does not exist.
func (g *Graph) checkTakes(constraints int) error {
	for _, l := range g.Labels {
		for i, c := range l.Takes {
			if c < 0 || int(c) >= constraints || slices.Contains(l.Takes[:i], c) {
				return fmt.Errorf("fair: a label takes constraint %d, of %d, or takes it twice", c, constraints)
			}
		}
	}
	return nil
}

// table reports whether at has the places of n entries in a list of the given length.
func table(at []uint32, n, length int) bool {
	return len(at) == n+1 && at[0] == 0 && int(at[n]) == length && slices.IsSorted(at)
}

func (g *Graph) checkNodes() error {
	reached := make([]bool, g.Len())
	for v := range uint32(g.Len()) {
		list, some := g.Edges.Of(v), len(g.outside(v)) > 0
		for _, e := range list {
			if int(e.To()) >= g.Len() || int(e.Label()) >= len(g.Labels) {
				return fmt.Errorf("fair: an edge of node %d to a node that does not exist, or with such a label", v)
			}
			some = some || g.changes(v, e)
		}
		switch {
		case int(v) >= g.Inits && !reached[v]:
			return fmt.Errorf("fair: node %d is not initial, and no edge leads to it from one before", v)
		case g.flag(v, Terminal) && (some || g.flag(v, Unexpanded)):
			return fmt.Errorf("fair: node %d is terminal, and has steps or may have", v)
		case g.flag(v, Unexpanded) && len(list) > 0:
			return fmt.Errorf("fair: node %d was not expanded, and has edges", v)
		case len(list) == 0 && !some && !g.flag(v, Terminal|Unexpanded):
			return fmt.Errorf("fair: node %d has no step, and is not terminal", v)
		}
		for _, e := range list {
			reached[e.To()] = true
		}
	}
	return nil
}
