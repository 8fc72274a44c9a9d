package engine

import (
	"math"
	"slices"

	"github.com/allways-go/allways/internal/visited"
)

// none is the number of no state.
const none = math.MaxUint32

// batchLen is the number of successors that are collected before they are looked up. A large
// visited set does not fit the caches, so that nearly each look-up misses them; a batch lets the
// processor wait for many misses at once.
const batchLen = 256

// store is the visited set of a breadth-first search. It tells the states of two levels from all
// others: those of the current level, which is being expanded, and those of the next one, which is
// being filled. In both, states have numbers that are dense from 0, in the order of arrival. The
// order is not reproducible; see package ranks for the one that is.
type store interface {
	// insert looks up the states of b and adds the new ones to the next level. It sets l.local[i]
	// to the number of the i-th state in the next level, or to none if the state belongs to an
	// older one, and l.fresh[i] if this call added it. It has dealt with the first done states. It is
	// the only method that may be called concurrently.
	insert(b *Batch, l *lookup) (done int, err error)
	// current returns a state of the current level, and read writes it to dst, which it returns.
	current(i uint32) []uint32
	read(i uint32, dst []uint32) []uint32
	// next returns a state of the next level.
	next(i uint32) []uint32
	// nextLen returns the number of states in the next level.
	nextLen() int
	// advance makes the next level the current one. parent(i) returns the number, in the old
	// current level, of the parent of the next level's state i, or none.
	advance(parent func(i uint32) uint32) error
	// trail returns the path to a state of the current level, or nil if the store keeps no paths.
	trail(i uint32) [][]uint32
	// omission returns the probability that two states were taken for one.
	omission(distinct, generated int64) float64
	close()
}

func newStore(space Space, cfg *Config) (store, error) {
	if cfg.Fingerprints {
		return newFingerprintStore(space.Words(), cfg.Budget)
	}
	return newExactStore(space.Words(), cfg.Budget, cfg.Spill.Dir == "")
}

// lookup is the scratch memory of one worker's insertions: one entry for each state of the batch.
type lookup struct {
	ids    []uint32 // ids in the visited set
	local  []uint32 // numbers in the next level
	fresh  []bool
	old    []bool // whether the fingerprint of the state is known
	subset *Batch // the states whose fingerprints are new
	index  []int  // places of the states of subset in the batch
}

// prepare makes room for the answers of a batch.
func (l *lookup) prepare(b *Batch) {
	if len(l.ids) < b.n {
		n := max(b.n, batchLen)
		l.ids, l.local, l.fresh, l.old = make([]uint32, n), make([]uint32, n), make([]bool, n), make([]bool, n)
	}
}

// exactStore keeps all states in one exact set. The set hands out ids in the order of arrival and
// levels follow each other, so a level is a range of ids, and there is no queue of states to
// expand.
type exactStore struct {
	budget  *Budget
	parents bool // the set keeps them, for paths
	set     *visited.Exact
	curFrom uint32 // first id of the current level
	curEnd  uint32 // first id of the next level
}

func newExactStore(words int, budget *Budget, parents bool) (*exactStore, error) {
	set, err := visited.NewExact(visited.Config{
		Words: words, Parents: parents, Seed: budget.seed, MemoryLimit: budget.allow,
	})
	if err != nil {
		return nil, err
	}
	budget.hold(set)
	return &exactStore{budget: budget, parents: parents, set: set}, nil
}

// insert tells the next level from older ones by the id alone: ids of the next level begin at
// curEnd.
func (s *exactStore) insert(b *Batch, l *lookup) (done int, err error) {
	l.prepare(b)
	done, err = s.set.InsertBatch(b.vecs, b.hashes, b.n, l.ids, l.fresh)
	for i := range done {
		l.local[i] = none
		if l.ids[i] >= s.curEnd {
			l.local[i] = l.ids[i] - s.curEnd
		}
	}
	return done, err
}

func (s *exactStore) current(i uint32) []uint32 { return s.set.Vector(s.curFrom + i) }
func (s *exactStore) read(i uint32, dst []uint32) []uint32 {
	return s.set.Read(s.curFrom+i, dst)
}
func (s *exactStore) next(i uint32) []uint32 { return s.set.Vector(s.curEnd + i) }
func (s *exactStore) nextLen() int           { return s.set.Len() - int(s.curEnd) }

// advance stores the parents, which are known only now: the least keys of the level are complete.
func (s *exactStore) advance(parent func(i uint32) uint32) error {
	end := uint32(s.set.Len())
	for id := s.curEnd; id < end && s.parents; id++ {
		p := parent(id - s.curEnd)
		if p != none {
			p += s.curFrom
		}
		s.set.SetParent(id, p)
	}
	s.curFrom, s.curEnd = s.curEnd, end
	s.set.Settle()
	return nil
}

func (s *exactStore) trail(i uint32) [][]uint32 {
	if !s.parents {
		return nil
	}
	return s.trailTo(s.curFrom + i)
}

