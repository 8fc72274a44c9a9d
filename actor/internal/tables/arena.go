package tables

import (
	"sync"
	"sync/atomic"
	"unsafe"
)

// Arena keeps lists of values without pointers, which the garbage collector need not scan. The zero value is
// empty. It is safe for concurrent use; reading takes no lock.
//
// Lists are never removed or changed, so a place and a length, of 32 bits each, name one for good, where a slice
// would take 24 bytes and hold a pointer. A list lies within one chunk, and chunks never move. A reader has its
// place from Add, which makes the chunk visible first, so the directory that it loads has the chunk.
type Arena[T any] struct {
	sized
	mu     sync.Mutex
	chunks atomic.Pointer[[][]T]
	used   int // values in the last chunk
}

const chunkBits = 11

// Add keeps a copy of a list and returns its place.
func (a *Arena[T]) Add(list []T) uint32 {
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
		a.grow(len(chunk) * int(unsafe.Sizeof(list[0])))
		chunks, a.used = grown, 0
	}
	last := len(chunks) - 1
	copy(chunks[last][a.used:], list)
	at := uint32(last<<chunkBits | a.used)
	a.used += len(list)
	return at
}

// List returns a list of n values, which must not be changed.
func (a *Arena[T]) List(at uint32, n int) []T {
	if n == 0 {
		return nil
	}
	return (*a.chunks.Load())[at>>chunkBits][at&(1<<chunkBits-1):][:n:n]
}
