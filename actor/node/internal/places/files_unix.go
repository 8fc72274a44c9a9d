//go:build unix

package places

import (
	"math"

	"golang.org/x/sys/unix"
)

// openFiles returns how many files the process may open at the same time.
func openFiles() uint64 {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return math.MaxUint64
	}
	return uint64(limit.Cur)
}