// idOf returns the id of a state of the next level. It stays the same in all later levels.
func (s *exactStore) idOf(i uint32) uint32 { return s.curEnd + i }

// trailTo returns the path to a state of any finished level.
func (s *exactStore) trailTo(id uint32) [][]uint32 {
	var states [][]uint32
	for ; id != none; id = s.set.Parent(id) {
		states = append(states, slices.Clone(s.set.Vector(id)))
	}
	slices.Reverse(states)
	return states
}

func (s *exactStore) omission(int64, int64) float64 { return 0 }

func (s *exactStore) close() {
	s.budget.drop(s.set)
	s.set.Close()
}

// fingerprintStore keeps whole states of the current and the next level only, and a fingerprint of
// 64 bits for each state of the current and older levels. Within a level states are compared
// exactly, so two states are taken for one only if the later one has the fingerprint of a state of
// an older level. Whole states are needed for two levels in any case: to be expanded, and to be
// collected. Paths are computed again; see lineage.
type fingerprintStore struct {
	budget *Budget
	words  int
	old    *visited.Fingerprints // states of the levels up to the current one
	cur    *visited.Exact
	nxt    *visited.Exact
	record int // most bytes of a state in a level
}

func newFingerprintStore(words int, budget *Budget) (*fingerprintStore, error) {
	old, err := visited.NewFingerprints(visited.Config{MemoryLimit: budget.allow})
	if err != nil {
		return nil, err
	}
	s := &fingerprintStore{budget: budget, words: words, old: old}
	budget.hold(old)
	if s.nxt, err = s.newLevel(); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *fingerprintStore) newLevel() (*visited.Exact, error) {
	set, err := visited.NewExact(visited.Config{Words: s.words, Seed: s.budget.seed, MemoryLimit: s.budget.allow})
	if err == nil {
		s.budget.hold(set)
	}
	return set, err
}

// insert works in two steps: states whose fingerprints are known from older levels are dropped, and
// the rest is looked up exactly in the next level.
func (s *fingerprintStore) insert(b *Batch, l *lookup) (int, error) {
	l.prepare(b)
	if l.subset == nil {
		l.subset = newBatch(s.words, s.budget)
	}
	l.subset.Reset()
	l.index = l.index[:0]
	s.old.ContainsBatch(b.hashes[:b.n], l.old)
	for i := range b.n {
		l.local[i], l.fresh[i] = none, false
		if l.old[i] {
			continue
		}
		l.subset.take(b, i)
		l.index = append(l.index, i)
	}
	fresh := l.old // its answers are used up
	done, err := s.nxt.InsertBatch(l.subset.vecs, l.subset.hashes, l.subset.n, l.ids, fresh)
	for k := range done {
		l.local[l.index[k]], l.fresh[l.index[k]] = l.ids[k], fresh[k]
	}
	return b.n, err
}

func (s *fingerprintStore) current(i uint32) []uint32 { return s.cur.Vector(i) }
func (s *fingerprintStore) read(i uint32, dst []uint32) []uint32 {
	return s.cur.Read(i, dst)
}
func (s *fingerprintStore) next(i uint32) []uint32 { return s.nxt.Vector(i) }
func (s *fingerprintStore) nextLen() int           { return s.nxt.Len() }

// advance drops the states of the current level, and adds the fingerprints of the next one to the others. Nothing is
// looked up in that level any more, so its index is dropped, too: first of all, since the fingerprints may need
// memory to grow.
func (s *fingerprintStore) advance(func(uint32) uint32) error {
	s.closeLevel(s.cur)
	s.cur = nil
	s.nxt.Seal()
	s.record = max(s.record, s.nxt.RecordBytes())
	n := s.nxt.Len()
	hashes, fresh, vec := make([]uint64, 0, batchLen), make([]bool, batchLen), make([]uint32, s.words)
	for i := 0; i < n; i++ {
		hashes = append(hashes, visited.Seeded(s.nxt.Read(uint32(i), vec), s.budget.seed))
		if len(hashes) == batchLen || i == n-1 {
			if _, err := s.old.InsertBatch(hashes, fresh[:len(hashes)]); err != nil {
				return err
			}
			hashes = hashes[:0]
		}
	}
	next, err := s.newLevel()
	if err != nil {
		return err
	}
	s.cur, s.nxt = s.nxt, next
	return nil
}

func (s *fingerprintStore) closeLevel(e *visited.Exact) {
	if e != nil {
		s.budget.drop(e)
		e.Close()
	}
}

func (s *fingerprintStore) trail(uint32) [][]uint32 { return nil }

func (s *fingerprintStore) omission(distinct, generated int64) float64 {
	return visited.OmissionProbability(distinct, generated)
}

func (s *fingerprintStore) close() {
	s.closeLevel(s.cur)
	s.closeLevel(s.nxt)
	s.budget.drop(s.old)
	s.old.Close()
}
