// Package stategraph keeps the graph of the states that a breadth-first search meets: that of all states, for promises
// about runs ([Collect]), or that of the states that do not satisfy a property yet, in which a run is looked for that
// never does ([Eventually]).
package stategraph

import (
	"slices"

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
	Inits int      // the first nodes are the initial states
	At    []uint32 // the edges of node v are those from At[v] to At[v+1], in the order of the model's actions
	To    []uint32
	Label []uint32    // label of each edge
	Holds []uint64    // predicates that hold in each node, as bits
	Flags []NodeFlags // flags of each node
	// OutsideAt and Outside are the labels of the steps that lead out of the boundary, as At and To are the edges;
	// OutsideAt is nil if no step does.
	OutsideAt, Outside []uint32
	// Places are the places of the edges among the steps that a node has inside the boundary; nil if they are all there.
	Places []uint32

	StopReason   engine.StopReason
	Misbehaviour *engine.Discovery

	nodes   *nodes
	vectors vectors
	release func() // stops counting the memory
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
// An edge takes 8 bytes while the search runs, a target and a label: the edges of a node stand together,
// so that their source is known by where they begin.
func Collect(space engine.Space, c Collecting, cfg engine.Config) *Graph {
	t := &collecting{Collecting: c, budget: cfg.Budget, nodes: &nodes{}, workers: perWorker[collected](&cfg)}
	release := cfg.Budget.Hold(t.nodes)
	t.nodes.search = engine.Explore(space, cfg, engine.ExpandOptions{SelfLoops: true, Labels: c.Labels}, t)
	g := t.result()
	g.release = release
	return g
}

// Trail returns the path to a node, along the tree of the search.
func (g *Graph) Trail(node uint32) [][]uint32 { return g.vectors.trail(node) }

// Place returns the place of an edge of a node among the steps that the node has inside the boundary.
func (g *Graph) Place(node, edge uint32) int {
	if g.Places != nil {
		return int(g.Places[edge])
	}
	return int(edge - g.At[node])
}

// State returns the vector of a node. It is valid until Close.
func (g *Graph) State(node uint32) []uint32 { return g.vectors.state(node) }

// Close frees the memory of the graph.
func (g *Graph) Close() {
	g.release()
	g.nodes.search.Close()
}

// collecting is the task of [Collect].
type collecting struct {
	Collecting
	budget  *engine.Budget
	nodes   *nodes
	inits   int
	holds   []uint64
	flags   []NodeFlags
	workers []*collected
}

// collected is what one worker has collected.
type collected struct {
	steps
	whole steps // those of levels that are complete, which may be read even if the worker has not come back
	notes []note
}

// steps are steps from nodes.
type steps struct {
	edges   []uint64 // target, as an id, and label of each edge
	starts  []start
	outside []outside
}

// start says where the edges of a node begin.
type start struct {
	node uint32
	at   uint32
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

// LookedUp keeps the edges of a batch. It has all edges of a node, or the rest of them.
func (t *collecting) LookedUp(worker int, e engine.Edges) (kept bool) {
	c := t.workers[worker]
	if need := len(c.edges) + e.Len(); need > cap(c.edges) {
		need = max(need, cap(c.edges)+cap(c.edges)/2, 1024)
		extra := 8 * int64(need-cap(c.edges))
		if !t.budget.Allows(extra + 8*int64(cap(c.edges))) { // while the list is copied, the old one still exists
			return false
		}
		t.nodes.bytes.Add(extra)
		c.edges = append(make([]uint64, 0, need), c.edges...)
	}
	edges := c.edges // the lists of two workers may share a cache line
	for i := range e.Len() {
		node := e.From(i)
		if n := len(c.starts); n == 0 || c.starts[n-1].node != node {
			c.starts = append(c.starts, start{node, uint32(len(edges))})
			t.nodes.bytes.Add(8)
		}
		edges = append(edges, uint64(e.To(i))|uint64(e.Label(i))<<32)
	}
	c.edges = edges
	return true
}

// Ranked numbers the states of a level, and gives the nodes what was noted of them.
func (t *collecting) Ranked(l engine.Level) {
	if l.Depth == 1 {
		t.inits = l.Len
	}
	t.nodes.add(l)
	t.flags = append(t.flags, make([]NodeFlags, l.Len)...)
	t.holds = append(t.holds, make([]uint64, l.Len)...)
	t.nodes.bytes.Add(9 * int64(l.Len))
	for _, c := range t.workers {
		for _, x := range c.notes {
			if node := t.nodes.of(x.id); node != none {
				t.holds[node] = x.holds
			}
		}
		c.notes = c.notes[:0]
		c.whole = c.steps
	}
}

// result puts the graph together.
func (t *collecting) result() *Graph {
	s := t.nodes.search
	g := &Graph{
		Inits: t.inits, Holds: t.holds, Flags: t.flags, nodes: t.nodes, vectors: t.nodes,
		StopReason: s.StopReason, Misbehaviour: s.Misbehaviour,
	}
	g.cut(s.Whole)
	var all []steps
	edges := 0
	for _, c := range t.workers {
		all = append(all, c.whole)
		edges += len(c.whole.edges)
	}
	if !t.budget.Allows(8 * int64(edges)) {
		if g.StopReason == engine.StopReasonNone {
			g.StopReason = engine.StopReasonMemory
		}
		g.cut(0)
		all = nil
	}
	g.join(all)
	if g.Misbehaviour != nil {
		g.prune()
	}
	for _, c := range present(s, t.workers) {
		*c = collected{}
	}
	return g
}

// cut leaves the states from a number on unexpanded, since they may lack steps, and leaves out what lies beyond their
// level, to which no step leads then. A worker that comes back late may still note something of them.
func (g *Graph) cut(whole int) {
	if whole >= len(g.Flags) {
		return
	}
	levels := g.nodes.levels
	end, _ := slices.BinarySearch(levels, levels[whole]+1)
	flags := make([]NodeFlags, end)
	copy(flags, g.Flags[:whole])
	g.Flags, g.Holds, g.nodes.ids = flags, g.Holds[:end], g.nodes.ids[:end]
}

// join copies the edges of all workers to one list, in the order of the nodes.
func (g *Graph) join(all []steps) {
	n := len(g.nodes.ids)
	g.At = make([]uint32, n+1)
	each := func(f func(node uint32, edges []uint64)) {
		for _, c := range all {
			for i, x := range c.starts {
				if int(x.node) >= len(g.Flags) || g.Flags[x.node]&Expanded == 0 {
					continue
				}
				end := len(c.edges)
				if i+1 < len(c.starts) {
					end = int(c.starts[i+1].at)
				}
				f(x.node, c.edges[x.at:end])
			}
		}
	}
	each(func(node uint32, edges []uint64) { g.At[node+1] += uint32(len(edges)) })
	for v := range n {
		g.At[v+1] += g.At[v]
	}
	g.To, g.Label = make([]uint32, g.At[n]), make([]uint32, g.At[n])
	each(func(node uint32, edges []uint64) {
		at := g.At[node]
		for i, e := range edges {
			g.To[at+uint32(i)], g.Label[at+uint32(i)] = g.nodes.of(uint32(e)), uint32(e>>32)
		}
	})
	g.joinOutside(all)
}

// joinOutside copies the labels of steps that lead out of the boundary to one list.
func (g *Graph) joinOutside(all []steps) {
	each := func(f func(o outside)) {
		for _, c := range all {
			for _, o := range c.outside {
				if int(o.node) < len(g.Flags) && g.Flags[o.node]&Expanded != 0 {
					f(o)
				}
			}
		}
	}
	n := len(g.nodes.ids)
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
