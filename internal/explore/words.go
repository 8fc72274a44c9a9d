package explore

import (
	"slices"
	"strings"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/erased"
)

// promises reports whether a state that does not satisfy a property of a kind breaks it.
func promises(kind allways.PropertyKind) bool {
	return kind == allways.KindAlways || kind == allways.KindStep || kind == allways.KindDeadlock
}

// prefix returns the short form of the first steps of a path.
func prefix(p *erased.Path, steps int) string {
	name, _, _ := strings.Cut(p.Encode(), "@")
	init, rest, _ := strings.Cut(name, ":")
	return init + ":" + strings.Join(strings.Split(rest, ".")[:steps], ".")
}

func sortedKeys(set map[string]bool) []string {
	out := make([]string, 0, len(set))
	for k := range set {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
