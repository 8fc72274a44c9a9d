package intern

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"unsafe"

	"pgregory.net/rapid"
)

func intern(t testing.TB, table *Table, b []byte) uint32 {
	id, err := table.Intern(b)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestIntern(t *testing.T) {
	table := NewTable()
	long := bytes.Repeat([]byte("long"), chunkLen)
	contents := [][]byte{[]byte("b"), {}, []byte("a"), {0}, {0, 0}, long, []byte("after the long one"), long[:chunkLen],
		long[:chunkLen+1]}
	for i, b := range contents {
		if id := intern(t, table, b); id != uint32(i) {
			t.Errorf("%.20q has id %d, want %d", b, id, i)
		}
	}
	for i, b := range contents {
		if id := intern(t, table, bytes.Clone(b)); id != uint32(i) || !bytes.Equal(table.Bytes(id), b) {
			t.Errorf("%.20q has id %d and content %.20q", b, id, table.Bytes(id))
		}
	}
	if id := intern(t, table, nil); id != 1 {
		t.Errorf("nil has id %d, and the empty string 1", id)
	}
	if table.Len() != len(contents) {
		t.Errorf("%d strings, want %d", table.Len(), len(contents))
	}
}

// A table is a list of the different strings in the order in which they came; what it keeps is its
// own.
func TestTableIsAList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, ids, list := NewTable(), map[string]uint32{}, []string(nil)
		for _, s := range rapid.SliceOf(rapid.StringN(0, 3, -1)).Draw(t, "strings") {
			b := []byte(s)
			id, err := table.Intern(b)
			if err != nil {
				t.Fatal(err)
			}
			for i := range b {
				b[i] = '!' // the caller's memory is the caller's
			}
			if _, ok := ids[s]; !ok {
				ids[s] = uint32(len(list))
				list = append(list, s)
			}
			if id != ids[s] || table.Len() != len(list) {
				t.Fatalf("%q has id %d of %d, want %d of %d", s, id, table.Len(), ids[s], len(list))
			}
		}
		for id, s := range list {
			if got := string(table.Bytes(uint32(id))); got != s {
				t.Fatalf("id %d is %q, want %q", id, got, s)
			}
		}
	})
}

// Strings handed out have no room behind them: appending to one does not write over the next.
func TestBytesAreClosed(t *testing.T) {
	table := NewTable()
	first := intern(t, table, []byte("first"))
	second := intern(t, table, []byte("second"))
	_ = append(table.Bytes(first), "overwritten"...)
	if got := string(table.Bytes(second)); got != "second" {
		t.Errorf("the next string is %q", got)
	}
}

// numbered returns the i-th of many different strings, of various lengths.
func numbered(i int) []byte {
	b := binary.AppendUvarint(nil, uint64(i))
	return append(b, bytes.Repeat([]byte{byte(i)}, i%23)...)
}

// However many goroutines intern the same strings while the index grows, equal content has one id,
// and ids are dense.
func TestConcurrentIntern(t *testing.T) {
	const goroutines, strings = 4, 6000
	for round := range uint64(5) {
		table := NewTable()
		ids := make([][]uint32, goroutines)
		var wg sync.WaitGroup
		for g := range goroutines {
			ids[g] = make([]uint32, strings)
			wg.Go(func() {
				r := rand.New(rand.NewPCG(round, uint64(g)))
				for _, i := range r.Perm(strings) {
					id, err := table.Intern(numbered(i))
					if err != nil || !bytes.Equal(table.Bytes(id), numbered(i)) {
						t.Errorf("string %d has id %d and content %q: %v", i, id, table.Bytes(id), err)
						return
					}
					ids[g][i] = id
				}
			})
		}
		wg.Wait()
		if t.Failed() {
			return
		}
		for g := range goroutines {
			if !slices.Equal(ids[g], ids[0]) {
				t.Errorf("goroutines 0 and %d got different ids", g)
			}
		}
		slices.Sort(ids[0])
		for want, id := range ids[0] {
			if id != uint32(want) {
				t.Fatalf("id %d in the place of %d: ids are not dense", id, want)
			}
		}
		if table.Len() != strings {
			t.Errorf("%d strings, want %d", table.Len(), strings)
		}
	}
}

