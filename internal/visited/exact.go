// Package visited keeps the set of states that a search has met. [Exact] stores whole states and
// compares them, [Fingerprints] stores 64 bits of each. Both live outside the Go heap, grow while
// they are used, and take whole batches, so that the cache misses of many look-ups overlap. The
// package knows nothing of searches, levels or paths.
//
// # How an exact set works
//
// States stand one after the other in an arena, in the order of their ids, each in as few bytes as it needs. An
// index, an open-addressing hash table with linear probing, maps the hash of a state to its id. A slot of the index
// has the id and some bits of the hash, called the tag. A look-up compares tags first and reads a state only if the
// tag matches, so it touches about one line of the index and, for a known state, one of the arena. When the index
// grows, the states are hashed again: slots that kept their hashes would be twice as large.
//
// Workers insert concurrently without locks. A worker claims an empty slot by exchanging it for the
// tag and a mark, writes the state, and then publishes the slot with the id. A worker that
// meets a busy slot with its own tag waits, for it may hold the very state that it looks for; one
// with another tag can be passed.
//
// # Why linear probing
//
// A look-up in a large table costs the cache misses that it takes, and little else. Sixteen slots
// share a cache line, so a probe of the next slot is free most of the time, where a second hash or
// a chain would be another miss. At the highest load, 85 percent, a look-up of a known state probes
// about 4 slots and that of a new one about 23 (Knuth: The Art of Computer Programming 3, 6.4), of
// neighbouring lines that the processor fetches ahead. A lower load would be faster and larger, and
// memory is what ends a search. Nothing is ever removed, which is what makes linear probing simple.
//
// # Why states are compared
//
// A tag is a few bits of a hash, and even a hash of 64 bits is no proof: of four billion states some two
// share one with a probability of about a third, and the search would lose one of them without a
// sign. The comparison reads a state that was fetched ahead, and it is the reason why "holds" has no
// footnote. Where a footnote is acceptable, [Fingerprints] take less memory.
package visited

import (
	"encoding/binary"
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
	// Seed is the seed of the hashes that InsertBatch gets, which must be those of Seeded.
	Seed uint64
}

// MaxWords is the greatest width of a state. The first segment of the states of a set holds 256 of
// them, which is 64 MiB for the widest.
const MaxWords = maxWords

const (
	maxWords = 1 << 16
	idLimit  = math.MaxUint32 - 2
)

// Exact is a set of states of fixed width, each with an id. Ids are dense from 0, in the order of
// insertion. Equal ids mean equal states, since every match is compared in full. All methods except
// SetParent, Settle, Seal and Close are safe for concurrent use.
type Exact struct {
	words   int
	seed    uint64
	allow   func(int64) bool
	layout  *layout // layout of the states that are added; nil before the first one
	states  arena
	parents *arena // nil unless Config.Parents is set

	gate  gate
	index index
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
		parents := newArena(1)
		e.parents = &parents
	}
	var err error
	if e.index, err = newIndex(firstSlots, e.allow); err != nil {
		return nil, err
	}
	e.measure()
	return e, nil
}

// RecordBytes returns the bytes of each state that is added now.
func (e *Exact) RecordBytes() int {
	if e.layout == nil {
		return 0
	}
	return e.layout.size
}

// ExactSize returns the bytes that an Exact set with parents takes for some number of states in records of some bytes.
func ExactSize(record int, states int64) int64 {
	slots := firstSlots
	for capacityOf(slots) < states {
		slots *= 2
	}
	return indexSize(slots) + int64(record+4)*states
}

// Len returns the number of states.
func (e *Exact) Len() int { return int(e.gate.count.Load()) }

// Size returns the bytes that the set holds.
func (e *Exact) Size() int64 { return e.size.Load() }

func (e *Exact) measure() {
	size := e.index.size() + e.states.size()
	if e.parents != nil {
		size += e.parents.size()
	}
	e.size.Store(size)
}

// Vector returns a copy of the state with an id.
func (e *Exact) Vector(id uint32) []uint32 { return e.Read(id, make([]uint32, e.words)) }

// Read writes the state with an id to dst, and returns it.
func (e *Exact) Read(id uint32, dst []uint32) []uint32 {
	record, l := e.states.record(id)
	l.read(record, dst)
	return dst
}

// Parent returns what SetParent kept for an id, or 0.
func (e *Exact) Parent(id uint32) uint32 {
	record, _ := e.parents.record(id)
	return binary.LittleEndian.Uint32(record)
}

