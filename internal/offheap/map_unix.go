//go:build unix && !race

package offheap

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// hugeFrom is the size from which a table is worth huge pages: they save most of the cost of missing the translation
// cache, and waste up to their own size.
const hugeFrom = 2 << 20

func allocate(bytes int) ([]byte, error) {
	if bytes == 0 {
		return nil, nil
	}
	b, err := unix.Mmap(-1, 0, bytes, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		return nil, fmt.Errorf("offheap: no memory for %d bytes: %w", bytes, err)
	}
	if bytes >= hugeFrom {
		adviseHuge(b)
	}
	return b, nil
}

func release(b []byte) {
	if err := unix.Munmap(b); err != nil {
		panic(fmt.Sprintf("offheap: freeing what was not allocated: %v", err))
	}
}
