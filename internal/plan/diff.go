package plan

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unsafe"
)

// Change is a part that differs between two values. An empty Before means that the part was added,
// an empty After that it was removed.
type Change struct {
	Path   string // such as `Nodes[2].Log[0]` or `Votes["a"]`; "." for a value without parts
	Before string
	After  string
}

// A step of a counterexample shows what it changed, and states may be large: a reader who has to
// compare two of them finds the difference last. So the smallest parts that differ are named, with
// the path by which Go code would reach them.

// Diff returns the parts in which b differs from a, in the order of the type: the smallest ones
// that both have, elements of slices by index, entries of maps by key. It returns none when the
// contents are equal, and panics where Append gives an error.
func (p *Plan) Diff(a, b unsafe.Pointer) []Change { return Naming(nil).Diff(p, a, b) }

// Diff is [Plan.Diff] with names.
func (w Naming) Diff(p *Plan, a, b unsafe.Pointer) []Change {
	d := differ{naming: w}
	d.walk(p, "", a, b)
	return d.changes
}

type differ struct {
	naming  Naming
	changes []Change
}

func (d *differ) text(p *Plan, v unsafe.Pointer) string {
	return string(d.naming.AppendText(nil, p, v))
}

func (d *differ) add(path, before, after string) {
	path = strings.TrimPrefix(path, ".")
	if path == "" {
		path = "."
	}
	d.changes = append(d.changes, Change{path, before, after})
}

func (d *differ) whole(p *Plan, path string, a, b unsafe.Pointer) {
	d.add(path, d.text(p, a), d.text(p, b))
}

// boxes is whole for interfaces that hold different types. It names the types if the texts are
// equal.
func (d *differ) boxes(p *Plan, path string, a, b unsafe.Pointer) {
	before, after := d.text(p, a), d.text(p, b)
	if before == after {
		typed := func(v unsafe.Pointer, text string) string {
			return fmt.Sprintf("%v(%s)", p.value(v).Elem().Type(), text)
		}
		before, after = typed(a, before), typed(b, after)
	}
	d.add(path, before, after)
}

// walk adds the differences of two values. It first compares them as a whole, so that equal parts
// are skipped without a look inside.
func (d *differ) walk(p *Plan, path string, a, b unsafe.Pointer) {
	if p.Equal(a, b) {
		return
	}
	if p.opaque != nil {
		d.whole(p, path, a, b)
		return
	}
	switch p.kind {
	case reflect.Struct:
		for _, f := range p.fields {
			d.walk(f.plan, path+"."+f.name, unsafe.Add(a, f.off), unsafe.Add(b, f.off))
		}
	case reflect.Array:
		d.elems(p, path, a, b, p.typ.Len(), p.typ.Len())
	case reflect.Slice:
		x, y := (*sliceHeader)(a), (*sliceHeader)(b)
		d.elems(p, path, x.data, y.data, x.len, y.len)
	case reflect.Pointer:
		x, y := *(*unsafe.Pointer)(a), *(*unsafe.Pointer)(b)
		if x == nil || y == nil {
			d.whole(p, path, a, b)
			return
		}
		d.walk(p.elem, path, x, y)
	case reflect.Map:
		d.maps(p, path, a, b)
	case reflect.Interface:
		x, xv := p.open(a)
		y, yv := p.open(b)
		if x == nil || x != y {
			d.boxes(p, path, a, b)
			return
		}
		d.walk(x, path, xv, yv)
	default:
		d.whole(p, path, a, b)
	}
}

// elems compares sequences by index. An insertion in the middle thus shows as many changes; for a
// log, which grows at its end, that is what a reader expects.
func (d *differ) elems(p *Plan, path string, a, b unsafe.Pointer, n, m int) {
	size := p.elem.typ.Size()
	for i := range max(n, m) {
		off, at := uintptr(i)*size, path+"["+strconv.Itoa(i)+"]"
		switch {
		case i >= n:
			d.add(at, "", d.text(p.elem, unsafe.Add(b, off)))
		case i >= m:
			d.add(at, d.text(p.elem, unsafe.Add(a, off)), "")
		default:
			d.walk(p.elem, at, unsafe.Add(a, off), unsafe.Add(b, off))
		}
	}
}

// maps merges the entries of two maps, both sorted by key.
func (d *differ) maps(p *Plan, path string, a, b unsafe.Pointer) {
	x, y := p.entries(a), p.entries(b)
	for len(x) > 0 || len(y) > 0 {
		c := 0
		switch {
		case len(x) == 0:
			c = 1
		case len(y) == 0:
			c = -1
		default:
			c = p.key.Compare(x[0].key, y[0].key)
		}
		key := func(e entry) string { return path + "[" + d.text(p.key, e.key) + "]" }
		switch {
		case c < 0:
			d.add(key(x[0]), d.text(p.elem, x[0].elem), "")
			x = x[1:]
		case c > 0:
			d.add(key(y[0]), "", d.text(p.elem, y[0].elem))
			y = y[1:]
		default:
			d.walk(p.elem, key(x[0]), x[0].elem, y[0].elem)
			x, y = x[1:], y[1:]
		}
	}
}
