// Package mdd keeps sets of tuples of numbers as multi-valued decision diagrams. A node at a level stands for the
// tuples from that level on; its edges lead from each first number to the node of what may follow. Equal sets are
// equal nodes, so that comparing sets compares numbers, and an operation on two nodes is remembered for all the
// sets that contain them. (Kam, Villa, Brayton and Sangiovanni-Vincentelli, "Multi-valued decision diagrams:
// theory and applications", 1998.)
//
// No level is skipped. Nodes have no pointers, so that Go's collector scans none of them. What they take is counted,
// and limited before it is taken. Nodes that are no longer needed are collected: see [Forest.Collect].
//
// The package is no search, and knows neither states nor actors: what the numbers mean is up to its caller.
package mdd

import (
	"math/bits"
	"slices"
)

// Node is a set of tuples in a [Forest].
type Node uint32

// The nodes that every forest has.
const (
	None Node = 0 // the empty set, of any length of tuples
	Unit Node = 1 // the set of the empty tuple alone
)

// Edge leads from a number to what may follow it.
type Edge struct {
	Value uint32
	Child Node
}

// Forest holds nodes that share what they have in common. Make one with [New]. It is for one goroutine.
type Forest struct {
	nodes  []node
	chunks [][]Edge // the edges of each node, after an edge that is its header
	table  []Node   // the unique table, by open addressing; at most half of it is in use
	used   int      // nodes in the table
	free   []Node   // numbers of nodes that were collected

	bytes  int64 // bytes of chunks
	placed int64 // edges placed since the last collection
	after  int64 // edges to be placed until the next one
	pace   int64 // the least that after may be

	unions Cache // results of Union
	caches []*Cache
	frames []frame // unions under way, by level

	allow  func(extra int64) bool
	roots  func(mark func(Node))
	swept  func(alive func(Node) bool)
	full   bool
	stats  Stats
	marked []uint64
	marks  []Node // nodes whose children are to be marked
}

// node says where the edges of a node are.
type node struct {
	chunk, at uint32
	count     uint32
	hash      uint32
	level     uint16
	alive     bool
}

// frame is a union under way: what a collection must keep.
type frame struct {
	busy bool
	a, b Node
	out  []Edge
}

// Stats counts what a forest did.
type Stats struct {
	Made        int64 // nodes
	Collections int
}

const (
	nodeBytes  = 20
	edgeBytes  = 8
	chunkEdges = 1 << 15
	firstTable = 1 << 12
	maxCache   = 1 << 22 // entries
	// firstPause is how many edges are placed before the first collection.
	firstPause = 8 << 20
)

// New returns a forest without nodes, for tuples of a length. allow reports whether a number of bytes more may be
// held; nil means that any may.
func New(levels int, allow func(extra int64) bool) *Forest {
	f := &Forest{
		nodes: make([]node, 2), table: make([]Node, firstTable), frames: make([]frame, levels+1),
		allow: allow, after: firstPause, pace: firstPause,
	}
	f.nodes[Unit].level = uint16(levels)
	f.Remember(&f.unions)
	return f
}

// Pace sets how many edges are made at least between two collections.
func (f *Forest) Pace(edges int64) { f.after, f.pace = edges, edges }

// Full reports whether memory was refused. Then operations return sets that are too small, soon, and their results
// mean nothing.
func (f *Forest) Full() bool { return f.full }

// Stats returns what the forest did.
func (f *Forest) Stats() Stats { return f.stats }

// Nodes returns the number of nodes.
func (f *Forest) Nodes() int { return f.used }

// Size returns the bytes that the forest holds.
func (f *Forest) Size() int64 {
	size := f.bytes + nodeBytes*int64(cap(f.nodes)) + 4*int64(len(f.table)) + 8*int64(cap(f.marked))
	for _, c := range f.caches {
		size += c.size()
	}
	return size
}

// Edges returns the edges of a node, sorted by value. They must not be changed, and stay as they are while the node
// is alive.
func (f *Forest) Edges(n Node) []Edge {
	x := &f.nodes[n]
	return f.chunks[x.chunk][x.at : x.at+x.count : x.at+x.count]
}

// Level returns the level of a node.
func (f *Forest) Level(n Node) int { return int(f.nodes[n].level) }

