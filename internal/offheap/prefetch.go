//go:build amd64 || arm64

package offheap

import "unsafe"

// Prefetch asks the processor to load the cache line at p, and does not wait for it. p need not be
// valid.
//
//go:noescape
func Prefetch(p unsafe.Pointer)
