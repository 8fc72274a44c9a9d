package engine

import (
	"slices"

	"github.com/allways-go/allways/internal/ranks"
)

// lineage keeps how a search with fingerprints first reached each state, so that paths to findings are known without a
// second search. The states themselves are gone by then. A path is followed back to an initial state, by rank, and its
// states are computed again, forward, from the actions on the way.
type lineage struct {
	budget  *Budget
	levels  []births // births of the states of each level
	scratch ranks.Births
	bytes   tally
}

// births are how the states of a level were reached, in memory or on disk; see [ranks.Births].
type births interface {
	Of(rank int) (parent, act int, ok bool)
}

// sliceBytes is what a slice itself takes.
const sliceBytes = 24

// add keeps how the ranked states of the next level were reached. It reports whether there was memory for that.
func (l *lineage) add(keys *ranks.Column, next *ranks.Ranking) bool {
	if !l.fits(next.Len()) {
		return false
	}
	b := ranks.BirthsOf(keys, next, l.scratch)
	l.bytes.bytes.Add(int64(cap(b) - cap(l.scratch) + len(b) + sliceBytes))
	l.scratch = b
	l.levels = append(l.levels, append(make(ranks.Births, 0, len(b)), b...))
	return true
}

// fits reports whether there is memory for the births of a level of n states.
func (l *lineage) fits(n int) bool {
	return l.budget.allow(int64(n + max(0, n+ranks.MaxBirth-cap(l.scratch))))
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
		if rank, acts[level-1], ok = l.levels[level-1].Of(rank); !ok {
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
