// Package adjacency keeps the edges of a large graph, 8 bytes each: lists of targets and labels, one list for each
// node. Several goroutines write lists at the same time, in any order, to memory that is never copied: it grows by
// chunks. The package runs no algorithms, and knows neither what nodes are nor what labels mean.
package adjacency

import (
	"sync"

	"github.com/allways-go/allways/internal/offheap"
)

// Edge is an edge of a list: the node that it leads to, and its label.
type Edge uint64

// NewEdge returns the edge to a node with a label.
func NewEdge(to, label uint32) Edge { return Edge(to) | Edge(label)<<32 }

// To returns the node that the edge leads to.
func (e Edge) To() uint32 { return uint32(e) }

// Label returns the label of the edge.
func (e Edge) Label() uint32 { return uint32(e >> 32) }

// MaxDegree is the length that a list may have.
const MaxDegree = 1 << 20

// Chunks have up to maxChunk edges, which is the size of a huge page, or as many as one list needs. Up to smallChunk
// edges they are on the Go heap.
const (
	maxChunk   = 1 << 18
	smallChunk = 1 << 12
)

// place says where a list is: number of the chunk, place of the first edge in it, and length. The zero value is the
// empty list.
type place uint64

const fieldBits = 21 // of place and length; the chunk has the rest

func newPlace(chunk, first, n int) place {
	return place(chunk)<<(2*fieldBits) | place(first)<<fieldBits | place(n)
}

// Lists are the edges of nodes from 0 on. Reading them is safe for concurrent use.
type Lists struct {
	at     []place
	chunks [][]Edge
}

// New returns lists that are given, up to 2^22-1 of them. They need not be freed.
func New(lists ...[]Edge) *Lists {
	l := &Lists{at: make([]place, len(lists)), chunks: append([][]Edge{nil}, lists...)}
	for v, list := range lists {
		l.at[v] = newPlace(v+1, 0, len(list))
	}
	return l
}

// Len returns the number of nodes.
func (l *Lists) Len() int { return len(l.at) }

// Of returns the edges of a node.
func (l *Lists) Of(v uint32) []Edge {
	p := l.at[v]
	first := p >> fieldBits & (1<<fieldBits - 1)
	return l.chunks[p>>(2*fieldBits)][first : first+p&(1<<fieldBits-1)]
}

// Clear makes the list of a node empty.
func (l *Lists) Clear(v uint32) { l.at[v] = 0 }

// Permute numbers nodes anew: node i has the list that node order[i] had. Nodes that order lacks are gone. Targets of
// edges stay what they are.
func (l *Lists) Permute(order []uint32) {
	at := make([]place, len(order))
	for i, v := range order {
		at[i] = l.at[v]
	}
	l.at = at
}

// Edge returns the i-th edge of a node.
func (l *Lists) Edge(v, i uint32) Edge { return l.Of(v)[i] }

// Builder collects lists. Make one with [NewBuilder], a [Writer] for each goroutine, and [Lists] at the end; then Free
// it.
type Builder struct {
	at     []place
	allows func(bytes int64) bool

	mu     sync.Mutex
	chunks [][]Edge
	bytes  int64
}

// NewBuilder returns a builder without nodes. It asks allows before it takes memory for edges; nil: always.
func NewBuilder(allows func(bytes int64) bool) *Builder {
	if allows == nil {
		allows = func(int64) bool { return true }
	}
	return &Builder{allows: allows, chunks: [][]Edge{nil}}
}

// Grow adds nodes without edges. No writer may write at the same time.
func (b *Builder) Grow(nodes int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.at = append(b.at, make([]place, nodes)...)
}

// Size returns the bytes held. It may be called at any time.
func (b *Builder) Size() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.bytes + 8*int64(len(b.at))
}

// Lists returns the lists of the first nodes, of which those from whole on are empty. What is written later does not
// change them, unless it is to one of the first whole nodes. They are valid until Free.
func (b *Builder) Lists(nodes, whole int) *Lists {
	b.mu.Lock()
	defer b.mu.Unlock()
	l := &Lists{at: b.at[:nodes:nodes], chunks: b.chunks[:len(b.chunks):len(b.chunks)]}
	if whole < nodes {
		l.at = make([]place, nodes)
		copy(l.at, b.at[:whole])
	}
	return l
}

// Free frees the edges. Neither the builder nor its lists may be used afterwards.
func (b *Builder) Free() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.chunks {
		if len(c) > smallChunk {
			offheap.Free64(words(c))
		}
	}
	b.at, b.chunks, b.bytes = nil, nil, 0
}

// add adds a chunk of n edges and returns it with its number, or nil if there is no memory.
func (b *Builder) add(n int) ([]Edge, int) {
	if !b.allows(8 * int64(n)) {
		return nil, 0
	}
	var c []Edge
	if n <= smallChunk {
		c = make([]Edge, n)
	} else {
		w, err := offheap.Uint64s(n)
		if err != nil {
			return nil, 0
		}
		c = edges(w)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.chunks = append(b.chunks, c)
	b.bytes += 8 * int64(n)
	return c, len(b.chunks) - 1
}

// Writer writes lists. It is for one goroutine.
type Writer struct {
	b     *Builder
	chunk []Edge
	index int // number of the chunk
	used  int // edges of the chunk
	total int // edges in all chunks before
}

// NewWriter returns a writer.
func (b *Builder) NewWriter() *Writer { return &Writer{b: b} }

// Room returns the place of the n edges of a node, to be filled in before the lists are read; n is at most
// [MaxDegree]. A node is given room once. It returns false if there is no memory.
func (w *Writer) Room(node uint32, n int) (room []Edge, ok bool) {
	if n == 0 {
		return nil, true
	}
	if w.used+n > len(w.chunk) {
		// Chunks grow with what is there, so that little is wasted at the end.
		size := max(n, min(max((w.total+w.used)/8, 64), maxChunk))
		chunk, index := w.b.add(size)
		if chunk == nil {
			return nil, false
		}
		w.total += w.used
		w.chunk, w.index, w.used = chunk, index, 0
	}
	w.b.at[node] = newPlace(w.index, w.used, n)
	room = w.chunk[w.used : w.used+n]
	w.used += n
	return room, true
}
