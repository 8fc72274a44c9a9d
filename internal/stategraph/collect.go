// Package stategraph keeps the graph of the states that a breadth-first search meets: that of all states, for promises
// about runs ([Collect]), or that of the states that do not satisfy a property yet, in which a run is looked for that
// never does ([Eventually]).
package stategraph

import (
	"sync"
	"sync/atomic"

	"github.com/allways-go/allways/internal/adjacency"
	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/label"
)

// Collecting says what [Collect] keeps.
type Collecting struct {
	Predicates []int        // properties whose predicates are evaluated on every state; at most 64
	Labels     *label.Table // numbers of the labels of steps
}

// Graph is the graph of the states that a search has met. Nodes are numbered by level and rank: the
// numbers are the same in every run. Close it.
type Graph struct {
	Inits int              // the first nodes are the initial states
	Edges *adjacency.Lists // the edges of each node, in the order of the model's actions
	Holds []uint64         // predicates that hold in each node, as bits
	Flags []NodeFlags      // flags of each node
	// The labels of the steps that lead out of the boundary from node v are those from OutsideAt[v] to OutsideAt[v+1] in
	// Outside; OutsideAt is nil if no step does.
	OutsideAt, Outside []uint32
	// Places are the places of the edges of each node among the steps that it has inside the boundary; nil if they are
	// all there.
	Places [][]uint32

	StopReason   engine.StopReason
	Misbehaviour *engine.Discovery

	nodes   *numbering
	vectors vectors
	release func() // stops counting the memory
	free    func() // frees the edges
}

// vectors are the states of nodes.
type vectors interface {
	state(node uint32) []uint32
	trail(node uint32) [][]uint32
}

// NodeFlags say what is known of a node.
type NodeFlags uint8

// What may be known of a node.
const (
	Expanded NodeFlags = 1 << iota // its steps are known
	Ends                           // it has no step
	Leaves                         // some of its steps lead out of the boundary
)

// Collect searches breadth-first and keeps the graph of all states.
//
// An edge takes 8 bytes, a target and a label, while the search runs and afterwards: each worker writes the edges of a
// node to where they stay. There, targets are ids of states until all have numbers as nodes.
func Collect(space engine.Space, c Collecting, cfg engine.Config) *Graph {
	t := newCollecting(c, &cfg, cfg.Budget.Allows)
	release := cfg.Budget.Hold(t)
	t.nodes.search = engine.Explore(space, cfg, t.options(), t)
	return t.result(release)
}

// SearchAndCollect is a breadth-first search for properties that collects the graph of the states that it meets at the
// same time. The graph is nil if there was not enough memory for both: then the search has gone on alone.
func SearchAndCollect(space engine.Space, c Collecting, cfg *engine.Config) (*engine.Outcome, *Graph, error) {
	var t *collecting
	t = newCollecting(c, cfg, func(bytes int64) bool {
		// The search must not end earlier because of the graph: it can grow to twice its size, which is enough for the
		// rest of a level, at whose end a graph that finds no more memory is dropped.
		search := cfg.Budget.Memory() - t.Size()
		return cfg.Budget.Spare(search+bytes) && cfg.Budget.Allows(bytes)
	})
	t.optional = true
	release := cfg.Budget.Hold(t)
	out, search, err := engine.BreadthFirstFor(space, cfg, t.options(), t)
	if t.nodes.search = search; search != nil && err == nil && !t.full.Load() {
		return out, t.result(release), nil
	}
	release()
	if search != nil {
		search.Close(t.edges.Free)
	}
	return out, nil, err
}

func newCollecting(c Collecting, cfg *engine.Config, allows func(bytes int64) bool) *collecting {
	t := &collecting{Collecting: c, nodes: &numbering{}, edges: adjacency.NewBuilder(allows)}
	for range max(cfg.Workers, 1) {
		t.workers = append(t.workers, &collected{edges: t.edges.NewWriter()})
	}
	return t
}

