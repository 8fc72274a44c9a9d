package explore

import "github.com/allways-go/allways"

// promises reports whether a state that does not satisfy a property of a kind breaks it.
func promises(kind allways.PropertyKind) bool {
	switch kind {
	case allways.KindAlways, allways.KindStep, allways.KindDeadlock, allways.KindRefinement:
		return true
	}
	return false
}
