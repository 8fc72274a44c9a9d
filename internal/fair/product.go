package fair

import (
	"fmt"
	"math"

	"github.com/allways-go/allways/internal/temporal"
)

// product is the graph of pairs of a node and a state of the automaton. Its edges are computed
// whenever they are needed. The pair of node v and state q has the number q*n+v. If the system may
// stop anywhere, there are twice as many: those of state q+k belong to runs that have stopped.
type product struct {
	*Graph
	*temporal.Automaton
	n, k      uint32
	mayStop   bool
	seesSteps bool // some edge of the automaton looks at enabled steps
}

func newProduct(s *Search) (*product, error) {
	p := &product{
		Graph: s.Graph, Automaton: s.Automaton, mayStop: s.MayStop,
		n: uint32(s.Graph.Len()), k: uint32(len(s.Automaton.States)),
	}
	// Numbers beyond are needed to mark what is done.
	if uint64(p.n)*uint64(p.layers()) > math.MaxUint32/2 {
		return nil, fmt.Errorf("fair: %d states times %d states of the property's automaton are too many", p.n, p.layers())
	}
	for _, edges := range s.Automaton.States {
		for i := range edges {
			p.seesSteps = p.seesSteps || !edges[i].Enabled.Free()
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
	stays           bool   // to stay there comes next, before all edges
	edge, end       uint32 // the next edge of the node
	choice          int    // the next edge of the automaton
	enabled         uint64 // step predicates of steps that are possible
}

// step is a step from a pair.
type step struct {
	to     uint32
	edge   uint32 // of the graph, or Stutter
	accept uint64 // acceptance sets
}

// from begins to go through the steps from a pair.
func (p *product) from(id uint32) walk {
	layer := id / p.n
	v := id - layer*p.n
	w := walk{id: id, node: v, layer: layer, edge: p.At[v], end: p.At[v+1]}
	if p.seesSteps {
		w.enabled = p.Graph.enabled(v)
	}
	switch {
	case layer >= p.k: // it has stopped
		w.stays, w.edge = true, w.end
	case p.flag(v, Terminal) || p.mayStop && !p.flag(v, Unexpanded):
		w.stays = true
	}
	return w
}

// next returns the next step, or false if there is no other.
func (p *product) next(w *walk) (step, bool) {
	choices := p.States[w.layer%p.k]
	for ; w.stays || w.edge < w.end; w.skip() {
		edge, to := uint32(Stutter), w.node
		if !w.stays {
			edge, to = w.edge, p.To[w.edge]
		}
		for w.choice < len(choices) {
			c := &choices[w.choice]
			w.choice++
			if c.State.Allow(p.state(w.node)) && c.Enabled.Allow(w.enabled) &&
				(c.Step.Free() || c.Step.Allow(p.steps(w.node, edge))) {
				return step{to: p.layerOf(w, edge, uint32(c.To))*p.n + to, edge: edge, accept: c.Accept}, true
			}
		}
	}
	return step{}, false
}

// skip goes on to the next edge of the node.
func (w *walk) skip() {
	if w.choice = 0; w.stays {
		w.stays = false
	} else {
		w.edge++
	}
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
