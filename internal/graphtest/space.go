// Package graphtest has state spaces for tests: graphs that are written out, or random, and a search of them that is
// slow and obviously right, to compare others with.
package graphtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/longtest"
)

// The properties that every Space has, by their numbers.
const (
	Always = iota
	Sometimes
	Step
	Deadlock
	Eventually
	Count // number of properties
)

// What a search decides; the rest is for Eventually.
const (
	WantStates = engine.Mask(1<<Always | 1<<Sometimes | 1<<Deadlock)
	WantSteps  = engine.Mask(1 << Step)
)

// Space is an [engine.Space] whose states are the nodes of a graph that is written out: edge i of node n
// is its action i and leads to Edges[n][i], or has no effect where that is negative.
type Space struct {
	Inits     []int
	Edges     [][]int
	Outside   []bool       // nodes beyond the boundary
	Bad       []bool       // nodes that violate Always
	Good      []bool       // nodes that witness Sometimes, satisfy Eventually, and may be terminal
	Forbidden map[Arc]bool // steps that violate Step
	Panics    []bool       // nodes whose expansion is a tolerable misbehaviour before the first action
	NoInit    bool         // whether Init misbehaves
	Held      int64        // bytes that the space says it holds
	Width     int          // words of a state, at least 2
}

// Arc is a step from a node to a node.
type Arc struct{ From, To int }

// New returns the space of the graph with the given initial nodes and edges.
func New(inits []int, edges ...[]int) *Space {
	n := len(edges)
	return &Space{
		Inits: inits, Edges: edges, Outside: make([]bool, n), Bad: make([]bool, n), Good: make([]bool, n),
		Forbidden: map[Arc]bool{}, Panics: make([]bool, n), Width: 2,
	}
}

// Chain returns a graph of n nodes in a row.
func Chain(n int) *Space {
	edges := make([][]int, n)
	for i := range n - 1 {
		edges[i] = []int{i + 1}
	}
	return New([]int{0}, edges...)
}

// Mesh returns a graph of n levels of width nodes, each of which leads to all nodes of the next level.
func Mesh(n, width int) *Space {
	edges := make([][]int, n*width)
	for i := range (n - 1) * width {
		for k := range width {
			edges[i] = append(edges[i], (i/width+1)*width+k)
		}
	}
	return New([]int{0}, edges...)
}

// BinaryTree returns a binary tree of n nodes.
func BinaryTree(n int) *Space {
	edges := make([][]int, n)
	for i := range n - 1 {
		edges[i/2] = append(edges[i/2], i+1)
	}
	return New([]int{0}, edges...)
}

