package search

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/repeat"
)

// This file lets a symbolic search see a system as places whose steps are local: it implements
// [engine.Local]. A step of an actor changes its component, which the step of a component says; the components
// of receivers, each by the event that comes into it; histories and observers, by what is recorded; and the
// environment, which may forbid it. None of these needs more than the word that it changes.

// changeKind says what a change of a place is.
type changeKind uint8

const (
	postChange  changeKind = iota // an event comes into an inbox
	auxChange                     // a history or an observer follows a step
	strayChange                   // a message to an id that no actor has
	faultChange                   // a fault, within its limits
	deliverable                   // no partition forbids a delivery
)

// placeChange is a change of a place. Equal changes do the same to equal words.
type placeChange struct {
	kind    changeKind
	place   int32
	event   uint32 // the event that comes in
	records uint32 // records for a history plus one; 0 means none
	crashed int32  // the actor that crashes plus one; 0 means none
	watched uint32 // key of the step plus one for an observer; 0 means none
	fault   change
	from    int32 // sender and receiver of a delivery
	to      int32
}

// Local is a worker that sees steps as local ones. It implements [engine.Local].
type Local struct {
	*Worker
	numbers map[placeChange]uint32
	changes []placeChange
	local   []engine.LocalStep
	lists   []uint32        // lists of changes of steps, back to back
	asked   int             // predicates of states evaluated
	insides map[uint32]bool // whether the boundary permits a local

	askedSteps int            // predicates of steps evaluated
	permitted  []engine.Parts // parts that predicates may read; nil for all
}

// Local returns the worker as one that sees steps as local ones. It is for the same goroutine.
func (w *Worker) Local() *Local {
	return &Local{Worker: w, numbers: map[placeChange]uint32{}, insides: map[uint32]bool{}}
}

// Initial implements [engine.Local].
func (w *Local) Initial() ([]uint32, error) { return w.first() }

// Moves implements [engine.Local].
func (w *Local) Moves(place int) bool { return place < w.n || place == w.env && w.splits }

// LocalSteps implements [engine.Local].
func (w *Local) LocalSteps(place int, value uint32) ([]engine.LocalStep, error) {
	w.local, w.lists = w.local[:0], w.lists[:0]
	w.m = w.fresh()
	if place == w.env {
		for k := range w.network {
			s := &w.network[k]
			if after := w.changed(value, s.change); after != denied {
				w.addLocal(after, w.n, &step{kind: s.kind, event: s.event, change: s.change, name: s.name, from: noActor}, false)
			}
		}
		return w.local, nil
	}
	for _, s := range w.component(value) {
		w.addLocal(s.component, place, &s, true)
	}
	return w.local, nil
}

// addLocal adds a step of an actor, or of the network as a whole, which has seen to the environment.
func (w *Local) addLocal(after uint32, i int, s *step, guarded bool) {
	from, actor := len(w.lists), w.receiver(i)
	add := func(c placeChange) { w.lists = append(w.lists, w.changeNumber(c)) }
	env := int32(w.env)
	switch {
	case guarded && s.change != noChange:
		add(placeChange{kind: faultChange, place: env, fault: s.change})
	case guarded && w.splits && s.kind == core.Deliver:
		add(placeChange{kind: deliverable, place: env, from: s.from, to: int32(i)})
	}
	for _, d := range w.m.sends.List(s.sends, int(s.sent)) {
		switch {
		case int(d.to) < w.n:
			add(placeChange{kind: postChange, place: d.to, event: d.event})
		case w.forget == nil:
			add(placeChange{kind: strayChange, place: env, event: d.event})
		}
	}
	for k := range w.aux {
		if c := w.auxChange(k, actor, s); c != (placeChange{kind: auxChange, place: int32(w.n + k)}) {
			add(c)
		}
	}
	outside := i < w.n && len(w.sys.Bounds) > 0 && !w.inside(i, after)
	list := w.lists[from:len(w.lists):len(w.lists)]
	w.local = append(w.local, engine.LocalStep{
		After: after, Changes: list, Name: s.name, Outside: outside, Noted: s.kind == core.Crash && w.forget != nil,
	})
}

// Took implements [engine.Local]. The step is a crash.
func (w *Local) Took(before, after uint32) { w.fell(before, after) }

