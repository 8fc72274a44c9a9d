package actor

import (
	"fmt"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/engine"
)

// worker computes on vectors for one goroutine.
type worker[M any] struct {
	*space[M]
	expander
	number func(name string) uint16
	steps  []step    // room for a behaviour
	rooms  [2][]byte // for values of histories

	orbits *orbits[M] // nil without symmetry reduction

	views [4]State[M] // the last two for states with names exchanged
	where string      // which user code runs; "" for the handler of actor for event
	actor ID
	event uint32

	from    []uint32   // the state that Actions was called for
	actions []prepared // what may be done in it
	names   []uint16   // of actions
}

// prepared is a step that Actions has found.
type prepared struct {
	place int
	actor ID
	step  *step
}

// NewWorker implements [engine.Native].
func (sp *space[M]) NewWorker(number func(name string) uint16) engine.NativeWorker {
	w := &worker[M]{space: sp, number: number}
	w.expander = expander{
		n: sp.n, world: sp.world, splits: len(sp.sys.splits) > 0, slow: w, m: sp.now(),
		enabled: make([]int64, engine.NoName+1), taken: make([]int64, engine.NoName+1),
	}
	for _, a := range sp.sys.aux {
		w.aux = append(w.aux, auxExpander{records: a.chronicle != nil, crashes: a.crash != nil, watches: a.observe != nil})
	}
	w.network = w.splitting()
	if w.orbits = newOrbits(sp); w.orbits != nil {
		w.represent = w.orbits.represent
	}
	return w
}

// doing notes which handler is about to run.
func (w *worker[M]) doing(actor ID, event uint32) { w.where, w.actor, w.event = "", actor, event }

// Where implements [engine.NativeWorker].
func (w *worker[M]) Where() (where, action string, act int) {
	if w.where != "" {
		return w.where, "", -1
	}
	e := w.space.event(w.event)
	s := step{kind: e.kind, event: w.event}
	return fmt.Sprintf("%s of %s", e.kind.handler(), w.sys.Name(w.actor)), w.sys.FormatAction(w.action(w.actor, &s)), -1
}

// Counts implements [engine.NativeWorker].
func (w *worker[M]) Counts() (enabled, taken []int64) { return w.enabled, w.taken }

// Init implements [engine.Worker].
func (w *worker[M]) Init(out *engine.Batch) error {
	vec, err := w.space.initial(func(id ID) { w.where = "Start of " + w.sys.Name(id) })
	if err != nil {
		return err
	}
	copy(out.Slot(), vec)
	out.Commit(0, engine.NoName, 0)
	return nil
}

// found finds out what may be done in a component.
func (w *worker[M]) found(component uint32) []step {
	return w.m.keepSteps(component, w.behaviour(component))
}

// Expand implements [engine.Worker].
func (w *worker[M]) Expand(state []uint32, o engine.ExpandOptions, out *engine.Batch) (engine.Expansion, error) {
	w.m = w.fresh()
	return w.expand(state, o, out, w.sys.within != nil), nil
}

// separated reports that the network's being split or whole keeps a step from being taken.
func (w *worker[M]) separated(world uint32, actor ID, s *step) bool {
	f := w.worldState(world)
	switch s.kind {
	case Deliver:
		return w.sys.separated(f.Split, ID(s.from), actor)
	case Heal:
		return f.Split == 0
	case Partition:
		return f.Split != 0 || w.sys.config.MaxPartitions > 0 && f.Partitions >= w.sys.config.MaxPartitions
	}
	return false
}

// posted returns a component with an event more in its inbox.
func (w *worker[M]) posted(component uint32, d delivery) uint32 {
	local, box := w.parts(component)
	return w.component(local, w.withEvent(box, d))
}

func (w *worker[M]) recordOf(actor ID, aux int, value uint32, s *step) uint32 {
	w.doing(actor, s.event)
	return w.record(aux, value, s.records-1)
}

func (w *worker[M]) crashOf(actor ID, aux int, value uint32) uint32 {
	return must(w.space.values[aux].Intern(w.histories[aux].crash(w.space.values[aux].Bytes(value), actor)))
}

// watchKey returns an id of the action that a step is.
func (w *worker[M]) watchKey(actor ID, s *step) uint32 {
	key := s.event
	if s.kind == Heal || s.kind == Partition {
		key = uint32(s.change)
	}
	return w.eventID(&event{kind: s.kind, from: actor, name: fmt.Sprint(key)})
}

// watchOf lets an observer see a step.
func (w *worker[M]) watchOf(actor ID, aux int, value uint32, s *step) uint32 {
	w.where = fmt.Sprintf("observer %q", w.sys.aux[aux].name)
	values, x := w.space.values[aux], w.sys.aux[aux]
	before, action := string(values.Bytes(value)), w.action(actor, s)
	after := x.observe(before, action)
	if w.orbits != nil {
		w.orbits.agreesObserver(w.where, x, before, action, after)
	}
	return must(values.Intern([]byte(after)))
}

func (w *worker[M]) inside(vec []uint32) bool {
	w.where = "Boundary"
	in := w.sys.within(w.view(0, vec))
	if w.orbits != nil {
		w.orbits.agrees(w, "the boundary", vec, in, w.sys.within)
	}
	return in
}

