package visited

import (
	"math/bits"
	"slices"
	"sync/atomic"
	"unsafe"

	"github.com/allways-go/allways/internal/offheap"
)

// arena is a growing array of records of fixed width. Records never move, since workers read states
// while others make the arena grow. So it consists of segments. They double in size, so that a
// small set takes little memory, up to a limit, so that a large one wastes little.
//
// A slice that doubles would move its records, need three times its memory while it does, and stop
// all workers. Segments of one size would be simpler to address, and either waste memory in small
// sets, of which a search with fingerprints makes one a level, or be too many in large ones.
//
// A segment has records of one layout. States that do not fit need a wider one: the segment that is being filled is
// then written anew, and the full ones stay as they are.
type arena struct {
	last    uint // binary logarithm of the number of records in a full segment
	dir     atomic.Pointer[[]segment]
	retired []segment // segments that others may still be reading
}

// segment is a part of an arena.
type segment struct {
	layout *layout
	memory []uint32
	bytes  []byte // the same memory
}

const (
	firstSegmentBits = 8
	fullSegmentBytes = 8 << 20 // size of a full segment of wide records, at least; so that narrow ones get huge pages
)

// newArena returns an empty arena of records of the given number of words.
func newArena(width int) arena {
	last := uint(firstSegmentBits)
	for width<<last*4 < fullSegmentBytes {
		last++
	}
	return arena{last: last}
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

func (a *arena) segments() []segment {
	if p := a.dir.Load(); p != nil {
		return *p
	}
	return nil
}

// record returns the record of an id, and its layout. The arena must have room for it.
func (a *arena) record(id uint32) ([]byte, *layout) {
	s, off := a.segmentOf(id)
	seg := &(*a.dir.Load())[s]
	lo := int(off) * seg.layout.size
	return seg.bytes[lo : lo+seg.layout.size : lo+seg.layout.size], seg.layout
}

// room returns the number of records that fit.
func (a *arena) room() int64 {
	n := int64(0)
	for s := range a.segments() {
		n += int64(a.segmentLen(s))
	}
	return n
}

// newSegment allocates a segment, if allow grants the memory.
func (a *arena) newSegment(number int, l *layout, allow func(int64) bool) (segment, error) {
	words := (a.segmentLen(number)*l.size + 3) / 4
	if allow != nil && !allow(int64(words)*4) {
		return segment{}, ErrMemory
	}
	memory, err := offheap.Uint32s(words)
	if err != nil {
		return segment{}, ErrMemory
	}
	bytes := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(memory))), 4*words)
	return segment{layout: l, memory: memory, bytes: bytes}, nil
}

// grow adds a segment of records of a layout, if allow grants the memory.
func (a *arena) grow(l *layout, allow func(int64) bool) error {
	old := a.segments()
	seg, err := a.newSegment(len(old), l, allow)
	if err != nil {
		return err
	}
	grown := append(append(make([]segment, 0, len(old)+1), old...), seg)
	a.dir.Store(&grown)
	return nil
}

// widen makes room for wider records from the n-th on. The segment that has both kinds is written anew.
func (a *arena) widen(n int64, l *layout, allow func(int64) bool) error {
	all := a.segments()
	state := make([]uint32, len(l.columns))
	first := a.room()
	for s := len(all) - 1; s >= 0; s-- {
		end := first
		if first -= int64(a.segmentLen(s)); end <= n {
			break
		}
		seg, err := a.newSegment(s, l, allow)
		if err != nil {
			return err
		}
		old := all[s]
		for k := range int(n - first) {
			old.layout.read(old.bytes[k*old.layout.size:], state)
			l.write(seg.bytes[k*l.size:], state)
		}
		replaced := slices.Clone(all) // never in place: readers look at the old one
		replaced[s], a.retired = seg, append(a.retired, old)
		a.dir.Store(&replaced)
		all = replaced
	}
	return nil
}

// settle frees the segments that were replaced, when they are not read any more.
func (a *arena) settle() {
	for _, s := range a.retired {
		offheap.Free32(s.memory)
	}
	a.retired = nil
}

func (a *arena) size() (bytes int64) {
	for _, s := range a.segments() {
		bytes += int64(len(s.memory)) * 4
	}
	for _, s := range a.retired {
		bytes += int64(len(s.memory)) * 4
	}
	return bytes
}

func (a *arena) free() {
	a.settle()
	for _, s := range a.segments() {
		offheap.Free32(s.memory)
	}
	a.dir.Store(nil)
}
