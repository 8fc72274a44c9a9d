package engine

import (
	"encoding/binary"
	"slices"
)

// lineage keeps how a search with fingerprints first reached each state, so that paths to findings are known without a
// second search. The states themselves are gone by then. A path is followed back to an initial state, by rank, and its
// states are computed again, forward, from the actions on the way.
//
// A state needs the rank of its parent in the level before, and the index of the action. The states of a level are
// ranked by just these, so that from one state to the next the parent's rank grows by little: mostly both fit a byte.
type lineage struct {
	budget  *Budget
	levels  [][]byte // births of the states of each level, by rank
	scratch []byte
	bytes   tally
}

// A birth is a byte, the growth of the parent's rank in its upper two bits and the action in the others; or, if they
// are too large, birthLong and both as varints.
const (
	birthActs  = 6
	birthLong  = 0xff
	maxBirth   = 1 + 2*binary.MaxVarintLen32
	sliceBytes = 24
)

// add keeps how the ranked states of the next level were reached. It reports whether there was memory for that.
func (l *lineage) add(keys *column, next *ranking) bool {
	n := int64(next.n)
	if !l.budget.allow(n + max(0, n+maxBirth-int64(cap(l.scratch)))) {
		return false
	}
	b, last := slices.Grow(l.scratch[:0], int(n)), uint32(0)
	for rank := range next.n {
		k := keys.key(next.number(rank))
		b = appendBirth(b, k.rank()-last, uint32(k.act()))
		last = k.rank()
	}
	l.bytes.bytes.Add(int64(cap(b) - cap(l.scratch) + len(b) + sliceBytes))
	l.scratch = b
	l.levels = append(l.levels, append(make([]byte, 0, len(b)), b...))
	return true
}

func appendBirth(b []byte, growth, act uint32) []byte {
	if short := growth<<birthActs | act; growth < 1<<(8-birthActs) && act < 1<<birthActs && short != birthLong {
		return append(b, byte(short))
	}
	b = binary.AppendUvarint(append(b, birthLong), uint64(growth))
	return binary.AppendUvarint(b, uint64(act))
}

// birth returns the rank of the parent of the state with a rank in a level, and the action that led to it. ok is
// false if there is no such state.
func (l *lineage) birth(level, rank int) (parent, act int, ok bool) {
	b := l.levels[level-1]
	for range rank + 1 {
		if len(b) == 0 {
			return 0, 0, false
		}
		growth, a := uint64(b[0]>>birthActs), uint64(b[0]&(1<<birthActs-1))
		if b[0] != birthLong {
			b = b[1:]
		} else {
			var n, m int
			growth, n = binary.Uvarint(b[1:])
			a, m = binary.Uvarint(b[1+n:])
			b = b[1+n+m:]
		}
		parent, act = parent+int(growth), int(a)
	}
	return parent, act, true
}

// traceAll sets the trails of findings of a search that keeps a lineage. It runs user code.
func (s *bfs) traceAll(w Worker, all []finding) {
	for i, f := range all {
		if 0 < f.level && f.level <= len(s.lineage.levels) {
			all[i].trail = s.lineage.trail(w, newBatch(s.space.Words(), s.budget), &f)
		}
	}
}

// trail returns the path to a finding, or nil if the model does not repeat it, or not before the run must end.
func (l *lineage) trail(w Worker, batch *Batch, f *finding) [][]uint32 {
	acts, rank, ok := make([]int, f.level), f.rank, true
	for level := f.level; level > 0; level-- {
		if rank, acts[level-1], ok = l.birth(level, rank); !ok {
			return nil
		}
	}
	acts[0] = rank // initial states have their numbers for parents
	if err := w.Init(batch); err != nil {
		return nil
	}
	states := make([][]uint32, 0, f.level)
	for level, act := range acts {
		if level > 0 {
			if l.budget.late() {
				return nil
			}
			batch.Reset()
			w.Expand(states[level-1], ExpandOptions{}, batch) // after an error, batch has what precedes it
		}
		state := stateByAct(batch, act)
		if state == nil {
			return nil
		}
		states = append(states, state)
	}
	if !slices.Equal(states[f.level-1], f.state) {
		return nil
	}
	return states
}

// stateByAct returns a copy of the state of a batch that an action led to, or nil.
func stateByAct(b *Batch, act int) []uint32 {
	for i := range b.Len() {
		if b.Act(i) == act {
			return slices.Clone(b.Vector(i))
		}
	}
	return nil
}
