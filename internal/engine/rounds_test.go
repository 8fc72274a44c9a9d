package engine

import "os"

// rounds returns the size of a test that takes random inputs: n if ALLWAYS_LONG is set, else a tenth of it.
func rounds(n int) int {
	if os.Getenv("ALLWAYS_LONG") != "" {
		return n
	}
	return max(n/10, 1)
}
