package symmetry

import (
	"fmt"
	"math/bits"
	"reflect"
	"slices"
	"strings"

	"github.com/allways-go/allways/internal/plan"
)

// DeclarationError says what is wrong with the declaration of identifiers.
type DeclarationError struct {
	Path   string // the field or type concerned
	Reason string // the mistake, and what to do about it
}

// Error names the path.
func (e *DeclarationError) Error() string { return e.Path + ": " + e.Reason }

// op is the kind of a node.
type op uint8

const (
	opPlain   op = iota // memory is content: integers and booleans without gaps
	opFloat             // 4 or 8 bytes
	opComplex           // two floats
	opString
	opOpaque  // encoded as a whole by its plan
	opNothing // no content; package plan refuses it
	opID      // an identifier
	opStruct
	opArray
	opSlice
	opMap
	opPointer
	opInterface
)

// node is the treatment of one type, or of one tagged field. There are fewer kinds than in package
// reflect: all plain memory is one kind, since hashing it needs no further distinction.
type node struct {
	op       op
	typ      reflect.Type
	size     uintptr
	count    int     // elements of an array
	indexed  bool    // an array or slice whose elements belong to the identifiers
	column   bool    // an indexed array that is covered by columns wherever it is at a fixed place
	elem     *node   // elements of an array, slice, map or pointer
	key      *node   // keys of a map
	fields   []field // fields of a struct
	plan     *plan.Plan
	mentions bool   // a value may hold an identifier or something indexed by one
	name     uint64 // hash of the type's name
}

type field struct {
	off  uintptr
	node *node
}

// compiler makes the nodes of a type and of all types that it is made of, which may refer to each
// other.
type compiler struct {
	plan *Plan
	made map[reflect.Type]*node
	all  []*node
}

// compile makes a plan without columns.
func compile(t, id reflect.Type, n int) (*Plan, error) {
	p := &Plan{n: n, id: id, limit: maxSteps}
	if err := p.checkIdentifiers(); err != nil {
		return nil, err
	}
	root, err := p.compileNode(t)
	if err != nil {
		return nil, err
	}
	p.root = root
	p.pool.New = func() any { return newWork(p) }
	return p, nil
}

// compileNode makes the node of a type.
func (p *Plan) compileNode(t reflect.Type) (*node, error) {
	c := &compiler{plan: p, made: map[reflect.Type]*node{}}
	n, err := c.compile(t, typePath(t))
	if err != nil {
		return nil, err
	}
	c.spread()
	return n, nil
}

// checkIdentifiers checks the type of the identifiers. It must be a declared type: identifiers are
// found by their type alone, and with a plain int every counter would be one.
func (p *Plan) checkIdentifiers() error {
	id, n := p.id, p.n
	width := id.Bits()
	if id.Kind() >= reflect.Int && id.Kind() <= reflect.Int64 {
		width--
	}
	switch {
	case id.PkgPath() == "":
		return &DeclarationError{id.String(), "every value of this type would count as an identifier: " +
			"declare a type for them, such as type Server uint8"}
	case n < 1:
		return &DeclarationError{id.String(), fmt.Sprintf("%d identifiers: there must be at least one", n)}
	case bits.Len(uint(n-1)) > width:
		return &DeclarationError{id.String(), fmt.Sprintf("it cannot number %d identifiers", n)}
	}
	return nil
}

func typePath(t reflect.Type) string {
	if t.Name() != "" {
		return t.Name()
	}
	return t.String()
}

// compile makes the node of a type. The type of the identifiers is one even if it brings its own
// encoding.
func (c *compiler) compile(t reflect.Type, path string) (*node, error) {
	if n, ok := c.made[t]; ok {
		return n, nil
	}
	n := &node{typ: t, size: t.Size(), name: hashString(seed, t.PkgPath()+"."+t.String())}
	c.made[t] = n
	c.all = append(c.all, n)
	if t != c.plan.id && plan.Opaque(t) {
		n.op = opOpaque
		n.plan, _ = plan.Of(t)
		return n, nil
	}
	var err error
	switch k := t.Kind(); k {
	case reflect.Float32, reflect.Float64:
		n.op = opFloat
	case reflect.Complex64, reflect.Complex128:
		n.op = opComplex
	case reflect.String:
		n.op = opString
	case reflect.Chan, reflect.Func, reflect.UnsafePointer, reflect.Uintptr:
		n.op = opNothing
	case reflect.Interface:
		n.op, n.mentions = opInterface, true
	case reflect.Array:
		n.op, n.count = opArray, t.Len()
		n.elem, err = c.compile(t.Elem(), path+"[]")
	case reflect.Slice:
		n.op = opSlice
		n.elem, err = c.compile(t.Elem(), path+"[]")
	case reflect.Pointer:
		n.op = opPointer
		n.elem, err = c.compile(t.Elem(), path)
	case reflect.Map:
		n.op = opMap
		if n.key, err = c.compile(t.Key(), path+"[key]"); err == nil {
			n.elem, err = c.compile(t.Elem(), path+"[]")
		}
	case reflect.Struct:
		n.op = opStruct
		err = c.compileFields(n, path)
	default:
		if n.op = opPlain; t == c.plan.id {
			n.op, n.mentions = opID, true
		}
	}
	n.pack()
	return n, err
}

