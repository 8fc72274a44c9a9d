package actor

import (
	"errors"
	"fmt"
	"hash/fnv"
	"reflect"
	"runtime/debug"
	"time"
	"unsafe"

	"github.com/allways-go/allways/internal/plan"
)

// This file is what a runtime needs to run a system's actors outside the checker, one event of one actor at a time. Messages
// and other values go in and out by content, which is a string that equal values of a type have in common, in every
// process of the same program.

// Program is a system of actors as a runtime sees it, whatever its messages are. Every [*System] is one.
type Program interface {
	// Len returns the number of actors.
	Len() int
	// Name returns the name of an actor, or "nobody".
	Name(ID) string
	// MessageType returns the type of messages, mostly an interface.
	MessageType() reflect.Type
	// MessageTypes returns the types that [System.RegisterMessages] has named.
	MessageTypes() []reflect.Type
	// Initial returns the messages that are in flight before the system starts.
	Initial() []Sent
	// Content returns the content of a message. It is an error if that has another type than the system's messages.
	Content(m any) (string, error)
	// Message returns a copy of the message that has a content, which must come from the same program.
	Message(content string) (any, error)
	// MessageText returns a message as people read it.
	MessageText(content string) string
	// Live returns an actor that has not started. The error says what is wrong with the making of the system.
	Live(id ID) (*Live, error)
	// Follow returns a follower of a recorded run.
	Follow() (Follower, error)
	// StepText returns a step as people read it.
	StepText(Step) string
	// Promises returns the names of what holds always: properties of states and steps, and histories.
	Promises() []string
	// Judge returns which histories of a recorded run break their promise; see [System.Judge].
	Judge(events []HistoryEvent) ([]Violation, error)
}

var _ Program = (*System[int])(nil)

// Live is an actor that runs. Its methods run a handler to its end, and are not safe for concurrent use. What they return is
// valid until the next call. An error is a [*HandlerError]; the actor is then as it was before.
type Live struct {
	name    string
	local   local
	effects Effects
	run     func(l *local, ev event, fx *Effects) outcome
	offers  bool // there are choices
}

// Effects is what a handler did to the outside, in the order in which it did it.
type Effects struct {
	Sends   []Sent
	Timers  []TimerChange
	Records []Recorded
	Logs    []string
	Stored  *Stable // what was saved last, if anything was
}

// Sent is a message on its way.
type Sent struct {
	From, To ID
	Content  string
}

// TimerChange sets a timer, in the place of one of the same name that is set, or takes it back.
type TimerChange struct {
	Name        string
	Set         bool
	Least, Most time.Duration
}

// Recorded is an event of a history.
type Recorded struct {
	History string // its name
	Event   string // content
}

// Stable is what an actor keeps in stable storage.
type Stable struct {
	Content string
	Schema  string // fingerprint of the type of what was saved
}

// Offered is an option of a choice, by content.
type Offered struct{ Key, Option string }

// HandlerError says that a handler panicked.
type HandlerError struct {
	Actor, Handler string
	Panic          any
	Stack          string
}

// Error names the handler, and says what it panicked with.
func (e *HandlerError) Error() string {
	return fmt.Sprintf("%s of %s panicked: %v", e.Handler, e.Actor, e.Panic)
}

func (fx *Effects) save(content string, v any) {
	schema := ""
	if p, err := plan.Of(reflect.TypeOf(v)); err == nil {
		schema = p.Fingerprint()
	}
	fx.Stored = &Stable{Content: content, Schema: schema}
}

// expectStored makes sure that what is stored was saved as a T of the same layout; what another version of the program has
// saved must not be taken for nothing.
func expectStored[T, M any](c *Context[M]) {
	k, err := newCodec[T]()
	if err != nil {
		panic(fmt.Sprintf("Stored: %v", err))
	}
	var zero T
	if v := any(zero); v != nil {
		c.system.values.encode(&v) // from now on, its type is known by name
	}
	if _, err := c.system.values.plan.Decode([]byte(c.local.stored), unsafe.Pointer(new(any))); err != nil {
		panic(fmt.Sprintf("what is in stable storage cannot be read: %v; perhaps it holds values of types that nothing has named yet: name them with sys.Values", err))
	}
	if saved := c.live.Stored; saved != nil && saved.Schema != k.plan.Fingerprint() {
		panic(fmt.Sprintf("what is in stable storage was saved as another type than %v, or by a version of the program in which its fields were others: run that version, or remove what is stored", k.plan.Type()))
	}
}

// RegisterMessages names the types of messages by an example of each, which is needed only to run the system on a network, where a type
// must be known before a message of it arrives. A message type that is no interface needs no naming.
func (sys *System[M]) RegisterMessages(examples ...M) {
	for _, m := range examples {
		t := reflect.TypeOf(m)
		if t == nil {
			sys.fail(errors.New("Messages: an example is nil"))
			continue
		}
		if _, err := sys.Content(m); err != nil {
			sys.fail(fmt.Errorf("Messages: %w", err))
		}
		sys.kinds = append(sys.kinds, t)
	}
}

