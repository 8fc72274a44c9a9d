package plan

import (
	"cmp"
	"fmt"
	"strings"
)

// maxNamed is the number of parts that a sentence names.
const maxNamed = 3

// DiffText names the first parts in which two states differ, for errors.
func DiffText(d []Change) string {
	var parts []string
	for i, c := range d {
		if i == maxNamed {
			parts = append(parts, fmt.Sprintf("and %d more", len(d)-maxNamed))
			break
		}
		c = c.Named()
		parts = append(parts, fmt.Sprintf("%s is %s or %s", c.Path, c.Before, c.After))
	}
	return strings.Join(parts, ", ")
}

// Named returns a change of a state with words for what has no text. A state without parts, such as
// a number, is the part itself.
func (c Change) Named() Change {
	const none = "(none)"
	return Change{
		Path: partName(strings.TrimPrefix(c.Path, ".")), Before: cmp.Or(c.Before, none), After: cmp.Or(c.After, none),
	}
}
