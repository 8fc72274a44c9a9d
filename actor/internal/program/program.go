// Package program is what package node needs of a system of actors: it runs the handlers of an actor, one event
// at a time, and follows recorded runs through the model. Messages and other values go in and out by content, a
// string that equal values of a type have in common, in every process of the same program.
package program

import (
	"errors"
	"fmt"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/actor/internal/text"
)

// Program is a system, whatever the type of its messages. It is immutable, and safe for concurrent use.
type Program struct {
	sys   *core.System
	names *names
}

// Of returns a system as it stands. The error says what is wrong with its making.
func Of(p actor.Program) (*Program, error) {
	switch p := p.(type) {
	case nil:
		return nil, errors.New("there is no system")
	case *Program:
		return p, nil
	}
	sys, err := p.Compile()
	if err != nil {
		return nil, err
	}
	names, err := newNames(sys)
	if err != nil {
		return nil, err
	}
	return &Program{sys, names}, nil
}

// Compile implements [actor.Program].
func (p *Program) Compile() (*core.System, error) { return p.sys, nil }

// Len returns the number of actors.
func (p *Program) Len() int { return len(p.sys.Actors) }

// Name returns the name of an actor, or "outside".
func (p *Program) Name(id actor.ID) string { return p.sys.Name(int(id)) }

// Sent is a message in flight.
type Sent struct {
	From, To actor.ID
	Content  string
}

// Initial returns the messages that are in flight before the system starts.
func (p *Program) Initial() (all []Sent) {
	for _, m := range p.sys.Initial {
		all = append(all, Sent{actor.ID(m.From), actor.ID(m.To), m.Msg})
	}
	return all
}

// Promises returns the names of what must always hold: properties of states and steps, and histories.
func (p *Program) Promises() (names []string) {
	for _, q := range p.sys.Properties {
		if q.Everywhere() {
			names = append(names, q.Name)
		}
	}
	return names
}

// StepText returns a step as people read it.
func (p *Program) StepText(st Step) string { return stepText(p.sys, st) }

func stepText(sys *core.System, st Step) (s string) {
	defer func() {
		if recover() != nil {
			s = fmt.Sprintf("%v of %s with unknown content", st.Kind, sys.Name(int(st.Actor)))
		}
	}()
	return text.Action(sys, st.action())
}

func recoverTo(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("%v", r)
	}
}
