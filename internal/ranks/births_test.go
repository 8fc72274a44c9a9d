package ranks

import (
	"testing"

	"pgregory.net/rapid"
)

// Births of any size are read as they were written.
func TestBirths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type birth struct{ parent, act int }
		var want []birth
		var b Births
		last := 0
		for range rapid.IntRange(1, 20).Draw(t, "states") {
			growth := rapid.SampledFrom([]int{0, 1, 2, 3, 4, 1000, 1 << 27}).Draw(t, "growth")
			act := rapid.OneOf(rapid.IntRange(0, 70), rapid.IntRange(0, MaxActions)).Draw(t, "action")
			b = appendBirth(b, uint32(growth), uint32(act))
			last += growth
			want = append(want, birth{last, act})
		}
		for rank, x := range want {
			if parent, act, ok := b.Of(rank); !ok || parent != x.parent || act != x.act {
				t.Fatalf("rank %d: parent %d, action %d, %t; want %+v", rank, parent, act, ok, x)
			}
		}
		if _, _, ok := b.Of(len(want)); ok {
			t.Fatal("there is a state behind the last one")
		}
	})
}
