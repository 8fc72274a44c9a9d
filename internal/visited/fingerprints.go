package visited

import (
	"math"
	"sync/atomic"
	"unsafe"

	"github.com/allways-go/allways/internal/offheap"
)

// Fingerprints is a set of 64-bit fingerprints. It takes 8 bytes for each, divided by the load
// factor, whatever the width of the states. Two states with one fingerprint are taken for one, so a
// search may omit states; OmissionProbability says how likely that is. All methods except Close are
// safe for concurrent use.
//
// 64 bits are a compromise: of a billion states some two share a fingerprint with a probability of
// about 3 percent. More bits would cost memory, which is what fingerprints are to save; fewer would
// make omissions likely in searches that are large enough to need them.
//
// It is an open-addressing hash table with linear probing, in which a slot is the fingerprint
// itself. So a single exchange inserts one, and there are no busy slots as in Exact. Zero marks an
// empty slot, so the fingerprint 0 counts as 1.
type Fingerprints struct {
	allow func(int64) bool
	gate  gate
	slots []uint64
	shift uint // shift of a fingerprint that gives its home slot
	size  atomic.Int64
}

// NewFingerprints returns an empty set.
func NewFingerprints(c Config) (*Fingerprints, error) {
	f := &Fingerprints{allow: c.MemoryLimit}
	f.gate.limit = math.MaxInt64
	if c.MaxIDs > 0 {
		f.gate.limit = int64(c.MaxIDs)
	}
	var err error
	if f.allow != nil && !f.allow(8*firstSlots) {
		return nil, ErrMemory
	}
	if f.slots, err = offheap.Uint64s(firstSlots); err != nil {
		return nil, ErrMemory
	}
	f.shift = shiftOf(len(f.slots))
	f.size.Store(int64(len(f.slots)) * 8)
	return f, nil
}

// Len returns the number of fingerprints.
func (f *Fingerprints) Len() int { return int(f.gate.count.Load()) }

// Size returns the bytes that the set holds.
func (f *Fingerprints) Size() int64 { return f.size.Load() }

// Close frees the set; nothing may be done with it afterwards.
func (f *Fingerprints) Close() {
	f.gate.Lock()
	defer f.gate.Unlock()
	offheap.Free64(f.slots)
	f.slots = nil
	f.size.Store(0)
}

// Contains reports whether a fingerprint is in the set.
func (f *Fingerprints) Contains(fp uint64) bool {
	f.gate.RLock()
	defer f.gate.RUnlock()
	return f.contains(max(fp, 1))
}

// contains is Contains inside of the gate.
func (f *Fingerprints) contains(fp uint64) bool {
	mask := uint64(len(f.slots) - 1)
	for i := fp >> f.shift; ; i = (i + 1) & mask {
		switch atomic.LoadUint64(&f.slots[i]) {
		case fp:
			return true
		case 0:
			return false
		}
	}
}

// ContainsBatch reports for every fingerprint whether it is in the set.
func (f *Fingerprints) ContainsBatch(fps []uint64, found []bool) {
	f.gate.RLock()
	defer f.gate.RUnlock()
	f.prefetch(fps)
	for i, fp := range fps {
		found[i] = f.contains(max(fp, 1))
	}
}

// prefetch asks for the home slots of a batch, so that the processor waits for many cache misses at
// once.
func (f *Fingerprints) prefetch(fps []uint64) {
	base := unsafe.Pointer(unsafe.SliceData(f.slots))
	for _, fp := range fps {
		offheap.Prefetch(unsafe.Add(base, max(fp, 1)>>f.shift*8))
	}
}

// InsertBatch adds fingerprints, and sets fresh to whether this call added each. Of several callers
// that insert one fingerprint at once, exactly one has it fresh. If memory runs out, or the limit
// of the configuration is reached, only the first done were dealt with.
func (f *Fingerprints) InsertBatch(fps []uint64, fresh []bool) (done int, err error) {
	n := int64(len(fps))
	crowded, err := f.gate.enter(n, f)
	if err != nil {
		return 0, err
	}
	defer f.gate.leave(n, crowded)
	f.prefetch(fps)
	mask := uint64(len(f.slots) - 1)
	for k, fp := range fps {
		fp = max(fp, 1)
		fresh[k] = false
		for i := fp >> f.shift; ; i = (i + 1) & mask {
			s := atomic.LoadUint64(&f.slots[i])
			if s == 0 {
				if f.gate.count.Load() >= f.gate.limit {
					return k, ErrFull
				}
				if atomic.CompareAndSwapUint64(&f.slots[i], 0, fp) {
					f.gate.count.Add(1)
					fresh[k] = true
					break
				}
				s = atomic.LoadUint64(&f.slots[i])
			}
			if s == fp {
				break
			}
		}
	}
	return len(fps), nil
}

func (f *Fingerprints) fits(need int64) bool { return need <= capacityOf(len(f.slots)) }

// grow moves the fingerprints to a table with room for need ones. The gate is held for writing.
func (f *Fingerprints) grow(need int64) error {
	n := len(f.slots)
	for capacityOf(n) < need {
		n *= 2
	}
	if n == len(f.slots) {
		return nil
	}
	old := f.slots
	part := len(old)
	if part > freedInParts {
		part /= 16
	}
	// The new table takes memory as it is filled, from front to back, and by then that much of the old one is freed.
	if f.allow != nil && !f.allow(int64(n-len(old)+part)*8) {
		return ErrMemory
	}
	slots, err := offheap.Uint64s(n)
	if err != nil {
		return ErrMemory
	}
	f.slots, f.shift = slots, shiftOf(n)
	for ; len(old) > 0; old = old[part:] {
		f.move(old[:part])
		offheap.Free64(old[:part])
	}
	f.size.Store(int64(n) * 8)
	return nil
}

// freedInParts is the number of slots from which on a table is freed in parts, which are whole pages then.
const freedInParts = 1 << 16

// move adds the fingerprints of a part of the old table. The gate is held for writing.
func (f *Fingerprints) move(part []uint64) {
	mask := uint64(len(f.slots) - 1)
	for _, fp := range part {
		if fp == 0 {
			continue
		}
		i := fp >> f.shift
		for f.slots[i] != 0 {
			i = (i + 1) & mask
		}
		f.slots[i] = fp
	}
}

// OmissionProbability estimates how likely it is that a search that kept only 64-bit fingerprints
// took two states for one. It is the larger of the birthday bound distinct^2 / 2^65 and of TLC's
// estimate distinct * (generated - distinct) / 2^64 (Lamport: Specifying Systems, 14.3.3). Both
// assume that fingerprints are as good as random.
func OmissionProbability(distinct, generated int64) float64 {
	d, g := float64(distinct), float64(generated)
	return min(1, max(d*d/0x1p65, d*(g-d)/0x1p64))
}
