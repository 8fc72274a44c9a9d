package tables

import (
	"sync"
	"sync/atomic"
)

// Pairs maps pairs of ids to ids. The zero value is empty. It is safe for concurrent use; finding takes no
// lock, because slots are only ever filled, and a table that is full is replaced as a whole.
//
// It is the heart of a search: each step asks it for several pairs. Two ids of 32 bits fit into one word of 64,
// so that a key is compared and stored at once, and a slot of 16 bytes lies in one cache line with three others.
// A map with a lock would make workers wait for each other on the read path, and sync.Map boxes its keys.
//
// A Find that runs beside a Keep may miss the pair, either because the slot is not filled yet or because it
// looks at the table that was just replaced. That is harmless: the caller computes the id again, and Keep,
// which holds the lock and looks once more, returns the one that is there.
type Pairs struct {
	sized
	shards [1 << shardBits]pairShard
}

const (
	shardBits  = 4
	firstPairs = 1 << 4 // slots of a new shard
	pairBytes  = 16
)

// pairShard holds the pairs whose hashes begin alike. Shards divide the lock of writers, and keep the pause
// short in which a table is copied. They grow one by one, so that the sum of all tables grows smoothly.
type pairShard struct {
	mu    sync.Mutex
	used  int
	slots atomic.Pointer[[]pairSlot] // a power of two; at most half are in use
}

// pairSlot holds a pair.
type pairSlot struct {
	key atomic.Uint64 // the pair plus one, stored last; 0 means none
	id  uint32        // the id of the pair, stored before the key; read only after it
}

func pairKey(a, b uint32) uint64 { return uint64(a)<<32 + uint64(b) + 1 }

// pairHash is the same for all numbers up to the next multiple of 64: pairs with one first number, which are
// often asked for in sequence, lie side by side in memory, but not too many of them.
func pairHash(key uint64) uint64 { return (key >> 6) * 0x9E3779B97F4A7C15 }

// Find returns the id of a pair.
func (p *Pairs) Find(a, b uint32) (id uint32, ok bool) {
	key := pairKey(a, b)
	h := pairHash(key)
	slots := p.shards[h>>(64-shardBits)].slots.Load()
	if slots == nil {
		return 0, false
	}
	return findPair(*slots, key, h)
}

// findPair looks for a pair by linear probing. It ends, since at least half of the slots are empty. Loading the
// key synchronizes with the store in placePair: a reader that sees the key sees the id.
func findPair(slots []pairSlot, key, hash uint64) (id uint32, ok bool) {
	mask := uint64(len(slots) - 1)
	for i := hash >> 20 & mask; ; i = (i + 1) & mask {
		s := &slots[i]
		switch s.key.Load() {
		case key:
			return s.id, true
		case 0:
			return 0, false
		}
	}
}

// Keep sets the id of a pair, unless it has one, and returns the one it has.
func (p *Pairs) Keep(a, b, id uint32) uint32 {
	key := pairKey(a, b)
	h := pairHash(key)
	shard := &p.shards[h>>(64-shardBits)]
	shard.mu.Lock()
	defer shard.mu.Unlock()
	var slots []pairSlot
	if s := shard.slots.Load(); s != nil {
		slots = *s
		if old, ok := findPair(slots, key, h); ok {
			return old
		}
	}
	if 2*(shard.used+1) > len(slots) {
		slots = grownPairs(slots)
		p.grow(pairBytes * (len(slots) - shard.room()))
		shard.slots.Store(&slots)
	}
	placePair(slots, key, h, id)
	shard.used++
	return id
}

// Clear removes all pairs. No other method may run beside it.
func (p *Pairs) Clear() {
	for i := range p.shards {
		s := &p.shards[i]
		p.grow(-pairBytes * s.room())
		s.slots.Store(nil)
		s.used = 0
	}
}

func (s *pairShard) room() int {
	if slots := s.slots.Load(); slots != nil {
		return len(*slots)
	}
	return 0
}

// grownPairs returns a copy of slots with twice the room. The old table stays as it is, for readers that still
// look at it.
func grownPairs(slots []pairSlot) []pairSlot {
	grown := make([]pairSlot, max(2*len(slots), firstPairs))
	for i := range slots {
		if key := slots[i].key.Load(); key != 0 {
			placePair(grown, key, pairHash(key), slots[i].id)
		}
	}
	return grown
}

func placePair(slots []pairSlot, key, hash uint64, id uint32) {
	mask := uint64(len(slots) - 1)
	i := hash >> 20 & mask
	for slots[i].key.Load() != 0 {
		i = (i + 1) & mask
	}
	slots[i].id = id
	slots[i].key.Store(key)
}
