package symmetry

import "unsafe"

// walk adds to the signatures what the value at v says about identifiers. ctx is a hash of the path
// to v, so that a reference counts differently in different places. fixed says that v is at a fixed
// place of the state; there, arrays that are covered by columns are skipped, for they are in the
// ranks from the start.
//
// What belongs to an identifier is hashed as a whole (see belongs) and walked in addition, since it
// may refer to other identifiers: these learn from the walk that they are referred to, and by which
// rank. The two directions of a reference are both needed: that i votes for j says something about
// i, which the hash covers, and something about j, which has no trace of it in what belongs to it.
func (w *work) walk(n *node, v unsafe.Pointer, ctx uint64, fixed bool) {
	if !n.mentions || w.failed {
		return
	}
	switch n.op {
	case opID:
		if i, ok := w.identifier(n, v); ok && i != w.owner {
			w.touch(i)
			w.sig[i] += mix(ctx, tokenReference)
		}
	case opStruct:
		for k, f := range n.used(v) {
			w.walk(f.node, unsafe.Add(v, f.off), mix(ctx, uint64(k)), fixed)
		}
	case opArray:
		if n.kind == nil {
			w.walkElements(n, v, 0, n.count, ctx, fixed)
		} else if !fixed || !n.column {
			w.walkIndexed(n, v, n.count, ctx)
		}
	default:
		w.walkReferenced(n, v, ctx)
	}
}

// walkReferenced walks what the slice, map, pointer or interface at v refers to.
func (w *work) walkReferenced(n *node, v unsafe.Pointer, ctx uint64) {
	switch n.op {
	case opSlice:
		first, count := sliceAt(v)
		if count == 0 || !w.descend() {
			return
		}
		if n.kind != nil {
			w.walkIndexed(n, first, count, ctx)
		} else {
			w.walkElements(n, first, 0, count, ctx, false)
		}
		w.ascend()
	case opMap:
		w.walkMap(n, v, ctx)
	case opPointer:
		if at := *(*unsafe.Pointer)(v); at != nil && w.descend() {
			w.walk(n.elem, at, mix(ctx, tokenPointer), false)
			w.ascend()
		}
	case opInterface:
		if q, at := w.open(n, v); q != nil && w.descend() {
			w.walk(q, at, mix(ctx, q.name), false)
			w.ascend()
		}
	}
}

func (w *work) walkElements(n *node, first unsafe.Pointer, from, count int, ctx uint64, fixed bool) {
	for k := from; k < count; k++ {
		w.walk(n.elem, unsafe.Add(first, uintptr(k)*n.elem.size), mix(ctx, uint64(k)), fixed)
	}
}

// walkIndexed walks the elements of an indexed array or slice. The first ones belong to the
// identifiers, in their order.
func (w *work) walkIndexed(n *node, first unsafe.Pointer, count int, ctx uint64) {
	if count < n.kind.N {
		w.failed = true
		return
	}
	outer := w.owner
	for i := range n.kind.N {
		at := unsafe.Add(first, uintptr(i)*n.elem.size)
		w.owner = outer
		w.belongs(n.kind.base+i, n.elem, at, ctx)
	}
	w.owner = outer
	w.walkElements(n, first, n.kind.N, count, ctx, false)
}

// belongs adds to the signature of i that the value at v is a part of it. It leaves i as the owner.
func (w *work) belongs(i int, n *node, v unsafe.Pointer, ctx uint64) {
	w.touch(i)
	w.owner = i
	w.sig[i] += mix(ctx, w.hash(n, v, seed))
	if n.mentions {
		w.walk(n, v, mix(ctx^tokenOwner, w.rank[i]), false)
	}
}

// touch notes that identifier i is mentioned in the current place. That ties it to the owner of the
// place or, in the entry of a map, to the other identifiers that the entry mentions.
func (w *work) touch(i int) {
	switch {
	case w.owner == noOwner || w.owner == i:
		return
	case w.owner >= 0:
		w.links[w.owner], w.links[i] = true, true
	case w.entry == noOwner:
		w.entry = i
	case w.entry != i:
		w.links[w.entry], w.links[i] = true, true
	}
	w.used = true
}

// walkMap walks the entries of a map. An entry whose key is an identifier belongs to that
// identifier. An entry with another key is distinguished by its content only, where an element of a
// slice is distinguished by its index. So the context of what it says about an identifier is a hash
// of the whole entry.
func (w *work) walkMap(n *node, v unsafe.Pointer, ctx uint64) {
	m := n.value(v)
	if m.Len() == 0 || !w.descend() {
		return
	}
	outer := w.owner
	key, value := n.scratch()
	for it := m.MapRange(); it.Next(); {
		key.SetIterKey(it)
		value.SetIterValue(it)
		k, x := key.Addr().UnsafePointer(), value.Addr().UnsafePointer()
		w.owner = outer
		if n.key.op == opID {
			if i, ok := w.identifier(n.key, k); ok {
				w.belongs(i, n.elem, x, ctx)
				continue
			}
		}
		if outer == noOwner {
			w.owner, w.entry = anEntry, noOwner
		}
		at := mix(ctx, w.hash(n.elem, x, w.hash(n.key, k, seed)))
		w.walk(n.key, k, at, false)
		w.walk(n.elem, x, mix(at, tokenValue), false)
	}
	w.owner = outer
	w.ascend()
}
