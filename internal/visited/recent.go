package visited

// Recent remembers some states that one worker met last, in a direct-mapped table. Successors of
// neighbouring states overlap, often by more than half, and a look-up in the visited set costs
// several times as much as one here, which stays in the worker's own cache. The table compares
// whole states, so a repetition is never assumed wrongly; a state that another one has displaced is
// looked up in the visited set, as usual.
type Recent struct {
	hashes []uint64 // hashes with the lowest bit set, 0 means empty
	vecs   []uint32
}

// recentLen is the number of states that are remembered. They take a fraction of a second-level
// cache.
const recentLen = 1 << 12

// MaxRecent is the width of states beyond which the table is too large for that.
const MaxRecent = 1 << 8

// NewRecent returns an empty table of states of some width.
func NewRecent(words int) *Recent {
	return &Recent{hashes: make([]uint64, recentLen), vecs: make([]uint32, recentLen*words)}
}

// Met reports whether a state is remembered, and remembers it.
func (r *Recent) Met(h uint64, vec []uint32) bool {
	i, words := int(h>>32)&(recentLen-1), len(vec)
	at := r.vecs[i*words : (i+1)*words : (i+1)*words]
	if r.hashes[i] == h|1 && Equal(at, vec) {
		return true
	}
	r.hashes[i] = h | 1
	Copy(at, vec)
	return false
}
