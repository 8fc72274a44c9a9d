package search

import (
	"slices"

	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/actor/internal/dead"
	"github.com/allways-go/allways/actor/internal/text"
	"github.com/allways-go/allways/actor/internal/usage"
)

// behaviours computes the steps enabled in components. It is for one goroutine.
//
// A component determines all that its actor can do next, and what that does to the component itself: which
// messages may be delivered, which timers expire, which options are chosen, and which faults befall the actor
// or its messages. That is why the inbox is part of it, although it belongs to the network: with the inbox
// apart, enabled steps would depend on two words of the vector. What a component does not determine is left to
// the expander: partitions, budgets of faults, and the components of receivers.
//
// Two levels are remembered. Effects, by the actor's local part and the event, are few, and each costs
// handler calls. Components, which differ by their inboxes as well, are many more, and each costs look-ups
// only. A step for each pair of local part and event would not do, since what is left in the inbox differs.
type behaviours struct {
	*space
	m      *memo // the memo to work with for one state
	site   *site
	number func(name string) uint16 // function that numbers the names of actions
	usage  *usage.Usage
	forget *dead.Learner // nil for a search that forgets no messages
	room   []step
}

// checkEvery is how many evaluations pass until configurations are checked again. A check encodes all of them,
// so it cannot follow each evaluation; the end of a run is checked in any case, so nothing is missed, and this
// only keeps a long run from going on in vain.
const checkEvery = 1 << 12

// component computes the steps enabled in a component, in the order of package plain: by kind, and by content
// within a kind. They are valid until the next call.
func (b *behaviours) component(component uint32) []step {
	b.room = b.room[:0]
	local, box := b.parts(component)
	l := b.local(local)
	if !l.Down {
		b.deliveries(l.actor, local, box)
		for _, t := range l.Timers {
			b.handled(l.actor, local, box, &core.Event{Kind: core.Timeout, Name: t})
		}
		for _, c := range l.Choices {
			for _, o := range c.Options {
				b.handled(l.actor, local, box, &core.Event{Kind: core.Choose, Name: c.Key, Option: o})
			}
		}
	}
	b.messageFaults(l.actor, local, box)
	switch {
	case l.Down: // nothing but a restart, and faults of messages that wait
		b.restart(l.actor, local, box)
	case b.sys.MayCrash(l.actor):
		b.crash(l.actor, &l.Local, box)
	}
	return b.room
}

func (b *behaviours) deliveries(actor int, local, box uint32) {
	for _, id := range b.boxInfo(box).first {
		from := b.event(id).From
		link := b.sys.Link(from, actor)
		r := b.effect(actor, local, id)
		if !r.lasts && b.sys.Ignores(link) {
			continue // the message stays, as if it came later: fewer states, and no property sees it
		}
		left := box
		if !link.Network.Keeps() {
			left = b.without(box, id)
		}
		b.add(actor, step{kind: core.Deliver, from: int32(b.sys.Known(from)), event: id}, r, left)
	}
}

// handled adds the step of an event that takes nothing from the inbox, if it has an effect. A timer that expires
// is no longer set, so only a handler that sets it again and does nothing else has no effect.
func (b *behaviours) handled(actor int, local, box uint32, e *core.Event) {
	id := b.eventID(e)
	if r := b.effect(actor, local, id); r.lasts {
		b.add(actor, step{kind: e.Kind, event: id, from: noActor}, r, box)
	}
}

func (b *behaviours) messageFaults(actor int, local, box uint32) {
	info := b.boxInfo(box)
	for _, kind := range []core.Kind{core.Lose, core.Duplicate} {
		for _, id := range info.first {
			s := step{kind: kind, event: id, from: noActor, change: changeOf(kind, 0)}
			l := b.sys.Link(b.event(id).From, actor)
			switch {
			case kind == core.Lose && l.Lossy:
				s.component = b.space.component(local, b.without(box, id))
			case kind == core.Duplicate && b.sys.Config.Duplicable(l):
				s.component = b.space.component(local, b.boxID(info.doubled(id)))
			default:
				continue
			}
			b.named(actor, s)
		}
	}
}

