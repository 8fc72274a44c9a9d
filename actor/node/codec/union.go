package codec

import (
	"fmt"
	"path"
	"reflect"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/internal/program"
)

// union knows the types that messages may have by name.
type union struct {
	tagged bool // the message type is an interface
	single reflect.Type
	types  map[string]reflect.Type
	names  map[reflect.Type]string
}

func newUnion(sys actor.Program) (*union, error) {
	p, err := program.Of(sys)
	if err != nil {
		return nil, err
	}
	inspect := func(t reflect.Type) error { return inspect(t, p.MessageType()) }
	u := &union{single: p.MessageType(), types: map[string]reflect.Type{}, names: map[reflect.Type]string{}}
	if u.single.Kind() != reflect.Interface {
		return u, inspect(u.single)
	}
	u.tagged = true
	if len(p.MessageTypes()) == 0 {
		return nil, fmt.Errorf("messages are of the interface type %v, and nobody has said which types they may have: call sys.Messages with an example of each", u.single)
	}
	short := map[string]map[reflect.Type]bool{}
	for _, t := range p.MessageTypes() {
		if short[shortName(t)] == nil {
			short[shortName(t)] = map[reflect.Type]bool{}
		}
		short[shortName(t)][t] = true
	}
	for _, t := range p.MessageTypes() {
		name := shortName(t)
		if len(short[name]) > 1 {
			name = path.Base(elem(t).PkgPath()) + "." + name
		}
		if known, ok := u.types[name]; ok && known != t {
			return nil, fmt.Errorf("the message types %v and %v would both be called %q: rename one", known, t, name)
		}
		if err := inspect(t); err != nil {
			return nil, err
		}
		u.types[name], u.names[t] = t, name
	}
	return u, nil
}

func elem(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// shortName is the name of a type without its package; types without a name have their text.
func shortName(t reflect.Type) string {
	if n := elem(t).Name(); n != "" {
		return n
	}
	return t.String()
}

func (u *union) name(m any) (string, error) {
	if m == nil {
		return "", fmt.Errorf("a message is nil")
	}
	name, ok := u.names[reflect.TypeOf(m)]
	if !ok {
		return "", fmt.Errorf("a message has the type %T, which sys.Messages does not name", m)
	}
	return name, nil
}

// shadows returns what encodes messages that hold messages.
func (u *union) shadows(tagged any, marshal func(any) ([]byte, error), unmarshal func([]byte, any) error) (*shadows, error) {
	s := &shadows{u, reflect.TypeOf(tagged), marshal, unmarshal, map[reflect.Type]reflect.Type{}}
	for _, t := range u.types {
		if _, err := s.shadow(t); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// decodeAs makes a value of a type with unmarshal, which is not called if there is nothing to unmarshal.
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
