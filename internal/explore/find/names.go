package find

import (
	"maps"
	"slices"
)

// Names notes which names of a question are parts of the subjects that it is asked of. A name that is never found is
// probably misspelt. The zero value is ready to use; it is not safe for concurrent use.
type Names struct{ found, missed map[string]bool }

func (n *Names) note(name string, found bool) {
	if n == nil {
		return
	}
	if n.found == nil {
		n.found, n.missed = map[string]bool{}, map[string]bool{}
	}
	if found {
		n.found[name] = true
	} else {
		n.missed[name] = true
	}
}

// Unknown returns the names that were looked for and never found, sorted.
func (n *Names) Unknown() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(n.missed)), func(name string) bool { return n.found[name] })
}