func (t *collecting) options() engine.ExpandOptions {
	return engine.ExpandOptions{SelfLoops: true, Labels: t.Labels}
}

// Trail returns the path to a node, along the tree of the search.
func (g *Graph) Trail(node uint32) [][]uint32 { return g.vectors.trail(node) }

// Place returns the place of an edge of a node among the steps that the node has inside the boundary.
func (g *Graph) Place(node, edge uint32) int {
	if g.Places != nil {
		return int(g.Places[node][edge])
	}
	return int(edge)
}

// State returns the vector of a node. It is valid until Close.
func (g *Graph) State(node uint32) []uint32 { return g.vectors.state(node) }

// Close frees the memory of the graph.
func (g *Graph) Close() {
	g.release()
	g.nodes.search.Close(g.free)
}

// collecting is the task of [Collect].
type collecting struct {
	Collecting
	nodes   *numbering
	edges   *adjacency.Builder
	inits   int
	holds   []uint64
	flags   []NodeFlags
	workers []*collected
	bytes   atomic.Int64 // memory of all but edges

	optional bool        // the search goes on without the graph if there is no memory for it
	full     atomic.Bool // it does
}

// nodeBytes is what a node takes besides its edges.
const nodeBytes = 9

// Size returns the bytes held.
func (t *collecting) Size() int64 { return t.bytes.Load() + t.edges.Size() }

// collected is what one worker has collected.
type collected struct {
	edges   *adjacency.Writer
	outside []outside
	whole   []outside // those of levels that are complete, which may be read even if the worker has not come back
	notes   []note
}

// note is what holds in a new state, which has no node yet.
type note struct {
	id    uint32
	holds uint64
}

// outside are the labels of the steps from a node that lead out of the boundary.
type outside struct {
	node   uint32
	labels []uint32
}

// Expanded notes what kind of node a state is. Nodes of a level are written by different workers, at
// different places.
func (t *collecting) Expanded(worker int, node uint32, x *engine.Expansion) engine.Mask {
	if t.full.Load() {
		return 0
	}
	f := Expanded
	if x.Terminal {
		f |= Ends
	}
	if x.Bounded {
		f |= Leaves
		c := t.workers[worker]
		c.outside = append(c.outside, outside{node, x.Outside})
	}
	t.flags[node] = f
	return 0
}

// Fresh evaluates the predicates.
func (t *collecting) Fresh(worker int, w engine.Worker, state []uint32, id uint32) (skip bool, err error) {
	if t.full.Load() {
		return false, nil
	}
	n := note{id: id}
	n.holds, err = t.holding(w, state)
	if n.holds != 0 {
		c := t.workers[worker]
		c.notes = append(c.notes, n)
	}
	return false, err
}

// holding returns the predicates that hold in a state, as bits.
func (c *Collecting) holding(w engine.Worker, state []uint32) (holds uint64, err error) {
	for i, p := range c.Predicates {
		ok, err := w.Satisfies(state, p)
		if err != nil {
			return holds, err
		}
		if ok {
			holds |= 1 << uint(i)
		}
	}
	return holds, nil
}

// LookedUp keeps the edges of a batch. It has all edges of a node.
func (t *collecting) LookedUp(worker int, e engine.Edges) (kept bool) {
	w := t.workers[worker].edges
	if t.full.Load() {
		return true
	}
	for i, n := 0, e.Len(); i < n; {
		node, end := e.From(i), i+1
		for end < n && e.From(end) == node {
			end++
		}
		room, ok := w.Room(node, end-i)
		if !ok {
			t.full.Store(t.optional)
			return t.optional
		}
		for k := range room {
			room[k] = adjacency.NewEdge(e.To(i+k), e.Label(i+k))
		}
		i = end
	}
	return true
}

