package visited

import (
	"errors"
	"math"
	"sync/atomic"
	"testing"
)

// ledger grants memory as the engine's budget does: what the table holds and what it asks for,
// together, may not exceed the limit.
type ledger struct {
	limit int64
	size  func() int64
	peak  atomic.Int64
	asked atomic.Int64 // the last request
}

func (l *ledger) allow(extra int64) bool {
	l.asked.Store(extra)
	held := int64(0)
	if l.size != nil {
		held = l.size()
	}
	if l.limit > 0 && held+extra > l.limit {
		return false
	}
	l.peak.Store(max(l.peak.Load(), held+extra))
	return true
}

// While an index grows, the old one and the new one are there at once, and both count.
func TestGrowthCountsBothTables(t *testing.T) {
	l := &ledger{}
	f := newFingerprints(t, Config{MemoryLimit: l.allow})
	l.size = f.Size
	for i := uint32(0); f.Size() == 8*firstSlots; i++ {
		f.InsertBatch([]uint64{Hash([]uint32{i})}, make([]bool, 1))
	}
	if f.Size() != 2*8*firstSlots || l.asked.Load() != 2*8*firstSlots || l.peak.Load() != 3*8*firstSlots {
		t.Errorf("size %d, asked for %d, peak %d; want twice the first table, the same, and three times",
			f.Size(), l.asked.Load(), l.peak.Load())
	}
	if want := capacityOf(firstSlots) + 1; int64(f.Len()) != want {
		t.Errorf("the table grew at %d fingerprints, want %d", f.Len(), want)
	}
}

// A large table is freed in parts while the new one is filled, so that it takes no memory beside the new one, and
// nothing is lost.
func TestLargeTablesAreFreedInParts(t *testing.T) {
	l := &ledger{}
	f := newFingerprints(t, Config{MemoryLimit: l.allow})
	l.size = f.Size
	large, n := int64(2*freedInParts), uint32(0)
	for ; int64(len(f.slots)) <= large; n++ {
		f.InsertBatch([]uint64{Hash([]uint32{n})}, make([]bool, 1))
	}
	if want := 8 * (2*large + large/16); f.Size() != 8*2*large || l.peak.Load() != want {
		t.Errorf("size %d, peak %d; want %d and %d", f.Size(), l.peak.Load(), 8*2*large, want)
	}
	for i := range n {
		if !f.Contains(Hash([]uint32{i})) {
			t.Fatalf("fingerprint %d of %d is lost", i, n)
		}
	}
}

// A sealed set keeps its states, without an index.
func TestSealedSetsKeepStates(t *testing.T) {
	e := newExact(t, Config{Words: 2})
	for i := range uint32(5000) {
		e.Insert([]uint32{i, 7 * i})
	}
	before := e.Size()
	index := e.index.size()
	e.Seal()
	if e.Size() != before-index || index == 0 {
		t.Errorf("%d bytes are left of %d, of which %d were the index", e.Size(), before, index)
	}
	for i := range uint32(e.Len()) {
		if v := e.Vector(i); v[1] != 7*v[0] {
			t.Fatalf("state %d is %v", i, v)
		}
	}
}

// One byte less than a growth needs refuses it and leaves the table as it was; the exact amount is
// enough.
func TestMemoryLimitIsExact(t *testing.T) {
	fill := func(limit int64) (n int, size int64, err error) {
		l := &ledger{limit: limit}
		e, err := NewExact(Config{Words: 3, Parents: true, MemoryLimit: l.allow})
		if err != nil {
			return 0, 0, err
		}
		defer e.Close()
		l.size = e.Size
		for i := uint32(0); i < 6000; i++ {
			if _, _, err := e.Insert([]uint32{i, i, i}); err != nil {
				return int(i), e.Size(), err
			}
		}
		return 6000, e.Size(), nil
	}
	free := &ledger{}
	e := newExact(t, Config{Words: 3, Parents: true, MemoryLimit: free.allow})
	free.size = e.Size
	for i := uint32(0); i < 6000; i++ {
		e.Insert([]uint32{i, i, i})
	}
	if n, _, err := fill(free.peak.Load()); n != 6000 || err != nil {
		t.Errorf("with the memory that it takes, %d states: %v", n, err)
	}
	n, size, err := fill(free.peak.Load() - 1)
	if n == 6000 || !errors.Is(err, ErrMemory) {
		t.Errorf("with a byte less, %d states: %v", n, err)
	}
	if size >= free.peak.Load() {
		t.Errorf("%d bytes are held with a limit below %d", size, free.peak.Load())
	}
	if _, _, err := fill(4*firstSlots - 1); !errors.Is(err, ErrMemory) {
		t.Errorf("without memory for the first table: %v", err)
	}
}

