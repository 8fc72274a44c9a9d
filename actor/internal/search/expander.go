package search

import (
	"fmt"
	"slices"

	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/label"
)

// expander computes successors of states. It is for one goroutine.
//
// Its methods are the inner loop of a search. A successor is a copy of the vector in which a step has changed
// two to four words: the component of the actor, the components of receivers, values of histories, the
// environment. Each word is looked up in the memo by the old word and what happens to it, and computed only the
// first time. Nothing here decodes a value, calls a handler or allocates, except on a miss.
//
// The look-ups are written out where they are needed, three lines each, instead of calling a function with a
// function to compute the value: the compiler would not inline that, and would allocate the closure.
type expander struct {
	behaviours
	judge   judge
	network []step // steps of the network as a whole
	splits  bool   // whether there are partitions
	aux     []auxChanges
	found   []uint64  // words of the components of a state; see look
	room    [2][]byte // for values of histories: the one before an event, and the one after it

	enabled, taken []int64 // counts of steps by number of name
}

// auxChanges says what changes the values of an auxiliary.
type auxChanges struct {
	history  bool // handlers record for it, and crashes matter
	observer bool // every step matters
}

func newExpander(sp *space, number func(name string) uint16) expander {
	at, o := &site{}, newOrbits(sp)
	x := expander{
		behaviours: behaviours{space: sp, m: sp.now(), site: at, number: number, usage: sp.workerUsage()},
		judge:      judge{reader: reader{space: sp}, orbits: o, site: at},
		splits:     len(sp.sys.Splits) > 0,
		found:      make([]uint64, sp.n),
		enabled:    make([]int64, engine.NoName+1), taken: make([]int64, engine.NoName+1),
	}
	if sp.forgets {
		x.forget = sp.learner
	}
	for _, a := range sp.sys.Aux {
		_, history := a.(core.History)
		x.aux = append(x.aux, auxChanges{history: history, observer: !history})
	}
	x.network = x.partitions()
	return x
}

// steps returns the steps in the i-th place of a state: those of an actor or, in the last place, of the network
// as a whole.
func (x *expander) steps(state []uint32, i int) []step {
	if i == x.n {
		return x.network
	}
	if steps, ok := x.m.stepsAt(x.m.posted.Word(state[i])); ok {
		return steps
	}
	return x.m.keepSteps(state[i], x.component(state[i]))
}

// look reads where the steps of all components of a state are. It does so before any step is made: the processor
// then waits for all of the words at once.
func (x *expander) look(state []uint32) {
	for i := range x.found {
		x.found[i] = x.m.posted.Word(state[i])
	}
}

// stepsFound is steps, after look.
func (x *expander) stepsFound(state []uint32, i int) []step {
	if i < x.n {
		if steps, ok := x.m.stepsAt(x.found[i]); ok {
			return steps
		}
	}
	return x.steps(state, i)
}

