// Package visited keeps the set of states that a search has met. [Exact] stores whole states and
// compares them, [Fingerprints] stores 64 bits of each. Both live outside the Go heap, grow while
// they are used, and take whole batches, so that the cache misses of many look-ups overlap. The
// package knows nothing of searches, levels or paths.
//
// # How an exact set works
//
// States stand one after the other in an arena, in the order of their ids. An index, an
// open-addressing hash table with linear probing, maps the hash of a state to its id. A slot of the
// index has 64 bits: the upper half of the hash, called the tag, and the id. A look-up compares
// tags first and reads a state only if the tag matches, so it touches about one line of the index
// and, for a known state, one of the arena. The home slot of a state is the beginning of its tag:
// the index can be enlarged from the slots alone, without reading a single state.
//
// Workers insert concurrently without locks. A worker claims an empty slot by exchanging it for the
// tag and the mark busyID, writes the state, and then publishes the slot with the id. A worker that
// meets a busy slot with its own tag waits, for it may hold the very state that it looks for; one
// with another tag can be passed.
//
// # Why linear probing
//
// A look-up in a large table costs the cache misses that it takes, and little else. Eight slots
// share a cache line, so a probe of the next slot is free most of the time, where a second hash or
// a chain would be another miss. At the highest load, 85 percent, a look-up of a known state probes
// about 4 slots and that of a new one about 23 (Knuth: The Art of Computer Programming 3, 6.4), of
// neighbouring lines that the processor fetches ahead. A lower load would be faster and larger, and
// memory is what ends a search. Nothing is ever removed, which is what makes linear probing simple.
//
// # Why states are compared
//
// A tag is half of a hash, and even a hash of 64 bits is no proof: of four billion states some two
// share one with a probability of about a third, and the search would lose one of them without a
// sign. The comparison reads a state that was fetched ahead, and it is the reason why "holds" has no
// footnote. Where a footnote is acceptable, [Fingerprints] take less memory.
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
	// Words is the width of a state, from 1 to MaxWords. Fingerprints does not use it.
	Words int
	// MaxIDs limits the number of states. 0 means as many as ids of 32 bits can tell apart.
	MaxIDs uint32
	// MemoryLimit is asked before more bytes are allocated; nil grants all. While an index grows,
	// the old one still exists.
	MemoryLimit func(extra int64) bool
	// Parents keeps a word beside every state, for SetParent.
	Parents bool
	// Seed is the seed of the hashes that InsertBatch gets.
	Seed uint64
}

// MaxWords is the greatest width of a state. The first segment of the states of a set holds 256 of
// them, which is 64 MiB for the widest.
const MaxWords = maxWords

const (
	maxWords    = 1 << 16
	idLimit     = math.MaxUint32 - 2
	busyID      = math.MaxUint32 // low half of a slot whose state is being written
	tagMask     = 0xffffffff << 32
	firstSlots  = 1 << 10
	maxLoadPart = 85 // percentage of slots in use at which the index grows
)

// Exact is a set of states of fixed width, each with an id. Ids are dense from 0, in the order of
// insertion. Equal ids mean equal states, since every match is compared in full. All methods except
// SetParent, Seal and Close are safe for concurrent use.
type Exact struct {
	words   int
	seed    uint64
	allow   func(int64) bool
	states  arena
	parents arena // empty, with width 0, unless Config.Parents is set

	gate  gate
	slots []uint64     // tag in the high half, id+1 in the low half; 0 is empty
	shift uint         // shift of a hash that gives its home slot
	size  atomic.Int64 // bytes
}

