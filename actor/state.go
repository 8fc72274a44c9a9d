package actor

import (
	"fmt"
	"slices"
)

// State is a state of a whole system. Properties read it, through [Ref.In] and its methods, and may change nothing in it.
type State[M any] struct {
	actors  []*actorState
	inboxes []*inbox[M] // by receiver; the last one holds what was sent to nobody
	faults  faults
	aux     []any // pointers to the values of histories and observers

	private bool // inboxes may not be read
}

// actorState is what belongs to one actor.
type actorState struct {
	State   any // *S
	Down    bool
	Timers  []string
	Choices []offer
	Saved   bool
	Stored  any
}

// offer is what chance may choose from under a key.
type offer struct {
	Key     string
	Options []any
}

// inbox is what is on its way to one actor.
type inbox[M any] struct {
	Bag    []Envelope[M] // on links without order, sorted by sender and content
	Queues []queue[M]    // on ordered links, sorted by sender, none of them empty
}

// Envelope is a message on its way.
type Envelope[M any] struct {
	From   ID
	Msg    M
	Copies int // equal ones
}

// queue is what is on its way from one sender, in the order in which it was sent.
type queue[M any] struct {
	From ID
	Msgs []M
}

// faults is what has happened to the network and the actors; figures that nothing bounds are not counted.
type faults struct {
	Losses, Duplicates, Crashes, Partitions int
	Split                                   int // number of the partition, from 1; 0 for none
}

func (s *State[M]) local(id ID) any { return s.actors[id].State }

func (s *State[M]) isDown(id ID) bool { return s.actors[id].Down }

func (s *State[M]) auxiliary(i int) any { return s.aux[i] }

// Inbox returns what is on its way to an actor: what may come next from each sender first, else in the order of delivery. It
// panics where deliveries without effect are left out, for then the content of inboxes means nothing; see [IgnoredPolicy].
func (s *State[M]) Inbox(id ID) []Envelope[M] {
	if s.private {
		panic("a property reads inboxes, where messages that change nothing stay for ever: set Config.Ignored to actor.Consume")
	}
	if id < 0 || int(id) >= len(s.inboxes)-1 {
		id = ID(len(s.inboxes) - 1)
	}
	all := append([]Envelope[M](nil), s.inboxes[id].Bag...)
	for _, q := range s.inboxes[id].Queues {
		for _, m := range q.Msgs {
			all = append(all, Envelope[M]{From: q.From, Msg: m, Copies: 1})
		}
	}
	return all
}

// Timers returns the names of the timers of an actor that are set, sorted.
func (s *State[M]) Timers(id ID) []string { return slices.Clone(s.actors[id].Timers) }

// Offered returns what an actor offers to chance under a key, or nothing.
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
	id      ID
	spawned bool
}

// ID returns the actor's id.
func (r Ref[S]) ID() ID {
	if !r.spawned {
		panic("a zero Ref refers to no actor: use what Spawn has returned")
	}
	return r.id
}

// systemState is a State of any message type.
type systemState interface {
	local(ID) any
	isDown(ID) bool
}

// In returns the state of the actor in a state of its system, to be read and not to be changed. That of an actor that is
// down is zero.
func (r Ref[S]) In(s systemState) *S {
	state, ok := s.local(r.ID()).(*S)
	if !ok {
		panic(fmt.Sprintf("actor %d of this system has a state of type %T: the reference belongs to another system", r.id, s.local(r.id)))
	}
	return state
}

// Down reports whether the actor has crashed and not recovered yet.
func (r Ref[S]) Down(s systemState) bool { return s.isDown(r.ID()) }
