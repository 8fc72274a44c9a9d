package allways

import "slices"

// Scheduler picks the actions of random walks. [Uniform], [PCT] and [SchedulerFunc] make one.
type Scheduler interface {
	// Walk returns the schedule of one walk of at most depth states. r is the walk's source of
	// randomness.
	Walk(r Rand, depth int) Schedule
}

// Schedule picks the actions of one walk. It is used by one goroutine.
type Schedule interface {
	// Pick returns the position of the action to try, at least 0 and less than c.Len(). When the
	// action has no effect, or leaves the boundary, Pick is called again without it.
	Pick(c Choices) int
}

// Rand is a source of random numbers that is the same on every platform and in every version.
type Rand interface {
	Uint64() uint64 // any number
	IntN(n int) int // at least 0 and less than n, which must be positive
}

// Choices are the actions among which a [Schedule] picks.
type Choices interface {
	Len() int          // number of actions, at least 1
	Name(i int) string // name under which the i-th action is counted
	Text(i int) string // text of the i-th action
	State() any        // the state, of the model's type S
	Action(i int) any  // the i-th action, of the model's type A
}

// SchedulerFunc is a [Scheduler] without memory: the function picks each action as [Schedule] does.
type SchedulerFunc func(r Rand, c Choices) int

// Walk implements [Scheduler].
func (f SchedulerFunc) Walk(r Rand, _ int) Schedule { return &funcSchedule{f, r} }

type funcSchedule struct {
	f SchedulerFunc
	r Rand
}

func (s *funcSchedule) Pick(c Choices) int { return s.f(s.r, c) }

// Uniform picks every enabled action with the same probability.
func Uniform() Scheduler {
	return SchedulerFunc(func(r Rand, c Choices) int { return r.IntN(c.Len()) })
}

// PCT is probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatti: A
// randomized scheduler with probabilistic guarantees of finding bugs, 2010), with the names of
// actions instead of threads: every name gets a random priority, the enabled action with the
// highest priority is taken, and at depth-1 random points of the walk the name with the highest
// priority falls behind all others. It finds a bug that needs at most depth ordering constraints
// with a known least probability, where uniform walks rarely let one part run far ahead of the
// others. A depth below 1 counts as 1.
func PCT(depth int) Scheduler { return pct{max(depth, 1)} }

type pct struct{ depth int }

// Walk implements [Scheduler].
func (p pct) Walk(r Rand, states int) Schedule {
	k := &pctSchedule{r: r, priority: map[string]uint64{}}
	for range p.depth - 1 {
		k.changes = append(k.changes, r.IntN(states))
	}
	return k
}

type pctSchedule struct {
	r        Rand
	priority map[string]uint64 // priority by name of action; small for names that fell behind
	changes  []int             // picks before which the highest name falls behind
	fallen   uint64
	picks    int
}

// fallBehind is above the priorities of names that fell behind, and below all random ones.
const fallBehind = 1 << 32

func (k *pctSchedule) Pick(c Choices) int {
	best := k.highest(c)
	for range k.changes {
		if !slices.Contains(k.changes, k.picks) {
			break
		}
		// Later ones fall deeper, so that the order among them is the order of falling.
		k.fallen++
		k.priority[c.Name(best)] = fallBehind - k.fallen
		k.changes = slices.DeleteFunc(k.changes, func(at int) bool { return at == k.picks })
		best = k.highest(c)
	}
	k.picks++
	return best
}

func (k *pctSchedule) highest(c Choices) int {
	best := 0
	var top uint64
	ties := 0
	for i := range c.Len() {
		name := c.Name(i)
		p, ok := k.priority[name]
		if !ok {
			p = k.r.Uint64() | fallBehind
			k.priority[name] = p
		}
		switch {
		case i == 0 || p > top:
			best, top, ties = i, p, 1
		case p == top: // the same name with other arguments
			ties++
			if k.r.IntN(ties) == 0 {
				best = i
			}
		}
	}
	return best
}