// SetParent keeps a word beside a state.
func (e *Exact) SetParent(id, parent uint32) {
	record, _ := e.parents.record(id)
	binary.LittleEndian.PutUint32(record, parent)
}

// Settle frees what other goroutines may have been reading. It must not run beside other methods.
func (e *Exact) Settle() {
	e.states.settle()
	e.measure()
}

// parentLayout is the layout of records of one word.
var parentLayout = newLayout([]uint32{0}).widened([]uint32{math.MaxUint32})

// Close frees the set; nothing may be done with it afterwards.
func (e *Exact) Close() {
	e.gate.Lock()
	defer e.gate.Unlock()
	e.index.free()
	e.states.free()
	if e.parents != nil {
		e.parents.free()
	}
	e.size.Store(0)
}

// Seal frees the index. The states can still be read by id, and nothing else can be done with the set than to close
// it. It must not run beside other methods.
func (e *Exact) Seal() {
	e.index.free()
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
	mask, tag := uint64(e.index.len()-1), e.index.tag(h)
	for i := e.index.home(h); ; i = (i + 1) & mask {
		s := e.settled(i)
		if s == 0 {
			return 0, false
		}
		if e.index.same(s, tag) && e.is(e.index.id(s), vec) {
			return e.index.id(s), true
		}
	}
}

// is reports whether a state has an id.
func (e *Exact) is(id uint32, vec []uint32) bool {
	record, l := e.states.record(id)
	return l.holds(record, vec)
}

