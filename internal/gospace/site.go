package gospace

import (
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/usercode"
	"github.com/allways-go/allways/internal/values"
)

// A panic must be reported with the method that panicked and the action concerned. Wrapping each
// call of user code in a deferred function would cost more than many models' Next. So a worker
// notes what it is about to call, two stores, and one deferred function for all calls of a state
// reads the note.

// user notes which user code is about to run, for reports of panics, and that it is another call.
func (w *worker) user(where site, act int) { w.where, w.act, w.calls = where, act, w.calls+1 }

// site is a place where user code runs: a method, or a property by its index. It is a number
// because it is noted before every step.
type site uint16

const (
	inInit site = iota
	inActions
	inNext
	inNextInPlace
	inWithin
	inRepresentative
	inScheduler
	inProperty // and its index
)

// site returns the name of the place where user code runs.
func (w *worker) site() string {
	if w.namer.Naming != nil {
		return "ActionName"
	}
	return w.siteName(w.where)
}

func (w *worker) siteName(where site) string {
	if where >= inProperty {
		return PropertySite(w.Props[where-inProperty].Name)
	}
	return [...]string{"Init", "Actions", "Next", "NextInPlace", "Within", "Representative", Scheduler}[where]
}

// noted is what a worker has noted of the user code that runs.
type noted struct {
	where  site
	act    int
	calls  uint64
	acts   values.Slice
	naming unsafe.Pointer
	asked  []uint32 // the state of a question that is asked again
}

// noted reads the notes from another goroutine. The worker wrote them just before it called user
// code, in no order with this goroutine, so only a call that has been running for long is read with
// certainty, and a lock or an atomic store for every call would cost more than many a call.
//
//go:norace
func (w *worker) noted() noted {
	n := noted{w.where, w.act, w.calls, w.acts, w.namer.Naming, w.question}
	if n.where == w.computing && n.act < 0 {
		n.act = w.packer.Act
	}
	return n
}

// Call implements [engine.Worker].
func (w *worker) Call() uint64 {
	n := w.noted()
	return n.calls<<16 ^ uint64(uint32(n.act))
}

// Stuck implements [engine.Worker].
func (w *worker) Stuck() *engine.Misbehaviour {
	n := w.noted()
	m := usercode.Stuck(w.siteName(n.where))
	action := n.naming
	if action != nil {
		m.Where = "ActionName"
	} else if m.Act = n.act; n.act >= 0 && n.act < n.acts.Len {
		action = n.acts.At(n.act)
	}
	if action != nil {
		m.Action = usercode.Text("FormatAction", func() string { return w.ActionText(action) })
	}
	if n.asked != nil {
		m.State = usercode.Text("FormatState", func() string { return w.StateText(w.space.Decoder()(n.asked)) })
	}
	return m
}

// recovered turns a panic of user code into a misbehaviour. s is the state it was given, if any,
// and state its vector: a change of the state comes before the panic, which may be no more than a
// consequence.
func (w *worker) recovered(err *error, s unsafe.Pointer, state []uint32) {
	r := recover()
	if r == nil {
		return
	}
	m := w.located(usercode.Panicked(w.site(), r))
	w.namer.Naming = nil
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
	case w.namer.Naming != nil:
		m.Action = w.ActionText(w.namer.Naming)
	case w.act >= 0 && w.act < w.acts.Len:
		m.Action = w.ActionText(w.acts.At(w.act))
	}
	m.Tolerable, m.Act = true, w.act
	return m
}

// Exited implements [engine.Worker].
func (w *worker) Exited() *engine.Misbehaviour {
	m := w.located(usercode.Ended(w.site()))
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
