package explore

import (
	"slices"

	"github.com/allways-go/allways"
)

// promises reports whether a state that does not satisfy a property of a kind breaks it.
func promises(kind allways.PropertyKind) bool {
	return kind == allways.KindAlways || kind == allways.KindStep || kind == allways.KindDeadlock
}

func sortedKeys(set map[string]bool) []string {
	out := make([]string, 0, len(set))
	for k := range set {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
