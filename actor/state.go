package actor

import (
	"fmt"
	"slices"

	"github.com/allways-go/allways/actor/internal/core"
)

// State is a state of a whole system. Properties read it, through [Ref.In] and its methods, and must not change
// it.
type State[M any] struct {
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

func (s *State[M]) local(id ID) any { return s.actors[id].State }

func (s *State[M]) isDown(id ID) bool { return s.actors[id].Down }

func (s *State[M]) auxiliary(i int) any { return s.aux[i] }

// Inbox returns the messages in flight to an actor. Those on unordered links come first, sorted by sender;
// those on ordered links follow in the order of delivery. It panics in a system that keeps messages without
// effect in flight, where the content of inboxes means nothing; see [IgnoredPolicy].
func (s *State[M]) Inbox(id ID) []Envelope[M] {
	if s.private {
		panic("a property reads inboxes, where messages without effect stay in flight: " +
			"set Config.Ignored to actor.IgnoredConsumed")
	}
	if id < 0 || int(id) >= len(s.inboxes)-1 {
		id = ID(len(s.inboxes) - 1)
	}
	all := slices.Clone(s.inboxes[id].Bag)
	for _, q := range s.inboxes[id].Queues {
		for _, m := range q.Msgs {
			all = append(all, Envelope[M]{From: q.From, Msg: m, Copies: 1})
		}
	}
	return all
}

// Timers returns the names of an actor's timers that are set, sorted.
func (s *State[M]) Timers(id ID) []string { return slices.Clone(s.actors[id].Timers) }

// Offered returns the options that an actor offers under a key, or none.
func (s *State[M]) Offered(id ID, key string) []any {
	for _, o := range s.actors[id].Choices {
		if o.Key == key {
			return slices.Clone(o.Options)
		}
	}
	return nil
}

// Partitioned reports whether the network is split.
func (s *State[M]) Partitioned() bool { return s.faults.Split != 0 }

// Ref is a typed reference to an actor of a system. The zero Ref refers to none, and panics when it is used.
type Ref[S any] struct {
	id   ID
	name string
}

// ID returns the actor's id.
func (r Ref[S]) ID() ID {
	if r.name == "" {
		panic("a zero Ref refers to no actor: use the one that Spawn returns")
	}
	return r.id
}

// Name returns the actor's name.
func (r Ref[S]) Name() string { return r.name }

// systemState is a State of any message type.
type systemState interface {
	local(ID) any
	isDown(ID) bool
}

// In returns the actor's state in a state of its system, to be read only. The state of an actor that is down is
// zero.
func (r Ref[S]) In(s systemState) *S {
	state, ok := s.local(r.ID()).(*S)
	if !ok {
		panic(fmt.Sprintf("actor %d of this system has a state of type %T: the reference belongs to another system",
			r.id, s.local(r.id)))
	}
	return state
}

// Down reports whether the actor has crashed and not restarted yet.
func (r Ref[S]) Down(s systemState) bool { return s.isDown(r.ID()) }

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
	boxes    core.Codec
}

// NewView implements [core.Views].
func (v *views[M]) NewView(n, m int, private bool) core.View {
	s := &State[M]{actors: make([]*core.ActorView, n), inboxes: make([]*inbox[M], n+1), private: private}
	if m > 0 {
		s.aux = make([]any, m)
	}
	if private {
		for i := range s.inboxes {
			s.inboxes[i] = &inbox[M]{}
		}
	}
	return view[M]{s}
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

// InboxText implements [core.Views].
func (v *views[M]) InboxText(box any) string { return v.boxes.TextOf(box) }
