//go:build !unix

package offheap

import "unsafe"

// allocate falls back to the Go heap, aligned for 64-bit words.
func allocate(bytes int) ([]byte, error) {
	words := make([]uint64, (bytes+7)/8)
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), bytes), nil
}

func release([]byte) {}
