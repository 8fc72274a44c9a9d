// Package intern gives equal byte strings equal 32-bit ids (hash-consing). Content is compared, not only hashed, and
// nothing is ever forgotten; it is no cache.
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

// Table interns byte strings. Ids are dense from 0; which string gets which depends on the order of arrival and means
// nothing. It is safe for concurrent use: what is known already is found without a lock.
type Table struct {
	seed  maphash.Seed
	mu    sync.Mutex // guards insertion
	index atomic.Pointer[index]
	dir   atomic.Pointer[[]*segment]
	count atomic.Uint32
	size  atomic.Int64
	free  []byte // rest of the current chunk
}

// index is an open-addressing table of (32-bit tag, id+1).
type index struct {
	slots []atomic.Uint64
	shift uint
}

const segmentBits = 10

// segment holds the strings of consecutive ids; a string is written before its id is published in the index.
type segment [1 << segmentBits][]byte

const (
	firstIndexBits = 6
	chunkLen       = 16 << 10
	pageLen        = 8 << 10 // to which the Go runtime rounds large allocations
)

// NewTable returns an empty table.
func NewTable() *Table {
	t := &Table{seed: maphash.MakeSeed()}
	t.index.Store(newIndex(firstIndexBits))
	t.dir.Store(&[]*segment{})
	t.size.Store(8 << firstIndexBits)
	return t
}

func newIndex(bits uint) *index {
	return &index{slots: make([]atomic.Uint64, 1<<bits), shift: 64 - bits}
}

// Len returns the number of strings.
func (t *Table) Len() int { return int(t.count.Load()) }

// Size returns the bytes held, roughly.
func (t *Table) Size() int64 { return t.size.Load() }

// Bytes returns the string of an id. It must not be changed, and stays valid.
func (t *Table) Bytes(id uint32) []byte {
	return (*t.dir.Load())[id>>segmentBits][id&(1<<segmentBits-1)]
}

// Intern returns the id of the string b, copying it when it is new. The error is ErrFull.
func (t *Table) Intern(b []byte) (id uint32, err error) {
	h := maphash.Bytes(t.seed, b)
	if id, ok := t.find(t.index.Load(), b, h); ok {
		return id, nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	x := t.index.Load()
	if id, ok := t.find(x, b, h); ok {
		return id, nil // another goroutine was first: its id is the one
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

func (x *index) place(h uint64, id uint32) {
	mask := uint64(len(x.slots) - 1)
	i := h >> x.shift
	for x.slots[i].Load() != 0 {
		i = (i + 1) & mask
	}
	x.slots[i].Store(uint64(uint32(h))<<32 | uint64(id+1))
}

// grow publishes an index of twice the size; readers of the old one miss at most what is new, and look again under the
// lock.
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
