package plan

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"unsafe"
)

// tracker finds memory that is reached twice within one value. Content alone must decide what a
// program does with a value, and shared memory is more than content: a write to one part changes
// the other.
//
// Overlap is the right test, not equal addresses: a slice may be a part of another one, and a
// pointer may lead to an element of an array. Go cannot tell what a range of memory is used for, so
// memory that is shared and never written is refused as well; a value cannot promise that it will
// never be written. Strings are exempt, since they cannot change.
//
// It collects all ranges of memory that references lead to, in one pass, and looks for an overlap
// only at the end, when they can be sorted. A set that is asked at every reference would take
// several times as long, and sharing is the rare case. Cycles must be detected on the way, or the
// pass would not end: the references that lead to the current part are kept on a stack.
type tracker struct {
	ranges []memory
	active []unsafe.Pointer // references that lead to the current part
	check  int              // nesting at which to look for a cycle next
	sought memory           // its next visit after skip visits is reported by an error, to learn the path to it
	skip   int

	written func(name string) string // see Rename; nil means the name itself
}

var trackers = sync.Pool{New: func() any { return new(tracker) }}

// done puts the tracker back to the pool, without references that would keep memory alive.
func (t *tracker) done() {
	clear(t.active[:cap(t.active)])
	*t = tracker{ranges: t.ranges[:0], active: t.active[:0]}
	trackers.Put(t)
}

type memory struct {
	at   uintptr
	size uintptr
}

// meet notes memory that the value refers to.
func (t *tracker) meet(at unsafe.Pointer, size uintptr) error {
	if size == 0 {
		return nil
	}
	m := memory{uintptr(at), size}
	t.ranges = append(t.ranges, m)
	if m == t.sought {
		if t.skip == 0 {
			return &ValueError{}
		}
		t.skip--
	}
	return nil
}

// cycleDepth is the number of nested references between two searches for a cycle. A search at each
// reference would make the pass quadratic in the depth. Nothing is missed in between: a path into a
// cycle only gets longer.
const cycleDepth = 1000

// maxNesting limits the nesting of references, so that neither values nor garbage exhaust the
// stack.
const maxNesting = 100_000

// enter follows a reference to memory of the given size. The size is 0 for memory that cannot be
// part of a cycle, such as the copy of what an interface holds.
func (t *tracker) enter(at unsafe.Pointer, size uintptr) error {
	if err := t.meet(at, size); err != nil {
		return err
	}
	if n := len(t.active); size > 0 && n >= max(t.check, cycleDepth) {
		t.check = n + cycleDepth
		if slices.Contains(t.active, at) {
			return &ValueError{Reason: "the value is cyclic: it contains itself",
				Remedy: "refer to parts by a number instead of a pointer"}
		}
	}
	if len(t.active) == maxNesting {
		return &ValueError{Reason: fmt.Sprintf("the value is nested more than %d references deep", maxNesting),
			Remedy: "keep long lists in slices"}
	}
	t.active = append(t.active, at)
	return nil
}

func (t *tracker) leave() { t.active = t.active[:len(t.active)-1] }

// overlap returns two ranges that share memory, if any do.
func (t *tracker) overlap() (a, b memory, shared bool) {
	if len(t.ranges) < 2 {
		return a, b, false
	}
	slices.SortFunc(t.ranges, func(a, b memory) int { return cmp.Compare(a.at, b.at) })
	for i, r := range t.ranges[1:] {
		if prev := t.ranges[i]; r.at < prev.at+prev.size {
			return prev, r, true
		}
	}
	return a, b, false
}
