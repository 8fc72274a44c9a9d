package codec

import (
	"fmt"
	"reflect"
)

// shadows encodes messages that hold messages. The libraries for JSON and CBOR can write what an
// interface holds, but they cannot read it back, because the bytes do not tell its type. So each
// type that holds messages has a shadow: the same type with a name and raw bytes in the place of
// each message. Other types are their own shadows. Types are computed once, when the encoding is
// made; afterwards a shadows is read-only, so it is safe for concurrent use.
type shadows struct {
	*union
	tagged    reflect.Type // the struct of a Type and a Value that takes the place of a message
	marshal   func(any) ([]byte, error)
	unmarshal func([]byte, any) error
	made      map[reflect.Type]reflect.Type // shadows by type; nil while the shadow is being made
}

func newShadows(
	u *union, tagged any, marshal func(any) ([]byte, error), unmarshal func([]byte, any) error,
) (*shadows, error) {
	s := &shadows{u, reflect.TypeOf(tagged), marshal, unmarshal, map[reflect.Type]reflect.Type{}}
	for _, t := range u.types {
		if _, err := s.shadow(t); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// shadow returns the shadow of a type.
func (s *shadows) shadow(t reflect.Type) (reflect.Type, error) {
	if known, ok := s.made[t]; ok {
		if known == nil {
			return nil, fmt.Errorf("%v holds messages and is recursive: use codec.Functions", t)
		}
		return known, nil
	}
	if !s.holds(t, map[reflect.Type]bool{}) {
		s.made[t] = t
		return t, nil
	}
	s.made[t] = nil
	made, err := s.make(t)
	if err == nil {
		s.made[t] = made
	}
	return made, err
}

// holds reports whether values of a type hold messages.
func (s *shadows) holds(t reflect.Type, seen map[reflect.Type]bool) bool {
	if t == s.message && t.Kind() == reflect.Interface {
		return true
	}
	if seen[t] || ownsText(t) {
		return false
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return s.holds(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			if s.holds(t.Field(i).Type, seen) {
				return true
			}
		}
	}
	return false
}

// make makes the shadow of a type that holds messages.
func (s *shadows) make(t reflect.Type) (reflect.Type, error) {
	if t.Kind() == reflect.Interface {
		return s.tagged, nil
	}
	if t.Kind() != reflect.Struct {
		elem, err := s.shadow(t.Elem())
		if err != nil {
			return nil, err
		}
		switch t.Kind() {
		case reflect.Pointer:
			return reflect.PointerTo(elem), nil
		case reflect.Slice:
			return reflect.SliceOf(elem), nil
		case reflect.Array:
			return reflect.ArrayOf(t.Len(), elem), nil
		}
		return reflect.MapOf(t.Key(), elem), nil
	}
	var fields []reflect.StructField
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous || !f.IsExported() {
			return nil, fmt.Errorf("%v holds messages and has the embedded or blank field %s: name the field, or use "+
				"codec.Functions", t, f.Name)
		}
		typ, err := s.shadow(f.Type)
		if err != nil {
			return nil, err
		}
		fields = append(fields, reflect.StructField{Name: f.Name, Type: typ, Tag: f.Tag})
	}
	return reflect.StructOf(fields), nil
}

// hide sets dst to the shadow of src.
func (s *shadows) hide(dst, src reflect.Value) error {
	if dst.Type() == src.Type() {
		dst.Set(src)
		return nil
	}
	if src.Kind() == reflect.Interface {
		return s.hideMessage(dst, src)
	}
	return s.copy(dst, src, s.hide)
}

// show is the inverse of hide.
func (s *shadows) show(dst, src reflect.Value) error {
	if dst.Type() == src.Type() {
		dst.Set(src)
		return nil
	}
	if dst.Kind() == reflect.Interface {
		return s.showMessage(dst, src)
	}
	return s.copy(dst, src, s.show)
}

// copy copies src to dst part by part.
func (s *shadows) copy(dst, src reflect.Value, part func(dst, src reflect.Value) error) error {
	switch src.Kind() {
	case reflect.Struct:
		for i := range src.NumField() {
			if err := part(dst.Field(i), src.Field(i)); err != nil {
				return err
			}
		}
	case reflect.Pointer:
		if src.IsNil() {
			return nil
		}
		dst.Set(reflect.New(dst.Type().Elem()))
		return part(dst.Elem(), src.Elem())
	case reflect.Slice, reflect.Array:
		if src.Kind() == reflect.Slice {
			dst.Set(reflect.MakeSlice(dst.Type(), src.Len(), src.Len()))
		}
		for i := range src.Len() {
			if err := part(dst.Index(i), src.Index(i)); err != nil {
				return err
			}
		}
	case reflect.Map:
		dst.Set(reflect.MakeMapWithSize(dst.Type(), src.Len()))
		for entries := src.MapRange(); entries.Next(); {
			v := reflect.New(dst.Type().Elem()).Elem()
			if err := part(v, entries.Value()); err != nil {
				return err
			}
			dst.SetMapIndex(entries.Key(), v)
		}
	}
	return nil
}

func (s *shadows) hideMessage(dst, src reflect.Value) error {
	if src.IsNil() {
		return nil
	}
	name, err := s.name(src.Interface())
	if err != nil {
		return err
	}
	b, err := s.encode(src.Interface())
	if err != nil {
		return err
	}
	dst.FieldByName("Type").SetString(name)
	dst.FieldByName("Value").SetBytes(b)
	return nil
}

func (s *shadows) showMessage(dst, src reflect.Value) error {
	name := src.FieldByName("Type").String()
	if name == "" {
		return nil
	}
	m, err := s.decodeNamed(name, src.FieldByName("Value").Bytes())
	if err != nil {
		return err
	}
	dst.Set(reflect.ValueOf(m))
	return nil
}

// encode returns the bytes of a message without the name of its type.
func (s *shadows) encode(m any) ([]byte, error) {
	src := reflect.ValueOf(m)
	hidden := s.made[src.Type()]
	if hidden == nil || hidden == src.Type() {
		return s.marshal(m)
	}
	dst := reflect.New(hidden).Elem()
	if err := s.hide(dst, src); err != nil {
		return nil, err
	}
	return s.marshal(dst.Interface())
}

// decodeNamed is the inverse of encode for a type with a name.
func (s *shadows) decodeNamed(name string, b []byte) (any, error) {
	t, ok := s.types[name]
	if !ok {
		return nil, fmt.Errorf("no message type is named %q", name)
	}
	hidden := s.made[t]
	if hidden == nil || hidden == t {
		return decodeAs(t, b, s.unmarshal)
	}
	m, err := decodeAs(hidden, b, s.unmarshal)
	if err != nil {
		return nil, err
	}
	dst := reflect.New(t).Elem()
	if err := s.show(dst, reflect.ValueOf(m)); err != nil {
		return nil, err
	}
	return dst.Interface(), nil
}
