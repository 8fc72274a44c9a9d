package search

import (
	"fmt"

	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/actor/internal/text"
	"github.com/allways-go/allways/internal/engine"
)

// A memo gives one answer for all, so that a handler that does not always do the same would be asked only once.
// Therefore the first questions to user code are kept, with the answers: events to handlers, states to properties
// and boundaries, histories to specifications, steps to observers. At the end of the run they are asked again, on
// other copies, with maps filled in another order; see package repeat.

// The parts of a key say what a question is about. The words after them are ids.
const (
	aboutHandler = iota
	aboutStart
	aboutState
	aboutHistory
	aboutObserver
	aboutBound
	aboutStep
)

// questionKey returns the key of a question.
func questionKey(words ...uint32) uint64 {
	h := uint64(14695981039346656037)
	for _, w := range words {
		h = (h ^ uint64(w)) * 1099511628211
		h ^= h >> 29
	}
	return h
}

// keyOfStep returns the key of a question about a step.
func keyOfStep(aux int, value uint32, a core.Action) uint64 {
	words := []uint32{aboutObserver, uint32(aux), value, uint32(a.Kind), uint32(a.Actor), uint32(a.From), uint32(a.Split)}
	for _, s := range []string{a.Msg, a.Name, a.Option} {
		words = append(words, uint32(len(s)))
		for i := range len(s) {
			words = append(words, uint32(s[i]))
		}
	}
	return questionKey(words...)
}

// A handler is called on copies that are decoded and encoded again, so it counts for several calls. The memory of
// a question is that of the closure, roughly.
const (
	handlerCalls  = 4
	questionBytes = 200
)

// repeatHandler keeps an event of an actor, and what the handler did.
func (sp *space) repeatHandler(key uint64, actor int, l *core.Local, e *core.Event, out *core.Effect) {
	if sp.repeats.Full() {
		return
	}
	first := *out
	ordered := sp.ordered(actor, l, e)
	where := fmt.Sprintf("%s of %s", e.Kind.Handler(), sp.sys.Name(actor))
	kind := e.Kind.Handler() + " of " + sp.sys.Actors[actor].Type.String()
	sp.repeats.Add(key, kind, question{where, func(turn int, _ auditor) error {
		run := func(id int, l *core.Local, e *core.Event) core.Effect { return core.EvaluateOther(sp.sys, id, l, e) }
		if turn%2 == 1 {
			run = func(id int, l *core.Local, e *core.Event) core.Effect { return sp.sys.Run(id, l, e, false) }
		}
		again := run(actor, l, e)
		if again.Equal(&first) {
			return nil
		}
		m := &engine.Misbehaviour{
			Kind: engine.ErrorNondeterminism, Act: -1, Where: where,
			Message: core.Nondeterminism(sp.sys, actor, e, &first, &again).Error(),
			State:   fmt.Sprintf("%s: %s", sp.sys.Name(actor), sp.sys.Actors[actor].State.Text(l.State)),
		}
		if e.Kind != core.Start {
			m.Action = text.Action(sp.sys, core.Action{
				Kind: e.Kind, Actor: actor, From: e.From, Msg: e.Msg, Name: e.Name, Option: e.Option,
			})
		}
		return m
	}}, handlerCalls, ordered, questionBytes+len(l.State))
}

// ordered reports whether what a handler is given holds maps of several entries.
func (sp *space) ordered(actor int, l *core.Local, e *core.Event) bool {
	refill := func(k *core.Codec, content string) bool { return k.Plan.Refill(core.PointerOf(k.Decode(content))) }
	return refill(&sp.sys.Actors[actor].State, l.State) ||
		e.Kind == core.Deliver && refill(&sp.sys.Messages, e.Msg) ||
		e.Kind == core.Choose && refill(&sp.sys.Values, e.Option) || l.Saved && refill(&sp.sys.Values, l.Stored)
}

// repeatStart keeps how an actor starts.
func (sp *space) repeatStart(actor int) {
	l, e := sp.sys.Unstarted(actor), &core.Event{Kind: core.Start}
	out := sp.sys.Evaluate(actor, l, e)
	sp.repeatHandler(questionKey(aboutStart, uint32(actor)), actor, l, e, &out)
}

// unsteady is the error of a predicate, asked twice in a row.
type unsteady struct{ of string }

func (e unsteady) Error() string { return twoAnswers(e.of) }

func (unsteady) ErrorKind() engine.ErrorKind { return engine.ErrorNondeterminism }

func twoAnswers(of string) string {
	return fmt.Sprintf("it was once true and once false for the same %s; it must depend on its arguments alone, "+
		"and not on time, random numbers, map order or shared variables", of)
}

// repeatObserver keeps what an observer made of a step.
func (j *judge) repeatObserver(x core.Observer, key uint64, before string, a core.Action, after string) {
	where := fmt.Sprintf("observer %q", x.Name())
	j.repeats.Add(key, where, question{where, func(int, auditor) error {
		again := x.Observe(before, a)
		if again == after {
			return nil
		}
		return &engine.Misbehaviour{
			Kind: engine.ErrorNondeterminism, Where: where, Act: -1,
			Action: text.Action(j.sys, a),
			Message: fmt.Sprintf("it once turned %s into %s and once into %s; it must depend on its arguments alone, "+
				"and not on time, random numbers, map order or shared variables", x.Text(before), x.Text(after), x.Text(again)),
		}
	}}, 1, true, questionBytes+len(before)+len(after))
}

// repeatHistory keeps how a history was judged.
func (j *judge) repeatHistory(p *core.Property, value uint32, allowed bool) {
	h := j.sys.Aux[p.Aux].(core.History)
	j.repeats.Add(questionKey(aboutHistory, uint32(p.Aux), value), p.Where, question{p.Where, func(int, auditor) error {
		content := j.auxContent(p.Aux, value)
		if h.Allows(h.Decode(content)) == allowed {
			return nil
		}
		return &engine.Misbehaviour{
			Kind: engine.ErrorNondeterminism, Where: p.Where, Act: -1,
			Message: fmt.Sprintf("the history %s was once allowed and once not; a specification must depend on its "+
				"arguments alone, and not on time, random numbers, map order or shared variables", h.Text(content)),
		}
	}}, 16*handlerCalls, false, questionBytes)
}
