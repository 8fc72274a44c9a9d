package symmetry

import (
	"cmp"
	"reflect"
	"slices"
	"unsafe"
)

// work is the scratch memory in which one state at a time is treated.
//
// The algorithm is colour refinement (Weisfeiler and Leman, 1968), the first half of every
// practical test for graph isomorphism (McKay: Practical graph isomorphism, 1981). The identifiers
// are the nodes, what belongs to them colours them, and references among them are the edges:
//
//  1. The first rank of an identifier is its place in the order of the keys. Equal keys share a
//     rank.
//  2. In each round an identifier gets a signature: a hash of everything that belongs to it and of
//     every place that refers to it. Other identifiers appear in it as their ranks, never as their
//     names. Signatures split the identifiers of one rank further. Rounds go on until they split
//     nothing more.
//  3. If a rank is still shared and its members have ties to others, one of them is put first, and
//     the rounds go on, since that may tell its neighbours apart. See breakTie.
//
// A signature is a sum of hashes, and a sum does not depend on the order of its terms. That is what
// makes the ranks independent of the names: the names determine only the order in which the terms
// are met. (Exclusive or would not depend on the order either, but two equal terms would cancel
// out, and two references would look like none.) A collision of hashes may leave two identifiers
// with one rank, or order them differently in another round. The result is then another member of
// the same orbit, which is sound.
//
// A round costs one walk of the state, and at most n-1 rounds split something, where all
// permutations would be n! renamings of every state. What refinement does not distinguish in
// practice are regular structures, such as a ring of identical servers in which each knows the next
// one: there, breakTie picks a place to begin, and since all places are alike the result is the
// same.
type work struct {
	p     *Plan
	keys  []uint64 // the columns
	rank  []uint64 // rank of each identifier: the number of those before all of its rank
	sig   []uint64 // signature of each identifier
	links []bool   // whether a reference ties each identifier to another one
	ids   []int    // identifiers, sorted by rank
	to    []uint64 // new name of each identifier

	owner  int  // identifier to which the current place belongs, or one of the constants below
	entry  int  // first identifier met in the current map entry, or noOwner
	used   bool // a signature depends on ranks, so that another round may split further
	failed bool // the state cannot be renamed
	depth  int  // references that lead to the current place
	steps  int  // references followed so far
}

const (
	noOwner = -1
	// anEntry is the owner of a map entry whose key is no identifier. The entry belongs to all
	// identifiers that it mentions.
	anEntry = -2
)

const (
	// maxDepth and maxSteps end the treatment of a state that runs in a circle, or shares memory so
	// often that it seems endless. Package plan refuses such states and says why.
	maxDepth = 10_000
	maxSteps = 1 << 24
)

// newWork allocates once for all states that are treated with it.
func newWork(p *Plan) *work {
	return &work{
		p: p, keys: make([]uint64, p.n*p.words), rank: make([]uint64, p.n), sig: make([]uint64, p.n),
		links: make([]bool, p.n), ids: make([]int, p.n), to: make([]uint64, p.n),
	}
}

// reset prepares w for a state. The last one may have ended by a panic.
func (w *work) reset() {
	w.owner, w.entry, w.failed, w.depth, w.steps = noOwner, noOwner, false, 0, 0
	clear(w.keys)
	clear(w.rank)
	for i := range w.ids {
		w.ids[i] = i
	}
}

// order computes the new names. It reports false if they are the old ones, or if the state cannot
// be renamed.
func (w *work) order(v unsafe.Pointer) bool {
	for ranks := w.startRanks(v); ranks < len(w.ids); {
		w.round(v)
		if w.failed {
			return false
		}
		before := ranks
		ranks = w.split()
		if ranks > before && w.used {
			continue // the new ranks are in the signatures of others, which may split further
		}
		if ranks == len(w.ids) || !w.breakTie() {
			break
		}
		ranks++
	}
	sorted := true
	for k, i := range w.ids {
		w.to[i] = uint64(k)
		sorted = sorted && i == k
	}
	return !sorted
}

// startRanks ranks by columns, and returns the number of ranks.
func (w *work) startRanks(v unsafe.Pointer) int {
	if w.p.words == 0 {
		return min(1, len(w.ids))
	}
	w.p.gather(w.keys, v)
	key := func(i int) []uint64 { return w.keys[i*w.p.words : (i+1)*w.p.words] }
	compare := func(i, j int) int { return slices.Compare(key(i), key(j)) }
	slices.SortStableFunc(w.ids, compare)
	return w.number(func(i, j int) bool { return compare(i, j) == 0 })
}

