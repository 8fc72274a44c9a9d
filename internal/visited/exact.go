// Package visited keeps the set of states that a search has met: [Exact] stores whole states and compares them,
// [Fingerprints] stores 64 bits of each. Both live outside the Go heap, grow while they are used, and take whole batches,
// so that the cache misses of many look-ups overlap. The package knows nothing of searches, levels or paths.
package visited

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/allways-go/allways/internal/offheap"
)

var (
	// ErrFull says that all ids are taken.
	ErrFull = errors.New("visited: all state numbers are taken")
	// ErrMemory says that the set may not grow, or that the system has no memory left.
	ErrMemory = errors.New("visited: no memory for more states")
)

// Config says how a set is made.
type Config struct {
	// Words is the width of a state, from 1 to 4096. Fingerprints does not use it.
	Words int
	// MaxIDs bounds the number of states; 0 means as many as 32-bit ids can tell apart.
	MaxIDs uint32
	// MemoryLimit is asked before more bytes are allocated; while an index grows, the old one still exists. nil grants all.
	MemoryLimit func(extra int64) bool
	// Parents keeps a word beside every state, for SetParent.
	Parents bool
}

const (
	maxWords    = 4096
	idLimit     = math.MaxUint32 - 2
	busyID      = math.MaxUint32 // low half of a slot that is being filled
	firstSlots  = 1 << 10
	maxLoadPart = 85 // percent of the slots that are used before the index grows
)

// Exact is a set of states of fixed width, each with an id; ids are dense from 0 in the order of insertion. Equal ids
// mean equal states: every match is compared in full. All methods but SetParent and Close are safe for concurrent use.
type Exact struct {
	words   int
	maxIDs  int64
	allow   func(int64) bool
	states  arena
	parents arena

	gate    sync.RWMutex // held for reading by batches, for writing while the tables grow
	slots   []uint64     // tag in the high half, id+1 in the low half; 0 is empty
	shift   uint         // of a hash, to get the home slot
	size    atomic.Int64 // bytes
	count   atomic.Int64 // ids handed out
	pending atomic.Int64 // states in batches under way, for which there must be room
}

// NewExact returns an empty set.
func NewExact(c Config) (*Exact, error) {
	if c.Words < 1 || c.Words > maxWords {
		return nil, fmt.Errorf("visited: states of %d words; want 1 to %d", c.Words, maxWords)
	}
	e := &Exact{words: c.Words, maxIDs: idLimit, allow: c.MemoryLimit}
	if c.MaxIDs > 0 {
		e.maxIDs = min(e.maxIDs, int64(c.MaxIDs))
	}
	e.states = newArena(c.Words)
	if c.Parents {
		e.parents = newArena(1)
	}
	var err error
	if e.slots, err = newSlots(firstSlots, e.allow); err != nil {
		return nil, err
	}
	e.shift = shiftOf(len(e.slots))
	e.measure()
	return e, nil
}

func newSlots(n int, allow func(int64) bool) ([]uint64, error) {
	if allow != nil && !allow(int64(n)*8) {
		return nil, ErrMemory
	}
	s, err := offheap.Uint64s(n)
	if err != nil {
		return nil, ErrMemory
	}
	return s, nil
}

func shiftOf(slots int) uint {
	shift := uint(64)
	for ; slots > 1; slots >>= 1 {
		shift--
	}
	return shift
}

func capacityOf(slots int) int64 { return int64(slots) * maxLoadPart / 100 }

// Len returns the number of states.
func (e *Exact) Len() int { return int(e.count.Load()) }

// Size returns the bytes that the set holds.
func (e *Exact) Size() int64 { return e.size.Load() }

func (e *Exact) measure() {
	e.size.Store(int64(len(e.slots))*8 + e.states.size() + e.parents.size())
}

// Vector returns the state with an id. It must not be changed, and is valid until Close.
func (e *Exact) Vector(id uint32) []uint32 { return e.states.record(id) }

// Parent returns what SetParent kept for an id, or 0.
func (e *Exact) Parent(id uint32) uint32 { return e.parents.record(id)[0] }

// SetParent keeps a word beside a state.
func (e *Exact) SetParent(id, parent uint32) { e.parents.record(id)[0] = parent }

