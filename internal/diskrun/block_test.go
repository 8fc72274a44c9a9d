package diskrun

import (
	"slices"
	"testing"
)

// Any bytes are either a difference, which is the one of the records before and after it, or an error.
func FuzzDiff(f *testing.F) {
	f.Add([]byte{}, 3)
	f.Add(appendDiff(nil, []uint32{1, 2, 3}, []uint32{1, 9, 0}), 3)
	f.Add(appendDiff(nil, make([]uint32, 130), slices.Repeat([]uint32{1 << 31}, 130)), 130)
	f.Fuzz(func(t *testing.T, b []byte, words int) {
		words = 1 + int(uint(words)%200)
		before, after := make([]uint32, words), make([]uint32, words)
		rest, err := applyDiff(b, after)
		if err != nil {
			return
		}
		if len(rest) > len(b) {
			t.Fatalf("%d bytes of %d are left", len(rest), len(b))
		}
		again := slices.Clone(before)
		if rest, err := applyDiff(appendDiff(nil, before, after), again); err != nil || len(rest) > 0 ||
			!slices.Equal(again, after) {
			t.Fatalf("%v became %v; %v", after, again, err)
		}
	})
}
