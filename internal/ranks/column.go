package ranks

import (
	"sync"
	"sync/atomic"
)

// Column is a growing array of words, zero where nothing was written. Goroutines may use it
// concurrently. It grows by whole segments that never move, since workers hold the addresses of
// words while others make the column grow. Allow limits its memory; the zero value has no limit.
type Column struct {
	// Allow reports whether the column may hold the given number of additional bytes; nil for always.
	Allow func(bytes int64) bool

	mu  sync.Mutex
	dir atomic.Pointer[[]*segment]
}

const segmentBits = 14

// SegmentLen is the number of words by which a column grows.
const SegmentLen = 1 << segmentBits

type segment [SegmentLen]atomic.Uint64

// At returns the i-th word, and grows the column if needed. It returns nil if there is no memory
// for that.
func (c *Column) At(i uint32) *atomic.Uint64 {
	s := int(i >> segmentBits)
	if dir := c.dir.Load(); dir != nil && s < len(*dir) {
		return &(*dir)[s][i&(SegmentLen-1)]
	}
	if !c.grow(s) {
		return nil
	}
	return &(*c.dir.Load())[s][i&(SegmentLen-1)]
}

// Get returns the value of the i-th word, zero beyond the end of the column.
func (c *Column) Get(i uint32) uint64 {
	if p := c.dir.Load(); p != nil && int(i>>segmentBits) < len(*p) {
		return (*p)[i>>segmentBits][i&(SegmentLen-1)].Load()
	}
	return 0
}

// grow adds segments up to s. It copies the directory, so that readers of the old one are not
// disturbed.
func (c *Column) grow(s int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	var dir []*segment
	if p := c.dir.Load(); p != nil {
		dir = *p
	}
	grown := append([]*segment(nil), dir...)
	for len(grown) <= s {
		if c.Allow != nil && !c.Allow(SegmentLen*8) {
			return false
		}
		grown = append(grown, new(segment))
	}
	c.dir.Store(&grown)
	return true
}

// Clear zeroes the first n words. It must not run concurrently with other methods.
func (c *Column) Clear(n int) {
	if p := c.dir.Load(); p != nil {
		for i := range min(n, len(*p)*SegmentLen) {
			(*p)[i>>segmentBits][i&(SegmentLen-1)].Store(0)
		}
	}
}

// Size returns the bytes held.
func (c *Column) Size() int64 {
	if p := c.dir.Load(); p != nil {
		return int64(len(*p)) * SegmentLen * 8
	}
	return 0
}
