package plan

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// TypeError says that a type has no content to compare.
type TypeError struct {
	Path   string // such as `raft.State.peers[].cb`
	Type   string
	Reason string
	Remedy string
}

// Error names the field, the reason and the remedy.
func (e *TypeError) Error() string {
	return fmt.Sprintf("%s (%s): %s; %s", e.Path, e.Type, e.Reason, e.Remedy)
}

// typePath returns the name that begins the path of a type error.
func typePath(t reflect.Type) string {
	for t.Kind() == reflect.Pointer && t.Name() == "" {
		t = t.Elem()
	}
	return t.String()
}

// ValueError says that a value has no content to compare.
type ValueError struct {
	Path   string // within the value, such as `.peers[2].next`; empty for the value itself
	Reason string
	Remedy string
}

// Error names the place, the reason and the remedy.
func (e *ValueError) Error() string {
	path := strings.TrimPrefix(e.Path, ".")
	if path != "" {
		path += ": "
	}
	return path + e.Reason + "; " + e.Remedy
}

// maxPath limits the length of the paths of parts that are nested very deeply.
const maxPath = 200

// at puts a step before the path of a value error.
func at(err error, step string) error {
	if e, ok := err.(*ValueError); ok {
		if e.Path = step + strings.TrimSuffix(e.Path, "..."); len(e.Path) > maxPath {
			e.Path = e.Path[:maxPath] + "..."
		}
	}
	return err
}

var errGarbage = errors.New("plan: not an encoding of this type")