// Close frees the set; nothing may be done with it afterwards.
func (e *Exact) Close() {
	e.gate.Lock()
	defer e.gate.Unlock()
	offheap.Free64(e.slots)
	e.slots = nil
	e.states.free()
	e.parents.free()
	e.size.Store(0)
}

// Lookup returns the id of a state.
func (e *Exact) Lookup(vec []uint32) (id uint32, ok bool) {
	h := Hash(vec)
	e.gate.RLock()
	defer e.gate.RUnlock()
	mask := uint64(len(e.slots) - 1)
	for i := h >> e.shift; ; i = (i + 1) & mask {
		s := e.settled(i)
		if s == 0 {
			return 0, false
		}
		if uint32(s>>32) == uint32(h) && equal(e.states.record(uint32(s)-1), vec) {
			return uint32(s) - 1, true
		}
	}
}

// settled returns a slot, waiting while it is being filled.
func (e *Exact) settled(i uint64) uint64 {
	for spins := 0; ; spins++ {
		s := atomic.LoadUint64(&e.slots[i])
		if uint32(s) != busyID {
			return s
		}
		if spins > maxSpins {
			runtime.Gosched()
		}
	}
}

// maxSpins is how often a slot is looked at again before others get the processor: filling one takes nanoseconds,
// unless its worker was suspended.
const maxSpins = 32

// Insert adds one state. See InsertBatch.
func (e *Exact) Insert(vec []uint32) (id uint32, fresh bool, err error) {
	var ids [1]uint32
	var news [1]bool
	_, err = e.InsertBatch(vec, []uint64{Hash(vec)}, 1, ids[:], news[:])
	return ids[0], news[0], err
}

// InsertBatch adds n states that stand back to back in vecs, with their hashes, and tells the id of each and whether this
// call has added it. Of several callers that insert one state at once, and of several equal states in a batch, exactly
// one is told so. When ids or memory run out, only the first done states have been dealt with; the set stays usable.
func (e *Exact) InsertBatch(vecs []uint32, hashes []uint64, n int, ids []uint32, fresh []bool) (done int, err error) {
	crowded, err := e.enter(int64(n))
	if err != nil {
		return 0, err
	}
	if crowded {
		defer e.leaveCrowded(int64(n))
	} else {
		defer e.leave(int64(n))
		e.prefetch(hashes[:n])
	}
	for i := range n {
		vec := vecs[i*e.words : (i+1)*e.words]
		if crowded && e.count.Load() >= e.maxIDs {
			if id, ok := e.find(vec, hashes[i]); ok {
				ids[i], fresh[i] = id, false
				continue
			}
			return i, ErrFull
		}
		ids[i], fresh[i] = e.insert(vec, hashes[i])
	}
	return n, nil
}

// enter makes room for n more states and opens the gate: for reading, or, when ids are about to run out, for writing, so
// that they can be counted exactly.
func (e *Exact) enter(n int64) (crowded bool, err error) {
	for {
		e.gate.RLock()
		need := e.count.Load() + e.pending.Add(n)
		if need <= e.maxIDs && e.fits(need) {
			return false, nil
		}
		e.leave(n)
		e.gate.Lock()
		need = e.count.Load() + n + e.pending.Load()
		if need > e.maxIDs {
			if err := e.grow(e.maxIDs); err != nil {
				e.gate.Unlock()
				return false, err
			}
			e.pending.Add(n)
			return true, nil
		}
		err := e.grow(need)
		e.gate.Unlock()
		if err != nil {
			return false, err
		}
	}
}

func (e *Exact) leave(n int64) {
	e.pending.Add(-n)
	e.gate.RUnlock()
}

func (e *Exact) leaveCrowded(n int64) {
	e.pending.Add(-n)
	e.gate.Unlock()
}

func (e *Exact) fits(need int64) bool {
	return need <= capacityOf(len(e.slots)) && need <= e.states.room() &&
		(e.parents.width == 0 || need <= e.parents.room())
}

