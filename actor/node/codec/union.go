package codec

import (
	"errors"
	"fmt"
	"path"
	"reflect"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/internal/program"
)

// union names the types of a system's messages.
type union struct {
	program *program.Program
	message reflect.Type // the message type
	tagged  bool         // whether it is an interface, so that messages carry the names of their types
	types   map[string]reflect.Type
	names   map[reflect.Type]string
}

// newUnion names a type by its name without the package, if no other type has that name.
func newUnion(sys actor.Program) (*union, error) {
	p, err := program.Of(sys)
	if err != nil {
		return nil, err
	}
	inspect := func(t reflect.Type) error { return inspect(t, p.Messages().Type()) }
	u := &union{
		program: p, message: p.Messages().Type(), types: map[string]reflect.Type{}, names: map[reflect.Type]string{},
	}
	if u.message.Kind() != reflect.Interface {
		return u, inspect(u.message)
	}
	u.tagged = true
	if len(p.Messages().Types()) == 0 {
		return nil, fmt.Errorf("the message type %v is an interface, and no type that implements it is registered: "+
			"call sys.RegisterMessages with a message of each type", u.message)
	}
	short := map[string]map[reflect.Type]bool{}
	for _, t := range p.Messages().Types() {
		if short[shortName(t)] == nil {
			short[shortName(t)] = map[reflect.Type]bool{}
		}
		short[shortName(t)][t] = true
	}
	for _, t := range p.Messages().Types() {
		name := shortName(t)
		if len(short[name]) > 1 {
			name = path.Base(elem(t).PkgPath()) + "." + name
		}
		if known, ok := u.types[name]; ok && known != t {
			return nil, fmt.Errorf("the message types %v and %v would both be named %q: rename one of them", known, t, name)
		}
		if err := inspect(t); err != nil {
			return nil, err
		}
		u.types[name], u.names[t] = t, name
	}
	return u, nil
}

// elem returns the type to which a pointer type points, and other types as they are.
func elem(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// shortName returns the name of a type without its package, or its text if it has no name.
func shortName(t reflect.Type) string {
	if n := elem(t).Name(); n != "" {
		return n
	}
	return t.String()
}

// name returns the name of a message's type.
func (u *union) name(m any) (string, error) {
	if m == nil {
		return "", errors.New("the message is nil")
	}
	name, ok := u.names[reflect.TypeOf(m)]
	if !ok {
		return "", fmt.Errorf("the message type %T is not registered: pass a message of it to sys.RegisterMessages", m)
	}
	return name, nil
}

// decodeAs returns a value of type t that unmarshal fills; without bytes it is zero.
func decodeAs(t reflect.Type, value []byte, unmarshal func([]byte, any) error) (any, error) {
	v := reflect.New(t)
	if t.Kind() == reflect.Pointer {
		v.Elem().Set(reflect.New(t.Elem()))
	}
	if len(value) > 0 {
		if err := unmarshal(value, v.Interface()); err != nil {
			return nil, err
		}
	}
	return v.Elem().Interface(), nil
}