// inside reports whether the boundary permits a component of an actor.
func (w *Local) inside(actor int, component uint32) bool {
	id, _ := w.parts(component)
	in, ok := w.insides[id]
	if !ok {
		if in = w.bounded(actor, component); w.bounded(actor, component) != in {
			panic(unsteady{"state"})
		}
		w.insides[id] = in
		again := func(x *Worker) bool { return x.bounded(actor, component) }
		w.repeat("Boundary", "state", in, []uint32{aboutBound, id}, again)
	}
	return in
}

// bounded evaluates what the boundary says of an actor.
func (w *Worker) bounded(actor int, component uint32) bool {
	w.judge.site.predicate("Boundary")
	state := w.judge.component(component).state.State
	return !slices.ContainsFunc(w.sys.Bounds[actor], func(f func(any) bool) bool { return !f(state) })
}

// auxChange returns what a step does to an auxiliary.
func (w *Local) auxChange(k, actor int, s *step) placeChange {
	c := placeChange{kind: auxChange, place: int32(w.n + k)}
	a := &w.aux[k]
	if a.history && s.records != 0 && w.recordsFor(k, s.records) {
		c.records = s.records
	}
	if a.history && s.kind == core.Crash {
		c.crashed = int32(actor) + 1
	}
	if a.observer {
		c.watched = w.watchKey(actor, s) + 1
	}
	return c
}

// recordsFor reports whether any of the records is for an auxiliary.
func (w *Local) recordsFor(k int, records uint32) bool {
	return slices.ContainsFunc(w.recorded(records-1).all, func(r core.Record) bool { return r.Aux == k })
}

func (w *Local) changeNumber(c placeChange) uint32 {
	n, ok := w.numbers[c]
	if !ok {
		n = uint32(len(w.changes))
		w.numbers[c] = n
		w.changes = append(w.changes, c)
	}
	return n
}

// PlaceOf implements [engine.Local].
func (w *Local) PlaceOf(change uint32) (place int, guard bool) {
	c := &w.changes[change]
	return int(c.place), c.kind == faultChange || c.kind == deliverable
}

// Changed implements [engine.Local].
func (w *Local) Changed(number, value uint32) (after uint32, ok bool, err error) {
	switch c := &w.changes[number]; c.kind {
	case postChange:
		id, ok := w.m.posted.Find(value, c.event)
		if !ok {
			w.m = w.fresh()
			id = w.m.posted.Keep(value, c.event, w.posted(value, delivery{c.place, c.event}))
		}
		return id, true, nil
	case strayChange:
		return w.strayed(value, c.event), true, nil
	case faultChange:
		after := w.changed(value, c.fault)
		return after, after != denied, nil
	case deliverable:
		s := step{kind: core.Deliver, from: c.from}
		return value, !w.separated(value, int(c.to), &s), nil
	default:
		actor, s := w.stepOf(c)
		w.advance(int(c.place)-w.n, &value, actor, &s)
		return value, true, nil
	}
}

// stepOf returns a step that does to an auxiliary what a change says. The key of an observed step is the id of an
// event that names the step; see watchKey.
func (w *Local) stepOf(c *placeChange) (actor int, s step) {
	s = step{records: c.records, from: noActor}
	switch {
	case c.watched != 0:
		e := w.event(c.watched - 1)
		number, err := strconv.ParseUint(e.Name, 10, 32)
		if err != nil {
			panic(fmt.Sprintf("actor: the key of a step is called %q", e.Name))
		}
		actor, s.kind, s.event = e.From, e.Kind, uint32(number)
		if s.kind == core.Heal || s.kind == core.Partition {
			s.change = change(number)
		}
	case c.crashed != 0:
		actor, s.kind = int(c.crashed)-1, core.Crash
	case c.records != 0:
		actor = w.recorded(c.records - 1).by
	}
	return actor, s
}

// Nonlocal implements [engine.Local].
func (w *Local) Nonlocal() string {
	if w.sys.Within != nil && w.sys.Bounds == nil {
		return "a symbolic search cannot tell which states System.Boundary excludes, which may look at several actors " +
			"at once: state it by actor.Within, or use BFS"
	}
	return ""
}

