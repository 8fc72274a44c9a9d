package visited

import (
	"math/bits"
	"sync/atomic"
	"unsafe"

	"github.com/allways-go/allways/internal/offheap"
)

// index maps hashes of states to their ids: an open-addressing hash table with linear probing. A slot holds the id
// plus one in its low bits and a tag, other bits of the hash, above them; zero is an empty slot. All ids set are a
// slot whose state is being written.
//
// A slot has 32 bits as long as that leaves six for the tag, which is true of 57 million states. A table half as
// large has half of the cache misses, and of 64 slots with other states, one has the same tag and costs a look at
// the wrong record, which the comparison finds out. Larger tables have 64 bits, and 32 for the tag.
type index struct {
	narrow []uint32
	wide   []uint64
	shift  uint   // shift of a hash that gives its home slot
	idMask uint64 // bits of the id
}

const (
	firstSlots  = 1 << 10
	narrowSlots = 1 << 26 // most slots of 32 bits
	maxLoadPart = 85      // percentage of slots in use at which an index grows
)

// newIndex returns an empty index of n slots, a power of two, if allow grants the memory.
func newIndex(n int, allow func(int64) bool) (index, error) {
	x := index{shift: shiftOf(n)}
	if allow != nil && !allow(indexSize(n)) {
		return x, ErrMemory
	}
	var err error
	if n <= narrowSlots {
		x.idMask = uint64(n - 1) // an index is never full, so that even the last id is less
		x.narrow, err = offheap.Uint32s(n)
	} else {
		x.idMask = 1<<32 - 1
		x.wide, err = offheap.Uint64s(n)
	}
	if err != nil {
		return x, ErrMemory
	}
	return x, nil
}

// indexSize returns the bytes of an index of n slots.
func indexSize(n int) int64 {
	if n <= narrowSlots {
		return 4 * int64(n)
	}
	return 8 * int64(n)
}

// shiftOf returns the shift that takes the upper bits of a hash to a slot.
func shiftOf(slots int) uint { return uint(64 - bits.TrailingZeros(uint(slots))) }

// capacityOf returns the number of states that slots are enough for.
func capacityOf(slots int) int64 { return int64(slots) * maxLoadPart / 100 }

// len returns the number of slots.
func (x *index) len() int { return len(x.narrow) + len(x.wide) }

func (x *index) size() int64 { return 4*int64(len(x.narrow)) + 8*int64(len(x.wide)) }

// home returns the slot where the search for a state begins.
func (x *index) home(h uint64) uint64 { return h >> x.shift }

// tag returns the tag of a hash, in its place in a slot: its lower bits, as the upper ones decide about the home.
func (x *index) tag(h uint64) uint64 {
	if x.narrow != nil {
		return h * (x.idMask + 1) & (1<<32 - 1)
	}
	return h << 32
}

// load reads a slot.
func (x *index) load(i uint64) uint64 {
	if x.narrow != nil {
		return uint64(atomic.LoadUint32(&x.narrow[i]))
	}
	return atomic.LoadUint64(&x.wide[i])
}

// claim marks an empty slot as being filled, with a tag. It reports false if the slot is not empty.
func (x *index) claim(i, tag uint64) bool { return x.take(i, tag|x.idMask) }

// take writes a slot, and reports false if it was not empty.
func (x *index) take(i, slot uint64) bool {
	if x.narrow != nil {
		return atomic.CompareAndSwapUint32(&x.narrow[i], 0, uint32(slot))
	}
	return atomic.CompareAndSwapUint64(&x.wide[i], 0, slot)
}

// fill puts an id into a slot that was claimed.
func (x *index) fill(i, tag uint64, id uint32) {
	if x.narrow != nil {
		atomic.StoreUint32(&x.narrow[i], uint32(tag)|(id+1))
		return
	}
	atomic.StoreUint64(&x.wide[i], tag|uint64(id+1))
}

// same reports whether a slot that is not empty has a tag.
func (x *index) same(slot, tag uint64) bool { return (slot^tag)&^x.idMask == 0 }

// busy reports whether a slot is being filled.
func (x *index) busy(slot uint64) bool { return slot&x.idMask == x.idMask }

// id returns the id in a slot.
func (x *index) id(slot uint64) uint32 { return uint32(slot&x.idMask) - 1 }

// prefetch asks for the home slot of a hash.
func (x *index) prefetch(h uint64) {
	if x.narrow != nil {
		offheap.Prefetch(unsafe.Add(unsafe.Pointer(unsafe.SliceData(x.narrow)), x.home(h)*4))
		return
	}
	offheap.Prefetch(unsafe.Add(unsafe.Pointer(unsafe.SliceData(x.wide)), x.home(h)*8))
}

// place puts an id that is not there yet into the first empty slot. Several goroutines may do so.
func (x *index) place(h uint64, id uint32) {
	mask, slot := uint64(x.len()-1), x.tag(h)|uint64(id+1)
	for i := x.home(h); x.load(i) != 0 || !x.take(i, slot); {
		i = (i + 1) & mask
	}
}

func (x *index) free() {
	offheap.Free32(x.narrow)
	offheap.Free64(x.wide)
	x.narrow, x.wide = nil, nil
}
