// Package pct picks the steps of walks by probabilistic concurrency testing. It knows nothing of models: what it picks
// from are names.
//
// The algorithm is that of Burckhardt, Kothari, Musuvathi and Nagarakatti: A randomized scheduler with probabilistic
// guarantees of finding bugs (2010), with names in the place of threads.
package pct

import "slices"

// Rand is a source of random numbers.
type Rand interface {
	Uint64() uint64 // any number
	IntN(n int) int // at least 0 and less than n
}

// Schedule picks the steps of one walk, for one goroutine. Make one with [New].
type Schedule struct {
	r        Rand
	priority map[string]uint64 // priority by name; small for names that fell behind
	changes  []int             // picks before which the highest name falls behind
	fallen   uint64
	picks    int
}

// fallBehind is above the priorities of names that fell behind, and below all random ones.
const fallBehind = 1 << 32

// New returns the schedule of a walk of at most some states, in which names fall behind depth-1 times.
func New(r Rand, depth, states int) *Schedule {
	s := &Schedule{r: r, priority: map[string]uint64{}}
	for range depth - 1 {
		s.changes = append(s.changes, r.IntN(states))
	}
	return s
}

// Pick picks one of n steps, which have names.
func (s *Schedule) Pick(n int, name func(i int) string) int {
	best := s.highest(n, name)
	for range s.changes {
		if !slices.Contains(s.changes, s.picks) {
			break
		}
		// Later ones fall deeper, so that the order among them is the order of falling.
		s.fallen++
		s.priority[name(best)] = fallBehind - s.fallen
		s.changes = slices.DeleteFunc(s.changes, func(at int) bool { return at == s.picks })
		best = s.highest(n, name)
	}
	s.picks++
	return best
}

func (s *Schedule) highest(n int, name func(i int) string) int {
	best := 0
	var top uint64
	ties := 0
	for i := range n {
		name := name(i)
		p, ok := s.priority[name]
		if !ok {
			p = s.r.Uint64() | fallBehind
			s.priority[name] = p
		}
		switch {
		case i == 0 || p > top:
			best, top, ties = i, p, 1
		case p == top: // the same name with other arguments
			ties++
			if s.r.IntN(ties) == 0 {
				best = i
			}
		}
	}
	return best
}
