package search

import (
	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/internal/engine"
)

// usage is what a worker has seen happen. Each worker has one, so that a note costs a store, and notes are taken
// only where something is computed that the memo then remembers. What is in none of a search that was complete
// never happens.
type usage struct {
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

func newUsage(actors int) *usage {
	return &usage{names: make([]uses, engine.NoName+1), ran: make([][core.Heal + 1]bool, actors)}
}

// handles notes that a handler has run.
func (u *usage) handles(actor int, kind core.Kind, name uint16, lasts bool) {
	u.ran[actor][kind] = true
	u.names[name] |= handled
	if lasts {
		u.names[name] |= lasted
	}
}

// idle reports whether an actor does nothing once it has started.
func (u *usage) idle(id int) bool { return u.ran[id] == [core.Heal + 1]bool{} }
