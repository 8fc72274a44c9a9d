package textwidth

import "testing"

func TestOf(t *testing.T) {
	for text, want := range map[string]int{"": 0, "abc": 3, "é": 1, "e\u0301": 1, "状態": 4, "😀!": 3, "→": 1} {
		if got := Of(text); got != want {
			t.Errorf("%q takes %d columns, want %d", text, got, want)
		}
	}
}
