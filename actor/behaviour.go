package actor

import (
	"encoding/binary"
)

// step is a possible step of an actor in a component, or of the network as a whole, by what it does to the vector of a
// state. It has no pointers, so that the garbage collector need not look at many of them.
type step struct {
	component uint32 // of the actor, afterwards
	event     uint32 // that is handled or concerned
	records   uint32 // and one; 0 for none
	change    change // of the world
	sends     uint32 // where they are
	sent      uint32 // how many there are
	from      int32  // of a delivery: a partition may be in its way
	name      uint16
	kind      ActionKind
}

const nobody = int32(NoActor)

// behaviour is all that an actor may do in a component, or the network as a whole, while it is being found out.
type behaviour struct {
	actor ID // Nobody for the network
	steps []step
}

// change is what a step does to the world.
type change uint32

const (
	noChange change = iota
	changeLose
	changeDuplicate
	changeCrash
	changeRecover
	changeHeal
	changeSplit              // and the number of the partition
	changePost  = 1 << 31    // a message to nobody, and its event
	denied      = ^uint32(0) // no world: the change is not allowed
)

// worldState is what has happened to the network as a whole.
type worldState struct {
	faults
	down int
	void contents // what was sent to nobody
}

func (sp *space[M]) worldState(id uint32) *worldState {
	m := sp.now()
	if w := m.worldOf.get(id); w != nil {
		return w
	}
	r := reader{sp.worlds.Bytes(id)}
	w := &worldState{}
	for _, x := range []*int{&w.Losses, &w.Duplicates, &w.Crashes, &w.Partitions, &w.Split, &w.down} {
		*x = int(r.uint())
	}
	w.void = sp.contents(uint32(r.uint()))
	return m.worldOf.put(id, w, boxBytes+len(sp.worlds.Bytes(id)))
}

func (sp *space[M]) worldID(w *worldState) uint32 {
	var b []byte
	for _, x := range []int{w.Losses, w.Duplicates, w.Crashes, w.Partitions, w.Split, w.down} {
		b = binary.AppendUvarint(b, uint64(x))
	}
	return must(sp.worlds.Intern(binary.AppendUvarint(b, uint64(sp.boxID(w.void)))))
}

// changed returns the world after a change, or denied.
func (sp *space[M]) changed(world uint32, c change) uint32 {
	w, config := *sp.worldState(world), &sp.sys.config
	switch {
	case c >= changePost:
		w.void = sp.with(w.void, sp.n, uint32(c&^changePost))
	case c == changeLose:
		if config.MaxLosses > 0 && w.Losses >= config.MaxLosses {
			return denied
		}
		count(&w.Losses, config.MaxLosses)
	case c == changeDuplicate:
		if w.Duplicates >= config.MaxDuplicates {
			return denied
		}
		w.Duplicates++
	case c == changeCrash:
		if w.down >= config.MaxDown || config.MaxCrashes > 0 && w.Crashes >= config.MaxCrashes {
			return denied
		}
		w.down++
		count(&w.Crashes, config.MaxCrashes)
	case c == changeRecover:
		w.down--
	case c == changeHeal:
		w.Split = 0
	default:
		w.Split = int(c - changeSplit)
		count(&w.Partitions, config.MaxPartitions)
	}
	return sp.worldID(&w)
}

// behaviour computes what an actor may do in a component.
func (w *worker[M]) behaviour(component uint32) []step {
	sp := w.space
	local, box := sp.parts(component)
	l := w.localOf(local)
	b := &behaviour{actor: l.actor, steps: w.steps[:0]}
	if !l.down {
		w.deliveries(b, local, box)
		for _, t := range l.timers {
			w.handled(b, local, box, &event{kind: Timeout, name: t})
		}
		for _, ch := range l.choices {
			for _, o := range ch.options {
				w.handled(b, local, box, &event{kind: Choose, name: ch.key, option: o})
			}
		}
	}
	w.networkFaults(b, local, box)
	switch {
	case l.down:
		w.recovery(b, local, box)
	case sp.sys.config.MaxDown > 0 && !sp.sys.actors[l.actor].reliable:
		w.crash(b, &l.local, box)
	}
	w.steps = b.steps
	return b.steps
}

func (w *worker[M]) deliveries(b *behaviour, local, box uint32) {
	sp := w.space
	for _, id := range sp.boxInfo(box).first {
		w.doing(b.actor, id)
		e := sp.event(id)
		network := sp.sys.link(e.from, b.actor).Network
		r := w.reaction(local, id)
		if !r.effect && (network == Duplicating || sp.sys.leave && network != Ordered) {
			continue
		}
		left := box
		if network != Duplicating {
			left = w.without(box, id)
		}
		w.add(b, step{kind: Deliver, from: int32(sp.sys.known(e.from)), event: id}, r, left)
	}
}

// handled adds the step of an event that takes nothing from the inbox.
func (w *worker[M]) handled(b *behaviour, local, box uint32, e *event) {
	id := w.space.eventID(e)
	w.doing(b.actor, id)
	if r := w.reaction(local, id); r.effect {
		w.add(b, step{kind: e.kind, event: id, from: nobody}, r, box)
	}
}

