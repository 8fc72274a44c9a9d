//go:build !unix || race

package offheap

import "unsafe"

// allocate falls back to the Go heap, aligned for 64-bit words. So it does under the race detector,
// which does not see other memory.
func allocate(bytes int) ([]byte, error) {
	words := make([]uint64, (bytes+7)/8)
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), bytes), nil
}

func release([]byte) {}
