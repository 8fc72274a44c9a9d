package symmetry

import (
	"reflect"
	"unsafe"
)

// Permuter is a plan for Permute only. It is nil when no value of the type can mention an identifier.
func Permuter(t, id reflect.Type, n int) (*Plan, error) {
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
		return nil, nil
	}
	p.root = root
	p.pool.New = func() any { return newWork(p) }
	return p, nil
}

// Permute gives every identifier i that the value at v mentions the name to[i]. The value is a shallow copy that belongs
// to the caller; memory that it refers to is replaced, and never changed. It reports false, and leaves v in an unusable
// form, when the value cannot be renamed; see [Plan.Rename]. A nil plan has nothing to do.
func (p *Plan) Permute(v unsafe.Pointer, to []int) bool {
	if p == nil {
		return true
	}
	w := p.pool.Get().(*work)
	defer p.pool.Put(w)
	w.reset()
	for i, x := range to {
		w.to[i] = uint64(x)
	}
	w.rename(p.root, v)
	return !w.failed
}
