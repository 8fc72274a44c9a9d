// Package symmetry sorts the interchangeable parts of a state by content. A plan, compiled once for a state type, finds
// the identifiers in it: arrays and slices that are indexed by them, map keys, and values that refer to them. Package
// plan knows what the content of a value is; this one only knows which contents a renaming makes equal.
package symmetry

import (
	"reflect"
	"sync"
	"unsafe"
)

// Plan is the compiled treatment of one state type and one number of identifiers. It is immutable, apart from caches,
// and safe for concurrent use. Get one from [Compile].
type Plan struct {
	n       int
	id      reflect.Type
	root    *node
	columns []column // what the first, cheap look at an identifier sees
	words   int      // of a key that joins the columns
	whole   bool     // the columns are all there is
	dynamic sync.Map // reflect.Type -> *node, of types met in interfaces
	pool    sync.Pool
}

// Compile makes the plan for states of type t that are indexed by the identifiers 0..n-1 of the integer type id. The
// error is a [*DeclarationError].
func Compile(t, id reflect.Type, n int) (*Plan, error) {
	p := &Plan{n: n, id: id}
	c := &compiler{plan: p, made: map[reflect.Type]*node{}}
	if err := c.checkIdentifiers(); err != nil {
		return nil, err
	}
	root, err := c.compile(t, typePath(t))
	if err != nil {
		return nil, err
	}
	c.spread()
	if !root.mentions {
		return nil, &DeclarationError{Path: typePath(t), Reason: "nothing in it is indexed by, keyed by or refers to " + id.String() +
			`: tag the arrays that are, as in RM [3]State ` + "`allways:\"indexed=" + id.Name() + "\"`"}
	}
	p.root = root
	p.findColumns()
	p.pool.New = func() any { return newWork(p) }
	return p, nil
}

// Sorted reports whether [Plan.Sort] does all there is to do, so that [Plan.Rename] is not needed.
func (p *Plan) Sorted() bool { return p.whole }

// Rename gives the state at v, which is a shallow copy that belongs to the caller, the names that its identifiers have
// in the representative. It replaces memory that v refers to, and never changes it. It reports false, and leaves v in an
// unusable form, when the state is its own representative: because its identifiers are sorted, or because it cannot be
// renamed, since an indexed slice has another length than it should or its pointers run in a circle.
//
// It panics with a [*DeclarationError] when an interface holds a type with a wrong tag.
func (p *Plan) Rename(v unsafe.Pointer) bool {
	w := p.pool.Get().(*work)
	defer p.pool.Put(w)
	w.reset()
	if !w.order(v) {
		return false
	}
	w.rename(p.root, v)
	return !w.failed
}
