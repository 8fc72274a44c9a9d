package mdd

// KeepOnly makes the forest collect nodes when it has made many since it did so last. roots calls mark for each node
// that is needed, whatever is under way; unions under way need no mark. swept is called afterwards: the forest has
// forgotten the nodes that are not alive, and what is remembered of them must be forgotten, too, since their numbers
// are given to others. With nil, nodes are collected no more.
func (f *Forest) KeepOnly(roots func(mark func(Node)), swept func(alive func(Node) bool)) {
	f.roots, f.swept = roots, swept
}

// Collect forgets all nodes but those that are needed, see [Forest.KeepOnly], if many were made since the last time.
// What remains keeps its numbers.
func (f *Forest) Collect() {
	if f.placed > f.after {
		f.collect(nil)
	}
}

func (f *Forest) collect(edges []Edge) {
	f.mark(edges)
	for n := 2; n < len(f.nodes); n++ {
		if x := &f.nodes[n]; x.alive && !f.isMarked(Node(n)) {
			x.alive = false
			f.free = append(f.free, Node(n))
		}
	}
	live := f.compact()
	f.index(len(f.table))
	alive := func(n Node) bool { return n <= Unit || f.nodes[n].alive }
	for _, c := range f.caches {
		c.sweep(alive)
	}
	if f.swept != nil {
		f.swept(alive)
	}
	f.placed = 0
	f.after = max(f.pace, live) // so that the work of collecting is in proportion to that of making
	f.stats.Collections++
}

// mark marks the nodes that are needed, and all below them.
func (f *Forest) mark(edges []Edge) {
	if n := (len(f.nodes) + 63) / 64; len(f.marked) < n {
		f.marked = make([]uint64, n+n/2)
	}
	clear(f.marked)
	need := func(n Node) {
		if n > Unit && !f.isMarked(n) {
			f.marked[n/64] |= 1 << (n % 64)
			f.marks = append(f.marks, n)
		}
	}
	for _, e := range edges {
		need(e.Child)
	}
	for i := range f.frames {
		if x := &f.frames[i]; x.busy {
			need(x.a)
			need(x.b)
			for _, e := range x.out {
				need(e.Child)
			}
		}
	}
	f.roots(need)
	for len(f.marks) > 0 {
		n := f.marks[len(f.marks)-1]
		f.marks = f.marks[:len(f.marks)-1]
		for _, e := range f.Edges(n) {
			need(e.Child)
		}
	}
}

func (f *Forest) isMarked(n Node) bool { return f.marked[n/64]>>(n%64)&1 != 0 }

// compact copies the edges of all nodes that are alive to new chunks, one chunk after the other, and returns their
// number. An old chunk lives on while its edges are being read.
func (f *Forest) compact() (live int64) {
	old := f.chunks
	f.chunks, f.bytes = nil, 0
	for k, chunk := range old {
		for len(chunk) > 0 {
			n, count := chunk[0].Child, int(chunk[0].Value)
			if f.nodes[n].alive { // a number is given anew after a collection only, so this is its only place
				f.place(n, chunk[1:1+count])
				live += int64(count) + 1
			}
			chunk = chunk[1+count:]
		}
		old[k] = nil
	}
	return live
}
