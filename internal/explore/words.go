package explore

import "github.com/allways-go/allways"

// promises reports whether a state that does not satisfy a property of a kind breaks it.
func promises(kind allways.PropertyKind) bool {
	return kind == allways.KindAlways || kind == allways.KindStep || kind == allways.KindDeadlock
}
