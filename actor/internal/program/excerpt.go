package program

import (
	"fmt"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/actor/internal/text"
)

// Excerpt is the end of a run that was followed, in the words of the model.
type Excerpt struct {
	Before int    // number of the steps of the run before it
	Init   string // the state before the first step, without messages in flight
	Steps  []ExcerptStep
}

// ExcerptStep is a step of an [Excerpt]. Crashes, losses and duplications that a run does not show have no number
// there: they stand before the step that shows them.
type ExcerptStep struct {
	Number  int
	Text    string
	Changes []allways.Change
}

// kept is how many steps of a model an excerpt has at most.
const kept = 40

// recent is the steps that were taken last, up to the first one that broke a promise.
type recent struct {
	all    []taken // a ring
	next   int
	frozen bool
}

// taken is a step that was taken.
type taken struct {
	number        int
	action        core.Action
	before, after *core.State // states with the messages of the step in the inboxes only
	from, to      int         // events of histories that the step has recorded
}

func (r *recent) add(t taken) {
	switch {
	case r.frozen:
	case len(r.all) < kept:
		r.all = append(r.all, t)
	default:
		r.all[r.next] = t
		r.next = (r.next + 1) % kept
	}
}

// Excerpt returns the steps before and with the first one that broke a promise; if there is no such step, the last
// ones.
func (f *Follower) Excerpt() (x *Excerpt, err error) {
	defer recoverTo(&err)
	r := &f.recent
	x = &Excerpt{Before: -1, Init: text.State(f.model.System, f.state)}
	for i := range r.all {
		t := &r.all[(r.next+i)%len(r.all)]
		if i == 0 {
			s := t.before.Clone()
			clear(s.Inboxes)
			x.Init = text.State(f.model.System, s)
		}
		if x.Before < 0 && t.number > 0 {
			x.Before = t.number - 1
		}
		changes := text.Changes(f.model.System, t.before, t.after)
		for _, e := range f.judge.past[t.from:t.to] {
			changes = append(changes, f.recordedChanges(e)...)
		}
		x.Steps = append(x.Steps, ExcerptStep{t.number, text.Action(f.model.System, t.action), changes})
	}
	x.Before = max(x.Before, 0)
	return x, nil
}

// recordedChanges returns an event of a history as a change.
func (f *Follower) recordedChanges(e HistoryEvent) (all []allways.Change) {
	sys := f.model.System
	for k := range sys.Aux {
		h, ok := sys.History(k)
		if !ok || e.Crashed || h.Name() != e.History {
			continue
		}
		t := h.EventText(e.Event)
		path := fmt.Sprintf("%s: %s %s", h.Name(), sys.Name(int(e.Actor)), t.Verb)
		all = append(all, allways.Change{Path: path, After: t.Text})
	}
	return all
}
