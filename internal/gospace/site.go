package gospace

import (
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
)

// A panic must be reported with the method that panicked and the action concerned. Wrapping each
// call of user code in a deferred function would cost more than many models' Next. So a worker
// notes what it is about to call, two stores, and one deferred function for all calls of a state
// reads the note.

// user notes which user code is about to run, for reports of panics.
func (w *worker) user(where site, act int) { w.where, w.act = where, act }

// site is a place where user code runs: a method, or a property by its index. It is a number
// because it is noted before every step.
type site uint8

const (
	inInit site = iota
	inActions
	inNext
	inWithin
	inRepresentative
	inScheduler
	inProperty // and its index
)

// site returns the name of the place where user code runs.
func (w *worker) site() string {
	switch {
	case w.namer.naming != nil:
		return "ActionName"
	case w.where >= inProperty:
		return propertySite(w.Props[w.where-inProperty].Name)
	}
	return [...]string{"Init", "Actions", "Next", "Within", "Representative", scheduler}[w.where]
}

// recovered turns a panic of user code into a misbehaviour. s is the state it was given, if any,
// and state its vector: a change of the state comes before the panic, which may be no more than a
// consequence.
func (w *worker) recovered(err *error, s unsafe.Pointer, state []uint32) {
	r := recover()
	if r == nil {
		return
	}
	m := w.located(panicError(w.site(), r))
	w.namer.naming = nil
	*err = m
	changed, ok := w.changedBefore(s, state).(*engine.Misbehaviour)
	if ok && changed.Kind == engine.ErrorMutation {
		changed.Message += "; then " + m.Where + " panicked: " + m.Message
		changed.Panic, changed.Stack = m.Panic, m.Stack
		*err = changed
	}
}

// changedBefore returns an error if user code that has panicked was given a state that had been
// changed, or has changed it.
func (w *worker) changedBefore(s unsafe.Pointer, state []uint32) error {
	if s != nil && !w.same(s, state) {
		return w.mutated(s, state)
	}
	return w.checkLent()
}

// located adds the action concerned to a misbehaviour of the user code that runs.
func (w *worker) located(m *engine.Misbehaviour) *engine.Misbehaviour {
	switch {
	case w.namer.naming != nil:
		m.Action = w.ActionText(w.namer.naming)
	case w.act >= 0 && w.act < w.acts.Len:
		m.Action = w.ActionText(w.acts.At(w.act))
	}
	m.Tolerable, m.Act = true, w.act
	return m
}

// Exited implements [engine.Worker].
func (w *worker) Exited() *engine.Misbehaviour {
	m := w.located(exitError(w.site()))
	m.Tolerable = false
	return m
}

func (w *worker) misbehaviour(kind engine.ErrorKind, where string, act int, message string) error {
	m := &engine.Misbehaviour{Kind: kind, Where: where, Message: message, Act: act}
	if act >= 0 && act < w.acts.Len {
		m.Action = w.ActionText(w.acts.At(act))
	}
	return m
}
