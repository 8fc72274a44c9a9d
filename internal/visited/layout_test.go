package visited

import (
	"bytes"
	"fmt"
	"math/bits"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// word draws words of all widths.
var word = rapid.Custom(func(t *rapid.T) uint32 {
	return rapid.Uint32().Draw(t, "word") >> rapid.IntRange(0, 32).Draw(t, "zeros")
})

// What was written to a record is read from it, and no byte beside the record is touched. A layout fits the states
// that it was made for, and no others.
func TestLayout(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.IntRange(1, 9).Draw(t, "words")
		state := rapid.SliceOfN(word, words, words)
		first, states := state.Draw(t, "first"), rapid.SliceOfN(state, 1, 9).Draw(t, "states")
		l := newLayout(first)
		for _, s := range states {
			l = l.widened(l.bits(s))
		}
		memory := bytes.Repeat([]byte{0xa5}, 3*l.size)
		record := memory[l.size : 2*l.size : 2*l.size]
		for _, s := range append(states, first) {
			if !l.fits(s) {
				t.Fatalf("%v does not fit", s)
			}
			clear(record)
			l.write(record, s)
			got := make([]uint32, words)
			if l.read(record, got); !slices.Equal(got, s) || !l.holds(record, s) {
				t.Fatalf("%v is read as %v, held %t", s, got, l.holds(record, s))
			}
			other := state.Draw(t, "other")
			if l.holds(record, other) != slices.Equal(s, other) {
				t.Fatalf("a record of %v holds %v: %t", s, other, l.holds(record, other))
			}
		}
		if rest := slices.Concat(memory[:l.size], memory[2*l.size:]); bytes.Count(rest, []byte{0xa5}) != len(rest) {
			t.Fatalf("bytes beside the record were written: %x", memory)
		}
		more, size := l.bits(slices.Concat(states...)), 0
		for i, m := range more {
			size += (bits.Len32(m) + 7) / 8
			wide := slices.Clone(first)
			wide[i] ^= 1 << 31
			if room := bits.Len32(m) > 24; l.fits(wide) != room {
				t.Fatalf("%v fits: %t, want %t", wide, l.fits(wide), room)
			}
		}
		if l.size != max(size, windowLen) {
			t.Fatalf("a record has %d bytes, want %d", l.size, max(size, windowLen))
		}
	})
}

// A set of states with words of any width is a list without repetitions, whatever order they come in, while others read
// and add. The naive set is a map.
func TestSetsOfWideningStates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.IntRange(1, 5).Draw(t, "words")
		states := rapid.SliceOfN(rapid.SliceOfN(word, words, words), 1, 3000).Draw(t, "states")
		e, err := NewExact(Config{Words: words, Parents: true, Seed: 5})
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		want := map[string]bool{}
		for _, s := range states {
			want[key(s)] = true
		}
		var all sync.WaitGroup
		for half := range 2 {
			all.Go(func() { addAll(t, e, states[half*len(states)/2:], 1+30*half) })
		}
		all.Wait()
		if rapid.Bool().Draw(t, "settle") {
			e.Settle()
		}
		if e.Len() != len(want) {
			t.Fatalf("%d states, want %d", e.Len(), len(want))
		}
		for id := range uint32(e.Len()) {
			s := e.Vector(id)
			if got, ok := e.Lookup(s); !want[key(s)] || !ok || got != id {
				t.Fatalf("id %d is %v, which is looked up as %d, %t", id, s, got, ok)
			}
		}
	})
}

// key returns a state as text, equal for equal states only.
func key(s []uint32) string { return fmt.Sprint(s) }

// addAll adds states in batches, and reads each at once.
func addAll(t *rapid.T, e *Exact, states [][]uint32, batch int) {
	ids, fresh := make([]uint32, batch), make([]bool, batch)
	for part := range slices.Chunk(states, batch) {
		vecs, hashes := slices.Concat(part...), make([]uint64, len(part))
		for i, s := range part {
			hashes[i] = Seeded(s, 5)
		}
		if done, err := e.InsertBatch(vecs, hashes, len(part), ids, fresh); done != len(part) || err != nil {
			t.Errorf("%d of %d done: %v", done, len(part), err)
			return
		}
		for i, s := range part {
			if got := e.Vector(ids[i]); !slices.Equal(got, s) {
				t.Errorf("id %d is %v, want %v", ids[i], got, s)
			}
		}
	}
}

// An index finds what was placed in it, in either form of slots.
func TestIndexForms(t *testing.T) {
	for name, x := range map[string]index{
		"narrow": {narrow: make([]uint32, 64), idMask: 63, shift: 58},
		"wide":   {wide: make([]uint64, 64), idMask: 1<<32 - 1, shift: 58},
	} {
		r := rapid.Uint64()
		var hashes []uint64
		for id := range uint32(capacityOf(64)) {
			h := r.Example(int(id))
			hashes = append(hashes, h)
			if id%2 == 0 {
				x.place(h, id)
				continue
			}
			i := x.home(h)
			for !x.claim(i, x.tag(h)) {
				i = (i + 1) % 64
			}
			if s := x.load(i); !x.busy(s) || !x.same(s, x.tag(h)) {
				t.Errorf("%s: a claimed slot is %x", name, s)
			}
			x.fill(i, x.tag(h), id)
		}
		for id, h := range hashes {
			i := x.home(h)
			for s := x.load(i); !x.same(s, x.tag(h)) || x.id(s) != uint32(id); s = x.load(i) {
				if s == 0 || x.busy(s) {
					t.Fatalf("%s: id %d is not found", name, id)
				}
				i = (i + 1) % 64
			}
		}
	}
}

// BenchmarkLayout writes, reads and compares states of eleven words in records of about two bytes for each.
func BenchmarkLayout(b *testing.B) {
	first := make([]uint32, 11)
	l := newLayout(first).widened([]uint32{1 << 19, 1 << 19, 1 << 19, 255, 255, 255, 255, 255, 255, 9, 0})
	record, state := make([]byte, l.size), []uint32{70000, 80000, 90000, 1, 2, 3, 4, 5, 6, 7, 0}
	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			l.write(record, state)
		}
	})
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			l.read(record, state)
		}
	})
	b.Run("holds", func(b *testing.B) {
		for b.Loop() {
			l.holds(record, state)
		}
	})
	b.Run("fits", func(b *testing.B) {
		for b.Loop() {
			l.fits(state)
		}
	})
}