// settled returns a slot. It waits while the slot is being filled.
func (e *Exact) settled(i uint64) uint64 {
	for spins := 0; ; spins++ {
		s := e.index.load(i)
		if !e.index.busy(s) {
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
	for {
		k, err := e.insertFitting(vecs[done*e.words:], hashes[done:], n-done, ids[done:], fresh[done:])
		if done += k; done == n || err != nil {
			return done, err
		}
		if err := e.widen(vecs[done*e.words : n*e.words]); err != nil {
			return done, err
		}
	}
}

// insertFitting is InsertBatch up to the first state that is new and for which records are not wide enough.
func (e *Exact) insertFitting(
	vecs []uint32, hashes []uint64, n int, ids []uint32, fresh []bool,
) (done int, err error) {
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
		x, met := e.claim(vec, hashes[i], ids[i])
		if met == busy {
			// A worker that waits must not hold slots that others wait for, or two could wait for
			// each other. The busy slot may even be one that this batch claimed for an equal state.
			// So what was claimed is filled first.
			e.fill(vecs, hashes, ids, fresh, open, i)
			open = i + 1
			if ids[i], met = e.insert(vec, hashes[i]); met == wide {
				return i, nil
			}
			fresh[i] = met == claimed
			continue
		}
		if met == wide {
			e.fill(vecs, hashes, ids, fresh, open, i)
			return i, nil
		}
		ids[i], fresh[i] = x, met == claimed
	}
	e.fill(vecs, hashes, ids, fresh, open, n)
	return n, nil
}

// widen makes records wide enough for states, outside of the gate. They only become wider, so the states still fit
// when they enter it.
func (e *Exact) widen(states []uint32) error {
	e.gate.Lock()
	defer e.gate.Unlock()
	l := e.layout
	if l == nil {
		l = newLayout(states[:e.words])
	}
	l = l.widened(l.bits(states))
	defer e.measure()
	if err := e.states.widen(e.gate.count.Load(), l, e.allow); err != nil {
		return err
	}
	e.layout = l
	return nil
}

// insertLast adds states while ids run out. The batch has the table for itself.
func (e *Exact) insertLast(vecs []uint32, hashes []uint64, n int, ids []uint32, fresh []bool) (done int, err error) {
	for i := range n {
		vec := vecs[i*e.words : (i+1)*e.words]
		if e.gate.count.Load() < e.gate.limit {
			id, met := e.insert(vec, hashes[i])
			if met == wide {
				return i, nil
			}
			ids[i], fresh[i] = id, met == claimed
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
	return need <= capacityOf(e.index.len()) && (e.layout == nil || need <= e.states.room()) &&
		(e.parents == nil || need <= e.parents.room())
}

// prefetch loads the home slots of a batch. Then it sets skip, for each state, to the number of
// slots after its home that have other tags, and loads the state that the next slot refers to. A
// slot keeps its tag for good, so claim can go on from there.
func (e *Exact) prefetch(hashes []uint64, skip []uint32) {
	x := &e.index
	mask := uint64(x.len() - 1)
	for _, h := range hashes {
		x.prefetch(h)
	}
	for k, h := range hashes {
		home, tag := x.home(h), x.tag(h)
		i := home
		s := x.load(i)
		for s != 0 && !x.same(s, tag) {
			i = (i + 1) & mask
			s = x.load(i)
		}
		skip[k] = uint32((i - home) & mask)
		if s != 0 && !x.busy(s) {
			record, _ := e.states.record(x.id(s))
			offheap.Prefetch(unsafe.Pointer(unsafe.SliceData(record)))
		}
	}
}

// met says how a state was met.
type met int

const (
	known   met = iota // it has an id
	claimed            // it is new, and has a slot that fill must fill
	busy               // a slot with its tag is being filled, so that it may be known in a moment
	wide               // it is new, and records are not wide enough for it
)

// claim looks up a state, beginning skip slots after its home. It returns the id of a known state, and the distance
// of a claimed slot from home.
func (e *Exact) claim(vec []uint32, h uint64, skip uint32) (uint32, met) {
	x := &e.index
	mask, tag, home := uint64(x.len()-1), x.tag(h), x.home(h)
	for ; ; skip++ {
		i := (home + uint64(skip)) & mask
		s := x.load(i)
		if s == 0 {
			if !e.layout.fits(vec) {
				return 0, wide
			}
			if x.claim(i, tag) {
				return skip, claimed
			}
			s = x.load(i)
		}
		switch {
		case !x.same(s, tag):
		case x.busy(s):
			return 0, busy
		case e.is(x.id(s), vec):
			return x.id(s), known
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
	mask, id := uint64(e.index.len()-1), uint32(e.gate.count.Add(n)-n)
	for i := lo; i < hi; i++ {
		if fresh[i] {
			h := hashes[i]
			slot := (e.index.home(h) + uint64(ids[i])) & mask
			record, l := e.states.record(id)
			l.write(record, vecs[i*e.words:(i+1)*e.words])
			e.index.fill(slot, e.index.tag(h), id)
			ids[i] = id
			id++
		}
	}
}

// insert adds one state, unless records are not wide enough for it.
func (e *Exact) insert(vec []uint32, h uint64) (id uint32, m met) {
	hashes, ids, fresh := [1]uint64{h}, [1]uint32{}, [1]bool{true}
	for {
		switch ids[0], m = e.claim(vec, h, 0); m {
		case busy:
			runtime.Gosched()
			continue
		case claimed:
			e.fill(vec, hashes[:], ids[:], fresh[:], 0, 1)
		}
		return ids[0], m
	}
}

// grow makes room for need states. The gate is held for writing. The size is updated after each
// allocation, since the memory limit may ask for it before it grants the next one.
func (e *Exact) grow(need int64) error {
	defer e.measure()
	for e.layout != nil && e.states.room() < need {
		if err := e.states.grow(e.layout, e.allow); err != nil {
			return err
		}
		e.measure()
	}
	for e.parents != nil && e.parents.room() < need {
		if err := e.parents.grow(parentLayout, e.allow); err != nil {
			return err
		}
		e.measure()
	}
	n := e.index.len()
	for capacityOf(n) < need {
		n *= 2
	}
	if n == e.index.len() {
		return nil
	}
	// The new index takes memory as it is filled, and by then the old one is freed.
	old := e.index.size()
	grown, err := newIndex(n, func(bytes int64) bool { return e.allow == nil || e.allow(bytes-old) })
	if err != nil {
		return err
	}
	e.index.free()
	e.index = grown
	e.reindex()
	return nil
}

// reindex fills an empty index, on all processors when there is much to do.
func (e *Exact) reindex() {
	n := int(e.gate.count.Load())
	part := max(n, 1)
	if n > 1<<16 {
		procs := runtime.GOMAXPROCS(0)
		part = (n + procs - 1) / procs
	}
	var wg sync.WaitGroup
	for lo := 0; lo < n; lo += part {
		wg.Go(func() { e.reinsert(lo, min(lo+part, n)) })
	}
	wg.Wait()
}

// reinsert puts states by id into the index. All are different, so that the first empty slot is as good as any. They
// are read in the order of their ids, and their slots are asked for some time before they are needed.
func (e *Exact) reinsert(lo, hi int) {
	var hashes [64]uint64
	vec := make([]uint32, e.words)
	for ; lo < hi; lo += len(hashes) {
		some := hashes[:min(len(hashes), hi-lo)]
		for k := range some {
			some[k] = Seeded(e.Read(uint32(lo+k), vec), e.seed)
			e.index.prefetch(some[k])
		}
		for k, h := range some {
			e.index.place(h, uint32(lo+k))
		}
	}
}
