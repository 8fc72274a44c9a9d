package visited

import (
	"math/rand/v2"
	"testing"
)

// Recent may forget, but never takes one state for another: what it says it has met was met.
func TestRecentNeverInvents(t *testing.T) {
	const words = 3
	r, m, seen := rand.New(rand.NewPCG(1, 5)), NewRecent(words), map[[words]uint32]bool{}
	known := 0
	for range 60_000 {
		v := [words]uint32{r.Uint32N(30), r.Uint32N(30), r.Uint32N(30)}
		if m.Met(Hash(v[:]), v[:]) {
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
	m, v := NewRecent(2), []uint32{4, 5}
	if m.Met(Hash(v), v) {
		t.Error("an empty memory has met a state")
	}
	if !m.Met(Hash(v), []uint32{4, 5}) {
		t.Error("the last state is forgotten")
	}
	if m.Met(Hash(v), []uint32{4, 6}) {
		t.Error("another state with the same hash was taken for it")
	}
	if m.Met(Hash(v), v) {
		t.Error("a state is remembered after another one took its place")
	}
	zero := []uint32{0, 0}
	if NewRecent(2).Met(0, zero) {
		t.Error("an empty memory has met a state that looks like an empty place")
	}
}
