package tables

import (
	"errors"
	"math"
	"sync"
	"sync/atomic"
)

// ErrFull says that all ids are taken.
var ErrFull = errors.New("tables: all ids are taken")

// Couples gives pairs of ids an id each, by which they are found again: interning, for contents that are two numbers.
// It is safe for concurrent use; what is known is found without a lock. Make one with [NewCouples].
//
// Pairs come in groups, and each group takes ids by blocks. So the ids of a small group, which a search has in one
// place of its states, differ in their last bits only, and take less room there. Altogether ids are dense, but for
// the last block of each group.
type Couples struct {
	ids   Pairs
	parts Segmented[atomic.Uint64]
	size  atomic.Int64

	mu     sync.Mutex // guards insertion
	next   []uint32   // the next id of each group; at the beginning of a block, that is yet to be taken
	blocks uint32     // blocks taken
}

// blockBits is the binary logarithm of the number of ids in a block.
const blockBits = 8

// NewCouples returns an empty table for groups numbered from 0.
func NewCouples(groups int) *Couples {
	c := &Couples{next: make([]uint32, groups)}
	c.ids.CountIn(&c.size)
	c.parts.CountIn(&c.size)
	return c
}

// Size returns the bytes held.
func (c *Couples) Size() int64 { return c.size.Load() }

// Find returns the id of a pair.
func (c *Couples) Find(a, b uint32) (id uint32, ok bool) { return c.ids.Find(a, b) }

// Add returns the id of a pair, which is always of that group. The error is ErrFull.
func (c *Couples) Add(group int, a, b uint32) (uint32, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if id, ok := c.ids.Find(a, b); ok {
		return id, nil // another goroutine was first
	}
	id := c.next[group]
	if id&(1<<blockBits-1) == 0 {
		if c.blocks >= math.MaxInt32>>blockBits {
			return 0, ErrFull
		}
		id = c.blocks << blockBits
		c.blocks++
	}
	c.next[group] = id + 1
	c.parts.Room(id).Store(uint64(a)<<32 | uint64(b))
	return c.ids.Keep(a, b, id), nil
}

// Pair returns the pair of an id.
func (c *Couples) Pair(id uint32) (a, b uint32) {
	w := c.parts.At(id).Load()
	return uint32(w >> 32), uint32(w)
}
