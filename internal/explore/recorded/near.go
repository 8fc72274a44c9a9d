package recorded

import (
	"slices"
	"strings"
	"unicode"
)

// nearest sorts steps by how near they come to what was recorded: first those of the same actor, and among them those
// whose texts differ in the fewest words.
func nearest(all []Near, text string) {
	want := words(text)
	far := map[string]int{}
	for _, n := range all {
		far[n.Text] = distance(want, words(n.Text))
	}
	slices.SortStableFunc(all, func(a, b Near) int {
		if a.Expected != b.Expected {
			if a.Expected {
				return -1
			}
			return 1
		}
		return far[a.Text] - far[b.Text]
	})
}

// words returns the words and numbers of a text.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// distance returns how many words must be added, left out or replaced to make b of a.
func distance(a, b []string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
