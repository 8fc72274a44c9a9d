package search

import (
	"sync"
	"sync/atomic"
	"unsafe"
)

// sized is memory that is counted. Until countIn is called, nothing is counted.
type sized struct{ size *atomic.Int64 }

// countIn adds what is allocated from now on to a sum.
func (s *sized) countIn(size *atomic.Int64) { s.size = size }

func (s *sized) grow(bytes int) {
	if s.size != nil {
		s.size.Add(int64(bytes))
	}
}

// segmented is an array that grows by segments, indexed by dense ids. The zero value is empty. It is safe for
// concurrent use if T is; reading takes no lock, because segments never move and the directory is replaced as a
// whole.
//
// Ids are dense because interning numbers contents from zero, so an array serves where others need a map: a
// look-up is two loads. A slice that grows by copying would not do, since a writer may store into the old copy
// while it is being copied, and the value would be lost.
type segmented[T any] struct {
	sized
	mu  sync.Mutex
	dir atomic.Pointer[[]*segment[T]]
}

const segmentBits = 10

type segment[T any] [1 << segmentBits]T

// at returns the place of an id, or nil if it has no place yet.
func (t *segmented[T]) at(id uint32) *T {
	dir := t.dir.Load()
	if dir == nil || int(id>>segmentBits) >= len(*dir) {
		return nil
	}
	return &(*dir)[id>>segmentBits][id&(1<<segmentBits-1)]
}

// room returns the place of an id, and makes it if necessary.
func (t *segmented[T]) room(id uint32) *T {
	if at := t.at(id); at != nil {
		return at
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	var dir []*segment[T]
	if p := t.dir.Load(); p != nil {
		dir = *p
	}
	if int(id>>segmentBits) >= len(dir) {
		grown := append([]*segment[T](nil), dir...) // never in place: readers look at the old one
		for int(id>>segmentBits) >= len(grown) {
			grown = append(grown, new(segment[T]))
			t.grow(int(unsafe.Sizeof(segment[T]{})))
		}
		t.dir.Store(&grown)
		dir = grown
	}
	return &dir[id>>segmentBits][id&(1<<segmentBits-1)]
}

// table keeps a pointer for each of many dense ids. The zero value is empty. It is safe for concurrent use;
// reading takes no lock. Two workers that put values for one id at the same time have computed equal ones, so it
// does not matter which of them comes first.
type table[T any] struct {
	segmented[atomic.Pointer[T]]
}

// get returns the value of an id, or nil.
func (t *table[T]) get(id uint32) *T {
	if at := t.at(id); at != nil {
		return at.Load()
	}
	return nil
}

// put sets the value of an id, which takes roughly that many bytes, unless it has one, and returns the one it has.
func (t *table[T]) put(id uint32, v *T, bytes int) *T {
	at := t.room(id)
	if at.CompareAndSwap(nil, v) {
		t.grow(bytes)
		return v
	}
	return at.Load()
}

// all calls f for each value.
func (t *table[T]) all(f func(id uint32, v *T)) {
	dir := t.dir.Load()
	if dir == nil {
		return
	}
	for k, s := range *dir {
		for i := range s {
			if v := s[i].Load(); v != nil {
				f(uint32(k<<segmentBits|i), v)
			}
		}
	}
}
