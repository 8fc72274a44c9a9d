package plan

import (
	"reflect"
	"strings"
)

// The reasons and remedies that several errors share.
const (
	pointerKey = "a pointer in a map key is known by its address, not by its content"
	valueKey   = "use a value or a number as the key"
)

const moveOut = "keep it outside the state, in the model's own fields, and only a name or number of it in the state"

var errorType = reflect.TypeFor[error]()

// refuse returns the error for a type without content. The type alone decides, when the model is
// built, so that no search begins that would fail after an hour.
//
// The alternative to an error would be to leave such a part out. Then two states that differ in a
// function would be one, and the search would go on with either: it would lose states, and nothing
// in its report would show that. A refusal costs the author a minute, and its text says where the
// part belongs: most are configuration, which a model holds beside its states.
//
// Types of the standard library with unexported fields are refused unless they are known here. Their
// fields could be encoded as those of any struct. But they are caches, lazily built tables and
// pointers to shared ones, which the next release may change, and equal values need not have equal
// fields: two times of one instant may differ in three of them.
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
			return fail("errors seldom have comparable content", "store a string, or a number from an enumeration")
		}
	case reflect.Struct:
		switch root, _, _ := strings.Cut(t.PkgPath(), "/"); {
		case t.PkgPath() == "sync" || t.PkgPath() == "sync/atomic":
			return fail("locks and atomics are not content",
				"a state is never shared while it changes: use the plain value")
		case standard[root] && hasUnexported(t):
			return fail("its fields are private to the standard library",
				"store what it means to you, or wrap it in a type with AppendCanonical and DecodeCanonical methods")
		}
	}
	return nil
}

// refuseKey returns the error for a type of map keys that == compares by address. A copy of such a
// map would have other keys.
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
		return &TypeError{
			Path: path, Type: t.String(), Remedy: valueKey,
			Reason: "a map key that is a pointer is known by its address, not by its content",
		}
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
