package pathtext

import (
	"fmt"
	"strings"
)

// maxFair is how many constraints of a run are listed.
const maxFair = 12

// Fairness lists how a run honours its constraints, a line each and safe for a terminal, or returns "" if it has none.
func Fairness(fair []string) string {
	if len(fair) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("  The run is fair:\n")
	for i, f := range fair {
		if i == maxFair && len(fair) > maxFair+1 {
			fmt.Fprintf(&b, "    and %d more\n", len(fair)-i)
			break
		}
		fmt.Fprintf(&b, "    %s\n", Printable(f))
	}
	return b.String()
}
