package actor

import (
	"fmt"
	"reflect"
	"strings"
)

// ActionKind is a kind of action.
type ActionKind uint8

// The kinds of actions, in the order in which they are listed for an actor.
const (
	Start     ActionKind = iota // never listed: all actors have started in the initial state
	Deliver                     // an actor receives a message
	Timeout                     // a timer runs out
	Choose                      // chance chooses one of the options offered
	Lose                        // the network loses a message
	Duplicate                   // the network doubles a message
	Crash                       // an actor loses its state
	Restart                     // an actor comes back
	Partition                   // the network splits
	Heal                        // the network is whole again
)

var kindNames = [...]string{"start", "deliver", "timeout", "choose", "lose", "duplicate", "crash", "recover", "partition", "heal"}

// String returns the name of the kind.
func (k ActionKind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("kind %d", uint8(k))
}

// handler returns the name of the method that handles an action of this kind.
func (k ActionKind) handler() string {
	switch k {
	case Deliver:
		return "Receive"
	case Timeout:
		return "Timeout"
	case Choose:
		return "Chosen"
	case Restart:
		return "Restart"
	}
	return "Start"
}

// Action is a step of a system.
type Action[M any] struct {
	Kind   ActionKind
	Actor  ID     // that handles, crashes or recovers, or to which a message was sent
	From   ID     // sender of a message
	Msg    M      // that is delivered, lost or doubled
	Name   string // of a timer, or the key of a choice
	Option any    // that is chosen
	Split  int    // number of a partition, from 1
}

// ActionName implements [allways.ActionNamer]: deliveries are counted by type of message, timeouts by name.
func (sys *System[M]) ActionName(a Action[M]) string {
	switch a.Kind {
	case Deliver, Lose, Duplicate:
		return a.Kind.String() + " " + typeName(a.Msg)
	case Timeout, Choose:
		return a.Kind.String() + " " + a.Name
	}
	return a.Kind.String()
}

func typeName(m any) string {
	if m == nil {
		return "nil"
	}
	t := reflect.TypeOf(m)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Name()
}

// FormatAction implements [allways.ActionFormatter].
func (sys *System[M]) FormatAction(a Action[M]) string {
	message := func() string { return typeNamed(a.Msg, sys.messages.text(sys.messages.encode(&a.Msg))) }
	switch a.Kind {
	case Deliver:
		return fmt.Sprintf("%s -> %s: %s", sys.Name(a.From), sys.Name(a.Actor), message())
	case Lose, Duplicate:
		return fmt.Sprintf("%v %s -> %s: %s", a.Kind, sys.Name(a.From), sys.Name(a.Actor), message())
	case Timeout:
		return fmt.Sprintf("timeout %s of %s", a.Name, sys.Name(a.Actor))
	case Choose:
		return fmt.Sprintf("choose %s of %s: %s", a.Name, sys.Name(a.Actor), sys.valueText(a.Option))
	case Partition:
		return "partition " + sys.splitText(a.Split)
	case Heal:
		return "heal"
	}
	return fmt.Sprintf("%v %s", a.Kind, sys.Name(a.Actor))
}

// typeNamed makes sure that the text of a struct begins with the name of its type.
func typeNamed(m any, text string) string {
	if strings.HasPrefix(text, "{") {
		return typeName(m) + text
	}
	return text
}

func (sys *System[M]) splitText(k int) string {
	var groups []string
	for _, g := range sys.splits[k-1] {
		var names []string
		for _, id := range g {
			names = append(names, sys.Name(id))
		}
		groups = append(groups, strings.Join(names, " "))
	}
	return strings.Join(groups, " | ")
}
