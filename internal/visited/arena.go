package visited

import (
	"math/bits"
	"sync/atomic"

	"github.com/allways-go/allways/internal/offheap"
)

// arena is a growing array of fixed-width records with stable addresses. Its segments double in size up to a limit, so
// that a small set takes little memory and a large one wastes little.
type arena struct {
	width int
	last  uint // binary logarithm of the number of records in a segment of full size
	dir   atomic.Pointer[[][]uint32]
}

const (
	firstSegmentBits = 8
	fullSegmentBytes = 4 << 20 // at least: worth huge pages
)

// newArena returns an empty arena of records of so many words.
func newArena(width int) arena {
	last := uint(firstSegmentBits)
	for width<<last*4 < fullSegmentBytes {
		last++
	}
	return arena{width: width, last: last}
}

// segmentOf returns the segment of a record, and its position there.
func (a *arena) segmentOf(id uint32) (segment int, offset uint32) {
	if id>>a.last != 0 {
		return int(a.last) - firstSegmentBits + int(id>>a.last), id & (1<<a.last - 1)
	}
	segment = bits.Len32(id >> firstSegmentBits)
	if segment == 0 {
		return 0, id
	}
	return segment, id &^ (1 << (segment + firstSegmentBits - 1))
}

// segmentLen returns how many records a segment has room for.
func (a *arena) segmentLen(segment int) int {
	switch {
	case segment == 0:
		return 1 << firstSegmentBits
	case segment <= int(a.last)-firstSegmentBits:
		return 1 << (segment + firstSegmentBits - 1)
	}
	return 1 << a.last
}

func (a *arena) segments() [][]uint32 {
	if p := a.dir.Load(); p != nil {
		return *p
	}
	return nil
}

// record returns the record of an id for which room was made.
func (a *arena) record(id uint32) []uint32 {
	s, off := a.segmentOf(id)
	lo := int(off) * a.width
	return (*a.dir.Load())[s][lo : lo+a.width : lo+a.width]
}

// room returns how many records fit.
func (a *arena) room() int64 {
	n := int64(0)
	for s := range a.segments() {
		n += int64(a.segmentLen(s))
	}
	return n
}

// grow adds a segment, if allow grants the memory.
func (a *arena) grow(allow func(int64) bool) error {
	old := a.segments()
	words := a.segmentLen(len(old)) * a.width
	if allow != nil && !allow(int64(words)*4) {
		return ErrMemory
	}
	seg, err := offheap.Uint32s(words)
	if err != nil {
		return ErrMemory
	}
	grown := append(append(make([][]uint32, 0, len(old)+1), old...), seg)
	a.dir.Store(&grown)
	return nil
}

func (a *arena) size() (bytes int64) {
	for _, s := range a.segments() {
		bytes += int64(len(s)) * 4
	}
	return bytes
}

func (a *arena) free() {
	for _, s := range a.segments() {
		offheap.Free32(s)
	}
	a.dir.Store(nil)
}
