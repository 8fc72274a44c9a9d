package actor

import (
	"strconv"
	"strings"
	"unsafe"

	"github.com/allways-go/allways"
)

var _ allways.PartLister[*State[int]] = (*System[int])(nil)

// Parts implements [allways.PartLister]: every actor as a whole, the fields of its state and of what it has stored, what is on
// its way to it and how many messages that are, the fields of messages, and the histories.
func (sys *System[M]) Parts(s *State[M], add func(path, value string)) {
	for i, a := range s.actors {
		h := sys.actors[i]
		add(h.name, sys.wholeText(h, a))
		h.states.plan.Parts(h.name, pointerOf(a.State), add)
		if a.Saved {
			sys.values.plan.Parts("stored by "+h.name, unsafe.Pointer(&a.Stored), add)
		}
	}
	for to, box := range s.inboxes {
		name := "inbox of " + sys.Name(ID(to))
		add(name, string(sys.boxes.plan.AppendText(nil, unsafe.Pointer(box))))
		count := 0
		for _, e := range s.envelopes(ID(to)) {
			count += e.Copies
			sys.messages.plan.Parts("message "+typeName(e.Msg), unsafe.Pointer(&e.Msg), add)
		}
		add("len("+name+")", strconv.Itoa(count))
	}
	for k, x := range sys.aux {
		add(x.name, x.text(x.encode(s.aux[k])))
	}
}

// wholeText is the text of all that belongs to an actor.
func (sys *System[M]) wholeText(h *host[M], a *actorState) string {
	rest := *a
	rest.State = h.states.fresh()
	return strings.TrimSpace(string(h.states.plan.AppendText(nil, pointerOf(a.State))) + " " + sys.actorText(&rest))
}