// expand appends the successors of a state.
func (x *expander) expand(state []uint32, o engine.ExpandOptions, out *engine.Batch) (e engine.Expansion) {
	effects, bounded := 0, x.sys.Within != nil
	// Places and the steps within a place are ordered by content, so act, the index of an action among the
	// effective ones, means the same in every run, and the same as in package plain.
	x.look(state)
	for i := range x.n + 1 {
		steps := x.stepsFound(state, i)
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
			var violated engine.Mask
			if o.Labels != nil && !slices.Equal(slot, state) {
				violated = x.label(state, i, s, slot, o.Labels)
			}
			if bounded && !x.judge.within(slot) {
				e.Bounded = true
				e.Outside = append(e.Outside, uint32(violated))
				continue
			}
			if o.Count {
				x.taken[s.name]++
			}
			if o.Steps != 0 {
				violated = x.judge.stepsViolated(state, x.action(x.receiver(i), s), slot, o.Steps)
			}
			if x.judge.orbits != nil {
				x.judge.orbits.represent(slot)
			}
			// A step back to the same state matters to liveness only, and to the step that it violates.
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

// label returns the number of the label of a step in place i that changes the state.
func (x *expander) label(state []uint32, i int, s *step, slot []uint32, t *label.Table) engine.Mask {
	a := actionID{place: i, event: s.event, change: s.change, kind: s.kind}
	l, ok := x.judge.knownLabel(a, t)
	if ok {
		return l
	}
	l, byAction := x.judge.label(state, x.action(x.receiver(i), s), slot, t)
	if byAction {
		x.judge.keepLabel(a, l)
	}
	return l
}

// allowed reports whether a step may be taken in a environment.
func (x *expander) allowed(env uint32, actor int, s *step) bool {
	return (!x.splits || !x.separated(env, actor, s)) &&
		(s.change == noChange || x.changed(env, s.change) != denied)
}

// apply writes to slot the state after a step in place i. It reports false if the step is not possible, which it
// tests before it writes anything: steps that faults forbid are the only ones that a component cannot exclude.
func (x *expander) apply(state []uint32, i int, s *step, slot []uint32) bool {
	env := state[x.env]
	if x.splits && x.separated(env, i, s) {
		return false
	}
	if s.change != noChange {
		if env = x.changed(env, s.change); env == denied {
			return false
		}
		if s.kind == core.Crash && x.forget != nil {
			x.fell(state[i], s.component)
		}
	}
	slot = slot[:len(state)]
	//lint:ignore S1001 the loop is inlined, the built-in function is not
	for k, id := range state {
		slot[k] = id
	}
	slot[x.env] = env
	if i < x.n {
		slot[i] = s.component
	}
	// The receivers' components differ from state to state, so that messages cannot be part of the step: each is
	// put into the component that the receiver has in this state. Two messages to one receiver are put in turn,
	// the second into the component that the first has made. Messages to the actor itself are in s.component.
	sends := x.m.sends.List(s.sends, int(s.sent))
	for k := range sends {
		d := &sends[k]
		if int(d.to) == x.n {
			if x.forget == nil {
				slot[x.env] = x.strayed(slot[x.env], d.event)
			}
			continue
		}
		id, ok := x.m.posted.Find(slot[d.to], d.event)
		if !ok {
			id = x.m.posted.Keep(slot[d.to], d.event, x.posted(slot[d.to], *d))
		}
		slot[d.to] = id
	}
	for k := range x.aux {
		x.advance(k, &slot[x.n+k], x.receiver(i), s)
	}
	return true
}

func (x *expander) changed(env uint32, c change) uint32 {
	id, ok := x.m.changed.Find(env, uint32(c))
	if !ok {
		to := x.space.changed(env, c)
		if to != denied {
			x.usage.Permitted(c.kind())
		}
		id = x.m.changed.Keep(env, uint32(c), to)
	}
	return id
}

func (x *expander) strayed(env, event uint32) uint32 {
	id, ok := x.m.strayed.Find(env, event)
	if !ok {
		id = x.m.strayed.Keep(env, event, x.space.strayed(env, event))
	}
	return id
}

// advance brings an auxiliary value up to a step. Records come before a crash and before observers, as in
// package plain, so that an observer sees a step whose effects are complete.
func (x *expander) advance(k int, value *uint32, actor int, s *step) {
	a, known := &x.aux[k], &x.m.aux[k]
	if s.records != 0 && a.history {
		id, ok := known.recorded.Find(*value, s.records)
		if !ok {
			id = known.recorded.Keep(*value, s.records, x.record(actor, k, *value, s))
		}
		*value = id
	}
	if s.kind == core.Crash && a.history {
		id, ok := known.crashed.Find(*value, uint32(actor))
		if !ok {
			id = known.crashed.Keep(*value, uint32(actor), x.crashOf(actor, k, *value))
		}
		*value = id
	}
	if a.observer {
		key := x.watchKey(actor, s)
		id, ok := known.watched.Find(*value, key)
		if !ok {
			id = known.watched.Keep(*value, key, x.judge.observe(k, *value, x.action(actor, s)))
		}
		*value = id
	}
}

// record returns the value of a history after what a handler has recorded for it.
func (x *expander) record(actor, aux int, value uint32, s *step) uint32 {
	x.site.handler(actor, s.event)
	r, v := x.recorded(s.records-1), x.values[aux].Bytes(value)
	for _, e := range r.all {
		if e.Aux != aux {
			continue
		}
		next, err := x.histories[aux].Record(x.room[0][:0], v, r.by, e.Event)
		if err != nil {
			panic(core.Misrecorded(x.sys.Aux[aux].Name(), x.sys.Name(r.by), err))
		}
		v, x.room[0], x.room[1] = next, x.room[1], next // the next one must not overwrite v
	}
	return must(x.values[aux].Intern(v))
}

func (x *expander) crashOf(actor, aux int, value uint32) uint32 {
	return must(x.values[aux].Intern(x.histories[aux].Crash(x.values[aux].Bytes(value), actor)))
}

// watchKey returns an id of the action that a step is, under which to remember what an observer makes of it. The
// id of the step's event would not do, since an observer sees the actor and the kind as well. It is the id of an
// event that no handler handles: its name is the number of the step's own event, which is unique where the kind
// and the actor are the same.
func (x *expander) watchKey(actor int, s *step) uint32 {
	key := s.event
	if s.kind == core.Heal || s.kind == core.Partition {
		key = uint32(s.change)
	}
	return x.eventID(&core.Event{Kind: s.kind, From: actor, Name: fmt.Sprint(key)})
}
