// Package text says what people read about a system: actions, states and what differs between them, notes, the
// parts of states, and sequence diagrams.
package text

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/internal/plan"
)

// ActionName returns the name under which an action is counted: deliveries by the kind of message, which is its type
// unless all messages are of one type that shows it; timeouts by name.
func ActionName(sys *core.System, a core.Action) string {
	switch a.Kind {
	case core.Deliver, core.Lose, core.Duplicate, core.Forge:
		return a.Kind.String() + " " + MessageKind(sys, a.Msg)
	case core.Timeout, core.Choose:
		return a.Kind.String() + " " + a.Name
	}
	return a.Kind.String()
}

// Action returns an action.
func Action(sys *core.System, a core.Action) string {
	switch a.Kind {
	case core.Deliver:
		return fmt.Sprintf("%s -> %s: %s", sys.Name(a.From), sys.Name(a.Actor), Message(sys, a.Msg))
	case core.Lose, core.Duplicate, core.Forge:
		return fmt.Sprintf("%v %s -> %s: %s", a.Kind, sys.Name(a.From), sys.Name(a.Actor), Message(sys, a.Msg))
	case core.Timeout:
		return fmt.Sprintf("timeout %s of %s", a.Name, sys.Name(a.Actor))
	case core.Choose:
		return fmt.Sprintf("choose %s of %s: %s", a.Name, sys.Name(a.Actor), value(sys, sys.Values.Value(a.Option)))
	case core.Partition:
		return "partition " + Split(sys, a.Split)
	case core.Heal:
		return "heal"
	}
	return fmt.Sprintf("%v %s", a.Kind, sys.Name(a.Actor))
}

// Message returns a message. The text of a struct begins with the name of its type.
func Message(sys *core.System, msg string) string {
	text := sys.Messages.Text(msg)
	if strings.HasPrefix(text, "{") {
		return typeName(sys.Messages.Value(msg)) + text
	}
	return text
}

// MessageKind returns the kind of a message.
func MessageKind(sys *core.System, msg string) string {
	if kind := plan.KindOf(sys.Messages.Plan.Type()); kind != nil {
		return kind(core.PointerOf(sys.Messages.Decode(msg)))
	}
	return typeName(sys.Messages.Value(msg))
}

func typeName(m any) string {
	if m == nil {
		return "nil"
	}
	return plan.TypeText(reflect.TypeOf(m))
}

// Split returns the groups of the partition with a number, which begins at 1.
func Split(sys *core.System, number int) string {
	var groups []string
	for _, g := range core.Split(sys, number) {
		var names []string
		for _, id := range g {
			names = append(names, sys.Name(id))
		}
		groups = append(groups, strings.Join(names, " "))
	}
	return strings.Join(groups, " | ")
}

// States returns the states of all actors on one line.
func States(sys *core.System, v core.View) string {
	var parts []string
	for id, a := range v.Actors() {
		parts = append(parts, sys.Actors[id].Name+sys.Actors[id].State.TextOf(a.State))
	}
	return strings.Join(parts, " ")
}

// value returns a value that is stored or offered. A list of ids reads without the name of its type.
func value(sys *core.System, v any) string {
	if reflect.TypeOf(v) == reflect.SliceOf(sys.IDType) {
		ids := reflect.ValueOf(v)
		texts := make([]string, ids.Len())
		for i := range texts {
			texts[i] = value(sys, ids.Index(i).Interface())
		}
		return "[" + strings.Join(texts, " ") + "]"
	}
	return sys.Values.Text(sys.Values.Encode(&v))
}
