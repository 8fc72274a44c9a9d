package forge

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/internal/plan"
)

// parse reads one JSON value.
func parse(text string) (x any, err error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&x); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, errors.New("message: the JSON ends too early")
		}
		return nil, fmt.Errorf("message: no JSON: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("message: there is more after the end of the JSON value")
	}
	return x, nil
}

// reader sets values.
type reader struct {
	sys   *core.System
	types []reflect.Type
}

// value sets a value that has an address to what x says. at names it.
func (r *reader) value(v reflect.Value, x any, at string) error {
	switch {
	case plan.Opaque(v.Type()):
		return r.whole(v, x, at)
	case x == nil && slices.Contains(nilable, v.Kind()):
		return nil
	case v.Kind() == reflect.Struct:
		return r.fields(v, x, at)
	case v.Kind() == reflect.Slice, v.Kind() == reflect.Array:
		return r.elements(v, x, at)
	case v.Kind() == reflect.Map:
		return r.entries(v, x, at)
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return r.value(v.Elem(), x, at)
	case v.Kind() == reflect.Interface:
		return r.dynamic(v, x, at)
	}
	return r.scalar(v, x, at)
}

var nilable = []reflect.Kind{reflect.Slice, reflect.Map, reflect.Pointer, reflect.Interface}

// unfit says that the JSON of a part is of another kind than its type asks for.
func unfit(at, want string, x any) error {
	b, err := json.Marshal(x)
	if err != nil {
		return err
	}
	if len(b) > 40 {
		b = append(b[:40], "..."...)
	}
	return fmt.Errorf("%s: want %s, not %s", at, want, b)
}

