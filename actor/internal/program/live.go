package program

import (
	"fmt"
	"runtime/debug"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/internal/core"
)

// Live is an actor that runs. Its methods run a handler to its end, and are not safe for concurrent use. What
// they return is valid until the next call. An error is a [*HandlerError]; the actor is then as it was before.
type Live struct {
	sys     *core.System
	program *Program
	foreign *Stable // saved value, until another one is saved
	id      int
	local   core.Local
	sends   []core.Send // memory of the last call, as are the others
	records []core.Record
	effects Effects
}

// Effects is what a handler did to the outside, in the order in which it did it.
type Effects struct {
	Sends   []Sent
	Records []Recorded
	core.Runtime
}

// TimerChange sets a timer, replacing one of the same name, or cancels it.
type TimerChange = core.TimerChange

// Stable is what an actor keeps in stable storage.
type Stable = core.Stable

// Recorded is an event of a history.
type Recorded struct {
	History string // the name of the history
	Event   string // content
}

// Offered is an option of a choice, by content.
type Offered struct{ Key, Option string }

// HandlerError says that a handler panicked.
type HandlerError struct {
	Actor, Handler string
	Panic          any
	Stack          string
}

// Error names the handler and the value of the panic.
func (e *HandlerError) Error() string {
	return fmt.Sprintf("%s of %s panicked: %v", e.Handler, e.Actor, e.Panic)
}

// Live returns an actor that has not started.
func (p *Program) Live(id actor.ID) (*Live, error) {
	if !p.sys.Has(int(id)) {
		return nil, fmt.Errorf("there is no actor %d", id)
	}
	return &Live{sys: p.sys, program: p, id: int(id), local: *p.sys.Unstarted(int(id))}, nil
}

// Start runs the handler Start.
func (a *Live) Start() (*Effects, error) { return a.handle(core.Event{Kind: core.Start}) }

// Restart runs the handler Restart, or Start if the actor has no Restart, of an actor that has lost everything
// but what it had saved. nil means that it had saved nothing.
func (a *Live) Restart(saved *Stable) (*Effects, error) {
	a.local.Down = true
	if saved != nil {
		a.local.Saved, a.local.Stored = true, saved.Content
		a.foreign = &Stable{Content: saved.Content, Schema: saved.Schema, Inward: a.program.Names().InwardValue}
		if content, err := a.program.Names().InwardValue(saved.Content); err == nil {
			a.local.Stored = content
			a.foreign.Content, a.foreign.Inward = content, nil
		}
	}
	return a.handle(core.Event{Kind: core.Restart})
}

// Receive runs the handler Receive for a message by content.
func (a *Live) Receive(from actor.ID, content string) (*Effects, error) {
	return a.handle(core.Event{Kind: core.Deliver, From: int(from), Msg: content})
}

// Timeout runs the handler Timeout for a timer that is set.
func (a *Live) Timeout(timer string) (*Effects, error) {
	return a.handle(core.Event{Kind: core.Timeout, Name: timer})
}

// Choose runs the handler Choose for an option that is offered.
func (a *Live) Choose(o Offered) (*Effects, error) {
	return a.handle(core.Event{Kind: core.Choose, Name: o.Key, Option: o.Option})
}

// Offers returns the options that are offered now.
func (a *Live) Offers() (all []Offered) {
	for _, c := range a.local.Choices {
		for _, o := range c.Options {
			all = append(all, Offered{c.Key, o})
		}
	}
	return all
}

// Digest returns a fingerprint of all that belongs to the actor: its state, timers, choices and what it has saved.
func (a *Live) Digest() uint64 { return a.program.digest(a.id, &a.local) }

// Snapshot returns all that belongs to the actor, for [Beginning].
func (a *Live) Snapshot() []byte {
	return a.program.local(a.id, &a.local, unchanged, a.program.names.outward).Append(nil)
}

func (a *Live) handle(ev core.Event) (fx *Effects, err error) {
	fx = &a.effects
	fx.Sends, fx.Records = fx.Sends[:0], fx.Records[:0]
	fx.Runtime = core.Runtime{Timers: fx.Timers[:0], Logs: fx.Logs[:0], Stored: a.foreign}
	defer func() {
		if r := recover(); r != nil {
			fx, err = nil, &HandlerError{a.sys.Name(a.id), ev.Kind.Handler(), r, string(debug.Stack())}
		}
	}()
	f := &core.Frame{
		Sys: a.sys, Self: a.id, Local: a.local, Runtime: &fx.Runtime, Sends: a.sends[:0], Records: a.records[:0],
	}
	out := f.Run(&ev, false)
	a.local, a.sends, a.records = out.Local, out.Sends, out.Records
	for _, s := range out.Sends {
		fx.Sends = append(fx.Sends, Sent{actor.ID(a.id), actor.ID(s.To), s.Msg})
	}
	for _, r := range out.Records {
		fx.Records = append(fx.Records, Recorded{a.sys.Aux[r.Aux].Name(), r.Event})
	}
	if fx.Stored == a.foreign {
		fx.Stored = nil // nothing new
		return fx, nil
	}
	a.foreign = nil
	content, err := a.program.Names().OutwardValue(fx.Stored.Content)
	if err != nil {
		return nil, fmt.Errorf("%s cannot save: %w", a.sys.Name(a.id), err)
	}
	fx.Stored.Content = content
	return fx, nil
}
