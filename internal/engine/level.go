package engine

import (
	"math/bits"
	"slices"
	"sync"

	"github.com/allways-go/allways/internal/ranks"
)

// endLevel gathers what the workers found while they expanded the current level, which has the
// given number of ranks, ranks the states of the next level, and moves on to it. It reports whether
// the search may go on. All of it runs on one goroutine while the workers rest, so what it reports
// does not depend on their timing.
func (s *bfs) endLevel(parents int) bool {
	s.gatherCurrent()
	n := s.store.nextLen()
	next := ranks.Rank(s.keys, n, parents, s.skipped(n))
	ahead := s.leastAhead()
	s.task.ranked(s, &next, n)
	if s.lineage != nil && n > 0 && !s.lineage.add(s.keys, &next) {
		s.outOfMemory()
		s.gatherLost(&next, ahead)
		return false
	}
	number := s.rank.Number
	err := s.store.advance(func(i uint32) uint32 {
		k := s.keys.Key(i)
		if s.level == 0 || k == ranks.NoKey {
			return none
		}
		return number(int(k.Rank()))
	})
	if err != nil {
		s.endAt(OutOfRoom(err))
		s.gatherLost(&next, ahead)
		return false
	}
	s.keys.Clear(n)
	s.ordinal += int64(s.rank.Len())
	s.rank = next
	if n > 0 {
		s.level++
	}
	s.gatherNext(ahead)
	s.visit()
	s.budget.Depth.Store(int64(s.level))
	s.budget.Expanded.Store(s.ordinal)
	return !s.ended()
}

// A search that stops at the first finding that any worker reports would be faster by up to a level,
// and would report another one in every run. Between two levels all findings of a level are known,
// and the least of them is the same in every run. So a stop takes effect here only. Limits of time
// and memory do not wait: they promise no reproducible result.

// gatherCurrent merges the findings at states of the level that was expanded.
func (s *bfs) gatherCurrent() {
	first, broken := map[int]position{}, (*brokenAt)(nil)
	for _, w := range s.workers {
		for i, at := range w.first {
			if old, ok := first[i]; !ok || at.before(old) {
				first[i] = at
			}
		}
		if w.broken != nil && (broken == nil || w.broken.before(broken.position)) {
			broken = w.broken
		}
		s.bounded = s.bounded || w.bounded
		w.first, w.broken = nil, nil
	}
	for i, at := range first {
		s.decided |= 1 << uint(i)
		s.findings = append(s.findings, s.findingAt(i, at))
	}
	if broken != nil && s.broken == nil {
		f := s.findingAt(-1, broken.position)
		f.err = broken.err
		f.act = -1
		s.broken = &f
	}
}

// findingAt returns a finding at a state of the current level, with the path to it if the store
// keeps one. Before the first level there is no state.
func (s *bfs) findingAt(property int, at position) finding {
	f := finding{property: property, level: s.level, rank: at.rank, act: at.act}
	if s.level > 0 {
		number := s.rank.Number(at.rank)
		f.trail = s.store.trail(number)
		f.state = s.stateAt(at.rank)
	}
	return f
}

// skipped marks the states of the next level that are not to be expanded; nil marks none.
func (s *bfs) skipped(n int) []bool {
	var all []bool
	for _, w := range s.workers {
		for _, i := range w.skip {
			if all == nil {
				all = make([]bool, n)
			}
			all[i] = true
		}
		w.skip = w.skip[:0]
	}
	return all
}

// leastAhead returns the findings at the first states of the next level, by property, with
// misbehaviour under -1.
func (s *bfs) leastAhead() map[int]findingAhead {
	least := map[int]findingAhead{}
	offer := func(i int, f findingAhead) {
		if old, ok := least[i]; !ok || f.key < old.key {
			least[i] = f
		}
	}
	for _, w := range s.workers {
		for _, f := range w.ahead {
			f.key = s.keys.Key(f.number)
			for m := f.mask; m != 0; m &= m - 1 {
				offer(bits.TrailingZeros64(uint64(m)), f)
			}
			if f.err != nil {
				offer(-1, f)
			}
		}
		w.ahead = w.ahead[:0]
	}
	return least
}

// gatherNext records the findings at states of what is now the current level.
func (s *bfs) gatherNext(ahead map[int]findingAhead) {
	for i, h := range ahead {
		at := position{rank: s.rank.RankOf(h.number), act: -1}
		if i < 0 {
			if s.broken == nil {
				f := s.findingAt(-1, at)
				f.err = h.err
				s.broken = &f
			}
			continue
		}
		s.decided |= 1 << uint(i)
		s.findings = append(s.findings, s.findingAt(i, at))
	}
}

// gatherLost records the findings at states of a next level that the store could not move on to.
// Their verdicts are true; whether there are paths depends on what the memory was too small for.
func (s *bfs) gatherLost(next *ranks.Ranking, ahead map[int]findingAhead) {
	for i, h := range ahead {
		f := finding{
			property: i, level: s.level + 1, rank: next.RankOf(h.number), act: -1, err: h.err,
			state: slices.Clone(s.store.next(h.number)),
		}
		switch {
		case i >= 0:
			s.decided |= 1 << uint(i)
			s.findings = append(s.findings, f)
		case s.broken == nil:
			s.broken = &f
		}
	}
}

// visit shows the states of the current level to the visitor, by rank. It uses a new goroutine,
// which the visitor may end.
func (s *bfs) visit() {
	if s.cfg.Visit == nil {
		return
	}
	var wg sync.WaitGroup
	wg.Go(s.visitLevel)
	wg.Wait()
}

// visitLevel goes on after a limit of states or memory, so that all states that were counted are
// also shown.
func (s *bfs) visitLevel() {
	for rank := range s.rank.Len() {
		if c := s.budget.Ended(); c == StopReasonCanceled || c == StopReasonTime || c == StopReasonCallback {
			s.endAt(c)
			return
		}
		i := s.rank.Number(rank)
		s.cfg.Visit(&Visit{State: s.workers[0].state(rank), Depth: s.level, Trail: func() *Trail {
			if states := s.store.trail(i); states != nil {
				return &Trail{States: states, Act: -1, Loop: -1}
			}
			return nil
		}})
	}
}
