// Package ranks orders the states of a level of a breadth-first search by the steps that led to them, the same for any
// number of workers: a [Column] takes the least [Key] of each state, [Rank] makes a [Ranking] of them, and [Births]
// keep in little memory how the ranked states were reached.
//
// It searches nothing and holds no states: it knows numbers of states, indexes of actions, numbers of names, and what
// it may hold. What a level is, when it ends and what is reported of it is up to the engine.
package ranks

import (
	"cmp"
	"slices"
	"sync/atomic"
)

// A Key describes a step by which a state of a level was reached: the rank of the parent in
// the previous level, the index of the action, and the number of the action's name. Keys compare in
// this order, as integers.
//
// The least key of a state is the step by which a search with a single worker reaches the state
// first: such a search expands parents by rank and actions by index. The order of the least keys is
// therefore the order in which it meets the states of the level, that is, their ranks. By induction
// over the levels the ranks depend on the model only, however many workers there are and in
// whatever order they run: each worker lowers the key of each state that it meets (see [Offer]), and
// the minimum does not depend on the order.
//
// Ranks break all ties: the reported violation of a level is the one with the least rank, the path
// to it follows the least keys back, and is thus the first of the shortest paths.
type Key uint64

const (
	actBits  = 20
	nameBits = 12
)

// NoName is the number of the action name of initial states, and of all names beyond the last
// number.
const NoName = 1<<nameBits - 1

// MaxActions is the number of actions that a state may have.
const MaxActions = 1 << actBits

// NewKey returns the key of a step. Names beyond the last number become [NoName].
func NewKey(rank uint32, act int, name uint16) Key {
	return Key(uint64(rank)<<(actBits+nameBits) | uint64(act)<<nameBits | uint64(min(name, NoName)))
}

// Rank returns the rank of the parent.
func (k Key) Rank() uint32 { return uint32(k >> (actBits + nameBits)) }

// Act returns the index of the action.
func (k Key) Act() int { return int(k >> nameBits & (1<<actBits - 1)) }

// Name returns the number of the action's name.
func (k Key) Name() uint16 { return uint16(k & (1<<nameBits - 1)) }

// Offer lowers the key stored in c to k. Keys are stored inverted, so that zero, the content of a
// new word, means no key.
func Offer(c *atomic.Uint64, k Key) {
	inverted := ^uint64(k)
	for {
		old := c.Load()
		if inverted <= old || c.CompareAndSwap(old, inverted) {
			return
		}
	}
}

// NoKey is the key of a state without one, because there was no memory for it.
const NoKey = ^Key(0)

// Key returns the least key of a state, or NoKey beyond the end of the column.
func (c *Column) Key(i uint32) Key {
	if p := c.dir.Load(); p != nil && int(i>>segmentBits) < len(*p) {
		return Key(^(*p)[i>>segmentBits][i&(SegmentLen-1)].Load())
	}
	return NoKey
}

// Ranking is the order of a level's states by their keys. It translates ranks into the numbers of
// the store.
type Ranking struct {
	n     int
	order []uint32 // numbers by rank; nil if all are the same, as with one worker
}

// Ascending ranks n states by their numbers.
func Ascending(n int) Ranking { return Ranking{n: n} }

// Len returns the number of ranks.
func (r *Ranking) Len() int { return r.n }

// Number returns the number of the state with a rank.
func (r *Ranking) Number(rank int) uint32 {
	if r.order == nil {
		return uint32(rank)
	}
	return r.order[rank]
}

// RankOf returns the rank of the state with a number. It searches, since it is called once a finding.
func (r *Ranking) RankOf(number uint32) int {
	if rank := slices.Index(r.order, number); rank >= 0 {
		return rank
	}
	return int(number)
}

// Rank ranks n states by their keys, which refer to parents of ranks below parents. It is a
// counting sort by parent, followed by a sort of the children of each parent. States without a key,
// and those marked in skip, get no rank.
func Rank(keys *Column, n, parents int, skip []bool) Ranking {
	if skip == nil && ascending(keys, n) {
		return Ranking{n: n}
	}
	ranked := func(i int) (Key, bool) {
		k := keys.Key(uint32(i))
		return k, k != NoKey && (skip == nil || !skip[i])
	}
	at, total := make([]uint32, parents+1), 0
	for i := range n {
		if k, ok := ranked(i); ok {
			at[k.Rank()+1]++
			total++
		}
	}
	for p := range parents {
		at[p+1] += at[p]
	}
	order := make([]uint32, total)
	for i := range n {
		if k, ok := ranked(i); ok {
			order[at[k.Rank()]] = uint32(i)
			at[k.Rank()]++
		}
	}
	lo := uint32(0)
	for _, hi := range at[:parents] { // the ends of the children of each parent
		if hi-lo > 1 {
			slices.SortFunc(order[lo:hi], func(a, b uint32) int { return cmp.Compare(keys.Key(a), keys.Key(b)) })
		}
		lo = hi
	}
	return Ranking{n: total, order: order}
}

// ascending reports whether the states arrived in the order of their keys.
func ascending(keys *Column, n int) bool {
	last := Key(0)
	for i := range n {
		k := keys.Key(uint32(i))
		if k < last || k == NoKey {
			return false
		}
		last = k
	}
	return true
}
