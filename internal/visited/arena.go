package visited

import (
	"math/bits"
	"sync/atomic"

	"github.com/allways-go/allways/internal/offheap"
)

// arena is a growing array of records of fixed width. Records never move, since workers read states
// while others make the arena grow. So it consists of segments. They double in size, so that a
// small set takes little memory, up to a limit, so that a large one wastes little.
//
// A slice that doubles would move its records, need three times its memory while it does, and stop
// all workers. Segments of one size would be simpler to address, and either waste memory in small
// sets, of which a search with fingerprints makes one a level, or be too many in large ones.
type arena struct {
	width int
	last  uint // binary logarithm of the number of records in a full segment
	dir   atomic.Pointer[[][]uint32]
}

const (
	firstSegmentBits = 8
	fullSegmentBytes = 4 << 20 // size of a full segment, at least; large enough for huge pages
)

// newArena returns an empty arena of records of the given number of words.
func newArena(width int) arena {
	last := uint(firstSegmentBits)
	for width<<last*4 < fullSegmentBytes {
		last++
	}
	return arena{width: width, last: last}
}

// segmentOf returns the segment of a record, and its position there. Segments 0 and 1 have
// 2^firstSegmentBits records, each one after that twice as many as the one before, until a segment
// is full. Up to there, the number of a segment is the length of the id's upper bits.
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

// segmentLen returns the number of records that fit a segment.
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

// record returns the record of an id. The arena must have room for it.
func (a *arena) record(id uint32) []uint32 {
	s, off := a.segmentOf(id)
	lo := int(off) * a.width
	return (*a.dir.Load())[s][lo : lo+a.width : lo+a.width]
}

// room returns the number of records that fit.
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
