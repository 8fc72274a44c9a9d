package plan

import (
	"fmt"
	"slices"
	"sync"
	"unsafe"
)

// tracker follows the references of one value, so that a value that has no end, or whose content
// has next to none, is refused instead of encoded without end.
//
// Memory that is reached in two ways is no fault. Content alone decides what a value is, so that
// either way leads to a part with that content, and a copy has two parts. A program could tell the
// difference only by changing one part and looking at the other, and values are never changed once
// they were encoded: code that may change its argument is given a copy.
//
// Cycles are detected on the way: the references that lead to the current part are kept on a stack.
type tracker struct {
	active []unsafe.Pointer // references that lead to the current part
	check  int              // nesting at which to look for a cycle next
	met    int              // references followed so far

	written func(name string) string // see Rename; nil means the name itself
}

var trackers = sync.Pool{New: func() any { return new(tracker) }}

// done puts the tracker back to the pool, without references that would keep memory alive.
func (t *tracker) done() {
	clear(t.active[:cap(t.active)])
	*t = tracker{active: t.active[:0]}
	trackers.Put(t)
}

// cycleDepth is the number of nested references between two searches for a cycle. A search at each
// reference would make the pass quadratic in the depth. Nothing is missed in between: a path into a
// cycle only gets longer.
const cycleDepth = 1000

// maxNesting limits the nesting of references, so that neither values nor garbage exhaust the
// stack.
const maxNesting = 100_000

// maxReferences limits the references of a value. Shared memory counts once for each way that leads
// to it, and forty pointers are enough for a million million ways.
const maxReferences = 1 << 22

// enter follows a reference. cyclic is false for memory that cannot be part of a cycle, such as the
// copy of what an interface holds.
func (t *tracker) enter(at unsafe.Pointer, cyclic bool) error {
	n := len(t.active)
	if cyclic && n >= max(t.check, cycleDepth) {
		t.check = n + cycleDepth
		if slices.Contains(t.active, at) {
			return &ValueError{Reason: "the value is cyclic: it contains itself",
				Remedy: "refer to parts by a number instead of a pointer"}
		}
	}
	if n == maxNesting {
		return &ValueError{Reason: fmt.Sprintf("the value is nested more than %d references deep", maxNesting),
			Remedy: "keep long lists in slices"}
	}
	if t.met++; t.met > maxReferences {
		return &ValueError{
			Reason: fmt.Sprintf("the value has more than %d references, counted once for each way to them", maxReferences),
			Remedy: "refer to shared parts by a number instead of a pointer"}
	}
	t.active = append(t.active, at)
	return nil
}

func (t *tracker) leave() { t.active = t.active[:len(t.active)-1] }
