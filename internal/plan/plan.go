// Package plan compiles, once for every Go type, what the content of its values is, and treats values by content:
// encoding, decoding, equality, order, deep copies, text, JSON and differences. Nil and empty slices or maps are the same
// content, so are -0 and +0, and all NaNs; pointers are followed. The package neither stores values nor packs them into
// vectors.
package plan

import (
	"fmt"
	"hash/fnv"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unsafe"
)

// Plan is the compiled treatment of one type. It is immutable, but for what it has seen of interfaces, and safe for concurrent use. Get one from [Of] or [For].
//
// Values are passed by address. The memory must hold a value of the plan's type, and is only read, except where a method
// says that it writes to it.
type Plan struct {
	typ    reflect.Type
	kind   reflect.Kind
	opaque *codec  // not nil for types that are encoded as a whole
	elem   *Plan   // of arrays, slices, pointers and maps
	key    *Plan   // of maps
	alone  bool    // a slice whose elements hold no references, so that no memory can be reached twice
	scan   scanner // of maps that need no reflection; nil for others
	boxes  *boxes  // of interfaces
	fields []field // of structs, without blank ones
	refs   bool    // values may hold references, so that memory may be reached twice
	forms  bool    // a content has several representations
	coded  bool    // a part is encoded as a whole, and may hold memory that only its codec knows
	empty  bool    // there is only one content, which takes no bytes
	named  bool    // a scalar with a String method, on the value or the pointer
}

type field struct {
	name string
	off  uintptr
	plan *Plan
}

// plans caches by type. A plan depends on its type alone, so that the cache can neither go stale nor grow beyond the
// types of the program.
var plans = struct {
	sync.Mutex
	byType map[reflect.Type]*Plan
}{byType: map[reflect.Type]*Plan{}}

// For returns the plan of T. See [Of].
func For[T any]() (*Plan, error) { return Of(reflect.TypeFor[T]()) }

// Of returns the plan of a type. The error is a [*TypeError] that names the field that has no content and what to do
// about it.
func Of(t reflect.Type) (*Plan, error) {
	plans.Lock()
	defer plans.Unlock()
	if p, ok := plans.byType[t]; ok {
		return p, nil
	}
	c := &compiler{made: map[reflect.Type]*Plan{}}
	p, err := c.compile(t, typePath(t))
	if err != nil {
		return nil, err
	}
	c.spread()
	for t, p := range c.made {
		plans.byType[t] = p
	}
	return p, nil
}

// compiler makes the plans of a type and all types that it is made of, which may refer to each other.
type compiler struct{ made map[reflect.Type]*Plan }

func (c *compiler) compile(t reflect.Type, path string) (*Plan, error) {
	if p, ok := plans.byType[t]; ok {
		return p, nil
	}
	if p, ok := c.made[t]; ok {
		return p, nil
	}
	p := &Plan{typ: t, kind: t.Kind()}
	p.named = isScalar(p.kind) && reflect.PointerTo(t).Implements(stringerType)
	c.made[t] = p
	var err error
	if p.opaque, err = opaqueOf(t, path); err != nil || p.opaque != nil {
		p.coded = p.opaque != nil
		return p, err
	}
	if err := refuse(t, path); err != nil {
		return nil, err
	}
	switch p.kind {
	case reflect.Array, reflect.Slice, reflect.Pointer:
		suffix := "[]"
		if p.kind == reflect.Pointer {
			suffix = ""
		}
		p.elem, err = c.compile(t.Elem(), path+suffix)
	case reflect.Map:
		if err := refuseKey(t.Key(), path+"[key]"); err != nil {
			return nil, err
		}
		if p.key, err = c.compile(t.Key(), path+"[key]"); err == nil {
			p.elem, err = c.compile(t.Elem(), path+"[]")
		}
		if err == nil {
			p.scan = p.scannerOf()
		}
	case reflect.Interface:
		p.boxes = newBoxes()
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if f.Name == "_" {
				continue
			}
			q, err := c.compile(f.Type, path+"."+f.Name)
			if err != nil {
				return nil, err
			}
			p.fields = append(p.fields, field{f.Name, f.Offset, q})
		}
	}
	return p, err
}