// Count implements [engine.Local].
func (w *Local) Count(name uint16, enabled, taken int64) {
	w.enabled[name], w.taken[name] = enabled, taken
}

// PartsOf implements [engine.Local].
func (w *Local) PartsOf(place int, value uint32, parts engine.Parts) uint32 {
	if place >= w.n || parts == engine.BothParts {
		return value
	}
	first, second := w.parts(value)
	if parts == engine.FirstPart {
		return first
	}
	return second
}

// Permit implements [engine.Local].
func (w *Local) Permit(parts []engine.Parts) { w.permitted = parts }

// Test implements [engine.Local].
func (w *Local) Test(property int, state []uint32, reads []engine.Parts) (holds bool, err error) {
	p := &w.properties[property]
	if p.Aux >= 0 {
		reads[w.n+p.Aux] |= engine.BothParts
		return w.judge.allows(p, state[w.n+p.Aux]), nil
	}
	w.judge.site.predicate(p.Where)
	view := w.look(state, reads, w.permitted)
	holds = p.Test(view)
	if w.asked++; w.asked <= repeat.First {
		if p.Test(view) != holds {
			panic(unsteady{"state"})
		}
		about := append([]uint32{aboutState, uint32(property)}, state...)
		w.repeat(p.Where, "state", holds, about, func(x *Worker) bool {
			return p.Test(x.look(about[2:], make([]engine.Parts, len(reads)), nil))
		})
	}
	return holds, nil
}

// repeat keeps an answer of a predicate about the parts of a state that it reads. The state as a whole may be none that
// occurs, so that other predicates cannot be asked about it.
func (w *Local) repeat(where, of string, answer bool, about []uint32, again func(x *Worker) bool) {
	w.repeats.Add(questionKey(about...), where, question{where, func(_ int, by auditor) error {
		if again(by.(*Worker)) == answer {
			return nil
		}
		return &engine.Misbehaviour{Kind: engine.ErrorNondeterminism, Where: where, Act: -1, Message: twoAnswers(of)}
	}}, 1, true, questionBytes+4*len(about))
}

// look is a state that notes what is read of it. It implements [core.Look].
type look struct {
	r     *reader
	vec   []uint32
	reads []engine.Parts

	permitted []engine.Parts // parts that may be read; nil for all
}

// look returns a state that notes what is read of it.
func (w *Worker) look(vec []uint32, reads, permitted []engine.Parts) any {
	return w.sys.Views.NewLook(&look{&w.judge.reader, vec, reads, permitted}, w.sys.Hides)
}

// note notes that parts are read. It ends a predicate that may not read them: they belong to another state than what
// it has read so far, and it might not come to an end, or overflow the stack, on what is no state.
func (l *look) note(place int, parts engine.Parts) {
	l.reads[place] |= parts
	if l.permitted != nil && parts&^l.permitted[place] != 0 {
		panic("actor: a predicate reads a part of a state for the first time")
	}
}

// Actors implements [core.Look].
func (l *look) Actors() int { return l.r.n }

// Auxiliaries implements [core.Look].
func (l *look) Auxiliaries() int { return len(l.r.sys.Aux) }

// Actor implements [core.Look].
func (l *look) Actor(i int) *core.ActorView {
	l.note(i, engine.FirstPart)
	return l.r.component(l.vec[i]).state
}

// Inbox implements [core.Look].
func (l *look) Inbox(i int) any {
	if i < l.r.n {
		l.note(i, engine.SecondPart)
		return l.r.component(l.vec[i]).box
	}
	l.note(l.r.env, engine.BothParts)
	return l.r.sys.Views.Inbox(l.r.inbox(l.r.environmentOf(l.vec[l.r.env]).strays))
}

// component returns what properties read of a component.
func (r *reader) component(id uint32) *view {
	m := r.decoded()
	if v := m.views.Get(id); v != nil {
		return v
	}
	return r.viewOf(m, id)
}

// Aux implements [core.Look].
func (l *look) Aux(k int) any {
	l.note(l.r.n+k, engine.BothParts)
	return l.r.auxValue(k, l.vec[l.r.n+k])
}

// Faults implements [core.Look].
func (l *look) Faults() *core.Faults {
	l.note(l.r.env, engine.BothParts)
	f := l.r.environmentOf(l.vec[l.r.env]).Faults
	return &f
}

