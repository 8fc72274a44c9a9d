package engine

import (
	"sync"
	"sync/atomic"
)

// column is a growing array of words, zero where nothing was written. Goroutines may use it
// concurrently. It grows by whole segments that never move, since workers hold the addresses of
// words while others make the column grow. The budget limits its memory.
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

// at returns the i-th word, and grows the column if needed. It returns nil if there is no memory
// for that.
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

// get returns the value of the i-th word, zero beyond the end of the column.
func (c *column) get(i uint32) uint64 {
	if p := c.dir.Load(); p != nil && int(i>>columnBits) < len(*p) {
		return (*p)[i>>columnBits][i&(columnLen-1)].Load()
	}
	return 0
}

// grow adds segments up to s. It copies the directory, so that readers of the old one are not
// disturbed.
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

// clear zeroes the first n words. It must not run concurrently with other methods.
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
