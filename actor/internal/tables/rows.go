package tables

import "sync/atomic"

// Rows keeps, for each of many dense ids, a word of the caller's and what the pairs of the id with other ids map to.
// The zero value is empty. It is safe for concurrent use; nothing but room for more takes a lock.
//
// It does what Pairs does, for first ids of which each has few pairs, and is asked for in several ways at once: the
// word and the first pairs of an id are half a cache line, so that the pairs are in the cache once the word has been
// read. A hash of pairs would be another miss for each of them. A pair is a word of 64 bits, the second id and what the
// pair maps to, and is thus stored at once. The pairs that find no place there are in a table for all.
type Rows struct {
	Segmented[row]
	more Pairs
}

// rowPairs is the number of pairs that lie beside the word. In Paxos that is enough for 95 of 100 look-ups.
const rowPairs = 3

// row is the row of an id. Pairs fill it from the front, and stay.
type row struct {
	word  atomic.Uint64
	pairs [rowPairs]atomic.Uint64 // the second id plus one in the high half, and the id of the pair; 0 means none
}

// CountIn adds what is allocated from now on to a sum.
func (r *Rows) CountIn(size *atomic.Int64) {
	r.Segmented.CountIn(size)
	r.more.CountIn(size)
}

// Word returns the word of an id, or 0.
func (r *Rows) Word(id uint32) uint64 {
	if at := r.At(id); at != nil {
		return at.word.Load()
	}
	return 0
}

// SetWord sets the word of an id.
func (r *Rows) SetWord(id uint32, word uint64) { r.Room(id).word.Store(word) }

// Find returns the id of a pair.
func (r *Rows) Find(a, b uint32) (id uint32, ok bool) {
	at := r.At(a)
	if at == nil {
		return 0, false
	}
	for i := range at.pairs {
		switch w := at.pairs[i].Load(); {
		case uint32(w>>32) == b+1:
			return uint32(w), true
		case w == 0:
			return 0, false
		}
	}
	return r.more.Find(a, b)
}

// Keep sets the id of a pair, unless it has one, and returns the one it has. The second id must be less than the
// greatest number of 32 bits. Of several goroutines that keep one pair at once, all look at the same place: the row
// is full for each of them, or one of them takes the first place that is free, and the others find the pair there.
func (r *Rows) Keep(a, b, id uint32) uint32 {
	at := r.Room(a)
	for i := range at.pairs {
		w := at.pairs[i].Load()
		if w == 0 && at.pairs[i].CompareAndSwap(0, uint64(b+1)<<32|uint64(id)) {
			return id
		}
		if w = at.pairs[i].Load(); uint32(w>>32) == b+1 {
			return uint32(w)
		}
	}
	return r.more.Keep(a, b, id)
}

// Clear removes all words and pairs. No other method may run beside it.
func (r *Rows) Clear() {
	r.Segmented.Clear()
	r.more.Clear()
}
