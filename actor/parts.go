package actor

import (
	"regexp"
	"unsafe"

	"github.com/allways-go/allways"
)

var _ allways.Parted[*State[int]] = (*System[int])(nil)

// Parts implements [allways.Parted]: the state of every actor, its fields, what is on its way to it, and the histories.
func (sys *System[M]) Parts(s *State[M], add func(path, value string)) {
	for i, a := range s.actors {
		h := sys.actors[i]
		add(h.name, string(h.states.plan.AppendText(nil, pointerOf(a.State))))
		zero := h.states.fresh()
		for _, c := range h.states.plan.Diff(pointerOf(zero), pointerOf(a.State)) {
			add(h.name+"."+indexes.ReplaceAllString(c.Path, "[*]"), c.After)
		}
		add("inbox of "+h.name, sys.inboxText(s.inboxes[i]))
	}
	for k, x := range sys.aux {
		add(x.name, x.text(x.encode(s.aux[k])))
	}
}

// indexes are the parts of a path that choose an element or an entry.
var indexes = regexp.MustCompile(`\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\]`)

func (sys *System[M]) inboxText(box *inbox[M]) string {
	return string(sys.boxes.plan.AppendText(nil, unsafe.Pointer(box)))
}