// split refines the ranks by the signatures and returns their number.
func (w *work) split() int {
	slices.SortFunc(w.ids, func(i, j int) int {
		return cmp.Or(cmp.Compare(w.rank[i], w.rank[j]), cmp.Compare(w.sig[i], w.sig[j]), cmp.Compare(i, j))
	})
	return w.number(func(i, j int) bool { return w.rank[i] == w.rank[j] && w.sig[i] == w.sig[j] })
}

// number gives equal neighbours in ids the same rank, and returns the number of different ranks. A
// rank is the number of identifiers before it, so that splitting one rank leaves all others as they
// are.
func (w *work) number(equal func(i, j int) bool) (ranks int) {
	for start := 0; start < len(w.ids); ranks++ {
		end := start + 1
		for end < len(w.ids) && equal(w.ids[start], w.ids[end]) {
			end++
		}
		for _, i := range w.ids[start:end] {
			w.rank[i] = uint64(start)
		}
		start = end
	}
	return ranks
}

// breakTie puts one of several identifiers of a rank before the others, so that identifiers tied to
// it can be distinguished in turn. It reports whether there was such a rank.
//
// If the identifiers are alike in every respect, that is, if a renaming that swaps them leaves the
// state as it is, the choice makes no difference. If refinement merely cannot distinguish them, the
// result may depend on it, and the orbit keeps more than one representative. A complete algorithm
// would try each of them. Identifiers without ties to others need no choice: all that is known of
// them is equal.
func (w *work) breakTie() bool {
	for k := 1; k < len(w.ids); k++ {
		first, next := w.ids[k-1], w.ids[k]
		if w.rank[first] != w.rank[next] || !w.links[first] {
			continue
		}
		rank := w.rank[first]
		for _, i := range w.ids[k:] {
			if w.rank[i] != rank {
				break
			}
			w.rank[i] = rank + 1
		}
		return true
	}
	return false
}

// round computes the signatures and links.
func (w *work) round(v unsafe.Pointer) {
	clear(w.sig)
	clear(w.links)
	w.used = false
	w.walk(w.p.root, v, seed, true)
	for i, l := range w.links {
		if l {
			w.sig[i] += mix(seed, tokenLink)
		}
	}
}

// descend follows a reference. It reports false if there were too many. Each true must be followed
// by an ascend.
func (w *work) descend() bool {
	w.steps++
	if w.depth >= maxDepth || w.steps > w.p.limit {
		w.failed = true
	}
	if w.failed {
		return false
	}
	w.depth++
	return true
}

func (w *work) ascend() { w.depth-- }

// identifier returns the identifier at v. ok is false if the value is out of range, such as -1 for
// none.
func (w *work) identifier(v unsafe.Pointer, size uintptr) (i uint64, ok bool) {
	switch size {
	case 1:
		i = uint64(*(*uint8)(v))
	case 2:
		i = uint64(*(*uint16)(v))
	case 4:
		i = uint64(*(*uint32)(v))
	default:
		i = *(*uint64)(v)
	}
	return i, i < uint64(len(w.ids))
}

// sliceAt returns the first element of the slice at v, of any type, and its length.
func sliceAt(v unsafe.Pointer) (unsafe.Pointer, int) {
	s := *(*[]byte)(v) // all slices have the same header
	return unsafe.Pointer(unsafe.SliceData(s)), len(s)
}

// open returns the node and a copy of the value in the interface at v, or nil for a nil interface.
func (w *work) open(n *node, v unsafe.Pointer) (*node, unsafe.Pointer) {
	x := n.value(v).Elem()
	if !x.IsValid() {
		return nil, nil
	}
	box := reflect.New(x.Type())
	box.Elem().Set(x)
	return w.p.nodeOf(x.Type()), box.UnsafePointer()
}

// value returns the value at v for reflection. NewAt makes it settable, even if it was an
// unexported field.
func (n *node) value(v unsafe.Pointer) reflect.Value { return reflect.NewAt(n.typ, v).Elem() }

// nodeOf returns the node of a type that was met in an interface.
func (p *Plan) nodeOf(t reflect.Type) *node {
	if n, ok := p.dynamic.Load(t); ok {
		return n.(*node)
	}
	n, err := p.compileNode(t)
	if err != nil {
		panic(err)
	}
	p.dynamic.Store(t, n)
	return n
}
