package engine

import (
	"sync"
	"sync/atomic"
)

// column is a growing array of words with stable addresses, zero where never written. Any number of goroutines may use
// it at once; its memory is bounded by the budget.
type column struct {
	budget *Budget
	mu     sync.Mutex
	dir    atomic.Pointer[[]*columnSegment]
}

const (
	columnBits = 14
	columnLen  = 1 << columnBits
)

type columnSegment [columnLen]atomic.Uint64

// at returns the i-th word, growing the column when needed. It returns nil when there is no memory left for that.
func (c *column) at(i uint32) *atomic.Uint64 {
	s := int(i >> columnBits)
	if dir := c.dir.Load(); dir != nil && s < len(*dir) {
		return &(*dir)[s][i&(columnLen-1)]
	}
	if !c.grow(s) {
		return nil
	}
	return &(*c.dir.Load())[s][i&(columnLen-1)]
}

// get returns the i-th word without growing the column: zero where it ends before.
func (c *column) get(i uint32) uint64 {
	if p := c.dir.Load(); p != nil && int(i>>columnBits) < len(*p) {
		return (*p)[i>>columnBits][i&(columnLen-1)].Load()
	}
	return 0
}

func (c *column) grow(s int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	var dir []*columnSegment
	if p := c.dir.Load(); p != nil {
		dir = *p
	}
	grown := append([]*columnSegment(nil), dir...)
	for len(grown) <= s {
		if !c.budget.allow(columnLen * 8) {
			return false
		}
		grown = append(grown, new(columnSegment))
	}
	c.dir.Store(&grown)
	return true
}

// clear zeroes the first n words. Nobody may use the column meanwhile.
func (c *column) clear(n int) {
	if p := c.dir.Load(); p != nil {
		for i := range min(n, len(*p)*columnLen) {
			(*p)[i>>columnBits][i&(columnLen-1)].Store(0)
		}
	}
}

// Size returns the bytes held.
func (c *column) Size() int64 {
	if p := c.dir.Load(); p != nil {
		return int64(len(*p)) * columnLen * 8
	}
	return 0
}
