package stategraph

import "github.com/allways-go/allways/internal/adjacency"

// prune leaves out the nodes to which no known steps lead, and numbers the others breadth-first. Where the model
// misbehaves, nothing is known of the steps of a state, though some of them may have led to new states before.
func (g *Graph) prune() {
	order, numbers := g.reached()
	var holds []uint64
	var flags []NodeFlags
	ids := make([]uint32, 0, len(order))
	for _, v := range order {
		for i, list := 0, g.Edges.Of(v); i < len(list); i++ {
			list[i] = adjacency.NewEdge(numbers[list[i].To()], list[i].Label())
		}
		holds, flags = append(holds, g.Holds[v]), append(flags, g.Flags[v])
		ids = append(ids, g.nodes.ids[v])
	}
	g.Edges.Permute(order)
	g.pruneOutside(order)
	g.Holds, g.Flags, g.nodes.ids = holds, flags, ids
}

// pruneOutside is prune for the steps that lead out of the boundary.
func (g *Graph) pruneOutside(order []uint32) {
	if g.OutsideAt == nil {
		return
	}
	at, outside := []uint32{0}, []uint32(nil)
	for _, v := range order {
		outside = append(outside, g.Outside[g.OutsideAt[v]:g.OutsideAt[v+1]]...)
		at = append(at, uint32(len(outside)))
	}
	g.OutsideAt, g.Outside = at, outside
}

// reached returns the nodes that can be reached, breadth-first, and the place of each among them.
func (g *Graph) reached() (order, numbers []uint32) {
	numbers = make([]uint32, len(g.Flags))
	for v := range numbers {
		numbers[v] = none
	}
	reach := func(v uint32) {
		if numbers[v] == none {
			numbers[v] = uint32(len(order))
			order = append(order, v)
		}
	}
	for v := range min(g.Inits, len(g.Flags)) {
		reach(uint32(v))
	}
	for i := 0; i < len(order); i++ {
		for _, e := range g.Edges.Of(order[i]) {
			reach(e.To())
		}
	}
	return order, numbers
}
