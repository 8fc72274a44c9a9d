// Package diskrun keeps sequences of records in files, each written once, from front to back, and read by any number of
// readers. A record is a fixed number of words of 32 bits. A sequence that is sorted, word by word, is a run in the
// sense of external sorting: runs are merged by [NewMerge], and [Reader.Seek] passes over the parts that hold nothing
// of interest.
//
// A file is a row of blocks. Each holds the differences between neighbours, and a checksum, so that what a disk has
// damaged is an error and no record. Where the blocks begin is kept in memory, about a hundredth of the size of the
// file: a run is read by the process that wrote it.
//
// The package knows nothing of searches.
package diskrun

import (
	"cmp"
	"slices"
)

// Run is a sequence of records in a file. It is safe for concurrent use until it is removed.
type Run struct {
	fs      FS
	path    string
	words   int
	count   int64
	starts  []int64  // number of the first record of each block
	firsts  []uint32 // first record of each block
	offsets []int64  // beginning of each block, and the end of the last one
}

// Len returns the number of records.
func (r *Run) Len() int64 { return r.count }

// Bytes returns the size of the file.
func (r *Run) Bytes() int64 { return r.offsets[len(r.offsets)-1] }

// Size returns the bytes of memory held.
func (r *Run) Size() int64 { return int64(8*len(r.starts) + 4*len(r.firsts) + 8*len(r.offsets)) }

// Remove removes the file. No reader may use the run any more.
func (r *Run) Remove() error { return r.fs.Remove(r.path) }

func (r *Run) blocks() int { return len(r.starts) }

// first returns the first record of a block.
func (r *Run) first(block int) []uint32 { return r.firsts[block*r.words : (block+1)*r.words] }

// blockOf returns the block of the record with a number.
func (r *Run) blockOf(i int64) int {
	block, found := slices.BinarySearch(r.starts, i)
	if !found {
		block--
	}
	return block
}

// Compare compares records word by word, as sorted runs are ordered.
func Compare(a, b []uint32) int {
	b = b[:len(a)]
	for i, x := range a {
		if y := b[i]; x != y {
			return cmp.Compare(x, y)
		}
	}
	return 0
}
