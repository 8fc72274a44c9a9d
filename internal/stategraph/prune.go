package stategraph

// prune leaves out the nodes to which no known steps lead, and numbers the others breadth-first. Where the model
// misbehaves, nothing is known of the steps of a state, though some of them may have led to new states before.
func (g *Graph) prune() {
	order, numbers := g.reached()
	p := Graph{Inits: g.Inits, At: []uint32{0}}
	if g.OutsideAt != nil {
		p.OutsideAt = []uint32{0}
	}
	ids := make([]uint32, 0, len(order))
	for _, v := range order {
		for e := g.At[v]; e < g.At[v+1]; e++ {
			p.To, p.Label = append(p.To, numbers[g.To[e]]), append(p.Label, g.Label[e])
		}
		p.At = append(p.At, uint32(len(p.To)))
		p.Holds, p.Flags = append(p.Holds, g.Holds[v]), append(p.Flags, g.Flags[v])
		if g.OutsideAt != nil {
			p.Outside = append(p.Outside, g.Outside[g.OutsideAt[v]:g.OutsideAt[v+1]]...)
			p.OutsideAt = append(p.OutsideAt, uint32(len(p.Outside)))
		}
		ids = append(ids, g.nodes.ids[v])
	}
	g.At, g.To, g.Label, g.Holds, g.Flags = p.At, p.To, p.Label, p.Holds, p.Flags
	g.OutsideAt, g.Outside, g.nodes.ids = p.OutsideAt, p.Outside, ids
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
		for _, to := range g.To[g.At[order[i]]:g.At[order[i]+1]] {
			reach(to)
		}
	}
	return order, numbers
}
