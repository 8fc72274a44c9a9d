package adjacency

import "unsafe"

// edges returns memory of words as edges.
func edges(w []uint64) []Edge { return unsafe.Slice((*Edge)(unsafe.SliceData(w)), len(w)) }

// words returns memory of edges as words.
func words(e []Edge) []uint64 { return unsafe.Slice((*uint64)(unsafe.SliceData(e)), len(e)) }
