package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unsafe"
)

// tracker remembers the memory that a value refers to, and the references that lead to the current part.
type tracker struct {
	ranges []memory
	active []unsafe.Pointer
	check  int    // the nesting at which to look for a cycle next
	sought memory // met once more after skip times, it is an error
	skip   int
}

var trackers = sync.Pool{New: func() any { return new(tracker) }}

// done gives the tracker back, without references that keep memory alive.
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

// cycleDepth is the nesting after which cycles are looked for again, since that takes time. All that is nested deeper than
// a cycle is long has been met before.
const cycleDepth = 1000

// maxNesting bounds the references that lead to a part, so that neither values nor garbage exhaust the stack.
const maxNesting = 100_000

// enter follows a reference to memory of so many bytes: none for what cannot be a part of a cycle, such as the copy of
// what an interface holds.
func (t *tracker) enter(at unsafe.Pointer, size uintptr) error {
	if err := t.meet(at, size); err != nil {
		return err
	}
	if n := len(t.active); size > 0 && n >= max(t.check, cycleDepth) {
		t.check = n + cycleDepth
		if slices.Contains(t.active, at) {
			return &ValueError{Reason: "the value is cyclic: it contains itself", Remedy: "refer to parts by a number instead of a pointer"}
		}
	}
	if len(t.active) == maxNesting {
		return &ValueError{Reason: fmt.Sprintf("the value is nested more than %d references deep", maxNesting), Remedy: "keep long lists in slices"}
	}
	t.active = append(t.active, at)
	return nil
}

func (t *tracker) leave() { t.active = t.active[:len(t.active)-1] }

// overlap returns two ranges that share memory, if there are any.
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

// appendTracked is append for a whole value.
func (p *Plan) appendTracked(dst []byte, v unsafe.Pointer, t *tracker) ([]byte, error) {
	if err := t.meet(v, p.typ.Size()); err != nil { // parts may refer to the value itself
		return dst, err
	}
	return p.append(dst, v, t)
}

// sharedError names the ways in which the value at v reaches memory that is shared.
func (p *Plan) sharedError(v unsafe.Pointer, a, b memory) error {
	skip := 0
	if a == b {
		skip = 1
	}
	ways := []string{p.wayTo(v, a, 0), p.wayTo(v, b, skip)}
	slices.Sort(ways)
	return &ValueError{
		Reason: "the same memory is reached in two ways, by " + ways[0] + " and by " + ways[1],
		Remedy: "content only, never identity: copy what is shared, or refer to it by a number",
	}
}

// wayTo returns the path to some memory, past the first so many.
func (p *Plan) wayTo(v unsafe.Pointer, m memory, skip int) string {
	t := &tracker{sought: m, skip: skip}
	_, err := p.appendTracked(nil, v, t)
	if e, ok := err.(*ValueError); ok && e.Path != "" {
		return strings.TrimPrefix(e.Path, ".")
	}
	return "the value itself"
}
