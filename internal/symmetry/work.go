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
//  1. The first rank of an identifier is its place in the order of the keys, after those of all earlier kinds.
//     Equal keys share a rank.
//  2. In each round an identifier gets a signature: a hash of everything that belongs to it and of
//     every place that refers to it. Other identifiers appear in it as their ranks, never as their
//     names. Signatures split the identifiers of one rank further. Rounds go on until they split
//     nothing more.
//  3. If a rank is still shared and its members have ties to others, each of them is put first in turn, and
//     the rounds go on, since that may tell its neighbours apart. See search.go.
//
// A signature is a sum of hashes, and a sum does not depend on the order of its terms. That is what
// makes the ranks independent of the names: the names determine only the order in which the terms
// are met. (Exclusive or would not depend on the order either, but two equal terms would cancel
// out, and two references would look like none.) A collision of hashes may leave two identifiers
// with one rank, or order them differently in another round. The result is then another member of
// the same orbit, which is sound.
//
// A round costs one walk of the state, and at most n-1 rounds split something, where all
// permutations would be n! renamings of every state.
type work struct {
	p     *Plan
	keys  []uint64 // the columns
	rank  []uint64 // rank of each identifier: the number of those before all of its rank
	sig   []uint64 // signature of each identifier
	links []bool   // whether a reference ties each identifier to another one
	ids   []int    // identifiers, sorted by rank
	to    []uint64 // new name of each identifier, within its kind
	found canon    // results of the search of names

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
		p: p, keys: make([]uint64, p.keys), rank: make([]uint64, p.n), sig: make([]uint64, p.n),
		links: make([]bool, p.n), ids: make([]int, p.n), to: make([]uint64, p.n),
	}
}

// reset prepares w for a state. The last one may have ended by a panic.
func (w *work) reset() {
	w.owner, w.entry, w.failed, w.depth, w.steps = noOwner, noOwner, false, 0, 0
	clear(w.keys)
	for _, k := range w.p.kinds {
		for i := k.base; i < k.base+k.N; i++ {
			w.ids[i], w.rank[i] = i, uint64(k.base)
		}
	}
}

// order computes the new names. It reports false if they are the old ones, or if the state cannot
// be renamed.
func (w *work) order(v unsafe.Pointer) bool {
	if ranks := w.refine(v, w.startRanks(v)); ranks < len(w.ids) && !w.failed {
		w.search(v)
	} else {
		w.nameByRank()
	}
	if w.failed {
		return false
	}
	for _, k := range w.p.kinds {
		for i, to := range w.to[k.base : k.base+k.N] {
			if to != uint64(i) {
				return true
			}
		}
	}
	return false
}

// nameByRank names the identifiers in the order of their ranks.
func (w *work) nameByRank() {
	for _, k := range w.p.kinds {
		for place, i := range w.ids[k.base : k.base+k.N] {
			w.to[i] = uint64(place)
		}
	}
}

// startRanks ranks by columns, and returns the number of ranks.
func (w *work) startRanks(v unsafe.Pointer) int {
	for _, k := range w.p.kinds {
		if k.words == 0 {
			continue
		}
		keys := w.keys[k.keys : k.keys+k.N*k.words]
		k.gather(keys, v)
		slices.SortStableFunc(w.ids[k.base:k.base+k.N], func(i, j int) int { return k.compare(keys, i, j) })
	}
	return w.number(func(i, j int) bool {
		if w.rank[i] != w.rank[j] {
			return false
		}
		k := w.p.kinds[slices.IndexFunc(w.p.kinds, func(k *kind) bool { return i < k.base+k.N })]
		return k.words == 0 || k.compare(w.keys[k.keys:], i, j) == 0
	})
}

// compare compares the keys of two identifiers of a kind.
func (k *kind) compare(keys []uint64, i, j int) int {
	key := func(i int) []uint64 { return keys[(i-k.base)*k.words : (i-k.base+1)*k.words] }
	return slices.Compare(key(i), key(j))
}

// refine splits ranks until that is no longer possible, and returns their number.
func (w *work) refine(v unsafe.Pointer, ranks int) int {
	for ranks < len(w.ids) {
		w.round(v)
		if w.failed {
			break
		}
		before := ranks
		if ranks = w.split(); ranks == before || !w.used {
			break // else the new ranks are in the signatures of others, which may split further
		}
	}
	return ranks
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

// identifier returns the number of the identifier at v in the row of all kinds. ok is false if the value is out
// of range, such as -1 for none.
func (w *work) identifier(n *node, v unsafe.Pointer) (i int, ok bool) {
	x := number(n.size, v)
	return n.kind.base + int(x), x < uint64(n.kind.N)
}

// number returns the integer of some bytes at v, without its sign.
func number(size uintptr, v unsafe.Pointer) uint64 {
	switch size {
	case 1:
		return uint64(*(*uint8)(v))
	case 2:
		return uint64(*(*uint16)(v))
	case 4:
		return uint64(*(*uint32)(v))
	}
	return *(*uint64)(v)
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