// Each calls f for random graphs, most of them small, some with levels wide enough to be
// shared by workers.
func Each(t *testing.T, small, wide int, f func(t *testing.T, g *Space, r *rand.Rand)) {
	t.Helper()
	small, wide = longtest.Size(small/10, small), longtest.Size(wide/10, wide)
	for seed := range uint64(small + wide) {
		r := rand.New(rand.NewPCG(seed, 3))
		nodes := 12
		if seed >= uint64(small) {
			nodes = wideNodes
		}
		f(t, random(r, nodes), r)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// RandomDepth returns a limit of the depth for a third of the searches, and 0 for the others.
func RandomDepth(r *rand.Rand) int {
	if r.IntN(3) > 0 {
		return 0
	}
	return 1 + r.IntN(8)
}

// Budget returns an open-ended budget that is closed at the end of the test.
func Budget(t testing.TB, space engine.Space, l engine.Limits) *engine.Budget {
	b := engine.NewBudget(context.Background(), space, l)
	t.Cleanup(b.Close)
	return b
}

// First is a schedule of walks, which take the first action that has an effect.
type First struct{}

// Pick returns 0.
func (First) Pick([]uint32, engine.Worker, []int) (int, error) { return 0, nil }

// wideNodes is the number of nodes from which on a random graph has levels that workers share.
const wideNodes = 1000

// random returns a graph of up to maxNodes nodes with self-loops, actions without effect,
// several edges between two nodes, several and repeated initial states, and sometimes a boundary.
func random(r *rand.Rand, maxNodes int) *Space {
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
	g := New(nil, edges...)
	g.Width = 2 + r.IntN(4)
	for i := range n {
		g.Outside[i] = bounded && r.IntN(6) == 0
		g.Good[i], g.Bad[i] = r.IntN(5) == 0, r.IntN(8) == 0
		for _, to := range edges[i] {
			if r.IntN(10) == 0 {
				g.Forbidden[Arc{i, to}] = true
			}
		}
	}
	for range 1 + r.IntN(3) {
		g.Inits = append(g.Inits, r.IntN(n))
	}
	g.Outside[g.Inits[0]] = false
	return g
}

func (g *Space) encode(node int, dst []uint32) {
	for i := range dst {
		dst[i] = uint32(node*7 + i)
	}
}

// Node returns the node that a state is.
func (g *Space) Node(state []uint32) int { return int(state[0] / 7) }

// Nodes returns the nodes of a trail's states.
func (g *Space) Nodes(t *engine.Trail) (nodes []int) {
	for _, s := range t.States {
		nodes = append(nodes, g.Node(s))
	}
	return nodes
}

// Words implements [engine.Space].
func (g *Space) Words() int { return g.Width }

// Memory implements [engine.Space].
func (g *Space) Memory() int64 { return g.Held }

// NewWorker implements [engine.Space].
func (g *Space) NewWorker() engine.Worker { return &graphWorker{Space: g} }

type graphWorker struct {
	*Space
	at int // the node whose single steps are prepared
}

// ErrNode is the message of the misbehaviour of nodes.
const ErrNode = "this node panics"

// Init implements [engine.Worker].
func (w *graphWorker) Init(out *engine.Batch) error {
	if w.NoInit {
		return &engine.Misbehaviour{Message: ErrNode, Act: -1}
	}
	for i, node := range w.Inits {
		if !w.Outside[node] {
			w.encode(node, out.Slot())
			out.Commit(i, engine.NoName, 0)
		}
	}
	return nil
}

// Expand implements [engine.Worker].
func (w *graphWorker) Expand(
	state []uint32, o engine.ExpandOptions, out *engine.Batch,
) (x engine.Expansion, err error) {
	from := w.Node(state)
	if w.Panics[from] {
		return x, &engine.Misbehaviour{Message: ErrNode, Tolerable: true, Act: -1}
	}
	x.Terminal = true
	for i, to := range w.Edges[from] {
		if to < 0 {
			continue
		}
		x.Terminal = false
		steps := w.violated(from, to, o.Steps)
		if o.Labels != nil {
			steps = engine.Mask(o.Labels.Number(uint64(w.violated(from, to, WantSteps)), nil))
		}
		if w.Outside[to] {
			if x.Bounded = true; o.Labels != nil {
				x.Outside = append(x.Outside, uint32(steps))
			}
			continue
		}
		if from == to && steps == 0 && !o.SelfLoops {
			x.SelfLoops++
			continue
		}
		w.encode(to, out.Slot())
		out.Commit(i, NameOf(i), steps)
	}
	return x, nil
}

// NameOf gives every third action the same name.
func NameOf(act int) uint16 { return uint16(act % 3) }

func (w *graphWorker) violated(from, to int, want engine.Mask) engine.Mask {
	if w.Forbidden[Arc{from, to}] && want.Has(Step) {
		return WantSteps
	}
	return 0
}

// Eval implements [engine.Worker].
func (w *graphWorker) Eval(state []uint32, want engine.Mask, terminal bool) (m engine.Mask, err error) {
	node := w.Node(state)
	if terminal {
		if !w.Good[node] {
			m = 1 << Deadlock
		}
		return m & want, nil
	}
	if w.Bad[node] {
		m |= 1 << Always
	}
	if w.Good[node] {
		m |= 1 << Sometimes
	}
	return m & want, nil
}

// Satisfies implements [engine.Worker].
func (w *graphWorker) Satisfies(state []uint32, property int) (bool, error) {
	if property != Eventually {
		return false, fmt.Errorf("property %d is not for Satisfies", property)
	}
	return w.Good[w.Node(state)], nil
}

// Actions implements [engine.Worker].
func (w *graphWorker) Actions(state []uint32) (int, error) {
	w.at = w.Node(state)
	if w.Panics[w.at] {
		return 0, &engine.Misbehaviour{Message: ErrNode, Tolerable: true, Act: -1}
	}
	return len(w.Edges[w.at]), nil
}

// Names implements [engine.Worker].
func (w *graphWorker) Names() (names []uint16, err error) {
	for i := range w.Edges[w.at] {
		names = append(names, NameOf(i))
	}
	return names, nil
}

// Apply implements [engine.Worker].
func (w *graphWorker) Apply(i int, want engine.Mask, dst []uint32) (e engine.Effect, steps engine.Mask, err error) {
	to := w.Edges[w.at][i]
	switch {
	case to < 0:
		return engine.NoEffect, 0, nil
	case w.Outside[to]:
		return engine.Outside, 0, nil
	}
	w.encode(to, dst)
	return engine.Inside, w.violated(w.at, to, want), nil
}

// Flaw reports what is wrong with a trail that should show a property, or "".
func (g *Space) Flaw(t *engine.Trail, property int) string {
	nodes := g.Nodes(t)
	if !slices.Contains(g.Inits, nodes[0]) {
		return "it does not begin in an initial state"
	}
	last := nodes[len(nodes)-1]
	if t.Loop >= 0 {
		nodes = append(nodes, nodes[t.Loop])
	}
	for i, to := range nodes {
		if g.Outside[to] || i > 0 && !slices.Contains(g.Edges[nodes[i-1]], to) {
			return fmt.Sprintf("there is no step to its state %d", i)
		}
	}
	terminal := !slices.ContainsFunc(g.Edges[last], func(to int) bool { return to >= 0 })
	shows := false
	switch property {
	case Always:
		shows = g.Bad[last]
	case Sometimes:
		shows = g.Good[last]
	case Deadlock:
		shows = terminal && !g.Good[last]
	case Step:
		if t.Act >= 0 {
			shows = g.Forbidden[Arc{last, g.Edges[last][t.Act]}]
		}
	case Eventually:
		shows = (terminal || t.Loop >= 0) && !slices.ContainsFunc(nodes, func(n int) bool { return g.Good[n] })
	}
	if !shows {
		return "it does not show the property"
	}
	return ""
}

// Exited implements [engine.Worker].
func (w *graphWorker) Exited() *engine.Misbehaviour {
	return &engine.Misbehaviour{Message: errExited, Act: -1}
}

// Call implements [engine.Worker].
func (w *graphWorker) Call() uint64 { return 0 }

// Stuck implements [engine.Worker].
func (w *graphWorker) Stuck() *engine.Misbehaviour {
	return &engine.Misbehaviour{Kind: engine.ErrorStuck, Message: errStuck, Act: -1}
}

const (
	errExited = "exited"
	errStuck  = "stuck"
)
