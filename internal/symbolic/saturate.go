package symbolic

import (
	"cmp"
	"slices"

	"github.com/allways-go/allways/internal/mdd"
)

// builder is a node that is being saturated: its edges so far, found by value, and the values whose steps are to be
// taken. There is one for each level, since a node is saturated once those below it are.
type builder struct {
	busy    bool
	n       mdd.Node // the node to be saturated
	child   mdd.Node // the child whose steps are being taken
	taken   []pending
	edges   []mdd.Edge
	waiting []bool  // whether an edge is in the queue
	queue   []int32 // edges
	index   []int32 // edges plus one, by open addressing
	sorted  []mdd.Edge
}

func (b *builder) begin(n mdd.Node) {
	b.busy, b.n, b.child = true, n, mdd.None
	b.edges, b.waiting, b.queue, b.taken = b.edges[:0], b.waiting[:0], b.queue[:0], b.taken[:0]
	if len(b.index) == 0 {
		b.index = make([]int32, 16)
	}
	clear(b.index)
}

// need marks what a collection must keep.
func (b *builder) need(mark func(mdd.Node)) {
	if !b.busy {
		return
	}
	mark(b.n)
	mark(b.child)
	for _, p := range b.taken {
		mark(p.node)
	}
	for _, e := range b.edges {
		mark(e.Child)
	}
}

// edge returns the edge with a value, a new one to None if there was none.
func (b *builder) edge(value uint32) int {
	mask := len(b.index) - 1
	i := int(value*0x9E3779B1>>7) & mask
	for ; b.index[i] != 0; i = (i + 1) & mask {
		if k := int(b.index[i] - 1); b.edges[k].Value == value {
			return k
		}
	}
	b.edges, b.waiting = append(b.edges, mdd.Edge{Value: value}), append(b.waiting, false)
	b.index[i] = int32(len(b.edges))
	if 2*len(b.edges) > len(b.index) {
		b.grow()
	}
	return len(b.edges) - 1
}

func (b *builder) grow() {
	b.index = make([]int32, 2*len(b.index))
	mask := len(b.index) - 1
	for k, e := range b.edges {
		i := int(e.Value*0x9E3779B1>>7) & mask
		for b.index[i] != 0 {
			i = (i + 1) & mask
		}
		b.index[i] = int32(k + 1)
	}
}

// saturate returns the states that are reachable from those of a node by steps that change no level above it.
func (y *images) saturate(n mdd.Node) mdd.Node {
	if n <= mdd.Unit {
		return n
	}
	if r := y.saturated(n); r != mdd.None {
		return r
	}
	if y.ends() {
		return mdd.None
	}
	level := y.Level(n)
	b := &y.builders[level]
	b.begin(n)
	for _, e := range y.Edges(n) {
		y.add(b, e.Value, e.Child)
	}
	for k := 0; k < len(b.queue) && !y.ends(); k++ {
		edge := b.queue[k]
		b.waiting[edge] = false
		y.fire(b, level, b.edges[edge])
		if k > 1<<12 { // the queue is not to grow without end
			b.queue = b.queue[:copy(b.queue, b.queue[k+1:])]
			k = -1
		}
	}
	b.sorted = b.sorted[:0]
	for _, e := range b.edges {
		if e.Child != mdd.None {
			b.sorted = append(b.sorted, e)
		}
	}
	slices.SortFunc(b.sorted, func(x, y mdd.Edge) int { return cmp.Compare(x.Value, y.Value) })
	r := y.Make(level, b.sorted)
	if !y.over && r != mdd.None {
		y.answer(n, r)
		y.answer(r, r)
	}
	b.busy = false
	return r
}

// saturated returns a node saturated, if that is known, or None.
func (y *images) saturated(n mdd.Node) mdd.Node {
	if int(n) >= len(y.answers) {
		return mdd.None
	}
	return y.answers[n]
}

func (y *images) answer(n, r mdd.Node) {
	for int(n) >= len(y.answers) {
		y.answers = append(y.answers, make([]mdd.Node, max(1<<10, len(y.answers)))...)
	}
	y.answers[n] = r
}

// add adds states to the node of a builder: a value, and what follows it.
func (y *images) add(b *builder, value uint32, child mdd.Node) {
	k := b.edge(value)
	old := b.edges[k].Child
	if child == old {
		return
	}
	c := y.Union(old, child)
	if c == old {
		return
	}
	if c = y.saturate(c); c == old || c == mdd.None {
		return
	}
	b.edges[k].Child = c
	if !b.waiting[k] {
		b.waiting[k] = true
		b.queue = append(b.queue, int32(k))
	}
}

// fire takes the steps of an edge that change its level and deeper ones only.
func (y *images) fire(b *builder, level int, e mdd.Edge) {
	b.child = e.Child
	if y.moves[level] {
		x := *y.known(level, e.Value)
		for i := x.at; i < x.at+x.n; i++ {
			s := y.compiler.steps[i]
			if s.upper != 0 {
				continue
			}
			if c := y.lower(s.lower, e.Child); c != mdd.None {
				y.add(b, s.after, c)
			}
		}
	}
	b.taken = append(b.taken[:0], y.steps(e.Child)...)
	for _, p := range b.taken {
		if y.level(p.effect) != level || y.rest(p.effect) != 0 {
			continue
		}
		if after, ok := y.apply(p.effect, e.Value); ok {
			y.add(b, after, p.node)
		}
	}
}
