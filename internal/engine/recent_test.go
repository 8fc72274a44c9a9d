package engine

import (
	"math/rand/v2"
	"testing"

	"github.com/allways-go/allways/internal/visited"
)

// recent may forget, but never takes one state for another: what it says it has met was met.
func TestRecentNeverInvents(t *testing.T) {
	const words = 3
	r, m, seen := rand.New(rand.NewPCG(1, 5)), newRecent(words), map[[words]uint32]bool{}
	known := 0
	for range 60_000 {
		v := [words]uint32{r.Uint32N(30), r.Uint32N(30), r.Uint32N(30)}
		if m.met(visited.Hash(v[:]), v[:]) {
			known++
			if !seen[v] {
				t.Fatalf("%v was never met", v)
			}
		}
		seen[v] = true
	}
	if known == 0 {
		t.Error("it remembers nothing")
	}
}

func TestRecentRemembersTheLast(t *testing.T) {
	m, v := newRecent(2), []uint32{4, 5}
	if m.met(visited.Hash(v), v) {
		t.Error("an empty memory has met a state")
	}
	if !m.met(visited.Hash(v), []uint32{4, 5}) {
		t.Error("the last state is forgotten")
	}
	if m.met(visited.Hash(v), []uint32{4, 6}) {
		t.Error("another state with the same hash was taken for it")
	}
	if m.met(visited.Hash(v), v) {
		t.Error("a state is remembered after another one took its place")
	}
	zero := []uint32{0, 0}
	if newRecent(2).met(0, zero) {
		t.Error("an empty memory has met a state that looks like an empty place")
	}
}

// Successors that violate a step property reach the search even when they are known, and every
// repetition counts.
func TestBatchKeepsRepetitionsOut(t *testing.T) {
	b := NewBatch(1)
	b.recent = newRecent(1)
	commit := func(state uint32, steps Mask) {
		b.Slot()[0] = state
		b.Commit(3, 1, steps)
	}
	commit(8, 0)
	commit(8, 0)
	commit(8, wantSteps)
	commit(9, 0)
	if b.Len() != 3 || b.known != 1 || b.Vector(0)[0] != 8 || b.edges[1].steps != wantSteps || b.Vector(2)[0] != 9 {
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
