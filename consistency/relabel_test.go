package consistency_test

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/allways-go/allways/consistency"
)

// TestRelabel checks that relabelled histories are those that the clients would have made under their new numbers, in the
// form that is unique, and that another relabelling takes them back.
func TestRelabel(t *testing.T) {
	w := registers()
	rapid.Check(t, func(t *rapid.T) {
		events := w.record(func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "n") }, shape{clients: 4, ops: 6, crashes: true})
		to := rapid.Permutation([]int{0, 1, 2, 3, 7}).Draw(t, "to")
		f := func(c int) int { return to[c] }
		back := map[int]int{}
		for c, d := range to {
			back[d] = c
		}
		h := must(consistency.FromEvents(events))
		renamed := append(events[:0:0], events...)
		for i := range renamed {
			renamed[i].Client = f(renamed[i].Client)
		}
		want := must(consistency.FromEvents(renamed))
		got := h.Relabel(f)
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("relabelled: %v, recorded with new numbers: %v", got, want)
		}
		if again := got.Relabel(func(c int) int { return back[c] }); !reflect.DeepEqual(again, h) {
			t.Fatalf("there and back: %v, was %v", again, h)
		}
		if a, b := h.ProgramOrder().Relabel(f).ProgramOrder(), want.ProgramOrder(); !reflect.DeepEqual(a, b) {
			t.Fatalf("in program order: %v, not %v", a, b)
		}
	})
}
