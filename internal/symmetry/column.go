package symmetry

import (
	"reflect"
	"slices"
	"unsafe"
)

// column is an integer or boolean that every identifier has at a fixed place in the state: an
// element of an indexed array of scalars, or one field of an indexed array of flat structs. The
// columns of an identifier, packed side by side into one or a few words, are its key. A key is
// lossless: comparing keys compares contents, and writing sorted keys back moves the contents. A
// sort of three servers with two small fields each is thus a sort of three numbers.
//
// Reduction is worth its cost only if the representative is much cheaper than the states that it
// saves, and the models with the most states tend to have the cheapest steps. So this form takes no
// hash, allocates nothing, and moves nothing but the columns. Which order they define does not
// matter, as long as it is one.
type column struct {
	off    uintptr // place of identifier 0 in the state
	stride uintptr // distance from one identifier to the next
	size   uint8   // 1, 2, 4 or 8 bytes
	word   int     // word of the key
	shift  uint8   // place in the word
	flip   uint64  // the sign bit, flipped so that negative numbers sort first
}

// maxColumns limits the columns of a plan. Larger keys cost more than they save.
const maxColumns = 512

// findColumns finds all columns of the plan, or none if they are too many.
func (p *Plan) findColumns() {
	covered := p.addColumns(p.root, 0, nil)
	if p.tooWide() {
		for _, n := range covered {
			n.column = false
		}
		for _, k := range p.kinds {
			k.columns, k.words = nil, 0
		}
		return
	}
	for _, k := range p.kinds {
		k.keys = p.keys
		p.keys += k.N * k.words
	}
	p.whole = p.keys > 0 && !needsWalk(p.root)
}

// tooWide reports whether a kind has too many columns.
func (p *Plan) tooWide() bool {
	return slices.ContainsFunc(p.kinds, func(k *kind) bool { return len(k.columns) > maxColumns })
}

// addColumns finds the indexed arrays of flat elements at fixed places below n, which is at off, and appends them
// to covered.
func (p *Plan) addColumns(n *node, off uintptr, covered []*node) []*node {
	switch {
	case !n.mentions || p.tooWide():
	case n.op == opStruct:
		for _, f := range n.fields {
			covered = p.addColumns(f.node, off+f.off, covered)
		}
	case n.op == opArray && n.kind != nil:
		if columns, ok := flatten(nil, n.elem.typ, off); ok && !n.elem.mentions {
			n.column = true
			covered = append(covered, n)
			for _, c := range columns {
				c.stride = n.elem.size
				n.kind.place(c)
			}
		}
	case n.op == opArray:
		for i := range n.count {
			covered = p.addColumns(n.elem, off+uintptr(i)*n.elem.size, covered)
		}
	}
	return covered
}

// flatten lists the scalars of a flat type; ok is false if it has other parts.
func flatten(dst []column, t reflect.Type, off uintptr) (_ []column, ok bool) {
	switch k := t.Kind(); {
	case k == reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if f.Name == "_" {
				continue
			}
			if dst, ok = flatten(dst, f.Type, off+f.Offset); !ok {
				return dst, false
			}
		}
		return dst, true
	case k == reflect.Array:
		for i := range t.Len() {
			if dst, ok = flatten(dst, t.Elem(), off+uintptr(i)*t.Elem().Size()); !ok {
				return dst, false
			}
		}
		return dst, true
	case k >= reflect.Bool && k <= reflect.Uint64:
		c := column{off: off, size: uint8(t.Size())}
		if k >= reflect.Int && k <= reflect.Int64 {
			c.flip = 1 << (8*c.size - 1)
		}
		return append(dst, c), true
	}
	return dst, false
}