// prefetch loads the home slots of a batch, and then the states that those with the right tag refer to.
func (e *Exact) prefetch(hashes []uint64) {
	base := unsafe.Pointer(unsafe.SliceData(e.slots))
	for _, h := range hashes {
		offheap.Prefetch(unsafe.Add(base, h>>e.shift*8))
	}
	for _, h := range hashes {
		s := atomic.LoadUint64(&e.slots[h>>e.shift])
		if uint32(s>>32) == uint32(h) && s != 0 && uint32(s) != busyID {
			offheap.Prefetch(unsafe.Pointer(unsafe.SliceData(e.states.record(uint32(s) - 1))))
		}
	}
}

func (e *Exact) insert(vec []uint32, h uint64) (id uint32, fresh bool) {
	mask, tag := uint64(len(e.slots)-1), uint64(uint32(h))<<32
	for i := h >> e.shift; ; i = (i + 1) & mask {
		s := atomic.LoadUint64(&e.slots[i])
		if s == 0 {
			if atomic.CompareAndSwapUint64(&e.slots[i], 0, tag|busyID) {
				id = uint32(e.count.Add(1) - 1)
				copy(e.states.record(id), vec)
				atomic.StoreUint64(&e.slots[i], tag|uint64(id+1))
				return id, true
			}
			s = atomic.LoadUint64(&e.slots[i])
		}
		if s&^busyID != tag {
			continue
		}
		if uint32(s) == busyID {
			s = e.settled(i)
		}
		if equal(e.states.record(uint32(s)-1), vec) {
			return uint32(s) - 1, false
		}
	}
}

// find is Lookup inside the gate.
func (e *Exact) find(vec []uint32, h uint64) (id uint32, ok bool) {
	mask := uint64(len(e.slots) - 1)
	for i := h >> e.shift; ; i = (i + 1) & mask {
		s := e.slots[i]
		if s == 0 {
			return 0, false
		}
		if uint32(s>>32) == uint32(h) && equal(e.states.record(uint32(s)-1), vec) {
			return uint32(s) - 1, true
		}
	}
}

func equal(a, b []uint32) bool {
	if len(a) != len(b) {
		return false
	}
	for i, w := range a {
		if w != b[i] {
			return false
		}
	}
	return true
}

// grow makes room for need states; the gate is held for writing. Every allocation counts at once, for the memory limit
// may ask for Size before it grants the next.
func (e *Exact) grow(need int64) error {
	defer e.measure()
	for e.states.room() < need {
		if err := e.states.grow(e.allow); err != nil {
			return err
		}
		e.measure()
	}
	for e.parents.width > 0 && e.parents.room() < need {
		if err := e.parents.grow(e.allow); err != nil {
			return err
		}
		e.measure()
	}
	n := len(e.slots)
	for capacityOf(n) < need {
		n *= 2
	}
	if n == len(e.slots) {
		return nil
	}
	slots, err := newSlots(n, e.allow)
	if err != nil {
		return err
	}
	old := e.slots
	e.slots, e.shift = slots, shiftOf(n)
	e.reindex()
	offheap.Free64(old)
	return nil
}

// reindex fills an empty index, on all processors when there is much to do. The states are all different, so that the
// first empty slot is as good as any.
func (e *Exact) reindex() {
	count := uint32(e.count.Load())
	workers := uint32(1)
	if count > 1<<16 {
		workers = uint32(runtime.GOMAXPROCS(0))
	}
	part := (count + workers - 1) / workers
	var wg sync.WaitGroup
	for lo := uint32(0); lo < count; lo += part {
		hi := min(lo+part, count)
		wg.Go(func() { e.reindexRange(lo, hi) })
	}
	wg.Wait()
}

func (e *Exact) reindexRange(lo, hi uint32) {
	const ahead = 64
	var hashes [ahead]uint64
	mask, base := uint64(len(e.slots)-1), unsafe.Pointer(unsafe.SliceData(e.slots))
	for ; lo < hi; lo += ahead {
		n := min(hi-lo, ahead)
		for k := range n {
			hashes[k] = Hash(e.states.record(lo + k))
			offheap.Prefetch(unsafe.Add(base, hashes[k]>>e.shift*8))
		}
		for k := range n {
			h := hashes[k]
			slot := uint64(uint32(h))<<32 | uint64(lo+k+1)
			for i := h >> e.shift; !atomic.CompareAndSwapUint64(&e.slots[i], 0, slot); {
				i = (i + 1) & mask
			}
		}
	}
}
