package native

import (
	"fmt"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/property"
)

// Asked is what a run asks for, as far as there are ways of searching that cannot do it.
type Asked struct {
	Symbolic, Spill, DepthFirst                       bool
	Symmetry, Fingerprints, Visitor, VisitPaths, Stop bool
	Workers, MaxDepth, MaxStates, MaxGenerated        int
}

// refusal is the answer to what cannot be done.
type refusal struct {
	asked          bool
	option, reason string
}

// Refuse names an option that the search cannot do, and the reason; "" if it can do all.
func (a Asked) Refuse(c *gospace.Model) (option, reason string) {
	var all []refusal
	if a.Spill {
		all = append(all, a.spilled(c)...)
	}
	if a.Symbolic {
		all = append(all, a.symbolic(c)...)
	}
	for _, x := range all {
		if x.asked {
			return x.option, x.reason
		}
	}
	return "", ""
}

// symbolic is what a search of sets of states cannot do.
func (a Asked) symbolic(c *gospace.Model) []refusal {
	const counts = "a symbolic search does not count states one by one: use MaxMemory or Timeout"
	p, kind := undecided(c, c.Kinds(property.Always, property.Sometimes, property.Deadlock, property.Step))
	return []refusal{
		{a.Symmetry, "Symmetry", "a symbolic search keeps sets, which representatives make no smaller: leave it out"},
		{a.Fingerprints, "Store", "a symbolic search keeps no single states, and is always exact: use StoreExact"},
		{a.Visitor, "Visitor", "a symbolic search visits no single states: use BFS"},
		{a.Stop, "Stop", "a symbolic search finds all reachable states before it judges any: leave it out, or use BFS"},
		{a.Workers > 1, "Workers", "a symbolic search has one worker: leave it out"},
		{a.MaxDepth > 0, "MaxDepth", "a symbolic search does not go by depth: use BFS"},
		{a.MaxStates > 0, "MaxStates", counts},
		{a.MaxGenerated > 0, "MaxGenerated", counts},
		{p != "", "Strategy", fmt.Sprintf(
			"a symbolic search cannot decide %q (%v): use BFS, or leave the property out", p, kind)},
	}
}

// spilled is what a search beyond memory cannot do.
func (a Asked) spilled(c *gospace.Model) []refusal {
	p, kind := undecided(c, c.Kinds(
		property.Always, property.Sometimes, property.Deadlock, property.Step, property.Refinement))
	return []refusal{
		{a.Symbolic, "Spill", "a symbolic search keeps no single states: use BFS, or leave it out"},
		{a.DepthFirst, "Spill", "a depth-first search asks for single states, too many for a disk: use BFS, or leave it out"},
		{a.Fingerprints, "Store", "a search beyond memory keeps whole states: use StoreExact, or leave Spill out"},
		{a.VisitPaths, "Visitor", "a search beyond memory does not keep all paths: use VisitStates, or leave Spill out"},
		{p != "", "Spill", fmt.Sprintf("a search beyond memory cannot decide %q (%v), which needs the graph of all "+
			"states: leave the property or Spill out", p, kind)},
	}
}

// undecided returns a property that is not among those that a search decides, and its kind.
func undecided(c *gospace.Model, decided engine.Mask) (name string, kind property.Kind) {
	for i := range c.Props[:c.Promises] {
		if !decided.Has(i) {
			return c.Props[i].Name, c.Props[i].Kind
		}
	}
	return "", 0
}
