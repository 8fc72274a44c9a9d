package plan

import (
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

func typePath(t reflect.Type) string {
	for t.Kind() == reflect.Pointer && t.Name() == "" {
		t = t.Elem()
	}
	return t.String()
}

const moveOut = "keep it outside the state, in the model's own fields, and only a name or number of it in the state"

var errorType = reflect.TypeFor[error]()

// refuse returns the error for a type that has no content of its own.
func refuse(t reflect.Type, path string) error {
	fail := func(reason, remedy string) error {
		return &TypeError{Path: path, Type: t.String(), Reason: reason, Remedy: remedy}
	}
	switch t.Kind() {
	case reflect.Func:
		return fail("functions cannot be compared", moveOut)
	case reflect.Chan:
		return fail("channels cannot be compared by content", "use a slice for what is in it")
	case reflect.UnsafePointer, reflect.Uintptr:
		return fail("addresses are not content", moveOut)
	case reflect.Interface:
		if t == errorType {
			return fail("errors seldom have comparable content", "store a string or an enumeration of your own")
		}
	case reflect.Struct:
		switch root, _, _ := strings.Cut(t.PkgPath(), "/"); {
		case t.PkgPath() == "sync" || t.PkgPath() == "sync/atomic":
			return fail("locks and atomics are not content", "a state is never shared while it changes: use the plain value")
		case standard[root] && hasUnexported(t):
			return fail("its fields are private to the standard library", "store what it means to you, or wrap it in a type with AppendCanonical and DecodeCanonical methods")
		}
	}
	return nil
}

// refuseKey returns the error for a map key that is not known by its content.
func refuseKey(t reflect.Type, path string) error {
	bad := false
	switch t.Kind() {
	case reflect.Pointer, reflect.Chan, reflect.UnsafePointer:
		bad = true
	case reflect.Array:
		return refuseKey(t.Elem(), path+"[]")
	case reflect.Struct:
		if Opaque(t) {
			return nil
		}
		for i := range t.NumField() {
			f := t.Field(i)
			if f.Name == "_" {
				continue
			}
			if err := refuseKey(f.Type, path+"."+f.Name); err != nil {
				return err
			}
		}
	}
	if bad {
		return &TypeError{Path: path, Type: t.String(), Reason: "a map key that is a pointer is known by its address, not by its content", Remedy: "use a value or a number as the key"}
	}
	return nil
}

func hasUnexported(t reflect.Type) bool {
	for i := range t.NumField() {
		if !t.Field(i).IsExported() {
			return true
		}
	}
	return false
}

// standard holds the first path elements of the standard library's packages.
var standard = func() map[string]bool {
	m := map[string]bool{}
	for _, root := range strings.Fields(`archive bufio bytes cmp compress container context crypto database debug embed
		encoding errors expvar flag fmt go hash html image index internal io iter log maps math mime net os path plugin
		reflect regexp runtime slices sort strconv strings structs sync syscall testing text time unicode unique unsafe
		weak`) {
		m[root] = true
	}
	return m
}()
