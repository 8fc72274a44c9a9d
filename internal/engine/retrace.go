package engine

import "slices"

// retrace is the task of a second search, which finds the paths of findings that a search with
// fingerprints could not keep. The second search goes up to the deepest of them and keeps, for
// every state, the edge that first led to it: 8 bytes each, which the first search would have paid
// for nothing if it had found nothing. A path is followed back along these edges by rank, and its
// states are computed again, forward, from the actions on the way.
type retrace struct {
	store *fingerprintStore
	edges [][]edgeKey // keys of each level, in the order of ranks
	bytes *tally      // memory of edges
}

// retraceAll sets the trails of findings of a search.
func retraceAll(s *bfs, all []finding) {
	deepest := 0
	for _, f := range all {
		deepest = max(deepest, f.level)
	}
	generated, distinct, depth := s.budget.Generated.Load(), s.budget.Distinct.Load(), s.budget.Depth.Load()
	defer func() {
		s.budget.Generated.Store(generated)
		s.budget.Distinct.Store(distinct)
		s.budget.Depth.Store(depth)
	}()
	s.budget.begin()
	store, err := newFingerprintStore(s.space.Words(), s.budget)
	if err != nil {
		return
	}
	t := &retrace{store: store, bytes: &tally{}}
	cfg := &Config{Workers: s.cfg.Workers, Fingerprints: true, Budget: s.budget, Repeat: true}
	again := newBFS(s.space, cfg, store, t)
	s.cfg.retrace()
	s.budget.hold(t.bytes)
	defer s.budget.drop(t.bytes)
	defer again.close()
	for ok := again.begin(); ok; ok = again.endLevel(again.rank.n) {
		t.followAll(again, all)
		if again.level >= deepest || again.rank.n == 0 {
			break
		}
		again.expandLevel()
	}
}

func (t *retrace) expansion(*bfsWorker) ExpandOptions { return ExpandOptions{} }
func (t *retrace) fresh(*bfsWorker, []uint32, uint32) {}
func (t *retrace) lookedUp(*bfsWorker, *Batch)        {}

func (t *retrace) expanded(*bfsWorker, []uint32, int, *Expansion) {}

// ranked keeps the edges that first led to the states of the next level.
func (t *retrace) ranked(s *bfs, next *ranking, _ int) {
	bytes := 8 * int64(next.n)
	if !s.budget.allow(bytes) {
		s.outOfMemory()
		return
	}
	t.bytes.bytes.Add(bytes)
	keys := make([]edgeKey, next.n)
	for rank := range keys {
		keys[rank] = s.keys.key(next.number(rank))
	}
	t.edges = append(t.edges, keys)
}

// followAll sets the trails of the findings at states of the current level. The states are looked
// up by content, not by rank: if the first search stopped within a level, it ranked fewer states
// than this one does.
func (t *retrace) followAll(s *bfs, all []finding) {
	for i, f := range all {
		if f.level != s.level {
			continue
		}
		if number, ok := t.store.cur.Lookup(f.state); ok {
			all[i].trail = t.follow(s, s.level, s.rankOf(number))
		}
	}
}

// follow goes back from a state, given by level and rank, to an initial state, and forward again by
// the actions.
func (t *retrace) follow(s *bfs, level, rank int) [][]uint32 {
	if level > len(t.edges) || rank >= len(t.edges[level-1]) {
		return nil
	}
	acts := make([]int, 0, level)
	for l := level - 1; l > 0; l-- {
		k := t.edges[l][rank]
		acts = append(acts, k.act())
		rank = int(k.rank())
	}
	slices.Reverse(acts)
	w, batch := s.workers[0].worker, NewBatch(s.space.Words())
	if err := w.Init(batch); err != nil {
		return nil
	}
	state := stateByAct(batch, int(t.edges[0][rank].rank()))
	if state == nil {
		return nil
	}
	states := [][]uint32{state}
	for _, act := range acts {
		batch.Reset()
		w.Expand(state, ExpandOptions{}, batch) // after an error, batch has what precedes it
		if state = stateByAct(batch, act); state == nil {
			return nil
		}
		states = append(states, state)
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
