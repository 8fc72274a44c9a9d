package allways

import "github.com/allways-go/allways/internal/engine"

// broken is a model error as the engine sees it.
func broken(e *ModelError, tolerable bool, act int) *engine.Misbehaviour {
	return &engine.Misbehaviour{
		Kind: engine.ErrorKind(e.Kind), Where: e.Where, Action: e.Action, Message: e.Message, Panic: e.Panic, Stack: e.Stack,
		Tolerable: tolerable, Act: act,
	}
}

// modelError is the error that a misbehaviour is for the user.
func modelError(m *engine.Misbehaviour) *ModelError {
	return &ModelError{
		Kind: ErrorKind(m.Kind), Where: m.Where, Action: m.Action, Message: m.Message, Panic: m.Panic, Stack: m.Stack,
	}
}

// user notes which user code is about to run, for reports of panics.
func (w *worker[S, A]) user(where site, act int) { w.where, w.act = where, act }

// site is a place where user code runs: a method, or a property by its index. It is a number because it is noted before
// every step.
type site uint8

const (
	inInit site = iota
	inActions
	inNext
	inWithin
	inRepresentative
	inChooser
	inProperty // and its index
)

// site returns the name of the place where user code runs.
func (w *worker[S, A]) site() string {
	switch {
	case w.namer.naming != nil:
		return "ActionName"
	case w.where >= inProperty:
		return propertySite(w.props[w.where-inProperty].name)
	}
	return [...]string{"Init", "Actions", "Next", "Within", "Representative", "Chooser"}[w.where]
}

// recovered turns a panic of user code into a misbehaviour. s is the state it was given, if any, and state its vector: a
// change of the state comes before the panic, which may be no more than a consequence.
func (w *worker[S, A]) recovered(err *error, s *S, state []uint32) {
	r := recover()
	if r == nil {
		return
	}
	m := w.located(panicError(w.site(), r))
	w.namer.naming = nil
	*err = m
	changed, ok := w.changedBefore(s, state).(*engine.Misbehaviour)
	if !ok {
		return
	}
	e, p := changed, m
	if e.Kind == engine.ErrorMutation {
		e.Message += "; then " + p.Where + " panicked: " + p.Message
		e.Panic, e.Stack = p.Panic, p.Stack
		*err = changed
	}
}

// changedBefore returns an error if user code that has panicked was given a state that had been changed, or has changed it.
func (w *worker[S, A]) changedBefore(s *S, state []uint32) error {
	if s != nil && !w.same(s, state) {
		return w.culprit(*s, state)
	}
	return w.checkLent()
}

// located makes a misbehaviour of what happened in the user code that runs, with its action.
func (w *worker[S, A]) located(e *ModelError) *engine.Misbehaviour {
	switch {
	case w.namer.naming != nil:
		e.Action = w.safeText(*w.namer.naming)
	case w.act >= 0 && w.act < len(w.acts):
		e.Action = w.safeText(w.acts[w.act])
	}
	return broken(e, true, w.act)
}

// exited is what happened to user code that did not return.
const exited = "it ended its goroutine: user code must return or panic, and not call runtime.Goexit, t.FailNow or t.Fatal"

// Exited implements [engine.Worker].
func (w *worker[S, A]) Exited() *engine.Misbehaviour {
	m := w.located(&ModelError{Kind: ErrorPanic, Where: w.site(), Message: exited, Stack: userFrames()})
	m.Tolerable = false
	return m
}

// safeText is the text of an action even if formatting it panics.
func (w *worker[S, A]) safeText(a A) (text string) {
	if w.guard("FormatAction", func() { text = w.ActionText(a) }) != nil {
		return "(its text panics)"
	}
	return text
}

func (w *worker[S, A]) misbehaviour(f ErrorKind, where string, act int, message string) error {
	e := &ModelError{Kind: f, Where: where, Message: message}
	if act >= 0 && act < len(w.acts) {
		e.Action = w.safeText(w.acts[act])
	}
	return broken(e, false, act)
}
