package actor

import (
	"sync"
	"sync/atomic"
)

// table keeps a pointer for each of many dense ids. It is safe for concurrent use; reading takes no lock.
type table[T any] struct {
	mu  sync.Mutex
	dir atomic.Pointer[[]*tableSegment[T]]
}

const tableBits = 10

type tableSegment[T any] [1 << tableBits]atomic.Pointer[T]

// get returns what is kept for an id, or nil.
func (t *table[T]) get(id uint32) *T {
	dir := t.dir.Load()
	if dir == nil || int(id>>tableBits) >= len(*dir) {
		return nil
	}
	return (*dir)[id>>tableBits][id&(1<<tableBits-1)].Load()
}

// put keeps v for an id, unless something is kept already, and returns what is kept.
func (t *table[T]) put(id uint32, v *T) *T {
	at := &t.segment(id)[id&(1<<tableBits-1)]
	if at.CompareAndSwap(nil, v) {
		return v
	}
	return at.Load()
}

// replace keeps v for an id in the place of what was kept.
func (t *table[T]) replace(id uint32, v *T) { t.segment(id)[id&(1<<tableBits-1)].Store(v) }

func (t *table[T]) segment(id uint32) *tableSegment[T] {
	t.mu.Lock()
	defer t.mu.Unlock()
	var dir []*tableSegment[T]
	if p := t.dir.Load(); p != nil {
		dir = *p
	}
	if int(id>>tableBits) < len(dir) {
		return dir[id>>tableBits]
	}
	grown := append([]*tableSegment[T](nil), dir...)
	for int(id>>tableBits) >= len(grown) {
		grown = append(grown, new(tableSegment[T]))
	}
	t.dir.Store(&grown)
	return grown[id>>tableBits]
}

// clear forgets everything.
func (t *table[T]) clear() { t.dir.Store(nil) }

// pairs remembers an id for pairs of ids, for one goroutine, up to a limit of memory: it is a cache.
type pairs struct {
	keys []uint64 // and one; 0 for none
	ids  []uint32
	used int
}

// find returns the id for a pair.
func (p *pairs) find(a, b uint32) (id uint32, ok bool) {
	if len(p.keys) == 0 {
		return 0, false
	}
	key, mask := uint64(a)<<32+uint64(b)+1, uint64(len(p.keys)-1)
	for i := key * 0x9E3779B97F4A7C15 >> 20 & mask; ; i = (i + 1) & mask {
		if p.keys[i] == key {
			return p.ids[i], true
		}
		if p.keys[i] == 0 {
			return 0, false
		}
	}
}

// keep remembers the id for a pair that is not known.
func (p *pairs) keep(a, b, id uint32) {
	if 2*(p.used+1) > len(p.keys) {
		p.grow()
	}
	p.place(uint64(a)<<32+uint64(b)+1, id)
	p.used++
}

func (p *pairs) place(key uint64, id uint32) {
	mask := uint64(len(p.keys) - 1)
	i := key * 0x9E3779B97F4A7C15 >> 20 & mask
	for p.keys[i] != 0 {
		i = (i + 1) & mask
	}
	p.keys[i], p.ids[i] = key, id
}

const (
	firstPairs = 1 << 8
	maxPairs   = 1 << 22
)

// grow doubles the room, or forgets everything when the limit is reached.
func (p *pairs) grow() {
	old, ids := p.keys, p.ids
	n := max(2*len(old), firstPairs)
	if n > maxPairs {
		clear(p.keys)
		p.used = 0
		return
	}
	p.keys, p.ids = make([]uint64, n), make([]uint32, n)
	for i, key := range old {
		if key != 0 {
			p.place(key, ids[i])
		}
	}
}
