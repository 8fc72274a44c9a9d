//go:build unix && !race

package offheap

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// hugePage is the size of a huge page, and the least size of a table that uses them. A visited set
// is read at random places, so with pages of 4 kB nearly each access also misses the translation
// cache. Huge pages save most of that, and most page faults of first use. They may waste up to one
// page for each table.
const hugePage = 2 << 20

func allocate(bytes int) ([]byte, error) {
	if bytes == 0 {
		return nil, nil
	}
	if bytes < hugePage {
		return mapped(bytes)
	}
	b, err := mapped(bytes + hugePage)
	if err != nil {
		return nil, err
	}
	b = aligned(b, bytes)
	adviseHuge(b)
	return b, nil
}

func mapped(bytes int) ([]byte, error) {
	p, err := unix.MmapPtr(-1, 0, nil, uintptr(bytes), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		return nil, fmt.Errorf("offheap: no memory for %d bytes: %w", bytes, err)
	}
	return unsafe.Slice((*byte)(p), bytes), nil
}

// aligned returns the given number of bytes of b, from the first border between huge pages on, and
// releases the rest. Without it, both ends of every table would be in small pages.
func aligned(b []byte, bytes int) []byte {
	page := unix.Getpagesize()
	skip := int(-uintptr(unsafe.Pointer(unsafe.SliceData(b))) & (hugePage - 1))
	end := skip + (bytes+page-1)/page*page
	if skip > 0 {
		release(b[:skip])
	}
	if end < len(b) {
		release(b[end:])
	}
	return b[skip : skip+bytes : skip+bytes]
}

func release(b []byte) {
	if err := unix.MunmapPtr(unsafe.Pointer(unsafe.SliceData(b)), uintptr(len(b))); err != nil {
		panic(fmt.Sprintf("offheap: freeing what was not allocated: %v", err))
	}
}
