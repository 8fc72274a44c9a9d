package search

import (
	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/actor/internal/dead"
)

// Forgets reports whether a search of the system may forget dead messages. It does once Begin was called.
func (sp *Space) Forgets() bool { return sp.sys.Forgets }

// Begin begins a search that forgets or not, with workers that are made from now on. It keeps what was learned.
func (sp *Space) Begin(forget bool) {
	sp.learner.Reset(sp.renamings()...)
	sp.now().beginPass()
	sp.pass++
	sp.repeats.Remove(aboutStates) // which were about the steps of another search
	sp.forgets = forget
}

// Honest reports whether a search that was wrong to forget a message has runs of the system all the same. It has where
// the network keeps no order, since not to deliver a message is always possible. But where the search asks what comes
// of messages without effect, such as for deadlocks, a message that is never delivered is a step that is missing.
func (sp *Space) Honest() bool {
	return sp.sys.KeepIgnored && !sp.sys.AnyLink(func(l core.Link) bool { return l.Network.Queues() })
}

// Learn learns from the search. It reports whether the search was wrong, so that another one must be made. The workers
// of the search must rest.
func (w *Worker) Learn() (wrong bool) {
	if w.sys.Credulous {
		return false
	}
	w.m = w.fresh()
	return w.space.learner.Learn(w.mayReact)
}

// Review looks again at what was learned, after a search that was complete and right. It reports whether that kept
// messages that are dead, since those before it, which were wrong, had taught what is not true.
func (w *Worker) Review() (wasteful bool) {
	if w.sys.Credulous {
		return false
	}
	w.m = w.fresh()
	return w.space.learner.Review(w.mayReact)
}

// mayReact reports whether the actor of a local state reacts to a message. It need not be possible that it gets the
// message there. So the handler runs once: whether it is deterministic is checked where it is possible.
func (w *Worker) mayReact(local, event uint32) bool {
	l := w.local(local)
	if l.Down {
		return false
	}
	if id, ok := w.m.supposed.Find(local, event); ok {
		return id != 0
	}
	id := uint32(0)
	if w.wouldReact(l, local, event) {
		id = 1
	} else {
		w.unused(l.actor, event)
	}
	return w.m.supposed.Keep(local, event, id) != 0
}

// wouldReact computes mayReact for an actor that is up. A handler that panics says nothing of the system.
func (w *Worker) wouldReact(l *hosted, local, event uint32) (yes bool) {
	if number, ok := w.m.reacted.Find(local, event); ok {
		return w.m.effects.Get(number).lasts
	}
	defer func() {
		if recover() != nil {
			yes = true
		}
	}()
	w.site.handler(l.actor, event)
	out := w.sys.Run(l.actor, &l.Local, w.event(event), false)
	return out.Lasts(&l.Local)
}

// renamings returns what the learner needs to know of symmetry.
func (sp *space) renamings() (all []dead.Renaming) {
	y := sp.symmetries
	if y == nil {
		return nil
	}
	for _, k := range y.adjacent {
		to, locals, events := y.to[k], map[uint32]uint32{}, map[uint32]uint32{}
		all = append(all, dead.Renaming{
			Local: func(id uint32) uint32 {
				if _, ok := locals[id]; !ok {
					l := sp.local(id)
					locals[id] = sp.localID(y.actor(l.actor, to), y.local(l.actor, &l.Local, to))
				}
				return locals[id]
			},
			Event: func(id uint32) uint32 {
				if _, ok := events[id]; !ok {
					e := y.event(sp.event(id), to)
					events[id] = sp.eventID(&e)
				}
				return events[id]
			},
		})
	}
	return all
}
