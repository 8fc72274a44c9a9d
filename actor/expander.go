package actor

import (
	"slices"

	"github.com/allways-go/allways/internal/engine"
)

// expander computes successors on vectors, for one goroutine. It remembers what was computed before, and asks slow for the
// rest. It is not generic because nothing of another package is put in line where generic code is compiled, which is the
// user's package.
type expander struct {
	n       int // actors
	world   int // place of the id of the network's state
	splits  bool
	network []step
	slow    slow

	m   *memo // to work with for one state
	aux []auxExpander

	represent func(vec []uint32) // replaces a vector by its representative; nil without symmetry reduction

	enabled, taken []int64
}

// auxExpander says what changes the values of an auxiliary.
type auxExpander struct {
	records bool // handlers record for it
	crashes bool // crashes matter
	watches bool // it observes every step
}

// slow computes what is not known yet.
type slow interface {
	found(component uint32) []step
	posted(component uint32, d delivery) uint32
	changed(world uint32, c change) uint32
	separated(world uint32, actor ID, s *step) bool
	recordOf(actor ID, aux int, value uint32, s *step) uint32
	crashOf(actor ID, aux int, value uint32) uint32
	watchOf(actor ID, aux int, value uint32, s *step) uint32
	watchKey(actor ID, s *step) uint32
	inside(vec []uint32) bool
	stepsViolated(state []uint32, i int, s *step, slot []uint32, want engine.Mask) engine.Mask
}

// doers returns what may be done in the i-th place of a state: by an actor, or at last by the network as a whole.
func (x *expander) doers(state []uint32, i int) []step {
	if i == x.n {
		return x.network
	}
	if steps, ok := x.m.stepsOf(state[i]); ok {
		return steps
	}
	return x.slow.found(state[i])
}

// doer returns who acts in the i-th place of a state.
func (x *expander) doer(i int) ID {
	if i == x.n {
		return NoActor
	}
	return ID(i)
}

// expand appends the successors of a state. bounded says that there is a boundary.
func (x *expander) expand(state []uint32, o engine.ExpandOptions, out *engine.Batch, bounded bool) (e engine.Expansion) {
	effects := 0
	for i := range x.n + 1 {
		steps := x.doers(state, i)
		for k := range steps {
			s, slot := &steps[k], out.Slot()
			if !x.apply(state, i, s, slot) {
				continue
			}
			act := effects
			effects++
			if o.Count {
				x.enabled[s.name]++
			}
			if bounded && !x.slow.inside(slot) {
				e.Bounded = true
				continue
			}
			if o.Count {
				x.taken[s.name]++
			}
			var violated engine.Mask
			if o.Steps != 0 {
				violated = x.slow.stepsViolated(state, i, s, slot, o.Steps)
			}
			if x.represent != nil {
				x.represent(slot)
			}
			if violated == 0 && !o.SelfLoops && slices.Equal(slot, state) {
				e.SelfLoops++
				continue
			}
			out.Commit(act, s.name, violated)
		}
	}
	e.Terminal = effects == 0
	return e
}

// allowed reports whether a step may be taken in a world.
func (x *expander) allowed(world uint32, actor ID, s *step) bool {
	return (!x.splits || !x.slow.separated(world, actor, s)) && (s.change == noChange || x.change(world, s.change) != denied)
}

// apply writes to slot the state after a step of the doer in place i, or reports that there is none.
func (x *expander) apply(state []uint32, i int, s *step, slot []uint32) bool {
	actor := x.doer(i)
	world := state[x.world]
	if !x.allowed(world, actor, s) {
		return false
	}
	if s.change != noChange {
		world = x.change(world, s.change)
	}
	slot = slot[:len(state)]
	//lint:ignore S1001 the loop is put in line, the built-in function is not
	for k, id := range state {
		slot[k] = id
	}
	slot[x.world] = world
	if i < x.n {
		slot[i] = s.component
	}
	sends := x.m.sends.list(s.sends, int(s.sent))
	for k := range sends {
		d := &sends[k]
		if int(d.to) == x.n {
			slot[x.world] = x.change(slot[x.world], changePost|change(d.event))
			continue
		}
		id, ok := x.m.posts.find(slot[d.to], d.event)
		if !ok {
			id = x.m.posts.keep(slot[d.to], d.event, x.slow.posted(slot[d.to], *d))
		}
		slot[d.to] = id
	}
	for k := range x.aux {
		x.advance(k, &slot[x.n+k], actor, s)
	}
	return true
}

func (x *expander) change(world uint32, c change) uint32 {
	id, ok := x.m.worlds.find(world, uint32(c))
	if !ok {
		id = x.m.worlds.keep(world, uint32(c), x.slow.changed(world, c))
	}
	return id
}

// advance brings an auxiliary value up to a step.
func (x *expander) advance(k int, at *uint32, actor ID, s *step) {
	a, known := &x.aux[k], &x.m.aux[k]
	if s.records != 0 && a.records {
		id, ok := known.recorded.find(*at, s.records)
		if !ok {
			id = known.recorded.keep(*at, s.records, x.slow.recordOf(actor, k, *at, s))
		}
		*at = id
	}
	if s.kind == Crash && a.crashes {
		id, ok := known.crashed.find(*at, uint32(actor))
		if !ok {
			id = known.crashed.keep(*at, uint32(actor), x.slow.crashOf(actor, k, *at))
		}
		*at = id
	}
	if a.watches {
		key := x.slow.watchKey(actor, s)
		id, ok := known.watched.find(*at, key)
		if !ok {
			id = known.watched.keep(*at, key, x.slow.watchOf(actor, k, *at, s))
		}
		*at = id
	}
}
