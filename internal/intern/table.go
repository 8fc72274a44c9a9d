// Package intern gives equal byte strings equal ids of 32 bits, a technique called hash-consing.
// Contents are compared, not only their hashes. Nothing is ever removed: it is not a cache.
//
// Interning turns the comparison of two contents, however large, into a comparison of two numbers,
// and lets every state that has a content share it. Ids depend on the order of arrival, so two runs
// give a content different ids. They may be compared for equality only, never ordered, reported or
// stored.
package intern

import (
	"bytes"
	"errors"
	"hash/maphash"
	"math"
	"sync"
	"sync/atomic"
)

// ErrFull says that all ids are taken.
var ErrFull = errors.New("intern: all ids are taken")

// Table interns byte strings. Ids are dense from 0, in the order of arrival. It is safe for
// concurrent use.
//
// In a search nearly all calls ask for a content that is known: in paxos with 3 servers there are
// some ten thousand contents for millions of steps. So a look-up takes no lock, and writes nothing
// that other workers read. Only insertion takes a lock. There the content is looked up again, since
// another worker may have inserted it in between; the first one determines the id, and the others
// adopt it.
type Table struct {
	seed  maphash.Seed
	mu    sync.Mutex // guards insertion
	index atomic.Pointer[index]
	dir   atomic.Pointer[[]*segment]
	count atomic.Uint32
	size  atomic.Int64
	free  []byte // rest of the current chunk
}

// index is an open-addressing hash table with linear probing. A slot holds a tag, 32 bits of the
// hash, and the id+1; zero is an empty slot.
type index struct {
	slots []atomic.Uint64
	shift uint
}

const segmentBits = 10

// segment holds the strings of consecutive ids. A string is written before its id is published in
// the index, so that a worker that finds an id also finds the string.
type segment [1 << segmentBits][]byte

const (
	firstIndexBits = 6
	chunkLen       = 16 << 10 // strings are cut from chunks, which saves an allocation for each
	pageLen        = 8 << 10  // the Go runtime rounds large allocations to it
)

// NewTable returns an empty table.
func NewTable() *Table {
	t := &Table{seed: maphash.MakeSeed()}
	t.index.Store(newIndex(firstIndexBits))
	t.dir.Store(&[]*segment{})
	t.size.Store(8 << firstIndexBits)
	return t
}

// newIndex returns an empty index of 2^bits slots.
func newIndex(bits uint) *index {
	return &index{slots: make([]atomic.Uint64, 1<<bits), shift: 64 - bits}
}

// Len returns the number of strings.
func (t *Table) Len() int { return int(t.count.Load()) }

// Size returns the bytes held, roughly.
func (t *Table) Size() int64 { return t.size.Load() }

// Bytes returns the string of an id. It must not be changed, and stays valid as long as the table.
func (t *Table) Bytes(id uint32) []byte {
	return (*t.dir.Load())[id>>segmentBits][id&(1<<segmentBits-1)]
}

// Intern returns the id of the string b. It copies b if it is new. The error is ErrFull.
func (t *Table) Intern(b []byte) (id uint32, err error) {
	h := maphash.Bytes(t.seed, b)
	if id, ok := t.find(t.index.Load(), b, h); ok {
		return id, nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	x := t.index.Load()
	if id, ok := t.find(x, b, h); ok {
		return id, nil // another goroutine was first
	}
	id = t.count.Load()
	if id >= math.MaxInt32 {
		return 0, ErrFull
	}
	if int(id)+1 > len(x.slots)*3/4 {
		x = t.grow(x)
	}
	t.store(id, b)
	x.place(h, id)
	t.count.Store(id + 1)
	return id, nil
}

// find looks b up in an index. It may run while another worker inserts: a slot is either empty or
// complete.
func (t *Table) find(x *index, b []byte, h uint64) (id uint32, ok bool) {
	mask := uint64(len(x.slots) - 1)
	for i := h >> x.shift; ; i = (i + 1) & mask {
		s := x.slots[i].Load()
		if s == 0 {
			return 0, false
		}
		if uint32(s>>32) == uint32(h) {
			if id := uint32(s) - 1; bytes.Equal(t.Bytes(id), b) {
				return id, true
			}
		}
	}
}

// place puts an id into the first empty slot. The content must not be in the index yet.
func (x *index) place(h uint64, id uint32) {
	mask := uint64(len(x.slots) - 1)
	i := h >> x.shift
	for x.slots[i].Load() != 0 {
		i = (i + 1) & mask
	}
	x.slots[i].Store(uint64(uint32(h))<<32 | uint64(id+1))
}

// grow publishes an index of twice the size. Workers that still read the old one may miss new
// strings; they then take the lock and look again.
func (t *Table) grow(old *index) *index {
	x := newIndex(64 - old.shift + 1)
	for id := range t.count.Load() {
		x.place(maphash.Bytes(t.seed, t.Bytes(id)), id)
	}
	t.size.Add(8 * int64(len(x.slots)-len(old.slots)))
	t.index.Store(x)
	return x
}

// store keeps a copy of b under an id.
func (t *Table) store(id uint32, b []byte) {
	if len(b) > len(t.free) {
		n := max(chunkLen, (len(b)+pageLen-1)&^(pageLen-1))
		t.free = make([]byte, n)
		t.size.Add(int64(n))
	}
	kept := t.free[:copy(t.free, b):len(b)]
	t.free = t.free[len(b):]
	dir := *t.dir.Load()
	if int(id>>segmentBits) == len(dir) {
		dir = append(append(make([]*segment, 0, len(dir)+1), dir...), new(segment))
		t.dir.Store(&dir)
		t.size.Add(24 << segmentBits)
	}
	dir[id>>segmentBits][id&(1<<segmentBits-1)] = kept
}