func (b *behaviours) restart(actor int, local, box uint32) {
	id := b.eventID(&core.Event{Kind: core.Restart})
	s := step{kind: core.Restart, event: id, from: noActor, change: changeOf(core.Restart, 0)}
	b.add(actor, s, b.effect(actor, local, id), box)
}

func (b *behaviours) crash(actor int, l *core.Local, box uint32) {
	down := b.localID(actor, b.sys.Crashed(actor, l))
	b.named(actor, step{
		kind: core.Crash, event: b.eventID(&core.Event{Kind: core.Crash}), from: noActor,
		change:    changeOf(core.Crash, 0),
		component: b.space.component(down, b.trimmed(actor, down, box)),
	})
}

// partitions returns the steps of the network as a whole.
func (b *behaviours) partitions() []step {
	if len(b.sys.Splits) == 0 {
		return nil
	}
	b.room = nil
	b.named(core.NoActor, step{kind: core.Heal, from: noActor, change: changeOf(core.Heal, 0)})
	for k := range b.sys.Splits {
		b.named(core.NoActor, step{kind: core.Partition, from: noActor, change: changeOf(core.Partition, k+1)})
	}
	steps := b.room
	b.room = nil // these are kept
	return steps
}

// add adds the step of an effect, where left is what is left in the inbox. Messages that the actor sends to
// itself go there, too, so that the component is final.
func (b *behaviours) add(actor int, s step, r *effect, left uint32) {
	left = b.trimmed(actor, r.local, left)
	for _, d := range r.sends {
		if d.to == int32(actor) {
			left = b.received(r.local, left, d)
		}
	}
	s.sends, s.sent, s.records = r.others, r.sent, r.records
	s.component = b.space.component(r.local, left)
	b.named(actor, s)
}

// named adds a step, and numbers its name.
func (b *behaviours) named(actor int, s step) {
	s.name = b.nameOf(actor, &s)
	b.room = append(b.room, s)
}

// nameOf returns the number of the name of a step. The name depends on the kind and the event only, and formatting
// one decodes the message, so the number is remembered.
func (b *behaviours) nameOf(actor int, s *step) uint16 {
	id, ok := b.m.names.Find(s.event, uint32(s.kind))
	if !ok {
		id = b.m.names.Keep(s.event, uint32(s.kind), uint32(b.number(text.ActionName(b.sys, b.action(actor, s)))))
	}
	return uint16(id)
}

// effect returns the effect of a handler.
func (b *behaviours) effect(actor int, local, event uint32) *effect {
	b.site.handler(actor, event)
	number, ok := b.m.reacted.Find(local, event)
	if !ok {
		number = b.evaluate(local, event)
	}
	r := b.m.effects.Get(number)
	if r.noted.Load() != b.pass {
		b.note(actor, local, event, r)
	}
	return r
}

// note notes an effect that a step has.
func (b *behaviours) note(actor int, local, event uint32, r *effect) {
	for _, d := range r.sends {
		b.usage.Sent(b.nameOf(actor, &step{kind: core.Deliver, event: d.event}))
	}
	kind := b.event(event).Kind
	b.usage.Handled(actor, kind, b.nameOf(actor, &step{kind: kind, event: event}), r.lasts)
	if b.forget != nil {
		b.forget.NoteStep(local, r.local)
	}
	r.noted.Store(b.pass)
}

