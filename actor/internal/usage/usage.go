// Package usage notes what happens in a search of a system of actors, and says what never did: actors to which
// nothing happens, handlers that are not called, messages without effect, faults that are not possible. It decides
// nothing, and evaluates nothing.
package usage

import (
	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/internal/engine"
)

// Usage is what a worker has seen happen. Each worker has one, so that a note costs a store, and notes are taken
// only where something is computed that is then remembered. What is in none of a search that was complete never
// happens. Make one with [New].
type Usage struct {
	names  []uses                // notes by number of name
	ran    [][core.Heal + 1]bool // marks by actor and kind of event: the handler ran
	faults [core.Heal + 1]bool   // marks by kind of fault: it was permitted in some state
}

// uses says what has happened to messages or timers of one name.
type uses uint8

const (
	sent    uses = 1 << iota // a handler sent one
	handled                  // a handler ran for one
	lasted                   // and had an effect
)

// New returns a usage in which nothing has happened to some actors.
func New(actors int) *Usage {
	return &Usage{names: make([]uses, engine.NoName+1), ran: make([][core.Heal + 1]bool, actors)}
}

// Sent notes that a message was sent whose delivery has a name, given by number.
func (u *Usage) Sent(name uint16) { u.names[name] |= sent }

// Handled notes that a handler has run, for an event with a name, and whether it had an effect.
func (u *Usage) Handled(actor int, kind core.Kind, name uint16, lasts bool) {
	u.ran[actor][kind] = true
	u.names[name] |= handled
	if lasts {
		u.names[name] |= lasted
	}
}

// Permitted notes that a fault was permitted in some state.
func (u *Usage) Permitted(fault core.Kind) { u.faults[fault] = true }

// idle reports whether an actor does nothing once it has started.
func (u *Usage) idle(id int) bool { return u.ran[id] == [core.Heal + 1]bool{} }