// Ranked numbers the states of a level, and gives the nodes what was noted of them.
func (t *collecting) Ranked(l engine.Level) {
	if l.Depth == 1 {
		t.inits = l.Len
	}
	if t.full.Load() {
		t.drop()
		return
	}
	t.bytes.Add(t.nodes.add(l) + nodeBytes*int64(l.Len))
	t.edges.Grow(l.Len)
	t.flags = append(t.flags, make([]NodeFlags, l.Len)...)
	t.holds = append(t.holds, make([]uint64, l.Len)...)
	for _, c := range t.workers {
		for _, x := range c.notes {
			if node := t.nodes.of(x.id); node != none {
				t.holds[node] = x.holds
			}
		}
		c.notes = c.notes[:0]
		c.whole = c.outside
	}
}

// drop frees what was collected, for which there is not enough memory.
func (t *collecting) drop() {
	t.edges.Free()
	t.nodes, t.holds, t.flags = &numbering{}, nil, nil
	t.bytes.Store(0)
}

// result puts the graph together. release stops counting its memory.
func (t *collecting) result(release func()) *Graph {
	s := t.nodes.search
	g := &Graph{
		Inits: t.inits, Holds: t.holds, Flags: t.flags, nodes: t.nodes, vectors: t.nodes,
		free: t.edges.Free, release: release,
		StopReason: s.StopReason, Misbehaviour: s.Misbehaviour,
	}
	g.cut(s.Whole)
	g.Edges = t.edges.Lists(len(g.Flags), min(s.Whole, len(g.Flags)))
	for v, f := range g.Flags {
		if f&Expanded == 0 {
			g.Edges.Clear(uint32(v)) // it may have some, if the model has misbehaved there
		}
	}
	g.translate(len(t.workers))
	var all [][]outside
	for _, c := range t.workers {
		all = append(all, c.whole)
	}
	g.joinOutside(all)
	if g.Misbehaviour != nil {
		g.prune()
	}
	return g
}

// cut leaves the states from a number on unexpanded, since they may lack steps, and leaves out what lies beyond their
// level, to which no step leads then. A worker that comes back late may still note something of them.
func (g *Graph) cut(whole int) {
	if whole >= len(g.Flags) {
		return
	}
	end := g.nodes.endOf(whole)
	flags := make([]NodeFlags, end)
	copy(flags, g.Flags[:whole])
	g.Flags, g.Holds = flags, g.Holds[:end]
}

// translate makes the targets of edges nodes.
func (g *Graph) translate(workers int) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for {
				lo := int(next.Add(translated)) - translated
				for v := lo; v < min(lo+translated, g.Edges.Len()); v++ {
					list := g.Edges.Of(uint32(v))
					for i, e := range list {
						list[i] = adjacency.NewEdge(g.nodes.of(e.To()), e.Label())
					}
				}
				if lo >= g.Edges.Len() {
					return
				}
			}
		})
	}
	wg.Wait()
}

// translated is the number of nodes that a worker translates at a time.
const translated = 1 << 12

// joinOutside copies the labels of steps that lead out of the boundary to one list.
func (g *Graph) joinOutside(all [][]outside) {
	each := func(f func(o outside)) {
		for _, some := range all {
			for _, o := range some {
				if int(o.node) < len(g.Flags) && g.Flags[o.node]&Expanded != 0 {
					f(o)
				}
			}
		}
	}
	n := len(g.Flags)
	each(func(o outside) {
		if g.OutsideAt == nil {
			g.OutsideAt = make([]uint32, n+1)
		}
		g.OutsideAt[o.node+1] = uint32(len(o.labels))
	})
	if g.OutsideAt == nil {
		return
	}
	for v := range n {
		g.OutsideAt[v+1] += g.OutsideAt[v]
	}
	g.Outside = make([]uint32, g.OutsideAt[n])
	each(func(o outside) { copy(g.Outside[g.OutsideAt[o.node]:], o.labels) })
}
