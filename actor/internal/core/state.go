package core

import "slices"

// State is a state of a whole system, by content. It is what paths, replays and texts work on, one state at a
// time; a search has vectors instead, see package search. Contents never
// change, so that a state shares all parts but a few with the one before it.
type State struct {
	Actors  []*Local
	Inboxes []Inbox // inboxes by receiver; the last one holds messages to ids that no actor has
	Faults  Faults
	Aux     []string // values of histories and observers
}

// Clone returns a copy whose slices may be changed. What they hold is shared, and never changed.
func (s *State) Clone() *State {
	n := *s
	n.Actors, n.Inboxes, n.Aux = slices.Clone(s.Actors), slices.Clone(s.Inboxes), slices.Clone(s.Aux)
	return &n
}

// Equal reports whether s and o have the same content.
func (s *State) Equal(o *State) bool {
	return s.Faults == o.Faults && slices.Equal(s.Aux, o.Aux) && slices.EqualFunc(s.Actors, o.Actors, (*Local).Equal) &&
		slices.EqualFunc(s.Inboxes, o.Inboxes, Inbox.Equal)
}

// Box returns the index of the inbox that holds messages to an id.
func (s *State) Box(to int) int {
	if to < 0 || to >= len(s.Inboxes)-1 {
		return len(s.Inboxes) - 1
	}
	return to
}

// Down returns the number of actors that are down.
func (s *State) Down() (n int) {
	for _, l := range s.Actors {
		if l.Down {
			n++
		}
	}
	return n
}

// ActorView is what belongs to one actor, decoded for properties to read.
type ActorView struct {
	State   any // *S
	Down    bool
	Timers  []string
	Choices []Offer
	Saved   bool
	Stored  any
}

// Offer holds the options offered under one key, decoded.
type Offer struct {
	Key     string
	Options []any
}

// View is a state of the users' types, as properties see it, and the places that hold its parts.
type View interface {
	// State returns the state to give to predicates.
	State() any
	// Actors, Aux and Faults return the parts, to be read or set.
	Actors() []*ActorView
	Aux() []any
	Faults() *Faults
	// Inbox returns an inbox in the form that [Views.Inbox] returns, and SetInbox sets it.
	Inbox(i int) any
	SetInbox(i int, box any)
}

// Views makes states of the users' types.
type Views interface {
	// NewView returns a state of a system of n actors and m auxiliary values. Properties may not read the
	// inboxes of a private one.
	NewView(n, m int, private bool) View
	// NewLook returns a state, for predicates, that asks for what they read. Properties may not read the inboxes
	// of a private one.
	NewLook(l Look, private bool) any
	// Inbox returns an inbox as states hold it, and Content is its inverse.
	Inbox(Inbox) any
	Content(box any) Inbox
}

// Look is what a state asks for when a predicate reads it, so that it is known what has been read.
type Look interface {
	// Actors and Auxiliaries return the numbers of actors, and of histories and observers.
	Actors() int
	Auxiliaries() int
	// Actor returns what belongs to an actor.
	Actor(i int) *ActorView
	// Inbox returns an inbox in the form of [Views.Inbox]; the last one is that of all ids that no actor has.
	Inbox(i int) any
	// Aux returns a pointer to the value of a history or an observer.
	Aux(k int) any
	Faults() *Faults
}
