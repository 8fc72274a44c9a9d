package actor

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/allways-go/allways/actor/internal/core"
)

// State is a state of a whole system. Properties read it, through [Ref.In] and its methods, and must not change
// it.
type State[M any] struct {
	origin  origin
	actors  []*core.ActorView
	inboxes []*inbox[M] // inboxes by receiver; the last one holds messages to ids that no actor has
	faults  core.Faults
	aux     []any // pointers to the values of histories and observers

	private bool // properties may not read inboxes
}

// inbox holds the messages in flight to one actor.
type inbox[M any] struct {
	Bag    []Envelope[M] // messages on links without order, sorted by sender and content
	Queues []queue[M]    // messages on ordered links, sorted by sender; no queue is empty
}

// Envelope is a message in flight.
type Envelope[M any] struct {
	From   ID  // the sender
	Msg    M   // the message
	Copies int // the number of equal envelopes that this one stands for
}

// queue holds the messages in flight from one sender, in the order of sending.
type queue[M any] struct {
	From ID
	Msgs []M
}

// actor returns what belongs to the actor that a reference refers to.
func (s *State[M]) actor(r reference) *core.ActorView {
	if s.origin.system != r.system.systemID || r.name == "" || uint(r.id) >= uint(len(s.actors)) {
		return s.foundActor(r)
	}
	return s.actors[r.id]
}

// foundActor is apart, for properties call actor very often.
func (s *State[M]) foundActor(r reference) *core.ActorView {
	l := s.origin.look
	if l != nil && r.name != "" && s.origin.is(r.system) && uint(r.id) < uint(l.Actors()) {
		return l.Actor(int(r.id))
	}
	s.check(r)
	return s.actors[r.id]
}

// check panics unless a reference has a meaning in the state.
func (s *State[M]) check(r reference) {
	if !s.origin.is(r.system) || uint(r.id) >= uint(len(s.actors)) {
		panic(s.origin.refuse(r))
	}
}

func (s *State[M]) auxiliary(of system, i int) any {
	switch {
	case !s.origin.is(of):
		panic("a history or observer of another system is read in a state of " + s.origin.String())
	case s.origin.look != nil && i < s.origin.look.Auxiliaries():
		return s.origin.look.Aux(i)
	case i >= len(s.aux):
		panic("a history or observer is read in a state that was made before it was added to the system: " +
			"add it first")
	}
	return s.aux[i]
}

// at returns what belongs to an actor by id.
func (s *State[M]) at(id ID) *core.ActorView {
	if l := s.origin.look; l != nil && uint(id) < uint(l.Actors()) {
		return l.Actor(int(id))
	}
	if uint(id) >= uint(len(s.actors)) {
		panic(fmt.Sprintf("there is no actor %d in a state of %v", id, s.origin))
	}
	return s.actors[id]
}

// Inbox returns the messages in flight to an actor, where equal messages on an unordered link are one [Envelope] with
// its number of Copies: to count messages, use [State.InFlight]. Those on unordered links come first, sorted by sender;
// those on ordered links follow in the order of delivery. It panics in a system that keeps messages without
// effect in flight, where the content of inboxes means nothing; see [IgnoredPolicy].
func (s *State[M]) Inbox(id ID) []Envelope[M] {
	box := s.inbox(id)
	all := slices.Clone(box.Bag)
	for _, q := range box.Queues {
		for _, m := range q.Msgs {
			all = append(all, Envelope[M]{From: q.From, Msg: m, Copies: 1})
		}
	}
	return all
}

// InFlight returns the number of messages in flight to an actor, equal ones counted each. It panics where
// [State.Inbox] does.
func (s *State[M]) InFlight(id ID) (n int) {
	box := s.inbox(id)
	for _, e := range box.Bag {
		n += e.Copies
	}
	for _, q := range box.Queues {
		n += len(q.Msgs)
	}
	return n
}

// inbox returns the inbox of an actor, or that of all ids that no actor has.
func (s *State[M]) inbox(id ID) *inbox[M] {
	if s.private {
		panic("a property or a boundary reads inboxes, where messages without effect stay in flight, or are forgotten: " +
			"set Config.Ignored to actor.IgnoredConsumed")
	}
	if l := s.origin.look; l != nil {
		if id < 0 || int(id) >= l.Actors() {
			id = ID(l.Actors())
		}
		return l.Inbox(int(id)).(*inbox[M])
	}
	if id < 0 || int(id) >= len(s.inboxes)-1 {
		id = ID(len(s.inboxes) - 1)
	}
	return s.inboxes[id]
}

// Timers returns the names of an actor's timers that are set, sorted.
func (s *State[M]) Timers(id ID) []string { return slices.Clone(s.at(id).Timers) }

// Offered returns the options that an actor offers under a key, or none.
func (s *State[M]) Offered(id ID, key string) []any {
	for _, o := range s.at(id).Choices {
		if o.Key == key {
			return slices.Clone(o.Options)
		}
	}
	return nil
}

// Partitioned reports whether the network is split.
func (s *State[M]) Partitioned() bool {
	if l := s.origin.look; l != nil {
		return l.Faults().Split != 0
	}
	return s.faults.Split != 0
}

// systemID tells systems apart, by its address.
type systemID struct{ _ byte }

// system is the system that a reference belongs to; nil means none. References are parts of configurations, where
// the system has no content: it is the same in all of them. In a state or a message it would be lost.
type system struct{ *systemID }

// AppendCanonical appends nothing.
func (system) AppendCanonical(dst []byte) []byte { return dst }

