package engine

import "github.com/allways-go/allways/internal/visited"

// recent remembers some states that one worker met last, in a direct-mapped table. Successors of
// neighbouring states overlap, often by more than half, and a look-up in the visited set costs
// several times as much as one here, which stays in the worker's own cache. The table compares
// whole states, so a repetition is never assumed wrongly; a state that another one has displaced is
// looked up in the visited set, as usual.
type recent struct {
	hashes []uint64 // hashes with the lowest bit set, 0 means empty
	vecs   []uint32
}

// recentLen is the number of states that are remembered. They take a fraction of a second-level
// cache.
const recentLen = 1 << 12

// maxRecent is the width of states beyond which the table is too large for that.
const maxRecent = 1 << 8

func newRecent(words int) *recent {
	return &recent{hashes: make([]uint64, recentLen), vecs: make([]uint32, recentLen*words)}
}

// met reports whether a state is remembered, and remembers it.
func (r *recent) met(h uint64, vec []uint32) bool {
	i, words := int(h>>32)&(recentLen-1), len(vec)
	at := r.vecs[i*words : (i+1)*words : (i+1)*words]
	if r.hashes[i] == h|1 && visited.Equal(at, vec) {
		return true
	}
	r.hashes[i] = h | 1
	visited.Copy(at, vec)
	return false
}
