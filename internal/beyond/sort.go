package beyond

import (
	"cmp"
	"slices"

	"github.com/allways-go/allways/internal/diskrun"
	"github.com/allways-go/allways/internal/ranks"
	"github.com/allways-go/allways/internal/visited"
)

// fewStates is the number of states up to which they are sorted by comparing whole states.
const fewStates = 16

// sorter sorts ids of a set by the states that they stand for.
type sorter struct {
	set           *visited.Exact
	words         int
	state, second []uint32 // read from the set
}

func newSorter(set *visited.Exact, words int) *sorter {
	return &sorter{set: set, words: words, state: make([]uint32, words), second: make([]uint32, words)}
}

// sort sorts ids of states whose words before depth are equal. An id is the lower half of a number; the upper half is
// scratch.
//
// It sorts by one word after the other, each time only those that are equal up to there. The word stands above the id,
// so that the sort reads no states and calls no function: it takes a third of the time that one with a comparison of
// states takes.
func (s *sorter) sort(ids []uint64, depth int) {
	for len(ids) > fewStates && depth < s.words {
		for i, x := range ids {
			ids[i] = uint64(s.set.Read(uint32(x), s.state)[depth])<<32 | uint64(uint32(x))
		}
		slices.Sort(ids)
		depth++
		if ids[0]>>32 == ids[len(ids)-1]>>32 {
			continue
		}
		for lo := 0; lo < len(ids); {
			hi := lo + 1
			for hi < len(ids) && ids[hi]>>32 == ids[lo]>>32 {
				hi++
			}
			s.sort(ids[lo:hi], depth)
			lo = hi
		}
		return
	}
	slices.SortFunc(ids, func(a, b uint64) int {
		return diskrun.Compare(s.set.Read(uint32(a), s.state), s.set.Read(uint32(b), s.second))
	})
}

// ranked sorts new states by their keys. It holds as many as it has room for; then it writes a run.
type ranked struct {
	set   *Set
	words int // width of a record: a key and a state
	recs  []uint32
	order []place
	most  int
	runs  []*diskrun.Run
}

// place is where the record with a key stands.
type place struct {
	key ranks.Key
	i   uint32
}

// placeBytes is the size of a place.
const placeBytes = 16

func (r *ranked) add(state []uint32, key ranks.Key) error {
	r.order = append(r.order, place{key, uint32(len(r.order))})
	r.recs = append(appendKey(r.recs, key), state...)
	if len(r.order) < r.most {
		return nil
	}
	return r.flush()
}

// flush writes what is held.
func (r *ranked) flush() error {
	if len(r.order) == 0 {
		return nil
	}
	slices.SortFunc(r.order, func(a, b place) int { return cmp.Compare(a.key, b.key) })
	i := 0
	run, err := r.set.write(r.words, func() ([]uint32, error) {
		if i == len(r.order) {
			return nil, nil
		}
		at := int(r.order[i].i) * r.words
		i++
		return r.recs[at : at+r.words], nil
	})
	if err != nil {
		return err
	}
	r.runs = append(r.runs, run)
	r.recs, r.order = r.recs[:0], r.order[:0]
	return nil
}
