package reads

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/internal/plan"
)

// part is a part of a state that can be altered, with the parts inside.
type part struct {
	path   string        // as explorers name it, such as actors.s1.Term
	field  string        // name of the last field on the way to it
	unit   int           // see [erased.Part]
	value  reflect.Value // the part itself, addressable
	commit func()        // writes the value to what holds a copy of it, such as a map
	remove func()        // takes it out of the map that it is in; nil elsewhere
	inside []*part
}

// walker makes parts.
type walker struct {
	name plan.Naming
	left int // parts that may still be made
}

// root returns a part as the state consists of it.
func (w *walker) root(p erased.Part) *part {
	x := &part{unit: p.Unit, value: p.Value, commit: func() {}}
	for _, k := range p.Keys {
		x.path = join(x.path, k)
		if field, ok := k.(string); ok {
			x.field = field
		}
	}
	switch {
	case p.Whole:
	case p.Value.Kind() == reflect.Interface && !p.Value.IsNil():
		w.boxed(x, "")
	default:
		w.walk(x)
	}
	return x
}

// walk adds the parts inside of a part.
func (w *walker) walk(x *part) {
	v := x.value
	if w.left--; w.left < 0 || plan.Opaque(v.Type()) {
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if name := v.Type().Field(i).Name; name != "_" {
				w.inside(x, &part{path: join(x.path, name), field: name, value: open(v.Field(i)), commit: x.commit})
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			w.inside(x, &part{path: join(x.path, i), field: x.field, value: v.Index(i), commit: x.commit})
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			if v.MapIndex(key).IsValid() { // NaN is the key of what cannot be looked up
				w.entry(x, key)
			}
		}
		slices.SortFunc(x.inside, func(a, b *part) int { return cmp.Compare(a.path, b.path) })
	case reflect.Pointer:
		if !v.IsNil() {
			w.inside(x, &part{path: x.path, field: x.field, value: v.Elem(), commit: x.commit})
		}
	case reflect.Interface:
		if !v.IsNil() {
			w.boxed(x, "value")
		}
	}
}

func (w *walker) inside(x, y *part) {
	y.unit = x.unit
	w.walk(y)
	x.inside = append(x.inside, y)
}

// entry adds an entry of a map. What a map holds has no address: a copy is altered, and written back.
func (w *walker) entry(x *part, key reflect.Value) {
	elem := reflect.New(x.value.Type().Elem()).Elem()
	elem.Set(x.value.MapIndex(key))
	w.inside(x, &part{
		path: join(x.path, w.key(key)), field: x.field, value: elem,
		commit: func() {
			x.value.SetMapIndex(key, elem)
			x.commit()
		},
		remove: func() {
			x.value.SetMapIndex(key, reflect.Value{})
			x.commit()
		},
	})
}

// boxed adds what an interface holds.
func (w *walker) boxed(x *part, key string) {
	elem := reflect.New(x.value.Elem().Type()).Elem()
	elem.Set(x.value.Elem())
	y := &part{path: x.path, field: x.field, value: elem, commit: func() {
		x.value.Set(elem)
		x.commit()
	}}
	if key != "" {
		y.path = join(x.path, key)
	}
	w.inside(x, y)
}

// key returns the key of a map as trees of states write it.
func (w *walker) key(k reflect.Value) string {
	_, named := k.Interface().(fmt.Stringer)
	if k.Kind() == reflect.String && !named && !plan.Opaque(k.Type()) {
		return k.String()
	}
	return w.text(k)
}

// text returns a value as people read it.
func (w *walker) text(v reflect.Value) string {
	p, err := plan.Of(v.Type())
	if err != nil {
		return ""
	}
	c := reflect.New(v.Type())
	c.Elem().Set(v)
	return string(w.name.AppendText(nil, p, c.UnsafePointer()))
}

// open returns a field that may be set even if it is not exported.
func open(v reflect.Value) reflect.Value {
	return reflect.NewAt(v.Type(), v.Addr().UnsafePointer()).Elem()
}

var identifier = regexp.MustCompile(`^[\p{L}_][\p{L}\p{N}_]*$`)

// join returns the path of a part inside another one. The page names parts in the same way.
func join(path string, key any) string {
	base := path
	if base == "" {
		base = "state"
	}
	name, ok := key.(string)
	switch {
	case !ok:
		return base + "[" + strconv.Itoa(key.(int)) + "]"
	case !identifier.MatchString(name):
		return base + "[" + quoted(name) + "]"
	case path == "":
		return name
	}
	return path + "." + name
}

func quoted(text string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(text); err != nil {
		return strconv.Quote(text)
	}
	return strings.TrimSuffix(b.String(), "\n")
}