// TestStep implements [engine.Local].
func (w *Local) TestStep(
	property int, state []uint32, place, i int, reads []engine.Parts,
) (holds, last bool, err error) {
	w.m = w.fresh()
	if place == w.env {
		place = w.n
	}
	steps := w.steps(state, place)
	if i == len(steps) {
		return true, true, nil
	}
	s := &steps[i]
	if s.change != noChange || w.splits && s.kind == core.Deliver {
		if (&look{nil, state, reads, w.permitted}).note(w.env, engine.BothParts); !w.allowed(state[w.env], place, s) {
			return true, false, nil
		}
	}
	if place < w.n && len(w.sys.Bounds) > 0 && !w.inside(place, s.component) {
		return true, false, nil
	}
	holds = w.judgeStep(property, state, place, s, reads)
	if w.askedSteps++; w.askedSteps <= repeat.First {
		if w.judgeStep(property, state, place, s, reads) != holds {
			panic(unsteady{"step"})
		}
		about := append([]uint32{aboutStep, uint32(property), uint32(place), uint32(i)}, state...)
		w.repeat(w.properties[property].Where, "step", holds, about, func(x *Worker) bool {
			x.m = x.fresh()
			s := &x.steps(about[4:], place)[i]
			return (&Local{Worker: x}).judgeStep(property, about[4:], place, s, make([]engine.Parts, len(reads)))
		})
	}
	return holds, false, nil
}

// judgeStep evaluates the predicate of a property for a step in a place, as the expander counts them.
func (w *Local) judgeStep(property int, state []uint32, place int, s *step, reads []engine.Parts) bool {
	p := &w.properties[property]
	w.judge.site.predicate(p.Where)
	after := &lookAfter{look{&w.judge.reader, state, reads, w.permitted}, w, place, s}
	before, action := w.look(state, reads, w.permitted), w.action(w.receiver(place), s)
	return p.Step(before, action, w.sys.Views.NewLook(after, w.sys.Hides))
}

// lookAfter is the state after a step. What is read of it is what it is made of before the step.
type lookAfter struct {
	look
	w    *Local
	at   int // place of the step, as the expander counts them
	step *step
}

// Actor implements [core.Look]. A message that comes into an inbox changes nothing else.
func (l *lookAfter) Actor(i int) *core.ActorView {
	if i == l.at {
		return l.r.component(l.step.component).state
	}
	return l.look.Actor(i)
}

// Inbox implements [core.Look].
func (l *lookAfter) Inbox(i int) any {
	sent := l.w.m.sends.List(l.step.sends, int(l.step.sent))
	switch {
	case i == l.at && i < l.r.n:
		return l.r.component(l.step.component).box
	case i < l.r.n && slices.ContainsFunc(sent, func(d delivery) bool { return int(d.to) == i }):
		l.note(i, engine.SecondPart)
		_, box := l.r.parts(l.vec[i])
		for _, d := range sent {
			if int(d.to) == i {
				box = l.w.withEvent(box, d)
			}
		}
		return l.r.sys.Views.Inbox(l.r.inbox(l.r.contents(box)))
	case i < l.r.n:
		return l.look.Inbox(i)
	}
	return l.r.sys.Views.Inbox(l.r.inbox(l.environment(sent).strays))
}

// environment returns the environment after the step.
func (l *lookAfter) environment(sent []delivery) *environment {
	l.note(l.r.env, engine.BothParts)
	id := l.vec[l.r.env]
	if l.step.change != noChange {
		id = l.w.changed(id, l.step.change)
	}
	for _, d := range sent {
		if int(d.to) == l.r.n {
			id = l.w.strayed(id, d.event)
		}
	}
	return l.r.environmentOf(id)
}

// Aux implements [core.Look].
func (l *lookAfter) Aux(k int) any {
	l.note(l.r.n+k, engine.BothParts)
	value := l.vec[l.r.n+k]
	l.w.advance(k, &value, l.w.receiver(l.at), l.step)
	return l.r.auxValue(k, value)
}

// Faults implements [core.Look].
func (l *lookAfter) Faults() *core.Faults {
	f := l.environment(nil).Faults
	return &f
}
