package engine

import (
	"math/bits"
	"slices"
	"sync"
)

// endLevel gathers what the workers found while they expanded a level of that many states, ranks the states of the next
// level, and moves on to it. It reports whether the search may go on.
func (s *bfs) endLevel(parents int) bool {
	s.gatherCurrent()
	n := s.store.nextLen()
	next := newRanking(s.keys, n, parents, s.skipped(n))
	hits := s.leastHits()
	if s.filter == nil && s.keep == nil {
		s.countNames(n)
	}
	if s.keep != nil {
		s.keepEdges(&next)
	}
	number := s.rank.number
	err := s.store.advance(func(i uint32) uint32 {
		k := s.keys.key(i)
		if s.level == 0 || k == noKey {
			return none
		}
		return number(int(k.rank()))
	})
	if err != nil {
		s.endAt(s.budget.cutOf(err))
		s.gatherLost(hits)
		return false
	}
	s.keys.clear(n)
	s.ordinal += int64(s.rank.n)
	s.rank = next
	if n > 0 {
		s.level++
	}
	s.gatherNext(hits)
	if s.graph != nil {
		s.graph.endLevel(s, n)
	}
	s.visit()
	s.budget.Depth.Store(int64(s.level))
	s.budget.Expanded.Store(s.ordinal)
	return !s.ended()
}

// gatherCurrent merges the findings at states of the level that was expanded.
func (s *bfs) gatherCurrent() {
	first, fault := map[int]position{}, (*faultAt)(nil)
	for _, w := range s.workers {
		for i, at := range w.first {
			if old, ok := first[i]; !ok || at.before(old) {
				first[i] = at
			}
		}
		if w.fault != nil && (fault == nil || w.fault.before(fault.position)) {
			fault = w.fault
		}
		s.boundary = s.boundary || w.bounded
		w.first, w.fault = nil, nil
	}
	for i, at := range first {
		s.decided |= 1 << uint(i)
		s.found = append(s.found, s.findingAt(i, at))
	}
	if fault != nil && s.fault == nil {
		f := s.findingAt(-1, fault.position)
		f.err = fault.err
		f.act = -1
		s.fault = &f
	}
}

func (s *bfs) findingAt(property int, at position) finding {
	f := finding{property: property, level: s.level, rank: at.rank, act: at.act}
	if s.level > 0 {
		number := s.rank.number(at.rank)
		f.trail = s.store.trail(number)
		f.state = append([]uint32(nil), s.store.current(number)...)
	}
	return f
}

// skipped marks the states of the next level that are not to be expanded; nil for none.
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

// leastHit is the first state of the next level at which something was found.
type leastHit struct {
	local uint32
	key   edgeKey
	err   *Misbehaviour
}

// leastHits picks, by property, and under -1 for misbehaviour, the first state of the next level with a finding.
func (s *bfs) leastHits() map[int]leastHit {
	least := map[int]leastHit{}
	offer := func(i int, h hit) {
		k := s.keys.key(h.local)
		if old, ok := least[i]; !ok || k < old.key {
			least[i] = leastHit{h.local, k, h.err}
		}
	}
	for _, w := range s.workers {
		for _, h := range w.hits {
			for m := h.mask; m != 0; m &= m - 1 {
				offer(bits.TrailingZeros64(uint64(m)), h)
			}
			if h.err != nil {
				offer(-1, h)
			}
		}
		w.hits = w.hits[:0]
	}
	return least
}

// gatherNext records the findings at states of what is now the current level.
func (s *bfs) gatherNext(hits map[int]leastHit) {
	for i, h := range hits {
		at := position{rank: s.rankOf(h.local), act: -1}
		if i < 0 {
			if s.fault == nil {
				f := s.findingAt(-1, at)
				f.err = h.err
				s.fault = &f
			}
			continue
		}
		s.decided |= 1 << uint(i)
		s.found = append(s.found, s.findingAt(i, at))
	}
}

// gatherLost records the findings at states of a next level for which there is no memory.
func (s *bfs) gatherLost(hits map[int]leastHit) {
	for i, h := range hits {
		f := finding{property: i, level: s.level + 1, act: -1, err: h.err, state: slices.Clone(s.store.next(h.local))}
		switch {
		case i >= 0:
			s.decided |= 1 << uint(i)
			s.found = append(s.found, f)
		case s.fault == nil:
			s.fault = &f
		}
	}
}

// rankOf returns the rank of a state of the current level, by search.
func (s *bfs) rankOf(local uint32) int {
	for rank, i := range s.rank.order {
		if i == local {
			return rank
		}
	}
	return int(local)
}

func (s *bfs) countNames(n int) {
	for i := range n {
		if k := s.keys.key(uint32(i)); k != noKey && s.level > 0 {
			s.byName[k.name()]++
		}
	}
}

// visit shows the states of the current level to the visitor, in their order, on a goroutine that the visitor may end.
func (s *bfs) visit() {
	if s.cfg.Visit == nil {
		return
	}
	var wg sync.WaitGroup
	wg.Go(s.visitLevel)
	wg.Wait()
}

func (s *bfs) visitLevel() {
	for rank := range s.rank.n {
		if c := s.budget.Ended(); c == StopReasonCanceled || c == StopReasonTime || c == StopReasonCallback {
			s.endAt(c)
			return
		}
		i := s.rank.number(rank)
		s.cfg.Visit(&Visit{State: s.store.current(i), Depth: s.level, Trail: func() *Trail {
			if states := s.store.trail(i); states != nil {
				return &Trail{States: states, Act: -1, Loop: -1}
			}
			return nil
		}})
	}
}

// outcome sums up the search; the states of findings without a trail are found again by a second search.
func (s *bfs) outcome() *Outcome {
	o := &Outcome{
		StopReason: StopReason(s.cut.Load()), Bounded: s.boundary,
		Generated: s.budget.Generated.Load(), Distinct: s.budget.Distinct.Load(), Depth: s.level,
		NewByName: s.byName, Discoveries: map[int]*Discovery{},
	}
	if s.fault != nil && (o.StopReason == StopReasonNone || o.StopReason == StopReasonCondition) {
		o.StopReason = StopReasonModel
	}
	o.Omission = s.store.omission(o.Distinct, o.Generated)
	all := append([]finding(nil), s.found...)
	if s.fault != nil && s.fault.level > 0 {
		all = append(all, *s.fault)
	}
	if s.cfg.Fingerprints && len(all) > 0 {
		s.searchAgain(all)
	}
	for _, f := range all {
		d := &Discovery{Property: f.property, Err: f.err}
		if f.trail != nil {
			d.Trail = &Trail{States: f.trail, Act: f.act, Loop: -1}
		}
		if f.property < 0 {
			o.Misbehaviour = d
		} else {
			o.Discoveries[f.property] = d
		}
	}
	if s.fault != nil && o.Misbehaviour == nil {
		o.Misbehaviour = &Discovery{Property: -1, Err: s.fault.err}
	}
	o.PeakMemory = s.budget.Peak()
	return o
}
