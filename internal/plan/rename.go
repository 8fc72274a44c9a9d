package plan

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"reflect"
	"sync"
)

// Rename returns a content with other names of the types in interfaces: what leaves a process must not depend on
// the packages in which types are declared. known says which type of this process a name in the content stands
// for, and written what to write in its place. It is an error if a type is not known.
func Rename(p *Plan, content string, known, written func(name string) string) (string, error) {
	if !p.boxesTypes() {
		return content, nil
	}
	d := decoder{src: []byte(content), known: known}
	if p.kind == reflect.Interface { // mostly only the name changes
		if d.byte() == 0 {
			return content, nil
		}
		name := string(d.bytes())
		b := p.boxNamed([]byte(known(name)))
		if d.bad || b == nil {
			return "", fmt.Errorf("this program knows no type %q that may be there", name)
		}
		if !b.plan.boxesTypes() {
			return string(append(appendString([]byte{1}, written(b.name)), d.src...)), nil
		}
		d.src = []byte(content)
	}
	v := reflect.New(p.typ).UnsafePointer()
	if d.value(p, v, 0); d.bad || len(d.src) > 0 {
		return "", errGarbage
	}
	t := trackers.Get().(*tracker)
	defer t.done()
	t.written = written
	b, err := p.append(nil, v, t)
	return string(b), err
}

// boxing caches the results of boxesTypes.
var boxing sync.Map // *Plan -> bool

// boxesTypes reports whether a part of a value may be an interface.
func (p *Plan) boxesTypes() bool {
	if x, ok := boxing.Load(p); ok {
		return x.(bool)
	}
	x := p.boxesWithin(map[*Plan]bool{})
	boxing.Store(p, x)
	return x
}

func (p *Plan) boxesWithin(seen map[*Plan]bool) bool {
	if p == nil || seen[p] || p.opaque != nil {
		return false
	}
	seen[p] = true
	for _, f := range p.fields {
		if f.plan.boxesWithin(seen) {
			return true
		}
	}
	return p.kind == reflect.Interface || p.key.boxesWithin(seen) || p.elem.boxesWithin(seen)
}

// Met returns the full names of the types with a short name that were met in interfaces. A full name stands for
// itself.
func Met(short string) (full []string) {
	dynamicTypes.Range(func(name, _ any) bool {
		if ShortName(name.(string)) == short || name == short {
			full = append(full, name.(string))
		}
		return true
	})
	return full
}

// FullName returns the name by which an encoding names a type in an interface.
func FullName(t reflect.Type) string { return typeName(t) }

// Schema describes the structure of a type as [Plan.Signature] does, without the packages of types.
func Schema(p *Plan) string { return ShortName(p.Signature()) }

// Boxed takes apart the content of a value in an interface: the name of its type, and its own content.
func Boxed(content string) (name, inner string, ok bool) {
	if len(content) == 0 || content[0] != 1 {
		return "", "", false
	}
	b := []byte(content[1:])
	n, k := binary.Uvarint(b)
	if k <= 0 || n > uint64(len(b)-k) {
		return "", "", false
	}
	b = bytes.Clone(b[k:])
	return string(b[:n]), string(b[n:]), true
}
