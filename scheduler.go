package allways

import "github.com/allways-go/allways/internal/pct"

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
func PCT(depth int) Scheduler { return priorities{max(depth, 1)} }

type priorities struct{ depth int }

// Walk implements [Scheduler].
func (p priorities) Walk(r Rand, states int) Schedule {
	return prioritySchedule{pct.New(r, p.depth, states)}
}

type prioritySchedule struct{ *pct.Schedule }

func (s prioritySchedule) Pick(c Choices) int { return s.Schedule.Pick(c.Len(), c.Name) }
