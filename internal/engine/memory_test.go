package engine

import (
	"strings"
	"testing"

	"github.com/allways-go/allways/internal/longtest"
)

// binaryTree is a binary tree of n nodes.
func binaryTree(n int) *graphSpace {
	edges := make([][]int, n)
	for i := range n - 1 {
		edges[i/2] = append(edges[i/2], i+1)
	}
	return newGraphSpace([]int{0}, edges...)
}

// Whatever the limit of memory, every pass ends with a reason, lets go of what it holds, and no
// table that could not grow is relied upon.
func TestAnyMemoryLimit(t *testing.T) {
	g := binaryTree(2*columnLen + 100)
	for i := range g.bad {
		g.bad[i] = i > columnLen // found when a second segment of a column is needed
	}
	for _, depth := range []int{0, 40} {
		for limit := int64(8 << 10); limit < 2<<20; limit += limit/int64(longtest.Size(3, 10)) + 100 {
			for _, p := range passes() {
				b := NewBudget(t.Context(), g, Limits{MaxMemory: limit, MaxDepth: depth})
				reason := p.run(t, g, b)
				if peak := b.Peak(); peak > limit {
					t.Errorf("%s, depth %d, limit %d: a peak of %d bytes", p.name, depth, limit, peak)
				}
				// With fingerprints a complete search may be followed by one for trails that has no
				// memory.
				if reason == StopReasonNone && b.Ended() != StopReasonNone &&
					!strings.Contains(p.name, "fingerprint=true") {
					t.Errorf("%s, depth %d, limit %d: no stop reason, though the run has ended: %d", p.name, depth, limit,
						b.Ended())
				}
				if size := b.tables.size(); size != 0 {
					t.Errorf("%s, depth %d, limit %d: %d bytes are still held", p.name, depth, limit, size)
				}
				b.Close()
			}
		}
	}
}

// A state for whose note there was no memory is judged all the same; it only has no trail.
func TestDeepFindingWithoutMemory(t *testing.T) {
	g := binaryTree(2 * columnLen)
	var order []int
	held := int64(0) // when all notes fill a segment
	cfg := Config{Want: wantStates, Budget: budget(t, g, Limits{})}
	cfg.Visit = func(v *Visit) {
		if order = append(order, g.node(v.State)); len(order) == columnLen {
			held = cfg.Budget.Memory()
		}
	}
	if _, err := DepthFirst(g, &cfg); err != nil {
		t.Fatal(err)
	}
	g.bad[order[columnLen]] = true
	room := int64(4 * g.words * columnLen) // for more states, whose table doubles now, but not for more notes
	cfg.Budget, cfg.Visit = budget(t, g, Limits{MaxMemory: held + room + columnLen}), nil
	out, err := DepthFirst(g, &cfg)
	if err != nil {
		t.Fatal(err)
	}
	if d := out.Discoveries[propAlways]; out.StopReason != StopReasonMemory || d == nil || d.Trail != nil {
		t.Errorf("stop reason %d at %d states, found %+v; want a finding without a trail", out.StopReason, out.Distinct, d)
	}
}