// spread computes what follows from parts, until nothing changes: types may be recursive.
func (c *compiler) spread() {
	for _, p := range c.made {
		p.empty = p.isEmpty()
	}
	for changed := true; changed; {
		changed = false
		for _, p := range c.made {
			refs, forms, coded := p.refs, p.forms, p.coded
			switch p.kind {
			case reflect.Slice, reflect.Map:
				refs, forms = true, true
			case reflect.Pointer, reflect.Interface:
				refs, forms = true, true
			case reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
				forms = true
			case reflect.Array:
				if p.elem != nil {
					refs, forms, coded = refs || p.elem.refs, forms || p.elem.forms, coded || p.elem.coded
				}
			}
			for _, f := range p.fields {
				refs, forms, coded = refs || f.plan.refs, forms || f.plan.forms, coded || f.plan.coded
			}
			if p.opaque != nil {
				refs, forms = false, false
			}
			if refs != p.refs || forms != p.forms || coded != p.coded {
				p.refs, p.forms, p.coded, changed = refs, forms, coded, true
			}
		}
	}
	for _, p := range c.made {
		p.alone = p.kind == reflect.Slice && p.opaque == nil && !p.elem.refs && !p.elem.isEmpty()
	}
}

// isEmpty reports whether the type has only one content. Recursion leads through references, which are never empty.
func (p *Plan) isEmpty() bool {
	switch {
	case p.opaque != nil:
		return false
	case p.kind == reflect.Struct:
		return !slices.ContainsFunc(p.fields, func(f field) bool { return !f.plan.isEmpty() })
	case p.kind == reflect.Array:
		return p.typ.Len() == 0 || p.elem.isEmpty()
	}
	return false
}

// Type returns the type whose plan it is.
func (p *Plan) Type() reflect.Type { return p.typ }

// HasForms reports whether a content may have several representations, such as nil and empty slices.
func (p *Plan) HasForms() bool { return p.forms }

// Signature describes the structure of the type: names, kinds and fields, down to the last part.
func (p *Plan) Signature() string {
	var b strings.Builder
	p.sign(&b, map[*Plan]bool{})
	return b.String()
}

func (p *Plan) sign(b *strings.Builder, seen map[*Plan]bool) {
	b.WriteString(p.typ.String())
	if seen[p] || p.opaque != nil {
		return
	}
	seen[p] = true
	switch p.kind {
	case reflect.Struct:
		b.WriteByte('{')
		for _, f := range p.fields {
			b.WriteString(f.name + " ")
			f.plan.sign(b, seen)
			b.WriteByte(';')
		}
		b.WriteByte('}')
	case reflect.Array:
		fmt.Fprintf(b, "=[%d]", p.typ.Len())
		p.elem.sign(b, seen)
	case reflect.Slice:
		b.WriteString("=[]")
		p.elem.sign(b, seen)
	case reflect.Pointer:
		b.WriteString("=*")
		p.elem.sign(b, seen)
	case reflect.Map:
		b.WriteString("=map[")
		p.key.sign(b, seen)
		b.WriteByte(']')
		p.elem.sign(b, seen)
	default:
		if p.typ.PkgPath() != "" {
			b.WriteString("=" + p.kind.String())
		}
	}
}

// Fingerprint returns a short hash of the Signature, the same in every process.
func (p *Plan) Fingerprint() string {
	h := fnv.New64a()
	h.Write([]byte(p.Signature()))
	return fmt.Sprintf("%016x", h.Sum64())
}

var stringerType = reflect.TypeFor[fmt.Stringer]()

func isScalar(k reflect.Kind) bool {
	return k >= reflect.Bool && k <= reflect.Complex128 && k != reflect.Uintptr || k == reflect.String
}

// value returns the value at v for reflection, free of the limits on unexported fields.
func (p *Plan) value(v unsafe.Pointer) reflect.Value { return reflect.NewAt(p.typ, v).Elem() }
