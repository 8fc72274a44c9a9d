package engine

import (
	"testing"

	"github.com/allways-go/allways/internal/visited"
)

// Successors that violate a step property reach the search even when they are known, and every
// repetition counts.
func TestBatchKeepsRepetitionsOut(t *testing.T) {
	b := NewBatch(1)
	b.recent = visited.NewRecent(1)
	const violated = Mask(1 << 2)
	commit := func(state uint32, steps Mask) {
		b.Slot()[0] = state
		b.Commit(3, 1, steps)
	}
	commit(8, 0)
	commit(8, 0)
	commit(8, violated)
	commit(9, 0)
	if b.Len() != 3 || b.known != 1 || b.Vector(0)[0] != 8 || b.edges[1].steps != violated || b.Vector(2)[0] != 9 {
		t.Errorf("%d states, %d kept out: %v", b.Len(), b.known, b.vecs[:b.Len()])
	}
	b.Reset()
	if b.Len() != 0 || b.known != 0 {
		t.Error("the batch is not empty")
	}
}

// A batch grows without losing anything.
func TestBatchGrows(t *testing.T) {
	b := NewBatch(2)
	const n = 1000
	for i := range uint32(n) {
		b.src = i / 2
		s := b.Slot()
		s[0], s[1] = i, ^i
		b.Commit(int(i%7), uint16(i%5), Mask(i))
	}
	for i := range n {
		v := b.Vector(i)
		if v[0] != uint32(i) || v[1] != ^uint32(i) || b.Act(i) != i%7 || b.edges[i].name != uint16(i%5) ||
			b.edges[i].steps != Mask(i) ||
			b.edges[i].src != uint32(i/2) || b.hashes[i] != visited.Hash(v) {
			t.Fatalf("state %d is %v, action %d, name %d, steps %b", i, v, b.Act(i), b.edges[i].name, b.edges[i].steps)
		}
	}
}
