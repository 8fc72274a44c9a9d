package fair

import (
	"fmt"
	"math"
	"slices"

	"github.com/allways-go/allways/internal/adjacency"
	"github.com/allways-go/allways/internal/temporal"
)

// product is the graph of pairs of a node and a state of the automaton. Its edges are computed
// whenever they are needed. The pair of node v and state q has the number q*n+v. If the system may
// stop anywhere, there are twice as many: those of state q+k belong to runs that have stopped.
type product struct {
	*Graph
	*temporal.Automaton
	n, k     uint32
	mayStop  bool
	possible []uint64 // step predicates that are enabled in each node, if the automaton looks at them
	stepwise bool     // the automaton looks at steps
}

// maxPairs is the number of pairs that are possible: marks of pairs need as many numbers for what is
// visited, and for fair components.
const maxPairs = math.MaxUint32/2 - 2

func newProduct(s *Search) (*product, error) {
	p := &product{
		Graph: s.Graph, Automaton: s.Automaton, mayStop: s.MayStop,
		n: uint32(s.Graph.Len()), k: uint32(len(s.Automaton.States)),
	}
	if uint64(p.n)*uint64(p.layers()) > maxPairs {
		return nil, fmt.Errorf("fair: %d states times %d states of the property's automaton are too many", p.n, p.layers())
	}
	some := func(looks func(e temporal.Edge) bool) bool {
		return slices.ContainsFunc(p.States, func(edges []temporal.Edge) bool { return slices.ContainsFunc(edges, looks) })
	}
	p.stepwise = some(func(e temporal.Edge) bool { return !e.Step.Free() })
	if some(func(e temporal.Edge) bool { return !e.Enabled.Free() }) {
		p.possible = make([]uint64, p.n)
		for v := range p.possible {
			p.possible[v] = p.enabled(uint32(v))
		}
	}
	return p, nil
}

// layers returns the number of pairs of each node.
func (p *product) layers() uint32 {
	if p.mayStop {
		return 2 * p.k
	}
	return p.k
}

// size returns the number of pairs.
func (p *product) size() uint32 { return p.n * p.layers() }

// accepting reports whether accepted runs may visit the pairs of a layer again and again.
func (p *product) accepting(layer uint32) bool { return p.Accepting[layer%p.k] }

// walk goes through the steps from a pair.
type walk struct {
	id, node, layer uint32
	edge, end       uint32 // the next edge of the node; the one after the last stands for staying there
	choice          uint32 // the next edge of the automaton
	enabled         uint64 // step predicates of steps that are possible
	list            []adjacency.Edge
}

// step is a step from a pair.
type step struct {
	to     uint32
	edge   uint32 // place of the edge in the list of the node, or Stutter
	accept uint64 // acceptance sets
}

// from begins to go through the steps from a pair.
func (p *product) from(id uint32) walk {
	layer := id / p.n
	v := id - layer*p.n
	w := walk{id: id, node: v, layer: layer, list: p.Edges.Of(v)}
	w.end = uint32(len(w.list))
	if p.possible != nil {
		w.enabled = p.possible[v]
	}
	switch {
	case layer >= p.k: // it has stopped
		w.edge, w.end = w.end, w.end+1
	case p.flag(v, Terminal) || p.mayStop && !p.flag(v, Unexpanded):
		w.end++
	}
	if !p.goesOn(&w) {
		w.edge = w.end
	}
	return w
}

// goesOn reports whether some edge of the automaton allows for what holds at a pair.
func (p *product) goesOn(w *walk) bool {
	state := p.state(w.node)
	for i := range p.States[w.layer%p.k] {
		if c := &p.States[w.layer%p.k][i]; c.State.Allow(state) && c.Enabled.Allow(w.enabled) {
			return true
		}
	}
	return false
}

// next returns the next step, or false if there is no other.
func (p *product) next(w *walk) (step, bool) {
	choices := p.States[w.layer%p.k]
	for ; w.edge < w.end; w.edge, w.choice = w.edge+1, 0 {
		edge, to, steps := w.edge, w.node, uint64(0)
		if int(edge) == len(w.list) {
			edge = Stutter
		} else {
			e := w.list[edge]
			if to = e.To(); p.stepwise {
				steps = p.steps(w.node, e)
			}
		}
		for w.choice < uint32(len(choices)) {
			c := &choices[w.choice]
			w.choice++
			if c.State.Allow(p.state(w.node)) && c.Enabled.Allow(w.enabled) &&
				c.Step.Allow(steps) {
				return step{to: p.layerOf(w, edge, uint32(c.To))*p.n + to, edge: edge, accept: c.Accept}, true
			}
		}
	}
	return step{}, false
}

// layerOf returns the layer to which a step leads. A run that stops although it need not has no other
// steps any more.
func (p *product) layerOf(w *walk, edge, state uint32) uint32 {
	if w.layer >= p.k || edge == Stutter && !p.flag(w.node, Terminal) {
		return state + p.k
	}
	return state
}

// leaves reports whether an accepted run may go on from a pair to where the graph does not reach.
func (p *product) leaves(w *walk) bool {
	if w.layer >= p.k {
		return false
	}
	unexpanded, outside := p.flag(w.node, Unexpanded), p.outside(w.node)
	if !unexpanded && len(outside) == 0 {
		return false
	}
	for i := range p.States[w.layer] {
		c := &p.States[w.layer][i]
		if !c.State.Allow(p.state(w.node)) {
			continue
		}
		if unexpanded {
			return true
		}
		for _, label := range outside {
			if c.Enabled.Allow(w.enabled) && c.Step.Allow(p.Labels[label].Steps) {
				return true
			}
		}
	}
	return false
}
