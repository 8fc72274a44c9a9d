package actor

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/allways-go/allways/actor/internal/core"
)

// contentOf returns the codec of the states of an actor, or of messages. It refuses what belongs to handlers and
// properties before package plan finds a part of it without content.
func contentOf[T any]() (core.Codec, error) {
	if err := refuse(reflect.TypeFor[T](), "", map[reflect.Type]bool{}); err != nil {
		return core.Codec{}, err
	}
	return core.CodecOf[T]()
}

// noContent is implemented by types that values with content must not hold. refusal says what to do instead.
type noContent interface{ refusal() string }

func (*Context[M]) refusal() string {
	return "a Context is valid until its handler returns, and must not be kept: use the one that each handler gets"
}

func (Ref[S]) refusal() string { return "a Ref is for properties: keep its ID instead" }

// refuse returns an error for a type that holds a noContent. seen holds the types looked at.
func refuse(t reflect.Type, path string, seen map[reflect.Type]bool) error {
	if seen[t] {
		return nil
	}
	seen[t] = true
	if x, ok := reflect.Zero(t).Interface().(noContent); ok {
		return fmt.Errorf("field %s: %s", path, x.refusal())
	}
	switch t.Kind() {
	case reflect.Struct:
		for f := range t.Fields() {
			name := f.Name
			if path != "" {
				name = path + "." + name
			}
			if err := refuse(f.Type, name, seen); err != nil {
				return err
			}
		}
	case reflect.Map:
		return errors.Join(refuse(t.Key(), path, seen), refuse(t.Elem(), path, seen))
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return refuse(t.Elem(), path, seen)
	}
	return nil
}
