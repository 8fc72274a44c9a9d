package engine

// searchAgain finds the trails of findings that a search with fingerprints could not keep: it repeats the search up to
// the deepest of them, keeping for every state the edge that first led to it, and follows these edges back.
func (s *bfs) searchAgain(all []finding) {
	deepest := 0
	for _, f := range all {
		deepest = max(deepest, f.level)
	}
	generated, distinct, depth := s.budget.Generated.Load(), s.budget.Distinct.Load(), s.budget.Depth.Load()
	again, err := newBFS(s.space, &Config{Workers: s.cfg.Workers, Fingerprints: true, Budget: s.budget, Repeat: true})
	if err != nil {
		return
	}
	s.cfg.retrace()
	again.keep = &tally{}
	s.budget.hold(again.keep)
	defer s.budget.drop(again.keep)
	defer again.close()
	for ok := again.init(); ok; ok = again.endLevel(again.rank.n) {
		again.followAll(all)
		if again.level >= deepest || again.rank.n == 0 {
			break
		}
		again.expandLevel()
	}
	s.budget.Generated.Store(generated)
	s.budget.Distinct.Store(distinct)
	s.budget.Depth.Store(depth)
}

// keepEdges keeps the edges that first led to the states of what will be the current level.
func (s *bfs) keepEdges(next *ranking) {
	bytes := 8 * int64(next.n)
	if !s.budget.allow(bytes) {
		s.budget.end(StopReasonMemory)
		s.endAt(StopReasonMemory)
		return
	}
	s.keep.bytes.Add(bytes)
	keys := make([]edgeKey, next.n)
	for rank := range keys {
		keys[rank] = s.keys.key(next.number(rank))
	}
	s.edges = append(s.edges, keys)
}

// followAll fills in the trails of the findings at states of the current level. A search that was cut within a level
// ranks its states differently, so they are looked up by content.
func (s *bfs) followAll(all []finding) {
	for i, f := range all {
		if f.level != s.level {
			continue
		}
		if local, ok := s.store.(*fingerprintStore).cur.Lookup(f.state); ok {
			all[i].trail = s.follow(s.level, s.rankOf(local))
		}
	}
}

// follow goes back from a state, given by level and rank, to an initial state, and forward again by its actions.
func (s *bfs) follow(level, rank int) [][]uint32 {
	if level > len(s.edges) || rank >= len(s.edges[level-1]) {
		return nil
	}
	acts := make([]int, 0, level)
	for l := level - 1; l > 0; l-- {
		k := s.edges[l][rank]
		acts = append(acts, k.act())
		rank = int(k.rank())
	}
	reverse(acts)
	w, batch := s.workers[0].worker, NewBatch(s.space.Words())
	if err := w.Init(batch); err != nil {
		return nil
	}
	init := int(s.edges[0][rank].rank())
	var states [][]uint32
	for i := range batch.Len() {
		if batch.Act(i) == init {
			states = append(states, append([]uint32(nil), batch.Vector(i)...))
		}
	}
	for _, act := range acts {
		batch.Reset()
		w.Expand(states[len(states)-1], ExpandOptions{}, batch) // what it appended before a misbehaviour is what counts
		found := false
		for i := range batch.Len() {
			if batch.Act(i) == act {
				states = append(states, append([]uint32(nil), batch.Vector(i)...))
				found = true
				break
			}
		}
		if !found {
			return nil
		}
	}
	return states
}