// Size is the memory of all that is held: index, states and parents, each as it stands.
func TestSize(t *testing.T) {
	e := newExact(t, Config{Words: 5, Parents: true})
	if e.Size() != 4*firstSlots {
		t.Errorf("an empty set has %d bytes", e.Size())
	}
	for i := uint32(0); i < 700; i++ {
		e.Insert([]uint32{i, i << 8, i, 0, 7})
	}
	const room = 1024 // three segments: 256, 256 and 512
	// States from 0 to 255 need a byte for the first word, and so does the third; the second needs two.
	narrow, wide := int64(1+2+1), int64(2+3+2)
	held := 4*firstSlots + 256*narrow + (256+512)*wide + room*4
	if e.Settle(); e.Size() != held {
		t.Errorf("%d bytes, want %d", e.Size(), held)
	}
	f, err := NewFingerprints(Config{})
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if f.Size() != 0 {
		t.Errorf("a closed set has %d bytes", f.Size())
	}
}

func newExact(t testing.TB, c Config) *Exact {
	e, err := NewExact(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e
}

func TestRefusedConfigs(t *testing.T) {
	for _, words := range []int{-1, 0, maxWords + 1} {
		if _, err := NewExact(Config{Words: words}); err == nil {
			t.Errorf("states of %d words are accepted", words)
		}
	}
	if _, err := NewFingerprints(Config{MemoryLimit: func(int64) bool { return false }}); !errors.Is(err, ErrMemory) {
		t.Errorf("without any memory: %v", err)
	}
}

// Records keep their place in memory, whatever the width, and segments hold each number once.
func TestArena(t *testing.T) {
	for _, width := range []int{1, 3, 7, 300, maxWords} {
		a, full := newArena(width), make([]uint32, width)
		for i := range full {
			full[i] = math.MaxUint32
		}
		l := newLayout(make([]uint32, width)).widened(full)
		n := int64(3) << a.last
		if n*int64(width) > 8<<20 {
			n = min(n, 1<<firstSegmentBits+2<<a.last)
		}
		for a.room() < n {
			if err := a.grow(l, nil); err != nil {
				t.Fatal(err)
			}
		}
		ids := []uint32{0, 1, 255, 256, 257, 511, 512, 1<<a.last - 1, 1 << a.last, 1<<a.last + 1, uint32(a.room()) - 1}
		for i, id := range ids {
			r, _ := a.record(id)
			if len(r) != 4*width || cap(r) != len(r) {
				t.Fatalf("width %d: record %d has %d bytes, room for %d", width, id, len(r), cap(r))
			}
			r[0], r[len(r)-1] = byte(i), byte(i)
		}
		last := -1
		for id := range uint32(min(a.room(), 1<<14)) {
			s, off := a.segmentOf(id)
			if off == 0 && s != last+1 || off > 0 && s != last || int(off) >= a.segmentLen(s) {
				t.Fatalf("width %d: record %d is the %d-th of segment %d", width, id, off, s)
			}
			last = s
		}
		seen := map[uint32]int{}
		for i, id := range ids {
			seen[id] = i // the last write counts
		}
		for id, i := range seen {
			if r, _ := a.record(id); r[0] != byte(i) || r[len(r)-1] != byte(i) {
				t.Errorf("width %d: record %d is %v, want %d", width, id, r[0], i)
			}
		}
		if a.size() != a.room()*int64(width)*4 {
			t.Errorf("width %d: %d bytes for %d records", width, a.size(), a.room())
		}
		a.free()
	}
}

// Parents belong to their states, wherever they lie.
func TestParents(t *testing.T) {
	e := newExact(t, Config{Words: 2, Parents: true})
	const n = 5000
	for i := range uint32(n) {
		id, fresh, err := e.Insert([]uint32{i, 1})
		if id != i || !fresh || err != nil {
			t.Fatal(id, fresh, err)
		}
		if e.Parent(id) != 0 {
			t.Fatalf("state %d has parent %d before it was set", id, e.Parent(id))
		}
		e.SetParent(id, ^i)
	}
	for i := range uint32(n) {
		if e.Parent(i) != ^i {
			t.Fatalf("state %d has parent %d", i, e.Parent(i))
		}
	}
}
