//go:build !unix || race

package offheap

// heapTables says that tables are allocated on the Go heap.
const heapTables = true
