package engine

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// The properties that every graphSpace has, by their numbers.
const (
	propAlways = iota
	propSometimes
	propStep
	propDeadlock
	propEventually
	propCount
)

// decidable are the properties that a search decides; the rest is for Eventually.
const (
	wantStates = Mask(1<<propAlways | 1<<propSometimes | 1<<propDeadlock)
	wantSteps  = Mask(1 << propStep)
)

// graphSpace is a Space whose states are the nodes of a graph that is written out: edge i of node n
// is its action i and leads to edges[n][i], or has no effect where that is negative.
type graphSpace struct {
	inits     []int
	edges     [][]int
	outside   []bool      // nodes beyond the boundary
	bad       []bool      // nodes that violate propAlways
	good      []bool      // nodes that witness propSometimes, satisfy propEventually, and may be terminal
	forbidden map[arc]any // steps that violate propStep
	panics    []bool      // nodes whose expansion is a tolerable misbehaviour before the first action
	noInit    bool        // whether Init misbehaves
	memory    int64       // what Memory returns
	words     int         // width of states, at least 2
}

type arc struct{ from, to int }

func newGraphSpace(inits []int, edges ...[]int) *graphSpace {
	n := len(edges)
	return &graphSpace{
		inits: inits, edges: edges, outside: make([]bool, n), bad: make([]bool, n), good: make([]bool, n),
		forbidden: map[arc]any{}, panics: make([]bool, n), words: 2,
	}
}

// wideNodes is the number of nodes from which on a random graph has levels that workers share.
const wideNodes = 1000

// randomSpace returns a graph of up to maxNodes nodes with self-loops, actions without effect,
// several edges between two nodes, several and repeated initial states, and sometimes a boundary.
func randomSpace(r *rand.Rand, maxNodes int) *graphSpace {
	n := 1 + r.IntN(maxNodes)
	edges, density, bounded := make([][]int, n), 1+r.IntN(4), r.IntN(3) == 0
	if maxNodes >= wideNodes {
		n += maxNodes
		edges, density = make([][]int, n), 4+r.IntN(4)
	}
	for i := range n {
		for range r.IntN(density + 1) {
			to := r.IntN(n)
			if r.IntN(8) == 0 {
				to = -1
			}
			edges[i] = append(edges[i], to)
		}
	}
	g := newGraphSpace(nil, edges...)
	g.words = 2 + r.IntN(4)
	for i := range n {
		g.outside[i] = bounded && r.IntN(6) == 0
		g.good[i], g.bad[i] = r.IntN(5) == 0, r.IntN(8) == 0
		for _, to := range edges[i] {
			if r.IntN(10) == 0 {
				g.forbidden[arc{i, to}] = nil
			}
		}
	}
	for range 1 + r.IntN(3) {
		g.inits = append(g.inits, r.IntN(n))
	}
	g.outside[g.inits[0]] = false
	return g
}

func (g *graphSpace) encode(node int, dst []uint32) {
	for i := range dst {
		dst[i] = uint32(node*7 + i)
	}
}

func (g *graphSpace) node(state []uint32) int { return int(state[0] / 7) }

// nodes returns the nodes of a trail's states.
func (g *graphSpace) nodes(t *Trail) (nodes []int) {
	for _, s := range t.States {
		nodes = append(nodes, g.node(s))
	}
	return nodes
}

func (g *graphSpace) Words() int        { return g.words }
func (g *graphSpace) Memory() int64     { return g.memory }
func (g *graphSpace) NewWorker() Worker { return &graphWorker{graphSpace: g} }

type graphWorker struct {
	*graphSpace
	at int // the node whose single steps are prepared
}

const errNode = "this node panics"

func (w *graphWorker) Init(out *Batch) error {
	if w.noInit {
		return &Misbehaviour{Message: errNode, Act: -1}
	}
	for i, node := range w.inits {
		if !w.outside[node] {
			w.encode(node, out.Slot())
			out.Commit(i, NoName, 0)
		}
	}
	return nil
}

