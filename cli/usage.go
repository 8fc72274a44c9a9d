package cli

import (
	"errors"
	"fmt"
)

// usageError is a mistake in how the program was called.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

func isUsage(err error) bool {
	_, ok := errors.AsType[usageError](err)
	return ok
}

// nearest returns the name that was probably meant by one that is not known; "" if none is near.
func nearest(name string, names []string) string {
	best, at := "", 3 // two letters may be wrong
	for _, n := range names {
		if d := distance(name, n); d < at && d < len(name) {
			best, at = n, d
		}
	}
	return best
}

// distance counts the letters to insert, remove or replace to make one word the other (Levenshtein
// 1966).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