// place appends a column to the key. It begins a new word if the column does not fit, so that no
// column straddles words.
func (k *kind) place(c column) {
	c.word, c.shift = 0, 64
	if n := len(k.columns); n > 0 {
		c.word, c.shift = k.columns[n-1].word, k.columns[n-1].shift
	}
	if c.shift < 8*c.size {
		c.word, c.shift = c.word+1, 64
	}
	c.shift -= 8 * c.size
	k.words = c.word + 1
	k.columns = append(k.columns, c)
}

// stackWords is the number of words of keys on the stack: enough for 16 identifiers with four
// words, or 64 with one.
const stackWords = 64

// Sort sorts the identifiers of the state at v by their columns and moves their contents
// accordingly. It writes to v only, not to memory that v refers to, and allocates nothing for keys
// of usual size.
func (p *Plan) Sort(v unsafe.Pointer) {
	for _, k := range p.kinds {
		if k.words > 0 {
			k.sort(v)
		}
	}
}

// sort is Sort for one kind. What belongs to the identifiers of one kind mentions no others, so each is sorted on
// its own.
func (k *kind) sort(v unsafe.Pointer) {
	var buf [stackWords]uint64
	keys := buf[:]
	if need := k.N * k.words; need <= len(keys) {
		keys = keys[:need]
	} else {
		keys = make([]uint64, need)
	}
	k.gather(keys, v)
	moved := false
	if k.words == 1 {
		moved = sortWords(keys)
	} else {
		moved = sortRows(keys, k.words)
	}
	if moved {
		k.scatter(v, keys)
	}
}

// gather fills in the keys of the state at v. The keys must be zero.
func (k *kind) gather(keys []uint64, v unsafe.Pointer) {
	for i := range k.columns {
		c := &k.columns[i]
		at := unsafe.Add(v, c.off)
		for w := c.word; w < len(keys); w += k.words {
			var x uint64
			switch c.size {
			case 1:
				x = uint64(*(*uint8)(at))
			case 2:
				x = uint64(*(*uint16)(at))
			case 4:
				x = uint64(*(*uint32)(at))
			default:
				x = *(*uint64)(at)
			}
			keys[w] |= (x ^ c.flip) << (c.shift & 63)
			at = unsafe.Add(at, c.stride)
		}
	}
}

// scatter writes keys back.
func (k *kind) scatter(v unsafe.Pointer, keys []uint64) {
	for i := range k.columns {
		c := &k.columns[i]
		at := unsafe.Add(v, c.off)
		for w := c.word; w < len(keys); w += k.words {
			x := keys[w]>>(c.shift&63) ^ c.flip
			switch c.size {
			case 1:
				*(*uint8)(at) = uint8(x)
			case 2:
				*(*uint16)(at) = uint16(x)
			case 4:
				*(*uint32)(at) = uint32(x)
			default:
				*(*uint64)(at) = x
			}
			at = unsafe.Add(at, c.stride)
		}
	}
}

// insertionMost is the largest number of keys that are sorted by insertion. States are mostly
// almost sorted: a step changes one identifier of a sorted state.
const insertionMost = 32

// sortWords sorts keys of one word and reports whether any has moved.
func sortWords(keys []uint64) (moved bool) {
	if len(keys) > insertionMost {
		if slices.IsSorted(keys) {
			return false
		}
		slices.Sort(keys)
		return true
	}
	for i := 1; i < len(keys); i++ {
		x := keys[i]
		j := i
		for ; j > 0 && keys[j-1] > x; j-- {
			keys[j] = keys[j-1]
		}
		if j < i {
			keys[j], moved = x, true
		}
	}
	return moved
}

// sortRows sorts keys of several words and reports whether any has moved.
func sortRows(keys []uint64, words int) (moved bool) {
	row := func(i int) []uint64 { return keys[i*words : (i+1)*words] }
	for i := 1; i < len(keys)/words; i++ {
		for j := i; j > 0 && slices.Compare(row(j), row(j-1)) < 0; j-- {
			a, b := row(j-1), row(j)
			for k := range a {
				a[k], b[k] = b[k], a[k]
			}
			moved = true
		}
	}
	return moved
}
