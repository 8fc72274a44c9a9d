package core

import (
	"fmt"

	"github.com/allways-go/allways/internal/engine"
)

// Handlers panic with the errors of this file; package allways reports them by their kind.

// nondeterminism says that a handler does not always do the same.
type nondeterminism struct{ actor, handler, difference string }

// Nondeterminism returns the error of a handler that had two effects for one event.
func Nondeterminism(sys *System, id int, ev *Event, a, b *Effect) error {
	return &nondeterminism{sys.Name(id), ev.Kind.Handler(), Difference(sys, id, a, b)}
}

func (e *nondeterminism) Error() string {
	return fmt.Sprintf("two runs of %s of %s differ: %s; a handler must depend on its arguments and the receiver "+
		"alone, and not on time, random numbers, map order, shared variables, or whether a slice or map is nil or "+
		"empty; for a choice, use c.Choose", e.handler, e.actor, e.difference)
}

func (e *nondeterminism) ErrorKind() engine.ErrorKind { return engine.ErrorNondeterminism }

// misrecorded says that an actor has recorded an event that cannot follow the events recorded before.
type misrecorded struct {
	history, actor string
	err            error
}

// Misrecorded returns the error of an actor that has recorded an event that does not fit the history.
func Misrecorded(history, actor string, err error) error { return &misrecorded{history, actor, err} }

func (e *misrecorded) Error() string { return fmt.Sprintf("%s: %s: %v", e.history, e.actor, e.err) }

func (e *misrecorded) ErrorKind() engine.ErrorKind { return engine.ErrorPanic }

// configChange says that the configuration of an actor has changed.
type configChange struct{ actor string }

func (e *configChange) Error() string {
	return fmt.Sprintf("the configuration of %s has changed: the receiver of an actor's methods is shared by all "+
		"behaviours and must not change; keep what changes in the actor's state", e.actor)
}

func (e *configChange) ErrorKind() engine.ErrorKind { return engine.ErrorMutation }
