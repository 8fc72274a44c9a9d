// Package sysmem says how much memory a process may use, as far as the runtime and the operating
// system tell.
package sysmem

import (
	"bufio"
	"math"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
)

// Limit returns the bytes that a process may use: GOMEMLIMIT, but at most nine tenths of what the
// machine or the container has left. 0 means that nothing is known.
func Limit() int64 {
	limit := debug.SetMemoryLimit(-1)
	for _, free := range []int64{meminfoAvailable(), cgroupLimit()} {
		if free > 0 {
			limit = min(limit, free/10*9)
		}
	}
	if limit == math.MaxInt64 {
		return 0
	}
	return limit
}

// meminfoAvailable reads the memory that Linux can hand out without swapping; 0 elsewhere.
func meminfoAvailable() int64 {
	f, err := os.Open("/proc/meminfo")
	if err != nil {
		return 0
	}
	defer f.Close()
	for sc := bufio.NewScanner(f); sc.Scan(); {
		if rest, ok := strings.CutPrefix(sc.Text(), "MemAvailable:"); ok {
			kb, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(rest, "kB")), 10, 64)
			return kb << 10
		}
	}
	return 0
}

// cgroupLimit reads the memory limit of a Linux container; 0 without one.
func cgroupLimit() int64 {
	b, err := os.ReadFile("/sys/fs/cgroup/memory.max")
	if err != nil {
		return 0
	}
	n, _ := strconv.ParseInt(strings.TrimSpace(string(b)), 10, 64)
	return n
}