// When all ids are taken, a new string is an error, and known ones are still found.
func TestAllIDsTaken(t *testing.T) {
	table := NewTable()
	known := intern(t, table, []byte("known"))
	table.count.Store(math.MaxInt32)
	if _, err := table.Intern([]byte("new")); !errors.Is(err, ErrFull) {
		t.Errorf("error %v, want %v", err, ErrFull)
	}
	if id, err := table.Intern([]byte("known")); id != known || err != nil {
		t.Errorf("the known string has id %d, %v", id, err)
	}
}

// held returns the memory of a table, found piece by piece: index, segments, and the chunks of the
// strings.
func held(t *testing.T, table *Table) (bytes int64) {
	slots := table.index.Load().slots
	bytes = int64(len(slots)) * int64(unsafe.Sizeof(slots[0]))
	bytes += int64(len(*table.dir.Load())) * int64(unsafe.Sizeof(segment{}))
	end, left := uintptr(0), 0 // of the current chunk
	for id := range uint32(table.Len()) {
		b := table.Bytes(id)
		if len(b) == 0 {
			continue
		}
		at := uintptr(unsafe.Pointer(unsafe.SliceData(b)))
		if at != end || left < len(b) {
			chunk := max(chunkLen, (len(b)+pageLen-1)/pageLen*pageLen)
			if real := cap(slices.Grow([]byte(nil), chunk)); real != chunk {
				t.Errorf("a chunk of %d bytes takes %d", chunk, real)
			}
			bytes, left = bytes+int64(chunk), chunk
		}
		end, left = at+uintptr(len(b)), left-len(b)
	}
	return bytes
}

// Size is the memory that the table holds, to the byte.
func TestSizeIsTheMemory(t *testing.T) {
	for _, c := range []struct {
		name    string
		strings int
		content func(i int) []byte
	}{
		{"empty table", 0, nil},
		{"short", 20_000, numbered},
		{"long", 200, func(i int) []byte { return append(make([]byte, 50_000), numbered(i)...) }},
		{"a bit more than a third of a chunk", 2000, func(i int) []byte {
			return append(make([]byte, 6_000),
				numbered(i)...)
		}},
	} {
		table := NewTable()
		for i := range c.strings {
			intern(t, table, c.content(i))
		}
		if got, want := table.Size(), held(t, table); got != want {
			t.Errorf("%s: size %d, and the table holds %d", c.name, got, want)
		}
	}
}

func BenchmarkIntern(b *testing.B) {
	const known = 1 << 16
	contents := make([][]byte, known)
	for i := range contents {
		contents[i] = numbered(i)
	}
	b.Run("hit", func(b *testing.B) {
		table := filled(b, contents)
		for i := 0; b.Loop(); i++ {
			table.Intern(contents[i&(known-1)])
		}
	})
	b.Run("miss", func(b *testing.B) {
		b.ReportAllocs()
		table, buffer := NewTable(), make([]byte, 16)
		for i := uint64(0); b.Loop(); i++ {
			binary.LittleEndian.PutUint64(buffer, i)
			table.Intern(buffer)
		}
		b.ReportMetric(float64(table.Size())/float64(table.Len()), "B/string")
	})
	for _, goroutines := range []int{1, 2} {
		b.Run("hit/goroutines="+string(rune('0'+goroutines)), func(b *testing.B) {
			table := filled(b, contents)
			each(b, goroutines, func(g, n int) {
				for i := range n {
					table.Intern(contents[(i+g*known/2)&(known-1)])
				}
			})
		})
		b.Run("miss/goroutines="+string(rune('0'+goroutines)), func(b *testing.B) {
			table := NewTable()
			each(b, goroutines, func(g, n int) {
				buffer := make([]byte, 16)
				buffer[15] = byte(g)
				for i := range n {
					binary.LittleEndian.PutUint64(buffer, uint64(i))
					table.Intern(buffer)
				}
			})
		})
	}
}

func filled(b *testing.B, contents [][]byte) *Table {
	table := NewTable()
	for _, c := range contents {
		intern(b, table, c)
	}
	return table
}

// each shares b.N calls among goroutines.
func each(b *testing.B, goroutines int, f func(g, n int)) {
	var wg sync.WaitGroup
	b.ResetTimer()
	for g := range goroutines {
		wg.Go(func() { f(g, b.N/goroutines) })
	}
	wg.Wait()
}
