package symmetry

import (
	"reflect"
	"unsafe"
)

// rename gives the identifiers in the value at v their new names. The memory at v is a shallow
// copy, which rename may write to. What it refers to belongs to the original state, so it is copied
// wherever it mentions identifiers; the rest stays shared.
//
// A renaming does two things: a value that names an identifier gets the new name, and what is
// indexed or keyed by an identifier moves to the new place.
//
// The state that it gets may share memory with its predecessor and with other successors, as states
// of a model do, so nothing behind a reference may be written to. But a deep copy for each step
// would cost more than the step. To copy only what mentions identifiers leaves logs and tables,
// often the largest parts, where they are.
func (w *work) rename(n *node, v unsafe.Pointer) {
	if !n.mentions || w.failed {
		return
	}
	switch n.op {
	case opID:
		if i, ok := w.identifier(n, v); ok {
			setIdentifier(v, n.size, w.to[i])
		}
	case opStruct:
		for _, f := range n.used(v) {
			w.rename(f.node, unsafe.Add(v, f.off))
		}
	case opArray:
		if n.kind != nil {
			old := reflect.New(n.typ).Elem()
			old.Set(n.value(v))
			w.permute(n.kind, n.value(v), old)
		}
		w.renameElements(n, v, n.count)
	case opSlice, opMap, opPointer, opInterface:
		if x := n.value(v); !x.IsZero() && w.descend() {
			w.renameReferenced(n, v, x)
			w.ascend()
		}
	}
}

func (w *work) renameElements(n *node, first unsafe.Pointer, count int) {
	if n.elem.mentions {
		for k := range count {
			w.rename(n.elem, unsafe.Add(first, uintptr(k)*n.elem.size))
		}
	}
}

// permute moves the elements of old that belong to identifiers to their new places.
func (w *work) permute(k *kind, dst, old reflect.Value) {
	for i, to := range w.to[k.base : k.base+k.N] {
		dst.Index(int(to)).Set(old.Index(i))
	}
}

// renameReferenced replaces the memory that x, the value at v, refers to.
func (w *work) renameReferenced(n *node, v unsafe.Pointer, x reflect.Value) {
	switch n.op {
	case opSlice:
		old := reflect.MakeSlice(n.typ, x.Len(), x.Len())
		reflect.Copy(old, x)
		if n.kind != nil && x.Len() > 0 {
			if x.Len() < n.kind.N {
				w.failed = true
				return
			}
			w.permute(n.kind, old, x)
		}
		x.Set(old)
		w.renameElements(n, old.UnsafePointer(), x.Len())
	case opMap:
		renamed := reflect.MakeMapWithSize(n.typ, x.Len())
		key, value := n.scratch()
		for it := x.MapRange(); it.Next(); {
			key.SetIterKey(it)
			value.SetIterValue(it)
			w.rename(n.key, key.Addr().UnsafePointer())
			w.rename(n.elem, value.Addr().UnsafePointer())
			renamed.SetMapIndex(key, value)
		}
		x.Set(renamed)
	case opPointer:
		own := reflect.New(n.elem.typ)
		own.Elem().Set(x.Elem())
		w.rename(n.elem, own.UnsafePointer())
		x.Set(own.Convert(n.typ)) // the pointer type may have a name
	case opInterface:
		q, at := w.open(n, v)
		w.rename(q, at)
		x.Set(q.value(at))
	}
}

// scratch returns variables for the keys and values of a map.
func (n *node) scratch() (key, value reflect.Value) {
	return reflect.New(n.key.typ).Elem(), reflect.New(n.elem.typ).Elem()
}

func setIdentifier(v unsafe.Pointer, size uintptr, i uint64) {
	switch size {
	case 1:
		*(*uint8)(v) = uint8(i)
	case 2:
		*(*uint16)(v) = uint16(i)
	case 4:
		*(*uint32)(v) = uint32(i)
	default:
		*(*uint64)(v) = i
	}
}
