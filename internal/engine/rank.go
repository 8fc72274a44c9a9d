package engine

import (
	"cmp"
	"slices"
	"sync/atomic"
)

// An edge key says how a state of a level was first reached: by which parent, as its rank in the previous level, by
// which of its actions, and under which name. The least key of a state is the edge by which a search with one worker
// reaches it, and the order of the least keys is the order in which such a search meets the states of a level.
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

// offer lowers the key stored in c to k. Keys are stored inverted, so that zero is no key.
func offer(c *atomic.Uint64, k edgeKey) {
	inverted := ^uint64(k)
	for {
		old := c.Load()
		if inverted <= old || c.CompareAndSwap(old, inverted) {
			return
		}
	}
}

// noKey is the key of a state for which there was no memory to keep one.
const noKey = ^edgeKey(0)

func (c *column) key(i uint32) edgeKey {
	if p := c.dir.Load(); p != nil && int(i>>columnBits) < len(*p) {
		return edgeKey(^(*p)[i>>columnBits][i&(columnLen-1)].Load())
	}
	return noKey
}

// ranking is the order of a level's states by their keys.
type ranking struct {
	n     int
	order []uint32 // numbers by rank; nil when they are the same
}

// number returns the number of the state with a rank.
func (r *ranking) number(rank int) uint32 {
	if r.order == nil {
		return uint32(rank)
	}
	return r.order[rank]
}

// newRanking ranks n states by their keys, whose parents have ranks below parents: a counting sort by parent, and then
// a sort of the children of each, who are mostly few but may be a million. States without a key, and those marked in skip, get no rank.
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
	for _, hi := range at[:parents] { // where the children of each parent end
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
