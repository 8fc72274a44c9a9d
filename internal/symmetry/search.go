package symmetry

import (
	"bytes"
	"reflect"
	"slices"
	"unsafe"
)

// canon is the search of the names under which a state is least. Colour refinement leaves identifiers alike that
// play the same part, and also some that do not, in regular structures. So all of one rank are tried in turn
// (McKay: Practical graph isomorphism, 1981): one is put first, the others are refined, and so on until all differ.
// That names all identifiers, and the names under which the state is least by content are taken.
// All renamings of a state have the same tree of trials, with other names, so that they have the same least one.
//
// Where identifiers do play the same part the tree would have n! leaves. Two things cut it. If exchanging two
// identifiers leaves the state as it is, which is called twins here, what follows the one follows the other. And
// if the first leaves below two trials are equal states, one renaming maps either trial to the other, and all that
// is below them. With that, the leaves of regular structures grow like the square of n.
type canon struct {
	least  []byte // content of the state under the best names so far; empty before the first leaf
	names  []uint64
	self   []byte // content of the state under its own names; empty until it is needed
	room   []byte // for contents
	twin   []int  // a twin of each identifier, or itself; following them leads to the one that stands for all
	apart  []bool // whether the identifiers of a pair are no twins
	leaves int
}

// maxLeaves ends a search: the best names so far are taken. That is sound, and may keep several states of an
// orbit. It takes structures that are far more regular than those of any protocol.
const maxLeaves = 1 << 12

// search names the identifiers of the state at v, whose ranks were refined.
func (w *work) search(v unsafe.Pointer) {
	f, n := &w.found, len(w.ids)
	if f.twin == nil {
		f.twin, f.apart = make([]int, n), make([]bool, n*n)
	}
	f.least, f.self, f.leaves = f.least[:0], f.self[:0], 0
	clear(f.apart)
	for i := range f.twin {
		f.twin[i] = i
	}
	if start, end := w.settle(v); start == end {
		w.nameByRank() // there is one leaf
		return
	}
	w.try(v)
	copy(w.to, f.names)
}

// tied returns the first rank of several identifiers with ties to others, as a range of ids, empty if
// there are no such. Identifiers without ties need no choice: all that is known of them is equal.
func (w *work) tied() (start, end int) {
	for start = 0; start < len(w.ids); start = end {
		end = start + 1
		for end < len(w.ids) && w.rank[w.ids[end]] == w.rank[w.ids[start]] {
			end++
		}
		if end-start > 1 && w.links[w.ids[start]] {
			return start, end
		}
	}
	return 0, 0
}

// settle puts twins in any order, since all orders lead to the same states, and refines, until another rank is
// tied, which it returns.
func (w *work) settle(v unsafe.Pointer) (start, end int) {
	for !w.failed {
		start, end = w.tied()
		for _, i := range w.ids[start:end] {
			if !w.twins(v, w.ids[start], i) {
				return start, end
			}
		}
		if start == end {
			return start, end
		}
		for k, i := range w.ids[start:end] {
			w.rank[i] = uint64(start + k)
		}
		w.refineAgain(v)
	}
	return 0, 0
}

// refineAgain refines after ranks were split by choice.
func (w *work) refineAgain(v unsafe.Pointer) {
	w.refine(v, w.number(func(i, j int) bool { return w.rank[i] == w.rank[j] }))
}

// first puts one of the members of a tied rank before the others. k is its place.
func (w *work) first(v unsafe.Pointer, start, end, k int) {
	w.ids[start], w.ids[k] = w.ids[k], w.ids[start]
	for _, i := range w.ids[start+1 : end] {
		w.rank[i] = uint64(start + 1)
	}
	w.refineAgain(v)
}

// try tries the members of the first tied rank, and all that follows.
func (w *work) try(v unsafe.Pointer) {
	start, end := w.settle(v)
	if start == end {
		w.leaf(v)
		return
	}
	ids, rank := slices.Clone(w.ids), slices.Clone(w.rank)
	restore := func() {
		copy(w.ids, ids)
		copy(w.rank, rank)
	}
	var met [][]byte
	for k := start; k < end && w.found.leaves < maxLeaves; k++ {
		if slices.ContainsFunc(ids[start:k], func(i int) bool { return w.twins(v, i, ids[k]) }) {
			continue
		}
		restore()
		w.first(v, start, end, k)
		leaf := w.firstLeaf(v)
		if w.failed {
			return
		}
		if slices.ContainsFunc(met, func(b []byte) bool { return bytes.Equal(b, leaf) }) {
			continue
		}
		met = append(met, slices.Clone(leaf))
		restore()
		w.first(v, start, end, k)
		w.try(v)
	}
}

// firstLeaf puts the first member of each tied rank first, and returns the content of the state that results.
func (w *work) firstLeaf(v unsafe.Pointer) []byte {
	for {
		start, end := w.settle(v)
		if start == end {
			break
		}
		w.first(v, start, end, start)
	}
	w.nameByRank()
	return w.content(v)
}

// leaf compares the state under names by rank with the least one so far.
func (w *work) leaf(v unsafe.Pointer) {
	f := &w.found
	w.nameByRank()
	b := w.content(v)
	if f.leaves++; f.leaves == 1 || bytes.Compare(b, f.least) < 0 {
		f.least, f.names = append(f.least[:0], b...), append(f.names[:0], w.to...)
	}
}

// twins reports whether exchanging two identifiers of one kind leaves the state as it is.
func (w *work) twins(v unsafe.Pointer, i, j int) bool {
	f := &w.found
	a, b := f.all(i), f.all(j)
	if a == b {
		return true
	}
	if f.apart[a*len(f.twin)+b] || w.failed {
		return false
	}
	if len(f.self) == 0 {
		w.keepNames()
		f.self = append(f.self, w.content(v)...)
	}
	w.keepNames()
	w.to[a], w.to[b] = w.to[b], w.to[a]
	if !bytes.Equal(w.content(v), f.self) {
		f.apart[a*len(f.twin)+b], f.apart[b*len(f.twin)+a] = true, true
		return false
	}
	f.twin[max(a, b)] = min(a, b)
	return true
}

// all returns the identifier that stands for all twins of i.
func (f *canon) all(i int) int {
	for f.twin[i] != i {
		i = f.twin[i]
	}
	return i
}

// keepNames names the identifiers as they are.
func (w *work) keepNames() {
	for _, k := range w.p.kinds {
		for i := range k.N {
			w.to[k.base+i] = uint64(i)
		}
	}
}

// content returns the content of the state under the new names. It is valid until the next call.
func (w *work) content(v unsafe.Pointer) []byte {
	named := reflect.New(w.p.root.typ)
	named.Elem().Set(w.p.root.value(v))
	w.rename(w.p.root, named.UnsafePointer())
	if w.failed {
		return nil
	}
	var err error
	if w.found.room, err = w.p.content.Append(w.found.room[:0], named.UnsafePointer()); err != nil {
		w.failed = true // package plan reports the error where it is the user's
	}
	return w.found.room
}