func (w *graphWorker) Expand(state []uint32, o ExpandOptions, out *Batch) (x Expansion, err error) {
	from := w.node(state)
	if w.panics[from] {
		return x, &Misbehaviour{Message: errNode, Tolerable: true, Act: -1}
	}
	x.Terminal = true
	for i, to := range w.edges[from] {
		if to < 0 {
			continue
		}
		x.Terminal = false
		if w.outside[to] {
			x.Bounded = true
			continue
		}
		steps := w.violated(from, to, o.Steps)
		if from == to && steps == 0 && !o.SelfLoops {
			x.SelfLoops++
			continue
		}
		w.encode(to, out.Slot())
		out.Commit(i, nameOf(i), steps)
	}
	return x, nil
}

// nameOf gives every third action the same name.
func nameOf(act int) uint16 { return uint16(act % 3) }

func (w *graphWorker) violated(from, to int, want Mask) Mask {
	if _, ok := w.forbidden[arc{from, to}]; ok && want.Has(propStep) {
		return wantSteps
	}
	return 0
}

func (w *graphWorker) Eval(state []uint32, want Mask, terminal bool) (m Mask, err error) {
	node := w.node(state)
	if terminal {
		if !w.good[node] {
			m = 1 << propDeadlock
		}
		return m & want, nil
	}
	if w.bad[node] {
		m |= 1 << propAlways
	}
	if w.good[node] {
		m |= 1 << propSometimes
	}
	return m & want, nil
}

func (w *graphWorker) Satisfies(state []uint32, property int) (bool, error) {
	if property != propEventually {
		return false, fmt.Errorf("property %d is not for Satisfies", property)
	}
	return w.good[w.node(state)], nil
}

func (w *graphWorker) Actions(state []uint32) (int, error) {
	w.at = w.node(state)
	if w.panics[w.at] {
		return 0, &Misbehaviour{Message: errNode, Tolerable: true, Act: -1}
	}
	return len(w.edges[w.at]), nil
}

func (w *graphWorker) Names() (names []uint16, err error) {
	for i := range w.edges[w.at] {
		names = append(names, nameOf(i))
	}
	return names, nil
}

func (w *graphWorker) Apply(i int, want Mask, dst []uint32) (e Effect, steps Mask, err error) {
	to := w.edges[w.at][i]
	switch {
	case to < 0:
		return NoEffect, 0, nil
	case w.outside[to]:
		return Outside, 0, nil
	}
	w.encode(to, dst)
	return Inside, w.violated(w.at, to, want), nil
}

// hasTrail reports what is wrong with a trail that should show a property, or "".
func (g *graphSpace) flaw(t *Trail, property int) string {
	nodes := g.nodes(t)
	if !slices.Contains(g.inits, nodes[0]) {
		return "it does not begin in an initial state"
	}
	last := nodes[len(nodes)-1]
	if t.Loop >= 0 {
		nodes = append(nodes, nodes[t.Loop])
	}
	for i, to := range nodes {
		if g.outside[to] || i > 0 && !slices.Contains(g.edges[nodes[i-1]], to) {
			return fmt.Sprintf("there is no step to its state %d", i)
		}
	}
	terminal := !slices.ContainsFunc(g.edges[last], func(to int) bool { return to >= 0 })
	shows := false
	switch property {
	case propAlways:
		shows = g.bad[last]
	case propSometimes:
		shows = g.good[last]
	case propDeadlock:
		shows = terminal && !g.good[last]
	case propStep:
		if t.Act >= 0 {
			_, shows = g.forbidden[arc{last, g.edges[last][t.Act]}]
		}
	case propEventually:
		shows = (terminal || t.Loop >= 0) && !slices.ContainsFunc(nodes, func(n int) bool { return g.good[n] })
	}
	if !shows {
		return "it does not show the property"
	}
	return ""
}

// Exited implements Worker.
func (w *graphWorker) Exited() *Misbehaviour { return &Misbehaviour{Message: errExited, Act: -1} }
func (w *graphWorker) Call() uint64          { return 0 }
func (w *graphWorker) Stuck() *Misbehaviour {
	return &Misbehaviour{Kind: ErrorStuck, Message: errStuck, Act: -1}
}

const (
	errExited = "exited"
	errStuck  = "stuck"
)
