package text

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/allways-go/allways/actor/internal/core"
)

// Parts calls add for the parts of a state whose growth makes a state space large: each actor as a whole, the
// fields of its state and of its stored value, its inbox and the number of messages in it, the fields of
// messages, and the values of histories and observers.
func Parts(sys *core.System, s *core.State, add func(path, value string)) {
	naming := core.Naming(sys)
	for id, l := range s.Actors {
		a, v := sys.Actors[id], sys.ActorView(id, l)
		add(a.Name, wholeText(sys, a, v))
		naming.Parts(a.State.Plan, a.Name, core.PointerOf(v.State), add)
		if v.Saved {
			naming.Parts(sys.Values.Plan, "stored by "+a.Name, core.PointerOf(&v.Stored), add)
		}
	}
	for to, box := range s.Inboxes {
		name := "inbox of " + sys.Name(to)
		add(name, Inbox(sys, box))
		count := 0
		for _, e := range box.All() {
			count += e.Copies
			m := sys.Messages.Decode(e.Msg)
			naming.Parts(sys.Messages.Plan, "message "+MessageKind(sys, e.Msg), core.PointerOf(m), add)
		}
		add("len("+name+")", strconv.Itoa(count))
	}
	for k, x := range sys.Aux {
		add(x.Name(), x.Text(s.Aux[k]))
	}
}

// Inbox returns the messages of an inbox with their senders.
func Inbox(sys *core.System, box core.Inbox) string {
	var all []string
	for _, e := range box.All() {
		all = append(all, envelopeText(sys, e))
	}
	return "[" + strings.Join(all, ", ") + "]"
}

func envelopeText(sys *core.System, e core.Envelope) string {
	text := sys.Name(e.From) + ": " + Message(sys, e.Msg)
	if e.Copies > 1 {
		text += fmt.Sprintf(" (%d copies)", e.Copies)
	}
	return text
}

// wholeText returns all that belongs to an actor.
func wholeText(sys *core.System, a *core.Actor, v *core.ActorView) string {
	rest := *v
	rest.State = a.State.New()
	return strings.TrimSpace(a.State.TextOf(v.State) + " " + actorText(sys, &rest))
}
