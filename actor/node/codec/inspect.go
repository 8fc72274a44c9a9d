package codec

import (
	"encoding"
	"fmt"
	"reflect"
)

// inspect returns an error for types that would not survive encoding by reflection: unexported
// fields would be lost, and the content of an interface could not be decoded. Only the message type
// itself may be an interface inside a message.
func inspect(t, message reflect.Type) error {
	return inspectAt(t, t.String(), map[reflect.Type]bool{message: t != message})
}

func inspectAt(t reflect.Type, path string, seen map[reflect.Type]bool) error {
	if seen[t] || ownsText(t) {
		return nil
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Interface:
		return fmt.Errorf("%s is an interface, and decoding cannot know the type of its value: use a concrete type, or "+
			"codec.Functions", path)
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return inspectAt(t.Elem(), path+"[]", seen)
	case reflect.Map:
		if err := inspectAt(t.Key(), path+"[key]", seen); err != nil {
			return err
		}
		return inspectAt(t.Elem(), path+"[]", seen)
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if !f.IsExported() && f.Name != "_" && !(f.Anonymous && f.Type.Kind() == reflect.Struct) {
				return fmt.Errorf("%s.%s is not exported and would be lost: export it, or use codec.Functions", path, f.Name)
			}
			if err := inspectAt(f.Type, path+"."+f.Name, seen); err != nil {
				return err
			}
		}
	}
	return nil
}

// ownsText reports whether a type defines its own text form.
func ownsText(t reflect.Type) bool {
	out, in := reflect.TypeFor[encoding.TextMarshaler](), reflect.TypeFor[encoding.TextUnmarshaler]()
	return t.Kind() != reflect.Interface && t.Implements(out) && reflect.PointerTo(t).Implements(in)
}
