package beyond

import (
	"errors"
	"math"

	"github.com/allways-go/allways/internal/diskrun"
)

// ErrLevel says that a level has more states than there are ranks.
var ErrLevel = errors.New("beyond: a level has too many states")

// Settle makes the candidates that are new the current level, and returns their number and how they were reached. Of
// several steps to a state the one with the least key counts. The states that each name led to first are added to
// named.
func (s *Set) Settle(named []int64) (n int, births Births, err error) {
	defer s.measure()
	sorters, release := s.sorters()
	defer release()
	if err := s.each(func(worker, i int) error { return s.settle(&s.parts[i], sorters[worker]) }); err != nil {
		return 0, Births{}, err
	}
	var runs []*diskrun.Run
	for _, r := range sorters {
		if err := r.flush(); err != nil {
			return 0, Births{}, err
		}
		runs = append(runs, r.runs...)
	}
	release()
	if s.frontier != nil {
		if err := s.frontier.Remove(); err != nil {
			return 0, Births{}, err
		}
	}
	births = Births{set: s}
	if s.frontier, births.run, err = s.rank(runs, named); err != nil {
		return 0, Births{}, err
	}
	s.births = append(s.births, births.run)
	if s.frontier.Len() > math.MaxUint32 {
		return 0, Births{}, ErrLevel
	}
	err = errors.Join(drop(runs), s.each(func(_, i int) error { return s.compact(&s.parts[i]) }))
	return int(s.frontier.Len()), births, err
}

// Room for new states while they are sorted by key. More than the most makes fewer runs, which does not matter; with
// less than the least, files would have more effort than states.
const (
	mostSorted  = 64 << 20
	leastSorted = 64 << 10
)

// sorters returns one sorter of new states for each worker.
func (s *Set) sorters() (all []*ranked, release func()) {
	candidates := int64(0)
	for i := range s.parts {
		for _, r := range s.parts[i].candidates {
			candidates += r.Len()
		}
	}
	record := int64(4*(s.Words+keyWords) + placeBytes)
	bytes := int64(mostSorted)
	for bytes > leastSorted && !s.Room(bytes*int64(s.Workers)) {
		bytes /= 2
	}
	most := min(bytes/record, candidates) + 1
	if s.Most > 0 {
		most = min(most, int64(s.Most))
	}
	held := most * record * int64(s.Workers)
	s.held.Add(held)
	for range s.Workers {
		all = append(all, &ranked{set: s, words: s.Words + keyWords, most: int(most)})
	}
	return all, func() {
		for _, r := range all {
			r.recs, r.order = nil, nil
		}
		s.held.Add(-held)
		held = 0
	}
}

// settle finds the candidates of a partition that are new. It gives them to the sorter, and adds them to the states
// that are known.
func (s *Set) settle(p *part, sorter *ranked) error {
	if len(p.candidates) == 0 {
		return nil
	}
	defer s.hold(len(p.candidates) + len(p.visited) + 1)()
	known, err := s.openAll(p.visited)
	defer s.closeAll(known)
	if err != nil {
		return err
	}
	candidates, err := diskrun.NewMerge(p.candidates)
	if err != nil {
		return err
	}
	defer func() { s.bytes.Add(candidates.Close()) }()
	last := make([]uint32, 0, s.Words)
	run, err := s.write(s.Words, func() ([]uint32, error) {
		for {
			rec, err := candidates.Next()
			if rec == nil || err != nil {
				return nil, err
			}
			state := rec[:s.Words]
			if len(last) > 0 && diskrun.Compare(last, state) == 0 {
				continue // another step to the same state, with a greater key
			}
			last = append(last[:0], state...)
			if met, err := seekAny(known, state); met || err != nil {
				if err != nil {
					return nil, err
				}
				continue
			}
			return state, sorter.add(state, keyOf(rec[s.Words:]))
		}
	})
	if err != nil {
		return err
	}
	if run.Len() > 0 {
		p.visited = append(p.visited, run)
	} else if err := run.Remove(); err != nil {
		return err
	}
	err = drop(p.candidates)
	p.candidates = nil
	return err
}

func (s *Set) openAll(runs []*diskrun.Run) (all []*diskrun.Reader, err error) {
	for _, run := range runs {
		r, err := run.NewReader()
		if err != nil {
			return all, err
		}
		all = append(all, r)
	}
	return all, nil
}

func (s *Set) closeAll(all []*diskrun.Reader) {
	for _, r := range all {
		s.bytes.Add(r.Bytes())
		_ = r.Close() // it was only read
	}
}

// seekAny reports whether any of several runs holds a state.
func seekAny(runs []*diskrun.Reader, state []uint32) (found bool, err error) {
	for _, r := range runs {
		if found, err = r.Seek(state); found || err != nil {
			return found, err
		}
	}
	return false, nil
}

// rank merges the new states by key, which is by rank, and writes them and how they were reached.
func (s *Set) rank(runs []*diskrun.Run, named []int64) (frontier, births *diskrun.Run, err error) {
	m, err := diskrun.NewMerge(runs)
	if err != nil {
		return nil, nil, err
	}
	defer func() { s.bytes.Add(m.Close()) }()
	w, err := s.create(2)
	if err != nil {
		return nil, nil, err
	}
	frontier, err = s.write(s.Words, func() ([]uint32, error) {
		rec, err := m.Next()
		if rec == nil || err != nil {
			return nil, err
		}
		k := keyOf(rec)
		named[k.Name()]++
		return rec[keyWords:], hint(w.Append([]uint32{k.Rank(), uint32(k.Act())}))
	})
	if err != nil {
		w.Abandon()
		return nil, nil, err
	}
	births, err = s.finish(w)
	return frontier, births, err
}

// compact merges the newest runs of a partition with those before them that are no larger than all newer ones together.
// So there are few runs at any time, and each state is written again only as often as the run that it is in doubles.
func (s *Set) compact(p *part) error {
	i := len(p.visited) - 1
	if i < 1 {
		return nil
	}
	newer := p.visited[i].Len()
	for i > 0 && p.visited[i-1].Len() <= newer {
		i--
		newer += p.visited[i].Len()
	}
	if i == len(p.visited)-1 {
		return nil
	}
	defer s.hold(len(p.visited) - i + 1)()
	run, err := s.merged(s.Words, p.visited[i:])
	if err == nil {
		p.visited = append(p.visited[:i], run)
	}
	return err
}
