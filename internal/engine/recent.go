package engine

import "github.com/allways-go/allways/internal/visited"

// recent remembers states that one worker has met lately, to keep repetitions from the visited set: the successors of
// neighbouring states overlap, and a look-up there costs several times as much as one here. It compares whole states. A
// nil recent remembers nothing.
type recent struct {
	hashes []uint64 // with the lowest bit set; 0 for none
	vecs   []uint32
}

// recentLen is how many states are remembered: as many as fit the second-level cache with room to spare.
const recentLen = 1 << 12

func newRecent(words int) *recent {
	return &recent{hashes: make([]uint64, recentLen), vecs: make([]uint32, recentLen*words)}
}

// met reports whether a state was met lately, and remembers it.
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
