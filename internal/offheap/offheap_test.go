package offheap

import (
	"math"
	"runtime"
	"testing"
	"unsafe"
)

// Tables of every size are zero, as long as asked for, aligned, and may be written to the last
// word; freed ones may be asked for again.
func TestTables(t *testing.T) {
	for _, n := range []int{0, 1, 2, 7, 1 << 10, 1<<18 - 1, 1 << 19, 1<<19 + 1} {
		for range 3 {
			wide, err := Uint64s(n)
			if err != nil || len(wide) != n || n > 0 && uintptr(unsafe.Pointer(&wide[0]))%8 != 0 {
				t.Fatalf("%d words of 64 bits: %d, %v", n, len(wide), err)
			}
			small, err := Uint32s(n)
			if err != nil || len(small) != n || n > 0 && uintptr(unsafe.Pointer(&small[0]))%4 != 0 {
				t.Fatalf("%d words of 32 bits: %d, %v", n, len(small), err)
			}
			for i := range n {
				if wide[i] != 0 || small[i] != 0 {
					t.Fatalf("word %d of %d is %d and %d", i, n, wide[i], small[i])
				}
				wide[i], small[i] = math.MaxUint64, math.MaxUint32
			}
			if Held() != int64(12*n) {
				t.Errorf("%d bytes are held, want %d", Held(), 12*n)
			}
			Free64(wide)
			Free32(small)
		}
	}
	Free64(nil)
	Free32(nil)
	if Held() != 0 {
		t.Errorf("%d bytes are held when all is free", Held())
	}
}

// What the system cannot give is an error, and no end of the program.
func TestTooMuch(t *testing.T) {
	if heapTables {
		t.Skip("tables are on the Go heap here, which ends the program")
	}
	if s, err := Uint64s(math.MaxInt / 8); err == nil {
		Free64(s)
		t.Error("all bytes that an int can count were granted")
	}
}

// The garbage collector does not count tables.
func TestTablesAreNoGarbage(t *testing.T) {
	if heapTables {
		t.Skip("tables are on the Go heap here")
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	s, err := Uint64s(1 << 21)
	if err != nil {
		t.Fatal(err)
	}
	defer Free64(s)
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 1<<20 {
		t.Errorf("%d bytes were allocated on the heap", got)
	}
}

// A prefetch needs no valid address.
func TestPrefetch(t *testing.T) {
	x := 5
	Prefetch(unsafe.Pointer(&x))
	Prefetch(nil)
	if x != 5 {
		t.Error("it wrote")
	}
}