func (w *worker[M]) stepsViolated(state []uint32, i int, s *step, slot []uint32, want engine.Mask) (violated engine.Mask) {
	before, after := w.view(0, state), w.view(1, slot)
	actor := w.expander.doer(i)
	for k := range w.sys.props {
		if want.Has(k) {
			p, action := &w.sys.props[k], w.action(actor, s)
			w.where = p.where
			holds := p.step(before, action, after)
			if w.orbits != nil {
				w.orbits.agreesStep(w, p, state, action, slot, holds)
			}
			if !holds {
				violated |= 1 << uint(k)
			}
		}
	}
	return violated
}

// Eval implements [engine.Worker].
func (w *worker[M]) Eval(state []uint32, want engine.Mask, terminal bool) (decided engine.Mask, err error) {
	var seen *State[M]
	for k := range w.sys.props {
		p := &w.sys.props[k]
		if !want.Has(k) || terminal != (p.Kind() == allways.KindDeadlock) {
			continue
		}
		var holds bool
		if p.judge != nil {
			holds = w.judge(p, state[w.space.n+p.aux])
		} else {
			if seen == nil {
				seen = w.view(0, state)
			}
			w.where = p.where
			holds = p.test(seen)
			if w.orbits != nil {
				w.orbits.agrees(w, p.where, state, holds, p.test)
			}
		}
		if holds == (p.Kind() == allways.KindSometimes) {
			decided |= 1 << uint(k)
		}
	}
	return decided, nil
}

// Verdicts on histories.
const (
	unjudged = iota
	refused
	allowed
)

// judge returns the verdict on a history, which is computed once.
func (w *worker[M]) judge(p *property[M], value uint32) bool {
	known := w.now().aux[p.aux].verdicts.room(value)
	verdict := known.Load()
	if verdict == unjudged {
		w.where = p.where
		verdict = refused
		if w.histories[p.aux].allows(w.space.values[p.aux].Bytes(value)) {
			verdict = allowed
		}
		known.Store(verdict)
		if w.orbits != nil {
			w.orbits.agreesHistory(p, value, verdict == allowed)
		}
	}
	return verdict == allowed
}

// Satisfies implements [engine.Worker].
func (w *worker[M]) Satisfies(state []uint32, k int) (bool, error) {
	p := &w.sys.props[k]
	w.where = p.where
	holds := p.test(w.view(0, state))
	if w.orbits != nil {
		w.orbits.agrees(w, p.where, state, holds, p.test)
	}
	return holds, nil
}

// view returns a state for reading, valid until the next view with the number.
func (w *worker[M]) view(number int, vec []uint32) *State[M] {
	s := &w.views[number]
	if s.actors == nil {
		s.actors, s.inboxes, s.aux = make([]*actorState, w.space.n), make([]*inbox[M], w.space.n+1), make([]any, len(w.sys.aux))
		s.private = w.sys.leave
	}
	m := w.now()
	for i := range w.space.n {
		v := m.views.get(vec[i])
		if v == nil {
			v = w.viewOf(m, vec[i])
		}
		s.actors[i] = v.state
		if !s.private {
			s.inboxes[i] = v.box.(*inbox[M])
		}
	}
	world := w.worldState(vec[w.space.world])
	s.faults = world.faults
	if !s.private {
		s.inboxes[w.space.n] = w.inbox(world.void)
	}
	for k := range w.sys.aux {
		s.aux[k] = w.auxValue(k, vec[w.space.n+k])
	}
	return s
}

// Actions implements [engine.Worker].
func (w *worker[M]) Actions(state []uint32) (int, error) {
	w.actions, w.names = w.actions[:0], w.names[:0]
	w.from = append(w.from[:0], state...)
	w.m = w.fresh()
	for i := range w.expander.n + 1 {
		steps, actor := w.doers(state, i), w.doer(i)
		for k := range steps {
			if s := &steps[k]; w.allowed(state[w.expander.world], actor, s) {
				w.actions = append(w.actions, prepared{i, actor, s})
				w.names = append(w.names, s.name)
			}
		}
	}
	return len(w.actions), nil
}

// Names implements [engine.Worker].
func (w *worker[M]) Names() ([]uint16, error) { return w.names, nil }

// Apply implements [engine.Worker].
func (w *worker[M]) Apply(i int, want engine.Mask, dst []uint32) (e engine.Effect, steps engine.Mask, err error) {
	p := w.actions[i]
	w.apply(w.from, p.place, p.step, dst)
	if w.sys.within != nil && !w.inside(dst) {
		return engine.Outside, 0, nil
	}
	if want != 0 {
		steps = w.stepsViolated(w.from, p.place, p.step, dst, want)
	}
	if w.represent != nil {
		w.represent(dst)
	}
	return engine.Inside, steps, nil
}

// Action implements [engine.NativeWorker].
func (w *worker[M]) Action(i int) any { return w.action(w.actions[i].actor, w.actions[i].step) }

// State implements [engine.NativeWorker].
func (w *worker[M]) State(vec []uint32) any { return w.state(vec) }

func (w *worker[M]) state(vec []uint32) *State[M] {
	s := &State[M]{private: w.sys.leave, faults: w.worldState(vec[w.space.world]).faults}
	for i := range w.space.n {
		local, box := w.parts(vec[i])
		actor, l := w.local(local)
		s.actors = append(s.actors, w.sys.actorState(actor, l))
		s.inboxes = append(s.inboxes, w.inbox(w.contents(box)))
	}
	s.inboxes = append(s.inboxes, w.inbox(w.worldState(vec[w.space.world]).void))
	for k, a := range w.sys.aux {
		s.aux = append(s.aux, a.decode(w.auxContent(k, vec[w.space.n+k])))
	}
	return s
}