// DecodeCanonical returns an error.
func (*system) DecodeCanonical([]byte) error {
	return errors.New("a Ref is no content: keep its ID instead")
}

// origin is where a state comes from. It is no content itself.
type origin struct {
	system *systemID // nil if it is not known, as in a copy that was made by content
	actors []string  // the actors' names, by id
	// known is the content of the state, if it can no longer change; see [Model.Hold].
	known *core.State
	// look is what the state asks for its parts, which it does not hold then; nil for states that do.
	look core.Look
}

// AppendCanonical appends nothing.
func (origin) AppendCanonical(dst []byte) []byte { return dst }

// DecodeCanonical reads nothing.
func (*origin) DecodeCanonical([]byte) error { return nil }

// String names the system, by its actors.
func (o origin) String() string {
	if o.system == nil {
		return "an unknown system"
	}
	return "the system of " + strings.Join(o.actors, ", ")
}

// is reports whether the origin can be a system. The zero reference has none.
func (o origin) is(s system) bool {
	return s.systemID != nil && (o.system == nil || o.system == s.systemID)
}

// refuse says why a reference has no meaning in a state of this origin.
func (o origin) refuse(r reference) string {
	switch {
	case r.name == "":
		return zeroRef
	case !o.is(r.system):
		return fmt.Sprintf("the reference to %q belongs to another system than the state, which is one of %v: "+
			"use the Ref that Spawn has returned for this system", r.name, o)
	}
	return fmt.Sprintf("actor %q was spawned after the state was made, which is one of %v: take the states anew "+
		"after Spawn", r.name, o)
}

// reference is a Ref of any type of state.
type reference struct {
	id     ID
	name   string
	system system
}

// Ref is a typed reference to an actor of a system, for properties. States, messages and stored values hold an
// [ID] instead. The zero Ref refers to no actor, and panics when it is used.
type Ref[S any] struct{ to reference }

// ID returns the actor's id.
func (r Ref[S]) ID() ID {
	if r.to.name == "" {
		panic(zeroRef)
	}
	return r.to.id
}

const zeroRef = "a zero Ref refers to no actor: use the one that Spawn returns"

// Name returns the actor's name.
func (r Ref[S]) Name() string { return r.to.name }

// systemState is a State of any message type.
type systemState interface {
	actor(reference) *core.ActorView
}

// In returns the actor's state in s, a [*State] of its system, to be read only. The state of an actor that is down
// is zero. In panics if s is a state of another system, or was made before the actor was spawned.
func (r Ref[S]) In(s systemState) *S {
	state, ok := s.actor(r.to).State.(*S)
	if !ok {
		panic(fmt.Sprintf("the reference to %q belongs to another system than the state", r.to.name))
	}
	return state
}

// Down reports whether the actor has crashed and not restarted yet.
func (r Ref[S]) Down(s systemState) bool { return s.actor(r.to).Down }

// view implements [core.View].
type view[M any] struct{ state *State[M] }

func (v view[M]) State() any                { return v.state }
func (v view[M]) Actors() []*core.ActorView { return v.state.actors }
func (v view[M]) Aux() []any                { return v.state.aux }
func (v view[M]) Faults() *core.Faults      { return &v.state.faults }
func (v view[M]) Inbox(i int) any           { return v.state.inboxes[i] }
func (v view[M]) SetInbox(i int, box any)   { v.state.inboxes[i] = box.(*inbox[M]) }

// views implements [core.Views].
type views[M any] struct {
	messages core.Codec
	origin   origin
}

// from returns where states come from.
func (v *views[M]) from() *origin { return &v.origin }

// NewView implements [core.Views].
func (v *views[M]) NewView(n, m int, private bool) core.View {
	s := &State[M]{origin: v.origin, actors: make([]*core.ActorView, n), inboxes: make([]*inbox[M], n+1), private: private}
	if m > 0 {
		s.aux = make([]any, m)
	}
	if private {
		empty := &inbox[M]{}
		for i := range s.inboxes {
			s.inboxes[i] = empty
		}
	}
	return view[M]{s}
}

// NewLook implements [core.Views].
func (v *views[M]) NewLook(l core.Look, private bool) any {
	s := &State[M]{origin: v.origin, private: private}
	s.origin.look = l
	return s
}

// Inbox implements [core.Views].
func (v *views[M]) Inbox(b core.Inbox) any {
	box := &inbox[M]{}
	for _, e := range b.Bag {
		box.Bag = append(box.Bag, Envelope[M]{From: ID(e.From), Msg: *v.messages.Decode(e.Msg).(*M), Copies: e.Copies})
	}
	for _, q := range b.Queues {
		r := queue[M]{From: ID(q.From)}
		for _, m := range q.Msgs {
			r.Msgs = append(r.Msgs, *v.messages.Decode(m).(*M))
		}
		box.Queues = append(box.Queues, r)
	}
	return box
}

// Content implements [core.Views].
func (v *views[M]) Content(box any) (b core.Inbox) {
	for _, e := range box.(*inbox[M]).Bag {
		b.Bag = append(b.Bag, core.Envelope{From: int(e.From), Msg: v.messages.Encode(&e.Msg), Copies: e.Copies})
	}
	for _, q := range box.(*inbox[M]).Queues {
		r := core.Queue{From: int(q.From)}
		for _, m := range q.Msgs {
			r.Msgs = append(r.Msgs, v.messages.Encode(&m))
		}
		b.Queues = append(b.Queues, r)
	}
	return b
}
