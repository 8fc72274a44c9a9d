package actor

import (
	"fmt"
	"slices"
	"strings"
)

// This file converts between plain states and vectors.

// Encode implements [engine.Native].
func (sp *space[M]) Encode(state any) ([]uint32, error) {
	s := state.(*State[M])
	vec := make([]uint32, sp.Words())
	down := 0
	for i, a := range s.actors {
		if a.Down {
			down++
		}
		local := sp.localID(ID(i), sp.sys.localOf(ID(i), a))
		vec[i] = sp.component(local, sp.boxID(sp.contentsOf(i, s.inboxes[i])))
	}
	for k, content := range sp.sys.auxContents(s) {
		vec[sp.n+k] = sp.auxID(k, content)
	}
	vec[sp.world] = sp.worldID(&worldState{faults: s.faults, down: down, void: sp.contentsOf(sp.n, s.inboxes[sp.n])})
	if o := newOrbits(sp); o != nil {
		o.represent(vec)
	}
	return vec, nil
}

func (sp *space[M]) contentsOf(to int, box *inbox[M]) (c contents) {
	put := func(from ID, m M) uint32 {
		return sp.eventID(&event{kind: Deliver, from: from, msg: sp.sys.messages.encode(&m)})
	}
	for _, e := range box.Bag {
		for range e.Copies {
			c.bag = append(c.bag, put(e.From, e.Msg))
		}
	}
	slices.Sort(c.bag)
	for _, q := range box.Queues {
		for _, m := range q.Msgs {
			c.queues = append(c.queues, put(q.From, m))
		}
	}
	return c
}

// inbox is the inverse of contentsOf.
func (sp *space[M]) inbox(c contents) *inbox[M] {
	box := &inbox[M]{}
	for _, id := range c.bag {
		e := sp.event(id)
		if n := len(box.Bag); n > 0 && box.Bag[n-1].From == e.from && sp.same(box.Bag[n-1].Msg, e.msg) {
			box.Bag[n-1].Copies++
			continue
		}
		box.Bag = append(box.Bag, Envelope[M]{From: e.from, Msg: *sp.sys.messages.decode(e.msg), Copies: 1})
	}
	slices.SortFunc(box.Bag, sp.sys.compareEnvelopes)
	for _, id := range c.queues {
		e := sp.event(id)
		if n := len(box.Queues); n == 0 || box.Queues[n-1].From != e.from {
			box.Queues = append(box.Queues, queue[M]{From: e.from})
		}
		q := &box.Queues[len(box.Queues)-1]
		q.Msgs = append(q.Msgs, *sp.sys.messages.decode(e.msg))
	}
	return box
}

func (sp *space[M]) same(m M, content string) bool { return sp.sys.messages.encode(&m) == content }

// viewOf finds out what properties read of a component.
func (w *worker[M]) viewOf(m *memo, component uint32) *view {
	local, box := w.parts(component)
	v := &view{state: m.states.get(local)}
	if v.state == nil {
		actor, l := w.local(local)
		v.state = m.states.put(local, w.sys.actorState(actor, l), hostedBytes+2*len(w.locals.Bytes(local)))
	}
	if !w.sys.leave { // else nobody may read it
		in := m.boxes.get(box)
		if in == nil {
			var contents any = w.inbox(w.contents(box))
			in = m.boxes.put(box, &contents, boxBytes*(1+len(w.inboxes.Bytes(box))/4))
		}
		v.box = *in
	}
	return m.views.put(component, v, viewBytes)
}

// stateDiff tells in what two states of an actor differ.
func (sys *System[M]) stateDiff(id ID, a, b any) string {
	return sys.diffAs("%s is %s or %s", id, a, b)
}

// changesText tells what of an actor's state has become something else.
func (sys *System[M]) changesText(id ID, before, after any) string {
	return sys.diffAs("%s was %s and became %s", id, before, after)
}

func (sys *System[M]) diffAs(format string, id ID, a, b any) string {
	var parts []string
	for _, d := range sys.actors[id].states.plan.Diff(pointerOf(a), pointerOf(b)) {
		parts = append(parts, fmt.Sprintf(format, d.Path, orNothing(d.Before), orNothing(d.After)))
	}
	return strings.Join(parts, ", ")
}