// evaluate runs a handler and interns its effect, of which it returns the number. core.System.Evaluate runs it
// twice, on copies in different forms, to prove that it is a function of its arguments: without that, a memo would
// give one answer for all and hide the others. What else must hold of every handler is checked here, too, once for
// each pair and not for each state.
func (b *behaviours) evaluate(local, event uint32) (number uint32) {
	l, e := b.local(local), b.event(event)
	out := b.sys.Evaluate(l.actor, &l.Local, e)
	if n := b.evaluated.Add(1); n%checkEvery == 0 {
		if err := b.sys.Unchanged(); err != nil {
			panic(err)
		}
	}
	if b.symmetries != nil {
		b.symmetries.check(l.actor, &l.Local, e, &out)
	}
	b.repeatHandler(questionKey(aboutHandler, local, event), l.actor, &l.Local, e, &out)
	r := &effect{local: b.localID(l.actor, &out.Local), lasts: out.Lasts(&l.Local)}
	var others []delivery
	for _, m := range out.Sends {
		to := b.n
		if b.sys.Has(m.To) {
			to = m.To
		}
		event := b.eventID(&core.Event{Kind: core.Deliver, From: l.actor, Msg: m.Msg})
		r.sends = append(r.sends, delivery{int32(to), event})
		if to != l.actor {
			others = append(others, delivery{int32(to), event})
		}
	}
	r.others, r.sent = b.m.sends.Add(others), uint32(len(others))
	if len(out.Records) > 0 {
		r.records = b.recordsID(l.actor, out.Records) + 1
	}
	// Two workers may get here with the same pair. Both effects stay in the table, and both workers use the
	// one whose number was kept first, so that all steps of the pair refer to the same one.
	number = b.m.effect.Add(1)
	b.m.effects.Put(number, r, effectBytes+deliveryBytes*len(r.sends))
	return b.m.reacted.Keep(local, event, number)
}

// inFlight notes the messages in a state as sent.
func (b *behaviours) inFlight(vec []uint32) {
	note := func(c contents) {
		for _, id := range slices.Concat(c.bag, c.queues) {
			b.usage.Sent(b.nameOf(core.NoActor, &step{kind: core.Deliver, event: id}))
		}
	}
	for _, component := range vec[:b.n] {
		_, box := b.parts(component)
		note(b.contents(box))
	}
	note(b.environmentOf(vec[b.env]).strays)
}

// without returns an inbox without an event that may be the next from its sender.
func (b *behaviours) without(box, event uint32) uint32 {
	id, ok := b.m.less.Find(box, event)
	if !ok {
		id = b.m.less.Keep(box, event, b.boxID(b.boxInfo(box).contents.without(event)))
	}
	return id
}

// withEvent returns an inbox with one event more.
func (b *behaviours) withEvent(box uint32, d delivery) uint32 {
	if len(b.sys.Links) > 0 { // then it depends on the receiver, too
		return b.boxID(b.with(b.boxInfo(box).contents, int(d.to), d.event))
	}
	id, ok := b.m.more.Find(box, d.event)
	if !ok {
		id = b.m.more.Keep(box, d.event, b.boxID(b.with(b.boxInfo(box).contents, int(d.to), d.event)))
	}
	return id
}

// posted returns a component with one event more in its inbox. The expander remembers it by component and event:
// this is the look-up that every message sent costs in every step.
func (b *behaviours) posted(component uint32, d delivery) uint32 {
	local, box := b.parts(component)
	return b.space.component(local, b.received(local, box, d))
}

// received returns an inbox with one event more, unless that is dropped.
func (b *behaviours) received(local, box uint32, d delivery) uint32 {
	if b.forget != nil && b.drops(int(d.to), local, d.event) {
		return box
	}
	return b.withEvent(box, d)
}

// action returns a step as an action.
func (b *behaviours) action(actor int, s *step) core.Action {
	a := core.Action{Kind: s.kind, Actor: actor}
	switch s.kind {
	case core.Heal:
		a.Actor = 0
		return a
	case core.Partition:
		a.Actor, a.Split = 0, s.change.split()
		return a
	}
	e := b.event(s.event)
	a.From, a.Msg, a.Name, a.Option = e.From, e.Msg, e.Name, e.Option
	return a
}
