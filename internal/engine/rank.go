package engine

import (
	"cmp"
	"slices"
	"sync/atomic"
)

// An edgeKey describes a step by which a state of a level was reached: the rank of the parent in
// the previous level, the index of the action, and the number of the action's name. Keys compare in
// this order, as integers.
//
// The least key of a state is the step by which a search with a single worker reaches the state
// first: such a search expands parents by rank and actions by index. The order of the least keys is
// therefore the order in which it meets the states of the level, that is, their ranks. By induction
// over the levels the ranks depend on the model only, however many workers there are and in
// whatever order they run: each worker lowers the key of each state that it meets (see offer), and
// the minimum does not depend on the order.
//
// Ranks break all ties: the reported violation of a level is the one with the least rank, the path
// to it follows the least keys back, and is thus the first of the shortest paths.
type edgeKey uint64

const (
	actBits  = 20
	nameBits = 12
)

func newEdgeKey(rank uint32, act int, name uint16) edgeKey {
	return edgeKey(uint64(rank)<<(actBits+nameBits) | uint64(act)<<nameBits | uint64(min(name, NoName)))
}

func (k edgeKey) rank() uint32 { return uint32(k >> (actBits + nameBits)) }
func (k edgeKey) act() int     { return int(k >> nameBits & (1<<actBits - 1)) }
func (k edgeKey) name() uint16 { return uint16(k & (1<<nameBits - 1)) }

// offer lowers the key stored in c to k. Keys are stored inverted, so that zero, the content of a
// new word, means no key.
func offer(c *atomic.Uint64, k edgeKey) {
	inverted := ^uint64(k)
	for {
		old := c.Load()
		if inverted <= old || c.CompareAndSwap(old, inverted) {
			return
		}
	}
}

// noKey is the key of a state without one, because there was no memory for it.
const noKey = ^edgeKey(0)

// key returns the least key of a state, or noKey beyond the end of the column.
func (c *column) key(i uint32) edgeKey {
	if p := c.dir.Load(); p != nil && int(i>>columnBits) < len(*p) {
		return edgeKey(^(*p)[i>>columnBits][i&(columnLen-1)].Load())
	}
	return noKey
}

// ranking is the order of a level's states by their keys. It translates ranks into the numbers of
// the store.
type ranking struct {
	n     int
	order []uint32 // numbers by rank; nil if all are the same, as with one worker
}

// number returns the number of the state with a rank.
func (r *ranking) number(rank int) uint32 {
	if r.order == nil {
		return uint32(rank)
	}
	return r.order[rank]
}

// rankOf returns the rank of the state with a number. It searches, since it is called once a finding.
func (r *ranking) rankOf(number uint32) int {
	if rank := slices.Index(r.order, number); rank >= 0 {
		return rank
	}
	return int(number)
}

// newRanking ranks n states by their keys, which refer to parents of ranks below parents. It is a
// counting sort by parent, followed by a sort of the children of each parent. States without a key,
// and those marked in skip, get no rank.
func newRanking(keys *column, n, parents int, skip []bool) ranking {
	if skip == nil && ascending(keys, n) {
		return ranking{n: n}
	}
	ranked := func(i int) (edgeKey, bool) {
		k := keys.key(uint32(i))
		return k, k != noKey && (skip == nil || !skip[i])
	}
	at, total := make([]uint32, parents+1), 0
	for i := range n {
		if k, ok := ranked(i); ok {
			at[k.rank()+1]++
			total++
		}
	}
	for p := range parents {
		at[p+1] += at[p]
	}
	order := make([]uint32, total)
	for i := range n {
		if k, ok := ranked(i); ok {
			order[at[k.rank()]] = uint32(i)
			at[k.rank()]++
		}
	}
	lo := uint32(0)
	for _, hi := range at[:parents] { // the ends of the children of each parent
		if hi-lo > 1 {
			slices.SortFunc(order[lo:hi], func(a, b uint32) int { return cmp.Compare(keys.key(a), keys.key(b)) })
		}
		lo = hi
	}
	return ranking{n: total, order: order}
}

// ascending reports whether the states arrived in the order of their keys.
func ascending(keys *column, n int) bool {
	last := edgeKey(0)
	for i := range n {
		k := keys.key(uint32(i))
		if k < last || k == noKey {
			return false
		}
		last = k
	}
	return true
}
