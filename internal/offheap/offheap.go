// Package offheap allocates large tables without pointers outside of the Go heap. The garbage
// collector neither scans nor counts them: a table of several gigabytes would otherwise let the
// heap grow by as much again before a collection, and a table that grows is freed at once instead
// of with the next collection. It is no general allocator: tables are large, few, and freed as a
// whole.
package offheap

import (
	"sync/atomic"
	"unsafe"
)

// held is the sum of the bytes of all tables.
var held atomic.Int64

// Held returns the bytes of all tables that were allocated and not freed yet.
func Held() int64 { return held.Load() }

// Uint64s returns n zeroed words. The error says that the system has no memory left to give.
func Uint64s(n int) ([]uint64, error) {
	b, err := allocate(n * 8)
	if err != nil || n == 0 {
		return nil, err
	}
	held.Add(int64(len(b)))
	return unsafe.Slice((*uint64)(unsafe.Pointer(unsafe.SliceData(b))), n), nil
}

// Uint32s returns n zeroed words. The error says that the system has no memory left to give.
func Uint32s(n int) ([]uint32, error) {
	b, err := allocate(n * 4)
	if err != nil || n == 0 {
		return nil, err
	}
	held.Add(int64(len(b)))
	return unsafe.Slice((*uint32)(unsafe.Pointer(unsafe.SliceData(b))), n), nil
}

// Free64 frees a table that Uint64s returned. It must not be used afterwards. The table may be nil.
func Free64(s []uint64) {
	if len(s) > 0 {
		held.Add(-8 * int64(len(s)))
		release(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), len(s)*8))
	}
}

// Free32 frees a table that Uint32s returned. It must not be used afterwards. The table may be nil.
func Free32(s []uint32) {
	if len(s) > 0 {
		held.Add(-4 * int64(len(s)))
		release(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), len(s)*4))
	}
}
