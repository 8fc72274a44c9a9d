package symmetry

import (
	"cmp"
	"reflect"
	"slices"
	"unsafe"
)

// work is the scratch memory in which one state at a time is looked at.
//
// Identifiers are told apart by refining their ranks. At first the rank of an identifier tells its columns. In each
// round an identifier gets a signature: a hash of everything that belongs to it and of every place that refers to it, in
// which other identifiers appear as their ranks. Signatures split the ranks further, until they split no more. Sums make
// signatures independent of the order in which the identifiers are numbered, so ranks depend on content alone.
type work struct {
	p     *Plan
	keys  []uint64 // the columns
	rank  []uint64 // by identifier; the number of identifiers that come before all those of the same rank
	sig   []uint64 // by identifier
	links []bool   // by identifier: it is tied to another one by a reference
	ids   []int    // sorted
	to    []uint64 // by identifier: its new name

	owner  int  // identifier to which the current place belongs, or one of the constants
	entry  int  // first identifier met in the current entry, or nobody
	used   bool // a signature depends on ranks
	failed bool // the state cannot be renamed
	depth  int  // of the current place, in references followed
	steps  int  // references followed
}

const (
	nobody = -1
	// anEntry owns the entry of a map whose keys are not identifiers: it belongs to all that it mentions.
	anEntry = -2
)

const (
	// maxDepth and maxSteps give up on a state that runs in a circle or shares memory so that it seems endless. The checker
	// refuses such states with a reason.
	maxDepth = 10_000
	maxSteps = 1 << 24
)

func newWork(p *Plan) *work {
	return &work{
		p: p, keys: make([]uint64, p.n*p.words), rank: make([]uint64, p.n), sig: make([]uint64, p.n),
		links: make([]bool, p.n), ids: make([]int, p.n), to: make([]uint64, p.n),
	}
}

// reset makes w ready for another state, whatever happened to the last one.
func (w *work) reset() {
	w.owner, w.entry, w.failed, w.depth, w.steps = nobody, nobody, false, 0, 0
	clear(w.keys)
	clear(w.rank)
	for i := range w.ids {
		w.ids[i] = i
	}
}

// order finds out the new names. It reports false when they are the old ones.
func (w *work) order(v unsafe.Pointer) bool {
	for ranks := w.startRanks(v); ranks < len(w.ids); {
		w.round(v)
		if w.failed {
			return false
		}
		before := ranks
		ranks = w.split()
		if ranks > before && w.used {
			continue // it may split further
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

// number gives equal neighbours in ids the same rank, and returns the number of ranks.
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

// breakTie puts one of several identifiers of the same rank before the others, so that those that it is tied to can be
// told apart in turn. Which one makes no difference when they are alike in every respect; otherwise the outcome may
// depend on it, and states that are renamings of each other may keep two representatives. Identifiers without ties to
// others need no telling apart. It reports whether it found such a tie.
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

// descend follows a reference; it reports false when that has been done too often. Each true needs an ascend.
func (w *work) descend() bool {
	w.steps++
	if w.depth >= maxDepth || w.steps > maxSteps {
		w.failed = true
	}
	if w.failed {
		return false
	}
	w.depth++
	return true
}

func (w *work) ascend() { w.depth-- }

// identifier returns the identifier at v; ok is false if the value there names none of them.
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

// open returns the treatment and a copy of what is in the interface at v; nil for a nil interface.
func (w *work) open(n *node, v unsafe.Pointer) (*node, unsafe.Pointer) {
	x := n.value(v).Elem()
	if !x.IsValid() {
		return nil, nil
	}
	box := reflect.New(x.Type())
	box.Elem().Set(x)
	return w.p.nodeOf(x.Type()), box.UnsafePointer()
}

// value returns the value at v for reflection, free of the limits on unexported fields.
func (n *node) value(v unsafe.Pointer) reflect.Value { return reflect.NewAt(n.typ, v).Elem() }

// nodeOf returns the treatment of a type that was met in an interface.
func (p *Plan) nodeOf(t reflect.Type) *node {
	if n, ok := p.dynamic.Load(t); ok {
		return n.(*node)
	}
	c := &compiler{plan: p, made: map[reflect.Type]*node{}}
	n, err := c.compile(t, typePath(t))
	if err != nil {
		panic(err)
	}
	c.spread()
	p.dynamic.Store(t, n)
	return n
}