func (w *worker[M]) networkFaults(b *behaviour, local, box uint32) {
	sp := w.space
	info := sp.boxInfo(box)
	for _, kind := range []ActionKind{Lose, Duplicate} {
		for _, id := range info.first {
			l := sp.sys.link(sp.event(id).from, b.actor)
			switch {
			case kind == Lose && l.Lossy:
				w.plain(b, step{kind: kind, event: id, change: changeLose, component: sp.component(local, w.without(box, id))})
			case kind == Duplicate && l.Network != Duplicating && sp.sys.config.MaxDuplicates > 0:
				w.plain(b, step{kind: kind, event: id, change: changeDuplicate, component: sp.component(local, sp.boxID(info.doubled(id)))})
			}
		}
	}
}

func (w *worker[M]) recovery(b *behaviour, local, box uint32) {
	id := w.space.eventID(&event{kind: Restart})
	w.doing(b.actor, id)
	w.add(b, step{kind: Restart, event: id, from: nobody, change: changeRecover}, w.reaction(local, id), box)
}

func (w *worker[M]) crash(b *behaviour, l *local, box uint32) {
	sp := w.space
	down := sp.sys.unstarted(b.actor)
	down.down, down.saved, down.stored = true, l.saved, l.stored
	w.plain(b, step{
		kind: Crash, event: sp.eventID(&event{kind: Crash}), change: changeCrash,
		component: sp.component(sp.localID(b.actor, down), box),
	})
}

// add adds the step of a reaction, where left is what is left in the inbox. What the actor sends to itself goes there, too.
func (w *worker[M]) add(b *behaviour, s step, r *reaction, left uint32) {
	sends := r.sends
	for _, d := range r.sends {
		if d.to == int32(b.actor) {
			sends, left = w.sendsToSelf(b, r, left)
			break
		}
	}
	s.sends, s.sent = w.m.sends.add(sends), uint32(len(sends))
	s.records = r.records
	s.component = w.space.component(r.local, left)
	w.named(b, s)
}

func (w *worker[M]) sendsToSelf(b *behaviour, r *reaction, left uint32) (others []delivery, box uint32) {
	for _, d := range r.sends {
		if d.to == int32(b.actor) {
			left = w.withEvent(left, d)
		} else {
			others = append(others, d)
		}
	}
	return others, left
}

// reaction is react with a memory.
func (w *worker[M]) reaction(local, event uint32) *reaction {
	if number, ok := w.m.reacted.find(local, event); ok {
		return w.m.reactions.get(number)
	}
	return w.react(w.m, local, event)
}

// without returns an inbox without an event that may be the next from its sender.
func (w *worker[M]) without(box, event uint32) uint32 {
	id, ok := w.m.less.find(box, event)
	if !ok {
		id = w.m.less.keep(box, event, w.boxID(w.boxInfo(box).contents.without(event)))
	}
	return id
}

// withEvent returns an inbox with an event more.
func (w *worker[M]) withEvent(box uint32, d delivery) uint32 {
	if len(w.sys.links) > 0 { // it depends on the receiver, too
		return w.boxID(w.with(w.boxInfo(box).contents, int(d.to), d.event))
	}
	id, ok := w.m.more.find(box, d.event)
	if !ok {
		id = w.m.more.keep(box, d.event, w.boxID(w.with(w.boxInfo(box).contents, int(d.to), d.event)))
	}
	return id
}

// plain adds a step that no handler handles.
func (w *worker[M]) plain(b *behaviour, s step) {
	s.from = nobody
	w.named(b, s)
}

func (w *worker[M]) named(b *behaviour, s step) {
	s.name = w.nameOf(b.actor, &s)
	b.steps = append(b.steps, s)
}

// nameOf returns the number of the name of a step, which depends on its event and kind only.
func (w *worker[M]) nameOf(actor ID, s *step) uint16 {
	id, ok := w.m.names.find(s.event, uint32(s.kind))
	if !ok {
		id = w.m.names.keep(s.event, uint32(s.kind), uint32(w.number(w.space.sys.ActionName(w.action(actor, s)))))
	}
	return uint16(id)
}

// splitting returns what the network as a whole may do.
func (w *worker[M]) splitting() []step {
	b := &behaviour{actor: NoActor}
	if len(w.space.sys.splits) == 0 {
		return nil
	}
	w.plain(b, step{kind: Heal, change: changeHeal})
	for k := range w.space.sys.splits {
		w.plain(b, step{kind: Partition, change: changeSplit + change(k) + 1})
	}
	return b.steps
}

// action returns a step as an action.
func (w *worker[M]) action(actor ID, s *step) Action[M] {
	a := Action[M]{Kind: s.kind, Actor: actor}
	switch s.kind {
	case Heal:
		a.Actor = 0
		return a
	case Partition:
		a.Actor, a.Split = 0, int(s.change-changeSplit)
		return a
	}
	e := w.space.event(s.event)
	a.From, a.Name = e.from, e.name
	switch s.kind {
	case Deliver, Lose, Duplicate:
		a.Msg = *w.space.sys.messages.decode(e.msg)
	case Choose:
		a.Option = *w.space.sys.values.decode(e.option)
	}
	return a
}
