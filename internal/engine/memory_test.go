package engine_test

import (
	"strings"
	"testing"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/graphtest"
	"github.com/allways-go/allways/internal/longtest"
)

// Whatever the limit of memory, every pass ends with a reason, lets go of what it holds, and no
// table that could not grow is relied upon.
func TestAnyMemoryLimit(t *testing.T) {
	g := graphtest.BinaryTree(2*engine.ColumnLen + 100)
	for i := range g.Bad {
		g.Bad[i] = i > engine.ColumnLen // found when a second segment of a column is needed
	}
	for _, depth := range []int{0, 40} {
		for limit := int64(8 << 10); limit < 2<<20; limit += limit/int64(longtest.Size(3, 10)) + 100 {
			for _, p := range passes() {
				b := engine.NewBudget(t.Context(), g, engine.Limits{MaxMemory: limit, MaxDepth: depth})
				reason := p.run(t, g, b)
				if peak := b.Peak(); peak > limit {
					t.Errorf("%s, depth %d, limit %d: a peak of %d bytes", p.name, depth, limit, peak)
				}
				// With fingerprints a complete search may be followed by one for trails that has no
				// memory.
				if reason == engine.StopReasonNone && b.Ended() != engine.StopReasonNone &&
					!strings.Contains(p.name, "fingerprint=true") {
					t.Errorf("%s, depth %d, limit %d: no stop reason, though the run has ended: %d", p.name, depth, limit,
						b.Ended())
				}
				if size := b.Memory(); size != 0 {
					t.Errorf("%s, depth %d, limit %d: %d bytes are still held", p.name, depth, limit, size)
				}
				b.Close()
			}
		}
	}
}

// A state for whose note there was no memory is judged all the same; it only has no trail.
func TestDeepFindingWithoutMemory(t *testing.T) {
	g := graphtest.BinaryTree(2 * engine.ColumnLen)
	var order []int
	held := int64(0) // when all notes fill a segment
	cfg := engine.Config{Want: graphtest.WantStates, Budget: graphtest.Budget(t, g, engine.Limits{})}
	cfg.Visit = func(v *engine.Visit) {
		if order = append(order, g.Node(v.State)); len(order) == engine.ColumnLen {
			held = cfg.Budget.Memory()
		}
	}
	if _, err := engine.DepthFirst(g, &cfg); err != nil {
		t.Fatal(err)
	}
	g.Bad[order[engine.ColumnLen]] = true
	room := int64(4 * g.Width * engine.ColumnLen) // for more states, whose table doubles now, but not for more notes
	cfg.Budget, cfg.Visit = graphtest.Budget(t, g, engine.Limits{MaxMemory: held + room + engine.ColumnLen}), nil
	out, err := engine.DepthFirst(g, &cfg)
	if err != nil {
		t.Fatal(err)
	}
	if d := out.Discoveries[graphtest.Always]; out.StopReason != engine.StopReasonMemory || d == nil || d.Trail != nil {
		t.Errorf("stop reason %d at %d states, found %+v; want a finding without a trail", out.StopReason, out.Distinct, d)
	}
}
