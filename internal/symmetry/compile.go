package symmetry

import (
	"fmt"
	"math/bits"
	"reflect"
	"slices"
	"strings"
	"unsafe"

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
	kind     *kind   // kind of an identifier, or of those to which the elements of an indexed array or slice belong
	column   bool    // an indexed array that is covered by columns wherever it is at a fixed place
	elem     *node   // elements of an array, slice, map or pointer
	key      *node   // keys of a map
	fields   []field // fields of a struct
	partial  bool    // whether the struct says which of its fields it does not use
	plan     *plan.Plan
	mentions bool   // a value may hold an identifier or something indexed by one
	name     uint64 // hash of the type's name
}

type field struct {
	off  uintptr
	node *node
	name string
}

// Partial is a struct that does not always use all of its fields, such as an operation with a value that reads have no
// use for. An unused identifier is zero, which is the name of an identifier as well, so renaming must leave it alone.
type Partial interface {
	// UnusedFields returns the names of the fields that the value does not use. It does not depend on identifiers.
	UnusedFields() []string
}

// isPartial reports whether a type is Partial itself, and not by a method that an embedded field promotes.
func isPartial(t reflect.Type) bool {
	partial := reflect.TypeFor[Partial]()
	for i := range t.NumField() {
		if f := t.Field(i); f.Anonymous && (f.Type.Implements(partial) || reflect.PointerTo(f.Type).Implements(partial)) {
			return false
		}
	}
	return t.Implements(partial)
}

// used returns the fields of the struct at v that it uses.
func (n *node) used(v unsafe.Pointer) []field {
	if !n.partial {
		return n.fields
	}
	unused := n.value(v).Interface().(Partial).UnusedFields()
	return slices.DeleteFunc(slices.Clone(n.fields), func(f field) bool { return slices.Contains(unused, f.name) })
}

// compiler makes the nodes of a type and of all types that it is made of, which may refer to each
// other.
type compiler struct {
	plan *Plan
	made map[reflect.Type]*node
	all  []*node
}

// compile makes a plan without columns.
func compile(t reflect.Type, kinds []Kind) (*Plan, error) {
	p := &Plan{limit: maxSteps}
	for _, k := range kinds {
		if err := k.check(); err != nil {
			return nil, err
		}
		for _, other := range p.kinds {
			if other.Type.Name() == k.Type.Name() {
				return nil, &DeclarationError{k.Type.String(), fmt.Sprintf(
					"two kinds of identifiers are called %s, so that tags cannot tell them apart", k.Type.Name())}
			}
		}
		p.kinds = append(p.kinds, &kind{Kind: k, base: p.n})
		p.n += k.N
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

// check checks the type of the identifiers. It must be a declared type: identifiers are
// found by their type alone, and with a plain int every counter would be one.
func (k Kind) check() error {
	id, n := k.Type, k.N
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

// kindOf returns the kind of the identifiers of a type, or nil.
func (p *Plan) kindOf(t reflect.Type) *kind {
	for _, k := range p.kinds {
		if k.Type == t {
			return k
		}
	}
	return nil
}

// mentioned reports whether a state may hold an identifier of a kind or something indexed by one.
func (p *Plan) mentioned(k *kind) bool {
	met := map[*node]bool{}
	var search func(n *node) bool
	search = func(n *node) bool {
		if n == nil || met[n] {
			return false
		}
		met[n] = true
		return n.kind == k || n.op == opInterface || search(n.key) || search(n.elem) ||
			slices.ContainsFunc(n.fields, func(f field) bool { return search(f.node) })
	}
	return search(p.root)
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
	kind := c.plan.kindOf(t)
	if kind == nil && plan.Opaque(t) {
		n.op = opOpaque
		n.plan, _ = plan.Of(t)
		return n, nil
	}
	var err error
	switch t.Kind() {
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
		if n.op = opPlain; kind != nil {
			n.op, n.kind, n.mentions = opID, kind, true
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
		index, err := c.tag(f, at)
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
		if index != nil {
			q = &node{op: opSlice, typ: f.Type, size: f.Type.Size(), name: q.name, kind: index, mentions: true}
			if f.Type.Kind() == reflect.Array {
				q.op, q.count = opArray, f.Type.Len()
			}
			if q.elem, err = c.compile(f.Type.Elem(), at+"[]"); err != nil {
				return err
			}
		}
		n.fields = append(n.fields, field{f.Offset, q, f.Name})
	}
	n.partial = isPartial(n.typ)
	return nil
}

const tagKey = "allways"

// tag reads the tag of a field and returns the kind of the identifiers by which it says that the field is
// indexed, or nil. A tag that resembles a declaration without being one is an error: ignoring it would
// lose the symmetry.
func (c *compiler) tag(f reflect.StructField, path string) (*kind, error) {
	wrong := func(format string, args ...any) (*kind, error) {
		return nil, &DeclarationError{path, fmt.Sprintf("tag `%s`: ", f.Tag) + fmt.Sprintf(format, args...)}
	}
	var tags []string
	for _, k := range c.plan.kinds {
		tags = append(tags, fmt.Sprintf("`%s:\"indexed=%s\"`", tagKey, k.Type.Name()))
	}
	want := "want " + strings.Join(tags, " or ")
	value, ok := f.Tag.Lookup(tagKey)
	if !ok {
		if strings.Contains(string(f.Tag), "indexed=") {
			return wrong("it has no key %s: %s", tagKey, want)
		}
		return nil, nil
	}
	key, name, _ := strings.Cut(value, "=")
	at := slices.IndexFunc(c.plan.kinds, func(k *kind) bool { return k.Type.Name() == name })
	switch {
	case key != "indexed":
		return wrong("%q is unknown: %s", value, want)
	case at < 0:
		return wrong("%q is not the type of the identifiers: %s", name, want)
	case f.Name == "_":
		return wrong("a blank field has no content")
	}
	switch f.Type.Kind() {
	case reflect.Slice:
		return c.plan.kinds[at], nil
	case reflect.Array:
		if n := c.plan.kinds[at].N; f.Type.Len() < n {
			return wrong("the array has %d elements for %d identifiers", f.Type.Len(), n)
		}
		return c.plan.kinds[at], nil
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
	case n.op == opArray && n.kind == nil:
		return n.count > 0 && needsWalk(n.elem)
	}
	return true
}
