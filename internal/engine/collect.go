package engine

import (
	"math"
	"slices"

	"github.com/allways-go/allways/internal/label"
)

// Collecting says what [Collect] keeps.
type Collecting struct {
	Predicates []int        // properties whose predicates are evaluated on every state; at most 64
	Labels     *label.Table // how steps are labelled
}

// StateGraph is the graph of the states that a search has met. Nodes are numbered by level and rank: the
// numbers are the same in every run. Close it.
type StateGraph struct {
	Inits int      // the first nodes are the initial states
	At    []uint32 // the edges of node v are those from At[v] to At[v+1], in the order of the model's actions
	To    []uint32
	Label []uint32    // of each edge
	Holds []uint64    // of each node, which predicates hold
	Flags []NodeFlags // of each node
	// OutsideAt and Outside are the labels of the steps that lead out of the boundary, as At and To are the edges;
	// OutsideAt is nil if there are none.
	OutsideAt, Outside []uint32

	StopReason   StopReason
	Misbehaviour *Discovery

	graph *graph
	close func()
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
func Collect(space Space, c Collecting, cfg Config) (*StateGraph, error) {
	cfg.Fingerprints, cfg.Visit, cfg.Want, cfg.Steps = false, nil, 0, 0
	cfg.Stop = nil
	cfg.Budget.begin()
	exact, err := newExactStore(space.Words(), cfg.Budget)
	if err != nil {
		return &StateGraph{StopReason: outOfRoom(err), close: func() {}}, nil
	}
	t := &collecting{
		Collecting: c, graph: &graph{store: exact}, workers: map[*bfsWorker]*collected{}, whole: math.MaxInt64,
	}
	s := newBFS(space, &cfg, exact, t)
	for _, w := range s.workers {
		t.workers[w] = &collected{}
	}
	s.budget.hold(t.graph)
	s.attend()
	return t.result(s), nil
}

// Trail returns the path to a node, along the tree of the search.
func (g *StateGraph) Trail(node uint32) [][]uint32 { return g.graph.store.trailTo(g.graph.ids[node]) }

// State returns the vector of a node. It is valid until Close.
func (g *StateGraph) State(node uint32) []uint32 { return g.graph.store.set.Vector(g.graph.ids[node]) }

// Close frees the memory of the graph.
func (g *StateGraph) Close() { g.close() }

// collecting is the task of [Collect].
type collecting struct {
	Collecting
	graph   *graph
	inits   int
	whole   int64 // nodes of levels that were expanded as a whole, if the search was cut
	holds   []uint64
	flags   []NodeFlags
	workers map[*bfsWorker]*collected
}

// collected is what one worker has collected.
type collected struct {
	edges   []uint64 // target, as an id, and label of each edge
	starts  []start
	notes   []note64
	outside []outside
}

// start says where the edges of a node begin.
type start struct {
	node uint32
	at   uint32
}

// note64 is what holds in a new state, which has a number in the next level.
type note64 struct {
	number uint32
	holds  uint64
}

type outside struct {
	node   uint32
	labels []uint32
}

func (t *collecting) expansion(*bfsWorker) ExpandOptions {
	return ExpandOptions{SelfLoops: true, Labels: t.Labels}
}

// expanded notes what kind of node a state is. Nodes of a level are written by different workers, at
// different places.
func (t *collecting) expanded(w *bfsWorker, _ []uint32, rank int, x *Expansion) {
	node := uint32(w.ordinal) + uint32(rank)
	f := Expanded
	if x.Terminal {
		f |= Ends
	}
	if x.Bounded {
		f |= Leaves
		c := t.workers[w]
		c.outside = append(c.outside, outside{node, x.Outside})
	}
	t.flags[node] = f
}

// fresh evaluates the predicates.
func (t *collecting) fresh(w *bfsWorker, state []uint32, number uint32) {
	n := note64{number: number}
	for i, p := range t.Predicates {
		holds, err := w.worker.Satisfies(state, p)
		if err != nil {
			w.ahead = append(w.ahead, findingAhead{number: number, err: asMisbehaviour(err)})
			break
		}
		if holds {
			n.holds |= 1 << uint(i)
		}
	}
	if n.holds != 0 {
		c := t.workers[w]
		c.notes = append(c.notes, n)
	}
}

// lookedUp keeps the edges of a batch. It stands in the order of the sources, and has all edges of one, or
// the rest of them.
func (t *collecting) lookedUp(w *bfsWorker, b *Batch) {
	if w.level == 0 {
		return // steps to initial states come from no state
	}
	c := t.workers[w]
	if need := len(c.edges) + b.n; need > cap(c.edges) {
		need = max(need, cap(c.edges)+cap(c.edges)/2, 1024)
		extra := 8 * int64(need-cap(c.edges))
		if !w.budget.allow(extra + 8*int64(cap(c.edges))) { // while the list is copied, the old one still exists
			w.outOfMemory()
			return
		}
		t.graph.bytes.Add(extra)
		c.edges = append(make([]uint64, 0, need), c.edges...)
	}
	for i := range b.n {
		node := uint32(w.ordinal) + b.edges[i].src
		if n := len(c.starts); n == 0 || c.starts[n-1].node != node {
			c.starts = append(c.starts, start{node, uint32(len(c.edges))})
			t.graph.bytes.Add(8)
		}
		c.edges = append(c.edges, uint64(w.lookup.ids[i])|uint64(b.edges[i].steps)<<32)
	}
}

func (t *collecting) ranked(s *bfs, next *ranking, n int) {
	if s.level == 0 {
		t.inits = n
	}
	if s.ended() {
		t.whole = min(t.whole, s.ordinal)
	}
	t.graph.addNodes(s.level+1, next, n)
	t.flags = append(t.flags, make([]NodeFlags, n)...)
	t.holds = append(t.holds, make([]uint64, n)...)
	t.graph.bytes.Add(9 * int64(n))
	for _, c := range t.workers {
		for _, x := range c.notes {
			if node := t.graph.node(t.graph.store.idOf(x.number)); node != none {
				t.holds[node] = x.holds
			}
		}
		c.notes = c.notes[:0]
	}
}

// cut leaves the level unexpanded that the search has not expanded as a whole, since its states may lack steps, and leaves
// out the next one, to which no step leads then.
func (t *collecting) cut() {
	if t.whole >= int64(len(t.flags)) {
		return
	}
	clear(t.flags[t.whole:])
	levels := t.graph.levels
	end, _ := slices.BinarySearch(levels, levels[t.whole]+1)
	t.flags, t.holds, t.graph.ids = t.flags[:end], t.holds[:end], t.graph.ids[:end]
}

// result puts the graph together.
func (t *collecting) result(s *bfs) *StateGraph {
	g := &StateGraph{
		Inits: t.inits, graph: t.graph,
		StopReason: StopReason(s.reason.Load()),
		close: func() {
			s.budget.drop(t.graph)
			s.crew.release(s.close)
		},
	}
	if s.broken != nil {
		g.Misbehaviour = s.broken.discovery()
	}
	if g.StopReason != StopReasonNone {
		t.whole = min(t.whole, s.ordinal)
	}
	t.cut()
	g.Holds, g.Flags = t.holds, t.flags
	var all []*collected
	edges := 0
	for _, w := range s.workers {
		if s.crew.present(w) {
			all = append(all, t.workers[w])
			edges += len(t.workers[w].edges)
		}
	}
	if !s.budget.allow(8 * int64(edges)) {
		if g.StopReason == StopReasonNone {
			g.StopReason = StopReasonMemory
		}
		clear(g.Flags)
		g.At = make([]uint32, len(g.Flags)+1)
		return g
	}
	g.join(all, edges)
	return g
}

// join copies the edges of all workers to one list, in the order of the nodes.
func (g *StateGraph) join(all []*collected, edges int) {
	n := len(g.graph.ids)
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
			g.To[at+uint32(i)], g.Label[at+uint32(i)] = g.graph.node(uint32(e)), uint32(e>>32)
		}
	})
	g.joinOutside(all)
	for _, c := range all {
		*c = collected{}
	}
}

// joinOutside copies the labels of steps that lead out of the boundary to one list.
func (g *StateGraph) joinOutside(all []*collected) {
	each := func(f func(o outside)) {
		for _, c := range all {
			for _, o := range c.outside {
				if int(o.node) < len(g.Flags) && g.Flags[o.node]&Expanded != 0 {
					f(o)
				}
			}
		}
	}
	n := len(g.graph.ids)
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
