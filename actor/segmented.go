package actor

import (
	"sync"
	"sync/atomic"
	"unsafe"
)

// segmented is an array that grows by segments, for places of dense ids. It is safe for concurrent use if T is; finding a
// place takes no lock. Its memory is added to size.
type segmented[T any] struct {
	mu   sync.Mutex
	dir  atomic.Pointer[[]*segment[T]]
	size *atomic.Int64
}

const segmentBits = 10

type segment[T any] [1 << segmentBits]T

// at returns the place of an id, or nil if there is none yet.
func (t *segmented[T]) at(id uint32) *T {
	dir := t.dir.Load()
	if dir == nil || int(id>>segmentBits) >= len(*dir) {
		return nil
	}
	return &(*dir)[id>>segmentBits][id&(1<<segmentBits-1)]
}

// room returns the place of an id.
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
		grown := append([]*segment[T](nil), dir...)
		for int(id>>segmentBits) >= len(grown) {
			grown = append(grown, new(segment[T]))
			t.size.Add(int64(unsafe.Sizeof(segment[T]{})))
		}
		t.dir.Store(&grown)
		dir = grown
	}
	return &dir[id>>segmentBits][id&(1<<segmentBits-1)]
}

// table keeps a pointer for each of many dense ids. It is safe for concurrent use; reading takes no lock.
type table[T any] struct {
	places segmented[atomic.Pointer[T]]
}

// get returns what is kept for an id, or nil.
func (t *table[T]) get(id uint32) *T {
	if at := t.places.at(id); at != nil {
		return at.Load()
	}
	return nil
}

// put keeps v, which takes roughly so many bytes, for an id, unless something is kept already, and returns what is kept.
func (t *table[T]) put(id uint32, v *T, bytes int) *T {
	at := t.places.room(id)
	if at.CompareAndSwap(nil, v) {
		t.places.size.Add(int64(bytes))
		return v
	}
	return at.Load()
}

// all calls f for all that is kept.
func (t *table[T]) all(f func(id uint32, v *T)) {
	dir := t.places.dir.Load()
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

// arena keeps lists of values without pointers, which the garbage collector does not look into. It is safe for concurrent
// use; reading takes no lock.
type arena[T any] struct {
	mu     sync.Mutex
	chunks atomic.Pointer[[][]T]
	used   int // of the last chunk
	size   *atomic.Int64
}

const chunkBits = 11

// add keeps a list and returns where it is.
func (a *arena[T]) add(list []T) uint32 {
	if len(list) == 0 {
		return 0
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	var chunks [][]T
	if p := a.chunks.Load(); p != nil {
		chunks = *p
	}
	if len(chunks) == 0 || a.used+len(list) > len(chunks[len(chunks)-1]) {
		chunk := make([]T, max(1<<chunkBits, len(list)))
		grown := append(chunks[:len(chunks):len(chunks)], chunk)
		a.chunks.Store(&grown)
		a.size.Add(int64(len(chunk)) * int64(unsafe.Sizeof(list[0])))
		chunks, a.used = grown, 0
	}
	last := len(chunks) - 1
	copy(chunks[last][a.used:], list)
	at := uint32(last<<chunkBits | a.used)
	a.used += len(list)
	return at
}

// list returns a list of n values, which nobody may change.
func (a *arena[T]) list(at uint32, n int) []T {
	if n == 0 {
		return nil
	}
	return (*a.chunks.Load())[at>>chunkBits][at&(1<<chunkBits-1):][:n:n]
}
