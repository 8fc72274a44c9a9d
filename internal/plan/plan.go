// Package plan compiles, once for every Go type, what the content of its values is, and treats
// values by content: encoding, decoding, equality, order, deep copies, text, JSON and differences.
// Go has no derivation of such functions, and user code should not have to write them. A plan is a
// tree of small instructions, one for each type that occurs in the type, so that a value is treated
// without asking package reflect about types again.
//
// Content is what a deterministic program may depend on. Nil and empty slices or maps are the same
// content, so are -0 and +0, and all NaNs. Pointers are followed. Padding, blank fields, capacities
// and addresses are not content. Of all values with one content, one is canonical: nil slices,
// non-nil empty maps, +0. Decode gives that one.
//
// # Why content, and never identity
//
// A search reaches a state in many ways and keeps it once. The copy that the model is given next
// time was decoded, and has nothing in common with the value that was encoded but its content. So a
// model may depend on content only. What is more than content must be refused, or must not matter:
// a state in which two fields share a map comes back with two equal maps, which no program can tell
// from one without writing to either. Where values are handed out, writes are looked for. See refuse
// for types without content.
//
// # Why plans
//
// A generator of code would be one more step in every build, and would have to be run again after
// each change of a type. Interfaces that a state must implement would be a page of code for each
// type, and mistakes in it would lose states. The encoders of the standard library skip unexported
// fields, or write the entries of a map in any order. And code that uses package reflect directly
// asks about types again for every value. A plan asks once.
//
// The package neither stores values nor packs them into vectors; see packages intern and vector.
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

// Plan is the compiled treatment of one type. It is safe for concurrent use. Apart from a cache of
// dynamic types it is immutable. Get one from [Of] or [For].
//
// Values are passed by address. The memory must hold a value of the plan's type. It is only read,
// except where a method says that it writes to it.
type Plan struct {
	typ    reflect.Type
	kind   reflect.Kind
	opaque *codec   // codec of a type that is encoded as a whole, or nil
	elem   *Plan    // plan of the elements of an array, slice, pointer or map
	key    *Plan    // plan of the keys of a map
	alone  bool     // a slice whose elements hold no references, so that no memory can be reached twice
	scan   *scanner // scanner of a map that needs no reflection, or nil
	boxes  *boxes   // dynamic types of an interface
	fields []field  // fields of a struct, without blank ones
	empty  bool     // there is only one content, which takes no bytes
	named  bool     // a scalar with a String method, on the value or the pointer
	facts
}

// facts are true of a type if they are true of a part that lies in its memory. They are what lets
// common types be cheap: a type without references needs no tracker, one with a single form can be
// copied as memory, and only what has forms needs to be tried in the other one.
type facts struct {
	refs  bool // values may hold references, so that they may be cyclic
	forms bool // a content has several representations
	coded bool // a part is encoded as a whole, and may hold memory that only its codec knows
}

func (f facts) or(g facts) facts {
	return facts{refs: f.refs || g.refs, forms: f.forms || g.forms, coded: f.coded || g.coded}
}

type field struct {
	name string
	off  uintptr
	plan *Plan
}

// plans is a cache by type. A plan depends on its type alone, so the cache cannot go stale, and it
// cannot grow beyond the types of the program.
var plans = struct {
	sync.Mutex
	byType map[reflect.Type]*Plan
}{byType: map[reflect.Type]*Plan{}}

// For returns the plan of T. See [Of].
func For[T any]() (*Plan, error) { return Of(reflect.TypeFor[T]()) }

// Of returns the plan of a type. The error is a [*TypeError] that names the field that has no
// content and what to do about it.
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

// compiler makes the plans of a type and of all types that it is made of. These may refer to each
// other, so a plan is registered before its parts are compiled, and what depends on parts is
// computed at the end.
type compiler struct{ made map[reflect.Type]*Plan }

// compile makes the plan of a type that is reached by the given path. The order of the checks
// matters: types with codecs are accepted whatever their fields are, and all others must pass
// refuse.
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

// spread computes what follows from parts. Types may be recursive, so the facts are a least fixed
// point: they start with what the kind of each type says, and spread from parts to wholes until
// nothing changes.
func (c *compiler) spread() {
	for _, p := range c.made {
		p.empty = p.isEmpty()
		p.facts = p.facts.or(p.ownFacts())
	}
	for changed := true; changed; {
		changed = false
		for _, p := range c.made {
			if f := p.facts.or(p.partFacts()); f != p.facts {
				p.facts, changed = f, true
			}
		}
	}
	for _, p := range c.made {
		p.alone = p.kind == reflect.Slice && p.opaque == nil && !p.elem.refs && !p.elem.isEmpty()
	}
}

// ownFacts returns what the kind of the type says, whatever its parts are.
func (p *Plan) ownFacts() facts {
	if p.opaque != nil {
		return facts{} // the codec has a single form, and copies references
	}
	switch p.kind {
	case reflect.Slice, reflect.Map, reflect.Pointer, reflect.Interface:
		return facts{refs: true, forms: true}
	case reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
		return facts{forms: true}
	}
	return facts{}
}

// partFacts returns what the parts in the type's own memory say.
func (p *Plan) partFacts() (f facts) {
	if p.opaque != nil {
		return f
	}
	if p.kind == reflect.Array {
		f = p.elem.facts
	}
	for _, part := range p.fields {
		f = f.or(part.plan.facts)
	}
	return f
}

// isEmpty reports whether the type has only one content. It terminates, since a recursive type is
// recursive through references, which are never empty.
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

// Refers reports whether values may refer to memory that can be changed.
func (p *Plan) Refers() bool { return p.refs }

// Signature describes the structure of the type: names, kinds and fields, down to the last part.
// Stored encodings carry its Fingerprint, since a type with other fields would read them as other
// values: an encoding holds no names of fields and no kinds, for they would be most of its bytes.
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

// value returns the value at v for reflection. NewAt makes it settable, even if it was an
// unexported field.
func (p *Plan) value(v unsafe.Pointer) reflect.Value { return reflect.NewAt(p.typ, v).Elem() }