// pack makes a composite plain if all of its memory is content, so that an array of a hundred small
// structs is one call of a hash function. A struct with gaps stays as it is: the bytes in the gaps
// are arbitrary, and equal contents would get different hashes.
func (n *node) pack() {
	switch n.op {
	case opArray:
		if n.elem != nil && n.elem.op == opPlain {
			n.op = opPlain
		}
	case opStruct:
		end := uintptr(0)
		for _, f := range n.fields {
			if f.node.op != opPlain || f.off != end {
				return
			}
			end += f.node.size
		}
		if end == n.size {
			n.op = opPlain
		}
	}
}

// compileFields makes the nodes of the fields of a struct. A tagged field gets a node that no other
// field shares, since the tag belongs to the field and not to its type.
func (c *compiler) compileFields(n *node, path string) error {
	for i := range n.typ.NumField() {
		f := n.typ.Field(i)
		at := path + "." + f.Name
		indexed, err := c.tag(f, at)
		if err != nil {
			return err
		}
		if f.Name == "_" {
			continue
		}
		q, err := c.compile(f.Type, at)
		if err != nil {
			return err
		}
		if indexed {
			q = &node{op: opSlice, typ: f.Type, size: f.Type.Size(), name: q.name, indexed: true, mentions: true}
			if f.Type.Kind() == reflect.Array {
				q.op, q.count = opArray, f.Type.Len()
			}
			if q.elem, err = c.compile(f.Type.Elem(), at+"[]"); err != nil {
				return err
			}
		}
		n.fields = append(n.fields, field{f.Offset, q})
	}
	return nil
}

const tagKey = "allways"

// tag reads the tag of a field and reports whether it says that the field is indexed by
// identifiers. A tag that resembles a declaration without being one is an error: ignoring it would
// lose the symmetry.
func (c *compiler) tag(f reflect.StructField, path string) (bool, error) {
	wrong := func(format string, args ...any) (bool, error) {
		return false, &DeclarationError{path, fmt.Sprintf("tag `%s`: ", f.Tag) + fmt.Sprintf(format, args...)}
	}
	want := fmt.Sprintf("want `%s:\"indexed=%s\"`", tagKey, c.plan.id.Name())
	value, ok := f.Tag.Lookup(tagKey)
	if !ok {
		if strings.Contains(string(f.Tag), "indexed=") {
			return wrong("it has no key %s: %s", tagKey, want)
		}
		return false, nil
	}
	key, name, _ := strings.Cut(value, "=")
	switch {
	case key != "indexed":
		return wrong("%q is unknown: %s", value, want)
	case name != c.plan.id.Name():
		return wrong("%q is not the type of the identifiers: %s", name, want)
	case f.Name == "_":
		return wrong("a blank field has no content")
	}
	switch f.Type.Kind() {
	case reflect.Slice:
		return true, nil
	case reflect.Array:
		if f.Type.Len() < c.plan.n {
			return wrong("the array has %d elements for %d identifiers", f.Type.Len(), c.plan.n)
		}
		return true, nil
	}
	return wrong("a field of type %s is not indexed; only arrays and slices are", f.Type)
}

// spread computes which types mention identifiers. Types may be recursive, so it repeats until
// nothing changes. What mentions no identifier needs only be hashed, and never be walked or copied.
// An interface may hold anything, so it counts as a mention; what it does hold is looked at in each
// state.
func (c *compiler) spread() {
	for changed := true; changed; {
		changed = false
		for _, n := range c.all {
			if n.mentions || n.op == opOpaque {
				continue
			}
			m := n.elem != nil && n.elem.mentions || n.key != nil && n.key.mentions
			for _, f := range n.fields {
				m = m || f.node.mentions
			}
			if m {
				n.mentions, changed = true, true
			}
		}
	}
}

// needsWalk reports whether n, at a fixed place, has something besides columns that mentions
// identifiers.
func needsWalk(n *node) bool {
	switch {
	case !n.mentions || n.column:
		return false
	case n.op == opStruct:
		return slices.ContainsFunc(n.fields, func(f field) bool { return needsWalk(f.node) })
	case n.op == opArray && !n.indexed:
		return n.count > 0 && needsWalk(n.elem)
	}
	return true
}
