package plan

import "reflect"

// Misplacer is implemented by the types of fields, blank ones too, of structs that a value with content must not
// hold although their fields have some, such as what is valid for a moment only.
type Misplacer interface {
	// Misplaced says why not, and what to do instead.
	Misplaced() (reason, remedy string)
}

// Misplaced returns the Misplacer in a type, with the path of the struct that has it, or nil. It does not look
// behind interfaces, whose dynamic types are looked at when they are met.
func Misplaced(t reflect.Type, path string) (at string, x Misplacer) {
	return misplaced(t, path, map[reflect.Type]bool{})
}

func misplaced(t reflect.Type, path string, seen map[reflect.Type]bool) (at string, x Misplacer) {
	if seen[t] {
		return "", nil
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Struct:
		for f := range t.Fields() {
			if x, ok := reflect.Zero(f.Type).Interface().(Misplacer); ok && f.Type.Kind() == reflect.Struct {
				return path, x
			}
		}
		for f := range t.Fields() {
			name := f.Name
			if path != "" {
				name = path + "." + name
			}
			if at, x := misplaced(f.Type, name, seen); x != nil {
				return at, x
			}
		}
	case reflect.Map:
		if at, x := misplaced(t.Key(), path, seen); x != nil {
			return at, x
		}
		return misplaced(t.Elem(), path, seen)
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return misplaced(t.Elem(), path, seen)
	}
	return "", nil
}
