package tables

import (
	"sync"
	"sync/atomic"
	"unsafe"
)

// sized is memory that is counted. Until CountIn is called, nothing is counted.
type sized struct{ size *atomic.Int64 }

// CountIn adds what is allocated from now on to a sum.
func (s *sized) CountIn(size *atomic.Int64) { s.size = size }

func (s *sized) grow(bytes int) {
	if s.size != nil {
		s.size.Add(int64(bytes))
	}
}

// Segmented is an array that grows by segments, indexed by dense ids. The zero value is empty. It is safe for
// concurrent use if T is; reading takes no lock, because segments never move and the directory is replaced as a
// whole.
//
// Ids are dense because interning numbers contents from zero, so an array serves where others need a map: a
// look-up is two loads. A slice that grows by copying would not do, since a writer may store into the old copy
// while it is being copied, and the value would be lost.
type Segmented[T any] struct {
	sized
	mu  sync.Mutex
	dir atomic.Pointer[[]*segment[T]]
}

const segmentBits = 10

type segment[T any] [1 << segmentBits]T

// At returns the place of an id, or nil if it has no place yet.
func (t *Segmented[T]) At(id uint32) *T {
	dir := t.dir.Load()
	if dir == nil || int(id>>segmentBits) >= len(*dir) {
		return nil
	}
	return &(*dir)[id>>segmentBits][id&(1<<segmentBits-1)]
}

// Room returns the place of an id, and makes it if necessary.
func (t *Segmented[T]) Room(id uint32) *T {
	if at := t.At(id); at != nil {
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

// Clear removes all values. No other method may run beside it.
func (t *Segmented[T]) Clear() {
	if dir := t.dir.Swap(nil); dir != nil {
		t.grow(-len(*dir) * int(unsafe.Sizeof(segment[T]{})))
	}
}

// Table keeps a pointer for each of many dense ids. The zero value is empty. It is safe for concurrent use;
// reading takes no lock. Two workers that put values for one id at the same time have computed equal ones, so it
// does not matter which of them comes first.
type Table[T any] struct {
	Segmented[atomic.Pointer[T]]
}

// Get returns the value of an id, or nil.
func (t *Table[T]) Get(id uint32) *T {
	if at := t.At(id); at != nil {
		return at.Load()
	}
	return nil
}

// Put sets the value of an id, which takes roughly that many bytes, unless it has one, and returns the one it has.
func (t *Table[T]) Put(id uint32, v *T, bytes int) *T {
	at := t.Room(id)
	if at.CompareAndSwap(nil, v) {
		t.grow(bytes)
		return v
	}
	return at.Load()
}

// All calls f for each value.
func (t *Table[T]) All(f func(id uint32, v *T)) {
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