// RegisterValues names by an example of each the types of values that actors save inside of other values, behind an interface, such as
// those of an actor that a link wraps. It is needed only to run the system: a process that starts must know them before it
// reads what an earlier one has saved. The type that is given to [Load] needs no naming.
func (sys *System[M]) RegisterValues(examples ...any) {
	for _, v := range examples {
		func() {
			defer func() {
				if r := recover(); r != nil {
					sys.fail(fmt.Errorf("Values: %v", r))
				}
			}()
			sys.values.encode(&v)
		}()
	}
}

// MessageType implements [Program].
func (sys *System[M]) MessageType() reflect.Type { return reflect.TypeFor[M]() }

// MessageTypes implements [Program].
func (sys *System[M]) MessageTypes() []reflect.Type { return sys.kinds }

// Initial implements [Program].
func (sys *System[M]) Initial() []Sent {
	var all []Sent
	for _, m := range sys.initial {
		all = append(all, Sent{m.from, m.to, m.msg})
	}
	return all
}

// Content implements [Program].
func (sys *System[M]) Content(m any) (content string, err error) {
	x, ok := m.(M)
	if !ok && m != nil {
		return "", fmt.Errorf("a message of type %T is no %v", m, sys.MessageType())
	}
	defer recoverTo(&err)
	return sys.messages.encode(&x), nil
}

// Message implements [Program].
func (sys *System[M]) Message(content string) (m any, err error) {
	defer recoverTo(&err)
	return *sys.messages.decode(content), nil
}

// MessageText implements [Program].
func (sys *System[M]) MessageText(content string) string {
	m := sys.messages.decode(content)
	return typeNamed(*m, sys.messages.text(content))
}

func recoverTo(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("%v", r)
	}
}

// Live implements [Program].
func (sys *System[M]) Live(id ID) (*Live, error) {
	if err := sys.ready(); err != nil {
		return nil, err
	}
	if !sys.has(id) {
		return nil, fmt.Errorf("there is no actor %d", id)
	}
	var sends []send // used again, like records
	var records []record
	return &Live{
		name:   sys.Name(id),
		local:  *sys.unstarted(id),
		offers: sys.actors[id].chosen != nil,
		run: func(l *local, ev event, fx *Effects) outcome {
			c := &Context[M]{system: sys, self: id, local: *l, live: fx, sends: sends[:0], records: records[:0]}
			out := sys.runIn(c, ev, false)
			sends, records = out.sends, out.records
			for _, s := range c.sends {
				fx.Sends = append(fx.Sends, Sent{id, s.to, s.msg})
			}
			for _, r := range c.records {
				fx.Records = append(fx.Records, Recorded{sys.aux[r.aux].name, r.event})
			}
			return out
		},
	}, nil
}

// ready returns what is wrong with the making of the system.
func (sys *System[M]) ready() error {
	sys.freeze()
	return sys.Err()
}

// Start runs the handler Start.
func (a *Live) Start() (*Effects, error) { return a.handle(event{kind: Start}, nil) }

// Restart runs the handler Restart, or Start if there is none, of an actor that has lost everything but what it had saved; nil
// stands for nothing.
func (a *Live) Restart(saved *Stable) (*Effects, error) {
	a.local.down = true
	if saved != nil {
		a.local.saved, a.local.stored = true, saved.Content
	}
	return a.handle(event{kind: Restart}, saved)
}

// Receive runs the handler Receive for a message by content.
func (a *Live) Receive(from ID, content string) (*Effects, error) {
	return a.handle(event{kind: Deliver, from: from, msg: content}, nil)
}

// Timeout runs the handler Timeout for a timer that is set.
func (a *Live) Timeout(timer string) (*Effects, error) {
	return a.handle(event{kind: Timeout, name: timer}, nil)
}

// Choose runs the handler Chosen for an option that is offered.
func (a *Live) Choose(o Offered) (*Effects, error) {
	return a.handle(event{kind: Choose, name: o.Key, option: o.Option}, nil)
}

// Offers returns the options that are offered to chance now.
func (a *Live) Offers() []Offered {
	if !a.offers {
		return nil
	}
	var all []Offered
	for _, c := range a.local.choices {
		for _, o := range c.options {
			all = append(all, Offered{c.key, o})
		}
	}
	return all
}

// Digest returns a fingerprint of all that belongs to the actor: its state, timers, choices and what it has saved.
func (a *Live) Digest() uint64 { return a.local.digest() }

func (l *local) digest() uint64 {
	h := fnv.New64a()
	h.Write(l.append(nil))
	return h.Sum64()
}

func (a *Live) handle(ev event, saved *Stable) (fx *Effects, err error) {
	fx = &a.effects
	*fx = Effects{Sends: fx.Sends[:0], Timers: fx.Timers[:0], Records: fx.Records[:0], Logs: fx.Logs[:0], Stored: saved}
	defer func() {
		if r := recover(); r != nil {
			fx, err = nil, &HandlerError{Actor: a.name, Handler: ev.kind.handler(), Panic: r, Stack: string(debug.Stack())}
		}
	}()
	out := a.run(&a.local, ev, fx)
	a.local = out.local
	if fx.Stored == saved {
		fx.Stored = nil // nothing new
	}
	return fx, nil
}