// hashOf returns the hash of the content of a node.
func hashOf(level int, edges []Edge) uint32 {
	h := uint64(level+1) * 0xD6E8FEB86659FD93
	for _, e := range edges {
		h = (bits.RotateLeft64(h, 23) ^ (uint64(e.Value)<<32 | uint64(e.Child))) * 0x9E3779B97F4A7C15
	}
	h ^= h >> 32
	return uint32((h * 0xD6E8FEB86659FD93) >> 32)
}

// Make returns the node that has edges, which are sorted by value and do not lead to None: None without any.
func (f *Forest) Make(level int, edges []Edge) Node {
	if len(edges) == 0 || f.full {
		return None
	}
	h := hashOf(level, edges)
	if n, _ := f.find(h, level, edges); n != None {
		return n
	}
	if f.placed > f.after && f.roots != nil {
		f.collect(edges)
	}
	if !f.room(len(edges)) {
		f.full = true
		return None
	}
	_, slot := f.find(h, level, edges)
	n := f.number()
	f.nodes[n] = node{hash: h, level: uint16(level), alive: true, count: uint32(len(edges))}
	f.place(n, edges)
	f.table[slot] = n
	f.used++
	f.stats.Made++
	return n
}

// find returns the node that has a content, or else the slot for it.
func (f *Forest) find(h uint32, level int, edges []Edge) (n Node, slot int) {
	mask := len(f.table) - 1
	for i := int(h) & mask; ; i = (i + 1) & mask {
		n := f.table[i]
		if n == None {
			return None, i
		}
		x := &f.nodes[n]
		if x.hash == h && int(x.count) == len(edges) && int(x.level) == level && slices.Equal(f.Edges(n), edges) {
			return n, i
		}
	}
}

// number returns a number for a new node.
func (f *Forest) number() Node {
	if k := len(f.free); k > 0 {
		n := f.free[k-1]
		f.free = f.free[:k-1]
		return n
	}
	f.nodes = append(f.nodes, node{})
	return Node(len(f.nodes) - 1)
}

// place puts the edges of a node behind those that are there. The edge before them says whose they are.
func (f *Forest) place(n Node, edges []Edge) {
	last := len(f.chunks) - 1
	if last < 0 || len(f.chunks[last])+1+len(edges) > cap(f.chunks[last]) {
		f.chunks = append(f.chunks, make([]Edge, 0, max(chunkEdges, 1+len(edges))))
		last++
		f.bytes += edgeBytes * int64(cap(f.chunks[last]))
	}
	f.nodes[n].chunk, f.nodes[n].at = uint32(last), uint32(len(f.chunks[last])+1)
	f.chunks[last] = append(append(f.chunks[last], Edge{uint32(len(edges)), n}), edges...)
	f.placed += int64(len(edges)) + 1
}

// room makes room for one node more, and reports false if there is no memory for it.
func (f *Forest) room(edges int) bool {
	if f.used+2 >= 1<<31 {
		return false
	}
	if k := len(f.nodes); k == cap(f.nodes) && len(f.free) == 0 {
		if !f.allows(nodeBytes * int64(2*k)) { // both while they are copied
			return false
		}
		f.nodes = append(make([]node, 0, max(2*k, 1<<10)), f.nodes...)
	}
	if last := len(f.chunks) - 1; last < 0 || len(f.chunks[last])+1+edges > cap(f.chunks[last]) {
		if !f.allows(edgeBytes * int64(max(chunkEdges, 1+edges))) {
			return false
		}
	}
	if 2*(f.used+1) > len(f.table) {
		if !f.allows(8 * int64(len(f.table))) {
			return false
		}
		f.index(2 * len(f.table))
		for _, c := range f.caches {
			if want := min(len(f.table), maxCache); c.entries() < want && f.allows(c.bytesOf(want)) {
				c.grow(want)
			}
		}
	}
	return true
}

func (f *Forest) allows(extra int64) bool { return f.allow == nil || f.allow(extra) }

// index fills a table of some length with the nodes that are alive.
func (f *Forest) index(length int) {
	f.table = make([]Node, length)
	f.used = 0
	mask := length - 1
	for n := 2; n < len(f.nodes); n++ {
		if !f.nodes[n].alive {
			continue
		}
		i := int(f.nodes[n].hash) & mask
		for f.table[i] != None {
			i = (i + 1) & mask
		}
		f.table[i] = Node(n)
		f.used++
	}
}

// Tuple returns the set of one tuple.
func (f *Forest) Tuple(values []uint32) Node {
	n := Unit
	for l := len(values) - 1; l >= 0; l-- {
		n = f.Make(l, []Edge{{values[l], n}})
	}
	return n
}
