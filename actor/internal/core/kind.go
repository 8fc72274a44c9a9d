package core

import "fmt"

// Kind is a kind of action.
type Kind uint8

// The kinds of actions, in the order in which package actor lists them. It never lists Start and Forge.
const (
	Start Kind = iota
	Deliver
	Timeout
	Choose
	Lose
	Duplicate
	Crash
	Restart
	Partition
	Heal
	Forge
)

var kindNames = [...]string{
	"start", "deliver", "timeout", "choose", "lose", "duplicate", "crash", "restart", "partition", "heal",
	"forge",
}

// String returns the name of the kind.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("kind %d", uint8(k))
}

// Handler returns the name of the method that handles an action of this kind.
func (k Kind) Handler() string {
	switch k {
	case Deliver:
		return "Receive"
	case Timeout:
		return "Timeout"
	case Choose:
		return "Choose"
	case Restart:
		return "Restart"
	}
	return "Start"
}

// NoActor is the id of no actor.
const NoActor = -1

// Action is a step of a system, by content.
type Action struct {
	Kind   Kind
	Actor  int    // the actor that takes the step; for Lose, Duplicate and Forge, the receiver
	From   int    // the sender of a message
	Msg    string // the message
	Name   string // the name of a timer, or the key of a choice
	Option string // the option chosen
	Split  int    // the number of a partition, from 1
}

// Event returns the event that a handler handles in the step. ok is false if no handler runs.
func (a Action) Event() (ev Event, ok bool) {
	switch a.Kind {
	case Deliver:
		return Event{Kind: a.Kind, From: a.From, Msg: a.Msg}, true
	case Timeout:
		return Event{Kind: a.Kind, Name: a.Name}, true
	case Choose:
		return Event{Kind: a.Kind, Name: a.Name, Option: a.Option}, true
	case Restart:
		return Event{Kind: a.Kind}, true
	}
	return Event{}, false
}
