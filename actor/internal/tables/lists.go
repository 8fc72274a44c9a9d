package tables

import "sync/atomic"

// Lists keeps a list of values for each of many dense ids. The zero value is empty. It is safe for concurrent use;
// reading takes no lock. Two workers that keep lists for one id at the same time have computed equal ones.
//
// What is known of an id is one word: the place of its list, its length, and a mark that it is known. One word can be
// stored atomically, so that a reader sees all of it or nothing. The mark is needed because an id without values is
// known, too, and its place and length are zero.
type Lists[T any] struct {
	known  Segmented[atomic.Uint64]
	values Arena[T]
}

const (
	listKnown = 1 << 63
	listBits  = 31
)

// CountIn adds what is allocated from now on to a sum.
func (l *Lists[T]) CountIn(size *atomic.Int64) {
	l.known.CountIn(size)
	l.values.CountIn(size)
}

// Of returns the list of an id, if it is known.
func (l *Lists[T]) Of(id uint32) (list []T, ok bool) {
	at := l.known.At(id)
	if at == nil {
		return nil, false
	}
	found := at.Load()
	if found == 0 {
		return nil, false
	}
	return l.values.List(uint32(found>>listBits), int(found&(1<<listBits-1))), true
}

// Keep keeps a copy of the list of an id, and returns it. If another worker has just done the same, the word is stored
// again: its list is equal, and the one that is no longer referred to stays, unused.
func (l *Lists[T]) Keep(id uint32, list []T) []T {
	at := l.values.Add(list)
	l.known.Room(id).Store(listKnown | uint64(at)<<listBits | uint64(len(list)))
	return l.values.List(at, len(list))
}

// Clear makes the lists of all ids unknown. No other method may run beside it. Lists that were returned stay.
func (l *Lists[T]) Clear() { l.known.Clear() }
