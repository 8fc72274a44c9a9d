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
	dir   atomic.Pointer[[][]uint32]
}

const (
	firstSegmentBits = 8
	lastSegmentBits  = 18
	growingSegments  = lastSegmentBits - firstSegmentBits + 1
)

// segmentOf returns the segment of a record, and its position there.
func segmentOf(id uint32) (segment int, offset uint32) {
	if id>>lastSegmentBits != 0 {
		return growingSegments - 1 + int(id>>lastSegmentBits), id & (1<<lastSegmentBits - 1)
	}
	segment = bits.Len32(id >> firstSegmentBits)
	if segment == 0 {
		return 0, id
	}
	return segment, id &^ (1 << (segment + firstSegmentBits - 1))
}

// segmentLen returns how many records a segment has room for.
func segmentLen(segment int) int {
	switch {
	case segment == 0:
		return 1 << firstSegmentBits
	case segment < growingSegments:
		return 1 << (segment + firstSegmentBits - 1)
	}
	return 1 << lastSegmentBits
}

func (a *arena) segments() [][]uint32 {
	if p := a.dir.Load(); p != nil {
		return *p
	}
	return nil
}

// record returns the record of an id for which room was made.
func (a *arena) record(id uint32) []uint32 {
	s, off := segmentOf(id)
	lo := int(off) * a.width
	return (*a.dir.Load())[s][lo : lo+a.width : lo+a.width]
}

// room returns how many records fit.
func (a *arena) room() int64 {
	n := int64(0)
	for s := range a.segments() {
		n += int64(segmentLen(s))
	}
	return n
}

// grow adds a segment, if allow grants the memory.
func (a *arena) grow(allow func(int64) bool) error {
	old := a.segments()
	words := segmentLen(len(old)) * a.width
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
