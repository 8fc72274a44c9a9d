package plan

import (
	"reflect"
	"strconv"
	"strings"
	"unsafe"
)

// Parts calls add with the path and the text of every part of a value that has no parts itself. All
// elements of an array, slice or map have one path, such as `Log[*].Term`. The length of a slice or
// map is a part too, with a path such as `len(Log)`. Paths begin with root or, if it is empty, with
// the name of a field; a value without parts is then called "state". A profile of a search counts
// different texts by path, to show which part makes a state space grow.
func (p *Plan) Parts(root string, v unsafe.Pointer, add func(path, text string)) {
	Naming(nil).Parts(p, root, v, add)
}

// Parts is [Plan.Parts] with names.
func (w Naming) Parts(p *Plan, root string, v unsafe.Pointer, add func(path, text string)) {
	walker := partWalker{w, add}
	walker.walk(p, root, v)
}

// partWalker walks through a value. All elements count as one part, because a profile asks which
// field of the type grows, not which element: a log of a thousand entries would give a thousand
// parts with one value each. The length is the part that shows the growth of the log itself.
type partWalker struct {
	naming Naming
	add    func(path, text string)
}

// walk adds the parts of the value at v, which has the given path.
func (w partWalker) walk(p *Plan, path string, v unsafe.Pointer) {
	if p.opaque != nil {
		w.leaf(p, path, v)
		return
	}
	switch p.kind {
	case reflect.Struct:
		for _, f := range p.fields {
			w.walk(f.plan, path+"."+f.name, unsafe.Add(v, f.off))
		}
	case reflect.Array:
		w.elems(p, path, v, p.typ.Len())
	case reflect.Slice:
		s := (*sliceHeader)(v)
		w.length(path, s.len)
		w.elems(p, path, s.data, s.len)
	case reflect.Map:
		all := p.entries(v)
		w.length(path, len(all))
		for _, e := range all {
			w.walk(p.elem, path+"[*]", e.elem)
		}
	case reflect.Pointer:
		if to := *(*unsafe.Pointer)(v); to != nil {
			w.walk(p.elem, path, to)
			return
		}
		w.leaf(p, path, v)
	case reflect.Interface:
		if dynamic, value := p.open(v); dynamic != nil {
			w.walk(dynamic, path, value)
			return
		}
		w.leaf(p, path, v)
	default:
		w.leaf(p, path, v)
	}
}

func (w partWalker) elems(p *Plan, path string, data unsafe.Pointer, n int) {
	for i := range n {
		w.walk(p.elem, path+"[*]", unsafe.Add(data, uintptr(i)*p.elem.typ.Size()))
	}
}

func (w partWalker) length(path string, n int) {
	w.add("len("+partName(path)+")", strconv.Itoa(n))
}

func (w partWalker) leaf(p *Plan, path string, v unsafe.Pointer) {
	w.add(partName(path), string(w.naming.AppendText(nil, p, v)))
}

func partName(path string) string {
	if path == "" {
		return "state"
	}
	return strings.TrimPrefix(path, ".")
}