func (r *reader) fields(v reflect.Value, x any, at string) error {
	object, ok := x.(map[string]any)
	if !ok {
		return unfit(at, "an object with the fields of "+plan.TypeText(v.Type()), x)
	}
	var names []string
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		value, ok := object[name]
		if name == "_" {
			continue
		}
		names = append(names, name)
		if ok {
			if err := r.value(open(v.Field(i)), value, at+"."+name); err != nil {
				return err
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if !slices.Contains(names, name) {
			return fmt.Errorf("%s: %s has no field %q; it has %s", at, plan.TypeText(v.Type()), name, listed(names))
		}
	}
	return nil
}

// listed returns names as people read them.
func listed(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

func (r *reader) elements(v reflect.Value, x any, at string) error {
	list, ok := x.([]any)
	if !ok {
		return unfit(at, "a list", x)
	}
	if v.Kind() == reflect.Slice {
		v.Set(reflect.MakeSlice(v.Type(), len(list), len(list)))
	}
	if v.Len() != len(list) {
		return fmt.Errorf("%s: want a list of %d, not of %d", at, v.Len(), len(list))
	}
	for i, value := range list {
		if err := r.value(v.Index(i), value, fmt.Sprintf("%s[%d]", at, i)); err != nil {
			return err
		}
	}
	return nil
}

// entries sets a map.
func (r *reader) entries(v reflect.Value, x any, at string) error {
	v.Set(reflect.MakeMap(v.Type()))
	if !simpleKey(v.Type().Key()) {
		return r.pairs(v, x, at)
	}
	object, ok := x.(map[string]any)
	if !ok {
		return unfit(at, "an object", x)
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if err := r.entry(v, key(v.Type().Key(), name), object[name], fmt.Sprintf("%s[%q]", at, name)); err != nil {
			return err
		}
	}
	return nil
}

// key returns the name of an entry as the key itself would be written.
func key(t reflect.Type, name string) any {
	switch _, err := strconv.ParseFloat(name, 64); {
	case t.Kind() == reflect.Bool && (name == "true" || name == "false"):
		return name == "true"
	case t.Kind() != reflect.String && err == nil:
		return json.Number(name)
	}
	return name
}

// pairs sets a map whose keys are no names.
func (r *reader) pairs(v reflect.Value, x any, at string) error {
	list, ok := x.([]any)
	if !ok {
		return unfit(at, "a list of pairs of a key and a value", x)
	}
	for i, e := range list {
		pair, ok := e.([]any)
		if !ok || len(pair) != 2 {
			return unfit(fmt.Sprintf("%s[%d]", at, i), "a pair of a key and a value", e)
		}
		if err := r.entry(v, pair[0], pair[1], fmt.Sprintf("%s[%d]", at, i)); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) entry(v reflect.Value, key, value any, at string) error {
	k, e := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
	if err := r.value(k, key, at); err != nil {
		return err
	}
	if err := r.value(e, value, at); err != nil {
		return err
	}
	if !k.Comparable() {
		return fmt.Errorf("%s: the key of a map must be comparable", at)
	}
	v.SetMapIndex(k, e)
	return nil
}

// dynamic sets an interface.
func (r *reader) dynamic(v reflect.Value, x any, at string) error {
	object, _ := x.(map[string]any)
	name, ok := object["type"].(string)
	if !ok {
		return unfit(at, `an object such as {"type":"T","value":{}}`, x)
	}
	for field := range object {
		if field != "type" && field != "value" {
			return fmt.Errorf(`%s: want "type" and "value" only, not %q`, at, field)
		}
	}
	var found []reflect.Type
	var names []string
	for _, t := range slices.Concat(r.types, basic) {
		if !t.Implements(v.Type()) || slices.Contains(found, t) {
			continue
		}
		if typeName(t) == name {
			found = append(found, t)
		} else if !slices.Contains(basic, t) && !slices.Contains(names, typeName(t)) {
			names = append(names, typeName(t))
		}
	}
	switch len(found) {
	case 0:
		slices.Sort(names)
		return fmt.Errorf("%s: no type %q is known; known are %s", at, name, listed(names))
	case 1:
	default:
		return fmt.Errorf("%s: %q is the name of %d types", at, name, len(found))
	}
	e := reflect.New(found[0]).Elem()
	value, ok := object["value"]
	if !ok {
		return fmt.Errorf("%s: the value is missing", at)
	}
	if err := r.value(e, value, at); err != nil {
		return err
	}
	v.Set(e)
	return nil
}

// basic are the types of values that need no names.
var basic = []reflect.Type{
	reflect.TypeFor[bool](), reflect.TypeFor[string](), reflect.TypeFor[int](), reflect.TypeFor[int8](),
	reflect.TypeFor[int16](), reflect.TypeFor[int32](), reflect.TypeFor[int64](), reflect.TypeFor[uint](),
	reflect.TypeFor[uint8](), reflect.TypeFor[uint16](), reflect.TypeFor[uint32](), reflect.TypeFor[uint64](),
	reflect.TypeFor[float32](), reflect.TypeFor[float64](),
}

// whole sets a value that is encoded as a whole.
func (r *reader) whole(v reflect.Value, x any, at string) error {
	text, ok := x.(string)
	if !ok {
		return unfit(at, "the text of a "+plan.TypeText(v.Type()), x)
	}
	var err error
	if t := texts(v); t != nil {
		err = t.UnmarshalText([]byte(text))
	} else {
		err = decoded(v, text)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", at, err)
	}
	return nil
}

// decoded sets a value from its bytes in base64.
func decoded(v reflect.Value, text string) error {
	content, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return err
	}
	p, err := plan.Of(v.Type())
	if err != nil {
		return err
	}
	rest, err := p.Decode(content, v.Addr().UnsafePointer())
	if err == nil && len(rest) > 0 {
		err = errors.New("there are more bytes than the value has")
	}
	return err
}

func (r *reader) scalar(v reflect.Value, x any, at string) error {
	if _, ok := r.sys.IDOf(v); ok {
		return r.id(v, x, at)
	}
	text, isText := x.(string)
	number, isNumber := x.(json.Number)
	var err error
	switch {
	case v.Kind() == reflect.String && isText:
		v.SetString(text)
		return nil
	case v.Kind() == reflect.Bool:
		b, ok := x.(bool)
		if !ok {
			return unfit(at, "true or false", x)
		}
		v.SetBool(b)
		return nil
	case v.CanInt() && isNumber:
		err = setInt(v, number)
	case v.CanUint() && isNumber:
		var n uint64
		if n, err = strconv.ParseUint(string(number), 10, v.Type().Bits()); err == nil {
			v.SetUint(n)
		}
	case v.CanFloat() && (isNumber || isText):
		var f float64
		if f, err = strconv.ParseFloat(text+string(number), v.Type().Bits()); err == nil {
			v.SetFloat(f)
		}
	case v.CanComplex() && isText:
		var c complex128
		if c, err = strconv.ParseComplex(text, v.Type().Bits()); err == nil {
			v.SetComplex(c)
		}
	default:
		return unfit(at, v.Type().String(), x)
	}
	if err != nil {
		return unfit(at, v.Type().String(), x)
	}
	return nil
}

func setInt(v reflect.Value, number json.Number) error {
	n, err := strconv.ParseInt(string(number), 10, v.Type().Bits())
	if err == nil {
		v.SetInt(n)
	}
	return err
}

// id sets an id, which is the name of an actor or a number.
func (r *reader) id(v reflect.Value, x any, at string) error {
	if name, ok := x.(string); ok {
		var names []string
		for id, a := range r.sys.Actors {
			if a.Name == name {
				v.SetInt(int64(id))
				return nil
			}
			names = append(names, a.Name)
		}
		if name != "NoActor" {
			return fmt.Errorf("%s: there is no actor %q; there are %s and NoActor", at, name, listed(names))
		}
		v.SetInt(core.NoActor)
		return nil
	}
	number, ok := x.(json.Number)
	if !ok || setInt(v, number) != nil {
		return unfit(at, "the name of an actor or a number", x)
	}
	return nil
}
