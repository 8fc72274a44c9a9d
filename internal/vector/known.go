package vector

import (
	"math/bits"

	"github.com/allways-go/allways/internal/plan"
)

// known remembers the ids of short contents that a coder has met, by their brief forms. A step changes a field to
// one of few contents, over and over: to find its id here takes neither its encoding nor a hash of a string. The
// table compares whole forms, so an id is never assumed wrongly; a content that another one has displaced is
// interned again, which gives the same id.
type known struct {
	entries   []entry // a power of two of them, or none
	displaced int     // contents that were displaced since the table has grown
}

// entry takes a line of the processor's cache.
type entry struct {
	form plan.Brief
	n    uint32 // words of the form, 0 if the entry is empty
	id   uint32
}

const (
	firstKnown = 1 << 7
	maxKnown   = 1 << 13 // a half of a second-level cache
	entryBytes = 8 * (plan.BriefWords + 1)
)

// emptyEntry is found in a table without entries.
var emptyEntry entry

// at returns the entry where a form of n words is, if it is known.
func (k *known) at(form *plan.Brief, n int) *entry {
	if len(k.entries) == 0 {
		return &emptyEntry
	}
	return &k.entries[hashForm(form, n)&uint64(len(k.entries)-1)]
}

// is reports whether the entry is that of a form of n words. The first word determines n.
func (e *entry) is(form *plan.Brief, n int) bool {
	if e.n != uint32(n) || e.form[0] != form[0] {
		return false
	}
	for i := 1; i < n; i++ {
		if e.form[i%plan.BriefWords] != form[i%plan.BriefWords] {
			return false
		}
	}
	return true
}

// put remembers the id of a form of n words, and returns by how many bytes the table has grown.
func (k *known) put(form *plan.Brief, n int, id uint32) (grown int64) {
	size := len(k.entries)
	switch {
	case size == 0:
		k.entries = make([]entry, firstKnown)
	case k.displaced > size && size < maxKnown:
		old := k.entries
		k.entries, k.displaced = make([]entry, 2*size), 0
		for i := range old {
			if e := &old[i]; e.n > 0 {
				*k.at(&e.form, int(e.n)) = *e
			}
		}
	}
	e := k.at(form, n)
	if e.n > 0 {
		k.displaced++
	}
	*e = entry{*form, uint32(n), id}
	return entryBytes * int64(len(k.entries)-size)
}

// hashForm hashes the n words of a form. Which forms displace each other is no matter of correctness, so a quick
// hash will do.
func hashForm(form *plan.Brief, n int) uint64 {
	const mul = 0xe7037ed1a0b428db
	h := form[0] ^ uint64(n)<<56
	for i := 1; i < n; i++ {
		h = bits.RotateLeft64(h*mul, 29) ^ form[i%plan.BriefWords]
	}
	hi, lo := bits.Mul64(h, mul)
	return hi ^ lo
}