// NewExact returns an empty set.
func NewExact(c Config) (*Exact, error) {
	if c.Words < 1 || c.Words > MaxWords {
		return nil, fmt.Errorf("visited: states of %d words; want 1 to %d", c.Words, MaxWords)
	}
	e := &Exact{words: c.Words, seed: c.Seed, allow: c.MemoryLimit}
	e.gate.limit = idLimit
	if c.MaxIDs > 0 {
		e.gate.limit = min(e.gate.limit, int64(c.MaxIDs))
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

// ExactSize returns the bytes that an Exact set with parents takes for some number of states.
func ExactSize(words int, states int64) int64 {
	slots := firstSlots
	for capacityOf(slots) < states {
		slots *= 2
	}
	return 8*int64(slots) + 4*int64(words+1)*states
}

// shiftOf returns the shift that takes the upper bits of a hash to a slot. The number of slots is a
// power of two.
func shiftOf(slots int) uint {
	shift := uint(64)
	for ; slots > 1; slots >>= 1 {
		shift--
	}
	return shift
}

func capacityOf(slots int) int64 { return int64(slots) * maxLoadPart / 100 }

// Len returns the number of states.
func (e *Exact) Len() int { return int(e.gate.count.Load()) }

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

// Seal frees the index. The states can still be read by id, and nothing else can be done with the set than to close
// it. It must not run beside other methods.
func (e *Exact) Seal() {
	offheap.Free64(e.slots)
	e.slots = nil
	e.measure()
}

// Lookup returns the id of a state.
func (e *Exact) Lookup(vec []uint32) (id uint32, ok bool) {
	h := Seeded(vec, e.seed)
	e.gate.RLock()
	defer e.gate.RUnlock()
	return e.find(vec, h)
}

// find is Lookup inside of the gate.
func (e *Exact) find(vec []uint32, h uint64) (id uint32, ok bool) {
	mask := uint64(len(e.slots) - 1)
	for i := e.home(h); ; i = (i + 1) & mask {
		s := e.settled(i)
		if s == 0 {
			return 0, false
		}
		if (s^h)&tagMask == 0 && Equal(e.states.record(uint32(s)-1), vec) {
			return uint32(s) - 1, true
		}
	}
}

// settled returns a slot. It waits while the slot is being filled.
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

// maxSpins is the number of times that a busy slot is read before the processor is yielded. Filling
// a slot takes nanoseconds, unless its worker was suspended.
const maxSpins = 32

// Insert adds one state. See InsertBatch.
func (e *Exact) Insert(vec []uint32) (id uint32, fresh bool, err error) {
	var ids [1]uint32
	var news [1]bool
	_, err = e.InsertBatch(vec, []uint64{Seeded(vec, e.seed)}, 1, ids[:], news[:])
	return ids[0], news[0], err
}

// InsertBatch adds n states that stand back to back in vecs, with their hashes. It sets ids to the
// id of each, and fresh to whether this call added it. Of several callers that insert one state at
// once, and of several equal states in a batch, exactly one has it fresh. If ids or memory run out,
// only the first done states were dealt with, and the set stays usable.
//
// Each state needs a slot of the index and, for known ones, a state of the arena, and in a large
// set both are cache misses. The batch therefore makes three passes: one prefetches all home slots,
// one reads them and prefetches the states they refer to, and only the last one compares and
// inserts. By then all of it is in the cache, and the processor has waited for many misses at once.
func (e *Exact) InsertBatch(vecs []uint32, hashes []uint64, n int, ids []uint32, fresh []bool) (done int, err error) {
	crowded, err := e.gate.enter(int64(n), e)
	if err != nil {
		return 0, err
	}
	defer e.gate.leave(int64(n), crowded)
	if crowded {
		return e.insertLast(vecs, hashes, n, ids, fresh)
	}
	e.prefetch(hashes[:n], ids)
	open := 0 // states from here on have slots that are claimed, but not filled
	for i := range n {
		vec := vecs[i*e.words : (i+1)*e.words]
		var busy bool
		if ids[i], fresh[i], busy = e.claim(vec, hashes[i], ids[i]); busy {
			// A worker that waits must not hold slots that others wait for, or two could wait for
			// each other. The busy slot may even be one that this batch claimed for an equal state.
			// So what was claimed is filled first.
			e.fill(vecs, hashes, ids, fresh, open, i)
			ids[i], fresh[i] = e.insert(vec, hashes[i])
			open = i + 1
		}
	}
	e.fill(vecs, hashes, ids, fresh, open, n)
	return n, nil
}

// insertLast adds states while ids run out. The batch has the table for itself.
func (e *Exact) insertLast(vecs []uint32, hashes []uint64, n int, ids []uint32, fresh []bool) (done int, err error) {
	for i := range n {
		vec := vecs[i*e.words : (i+1)*e.words]
		if e.gate.count.Load() < e.gate.limit {
			ids[i], fresh[i] = e.insert(vec, hashes[i])
			continue
		}
		var ok bool
		if ids[i], ok = e.find(vec, hashes[i]); !ok {
			return i, ErrFull
		}
		fresh[i] = false
	}
	return n, nil
}

func (e *Exact) fits(need int64) bool {
	return need <= capacityOf(len(e.slots)) && need <= e.states.room() &&
		(e.parents.width == 0 || need <= e.parents.room())
}

// home returns the slot where the search for a state begins.
func (e *Exact) home(h uint64) uint64 { return h & tagMask >> e.shift }

// prefetch loads the home slots of a batch. Then it sets skip, for each state, to the number of
// slots after its home that have other tags, and loads the state that the next slot refers to. A
// slot keeps its tag for good, so claim can go on from there.
func (e *Exact) prefetch(hashes []uint64, skip []uint32) {
	mask, base := uint64(len(e.slots)-1), unsafe.Pointer(unsafe.SliceData(e.slots))
	for _, h := range hashes {
		offheap.Prefetch(unsafe.Add(base, e.home(h)*8))
	}
	for k, h := range hashes {
		home := e.home(h)
		i := home
		s := atomic.LoadUint64(&e.slots[i])
		for s != 0 && (s^h)&tagMask != 0 {
			i = (i + 1) & mask
			s = atomic.LoadUint64(&e.slots[i])
		}
		skip[k] = uint32((i - home) & mask)
		if s != 0 && uint32(s) != busyID {
			offheap.Prefetch(unsafe.Pointer(unsafe.SliceData(e.states.record(uint32(s) - 1))))
		}
	}
}

// claim looks up a state, beginning skip slots after its home. It returns the id of a known state.
// For a new one it claims a slot, which fill must fill, and returns the distance of the slot from
// home. busy says that a slot with the right tag is being filled, so that the state may be known in
// a moment.
func (e *Exact) claim(vec []uint32, h uint64, skip uint32) (x uint32, claimed, busy bool) {
	mask, tag, home := uint64(len(e.slots)-1), h&tagMask, e.home(h)
	for ; ; skip++ {
		i := (home + uint64(skip)) & mask
		s := atomic.LoadUint64(&e.slots[i])
		if s == 0 {
			if atomic.CompareAndSwapUint64(&e.slots[i], 0, tag|busyID) {
				return skip, true, false
			}
			s = atomic.LoadUint64(&e.slots[i])
		}
		switch {
		case s&tagMask != tag:
		case uint32(s) == busyID:
			return 0, false, true
		case Equal(e.states.record(uint32(s)-1), vec):
			return uint32(s) - 1, false, false
		}
	}
}

// fill gives ids to the states from lo to hi for which slots were claimed, writes the states, and
// publishes the slots. It takes all ids at once: so workers rarely touch the counter, and do not
// write to neighbouring states, which share cache lines.
func (e *Exact) fill(vecs []uint32, hashes []uint64, ids []uint32, fresh []bool, lo, hi int) {
	n := int64(0)
	for _, claimed := range fresh[lo:hi] {
		if claimed {
			n++
		}
	}
	if n == 0 {
		return
	}
	mask, id := uint64(len(e.slots)-1), uint32(e.gate.count.Add(n)-n)
	for i := lo; i < hi; i++ {
		if fresh[i] {
			h := hashes[i]
			slot := (e.home(h) + uint64(ids[i])) & mask
			Copy(e.states.record(id), vecs[i*e.words:(i+1)*e.words])
			atomic.StoreUint64(&e.slots[slot], h&tagMask|uint64(id+1))
			ids[i] = id
			id++
		}
	}
}

// insert adds one state.
func (e *Exact) insert(vec []uint32, h uint64) (id uint32, fresh bool) {
	hashes, ids, news := [1]uint64{h}, [1]uint32{}, [1]bool{}
	for {
		x, claimed, busy := e.claim(vec, h, 0)
		if !busy && !claimed {
			return x, false
		}
		if claimed {
			ids[0], news[0] = x, true
			e.fill(vec, hashes[:], ids[:], news[:], 0, 1)
			return ids[0], true
		}
		runtime.Gosched()
	}
}

// grow makes room for need states. The gate is held for writing. The size is updated after each
// allocation, since the memory limit may ask for it before it grants the next one.
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
	e.reindex(old)
	offheap.Free64(old)
	return nil
}

// reindex fills an empty index from the one before it, on all processors when there is much to do.
// The states are all different, so that the first empty slot is as good as any; and they keep the
// order of their homes, so that memory is read and written from front to back.
func (e *Exact) reindex(old []uint64) {
	part := len(old)
	if len(old) > 1<<16 {
		procs := runtime.GOMAXPROCS(0)
		part = (len(old) + procs - 1) / procs
	}
	var wg sync.WaitGroup
	for lo := 0; lo < len(old); lo += part {
		wg.Go(func() { e.reinsert(old[lo:min(lo+part, len(old))]) })
	}
	wg.Wait()
}

func (e *Exact) reinsert(old []uint64) {
	mask := uint64(len(e.slots) - 1)
	for _, slot := range old {
		if slot == 0 {
			continue
		}
		for i := e.home(slot); !atomic.CompareAndSwapUint64(&e.slots[i], 0, slot); {
			i = (i + 1) & mask
		}
	}
}
