package symmetry

import "unsafe"

// walk adds to the signatures what the value at v, in a place described by ctx, says about identifiers. What columns
// cover at fixed places is in the ranks from the start.
func (w *work) walk(n *node, v unsafe.Pointer, ctx uint64, fixed bool) {
	if !n.mentions || w.failed {
		return
	}
	switch n.op {
	case opID:
		if i, ok := w.identifier(v, n.size); ok && int(i) != w.owner {
			w.touch(int(i))
			w.sig[i] += mix(ctx, tokenReference)
		}
	case opStruct:
		for k, f := range n.fields {
			w.walk(f.node, unsafe.Add(v, f.off), mix(ctx, uint64(k)), fixed)
		}
	case opArray:
		if !n.indexed {
			w.walkElements(n, v, 0, n.count, ctx, fixed)
		} else if !fixed || !n.column {
			w.walkIndexed(n, v, n.count, ctx)
		}
	case opSlice:
		first, count := sliceAt(v)
		if count == 0 || !w.descend() {
			return
		}
		if n.indexed {
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

// walkIndexed walks elements the first of which belong to the identifiers.
func (w *work) walkIndexed(n *node, first unsafe.Pointer, count int, ctx uint64) {
	if count < len(w.ids) {
		w.failed = true
		return
	}
	outer := w.owner
	for i := range w.ids {
		at := unsafe.Add(first, uintptr(i)*n.elem.size)
		w.owner = outer
		w.belongs(i, n.elem, at, ctx)
	}
	w.owner = outer
	w.walkElements(n, first, len(w.ids), count, ctx, false)
}

// belongs says that the value at v is a part of identifier i. It leaves i as the owner.
func (w *work) belongs(i int, n *node, v unsafe.Pointer, ctx uint64) {
	w.touch(i)
	w.owner = i
	w.sig[i] += mix(ctx, w.hash(n, v, seed))
	if n.mentions {
		w.walk(n, v, mix(ctx^tokenOwner, w.rank[i]), false)
	}
}

// touch notes that identifier i is mentioned in the current place, which ties it to the place's owner.
func (w *work) touch(i int) {
	switch {
	case w.owner == nobody || w.owner == i:
		return
	case w.owner >= 0:
		w.links[w.owner], w.links[i] = true, true
	case w.entry == nobody:
		w.entry = i
	case w.entry != i:
		w.links[w.entry], w.links[i] = true, true
	}
	w.used = true
}

// walkMap walks the entries of a map. An entry whose key is an identifier belongs to it. For any other, what it says
// about an identifier it says together with all the rest of the entry, for nothing else tells one entry from another.
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
			if i, ok := w.identifier(k, n.key.size); ok {
				w.belongs(int(i), n.elem, x, ctx)
				continue
			}
		}
		if outer == nobody {
			w.owner, w.entry = anEntry, nobody
		}
		at := mix(ctx, w.hash(n.elem, x, w.hash(n.key, k, seed)))
		w.walk(n.key, k, at, false)
		w.walk(n.elem, x, mix(at, tokenValue), false)
	}
	w.owner = outer
	w.ascend()
}
