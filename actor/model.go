package actor

import (
	"slices"
	"strings"

	"github.com/allways-go/allways"
)

// This file says what a system may do, step by step, on plain values: no ids, no memory of steps taken before. Paths are
// replayed with it, and it is the second opinion on the compiled system that searches use.

// Init implements [allways.Model]: all actors have started.
func (sys *System[M]) Init() []*State[M] { return []*State[M]{sys.started(func(ID) {})} }

// started returns the state in which all actors have started; begin is told who is about to.
func (sys *System[M]) started(begin func(ID)) *State[M] {
	sys.freeze()
	s := &State[M]{inboxes: make([]*inbox[M], len(sys.actors)+1), private: sys.leave}
	for i := range s.inboxes {
		s.inboxes[i] = &inbox[M]{}
	}
	values := make([]string, len(sys.aux))
	for i, a := range sys.aux {
		values[i] = a.initial
	}
	for _, m := range sys.initial {
		s.post(sys, m.from, send{m.to, m.msg})
	}
	for id := range sys.actors {
		begin(ID(id))
		out := sys.evaluate(ID(id), sys.unstarted(ID(id)), event{kind: Start})
		s.actors = append(s.actors, sys.actorState(ID(id), &out.local))
		for _, m := range out.sends {
			s.post(sys, ID(id), m)
		}
		sys.advance(values, ID(id), out.records)
	}
	s.aux = sys.auxValues(values)
	return s
}

// unstarted returns an actor before Start.
func (sys *System[M]) unstarted(id ID) *local {
	h := sys.actors[id]
	return &local{state: h.states.encode(h.states.fresh())}
}

// actorState decodes what belongs to an actor.
func (sys *System[M]) actorState(id ID, l *local) *actorState {
	a := &actorState{State: sys.actors[id].states.decode(l.state), Down: l.down, Timers: slices.Clone(l.timers), Saved: l.saved}
	for _, c := range l.choices {
		o := offer{Key: c.key}
		for _, content := range c.options {
			o.Options = append(o.Options, *sys.values.decode(content))
		}
		a.Choices = append(a.Choices, o)
	}
	if l.saved {
		a.Stored = *sys.values.decode(l.stored)
	}
	return a
}

// localOf is the inverse of actorState.
func (sys *System[M]) localOf(id ID, a *actorState) *local {
	l := &local{state: sys.actors[id].states.encode(a.State), down: a.Down, timers: slices.Clone(a.Timers), saved: a.Saved}
	for _, o := range a.Choices {
		c := choice{key: o.Key}
		for _, v := range o.Options {
			c.options = append(c.options, sys.values.encode(&v))
		}
		l.choices = append(l.choices, c)
	}
	if a.Saved {
		l.stored = sys.values.encode(&a.Stored)
	}
	return l
}

func (sys *System[M]) auxValues(values []string) []any {
	var all []any
	for i, a := range sys.aux {
		all = append(all, a.decode(values[i]))
	}
	return all
}

func (sys *System[M]) auxContents(s *State[M]) []string {
	values := make([]string, len(sys.aux))
	for i, a := range sys.aux {
		values[i] = a.encode(s.aux[i])
	}
	return values
}

// Actions implements [allways.Model]. Actions are ordered by content: for each actor its deliveries by sender and message,
// timeouts by name, choices by key and option, losses, duplications, and its crash or recovery; then what happens to the
// network as a whole.
func (sys *System[M]) Actions(dst []Action[M], s *State[M]) []Action[M] {
	for i, a := range s.actors {
		id := ID(i)
		first := s.first(sys, id)
		if !a.Down {
			for _, e := range first {
				if !sys.separated(s.faults.Split, e.From, id) {
					dst = append(dst, Action[M]{Kind: Deliver, Actor: id, From: e.From, Msg: e.Msg})
				}
			}
			for _, t := range a.Timers {
				dst = append(dst, Action[M]{Kind: Timeout, Actor: id, Name: t})
			}
			for _, c := range a.Choices {
				for _, o := range c.Options {
					dst = append(dst, Action[M]{Kind: Choose, Actor: id, Name: c.Key, Option: o})
				}
			}
		}
		dst = sys.networkFaults(dst, s, id, first)
		dst = sys.actorFaults(dst, s, id)
	}
	return sys.splitsOf(dst, s)
}

// first returns a copy of each message that may be the next from its sender.
func (s *State[M]) first(sys *System[M], to ID) []Envelope[M] {
	all := append([]Envelope[M](nil), s.inboxes[to].Bag...)
	for _, q := range s.inboxes[to].Queues {
		all = append(all, Envelope[M]{From: q.From, Msg: q.Msgs[0], Copies: 1})
	}
	slices.SortFunc(all, sys.compareEnvelopes)
	return all
}

func (sys *System[M]) compareEnvelopes(a, b Envelope[M]) int {
	if a.From != b.From {
		return int(a.From) - int(b.From)
	}
	return strings.Compare(sys.messages.encode(&a.Msg), sys.messages.encode(&b.Msg))
}

func (sys *System[M]) networkFaults(dst []Action[M], s *State[M], to ID, first []Envelope[M]) []Action[M] {
	for _, kind := range []ActionKind{Lose, Duplicate} {
		for _, e := range first {
			if sys.mayFault(kind, &s.faults, sys.link(e.From, to)) {
				dst = append(dst, Action[M]{Kind: kind, Actor: to, From: e.From, Msg: e.Msg})
			}
		}
	}
	return dst
}

func (sys *System[M]) mayFault(kind ActionKind, f *faults, l Link) bool {
	if kind == Lose {
		return l.Lossy && (sys.config.MaxLosses == 0 || f.Losses < sys.config.MaxLosses)
	}
	return l.Network != Duplicating && f.Duplicates < sys.config.MaxDuplicates
}

func (sys *System[M]) actorFaults(dst []Action[M], s *State[M], id ID) []Action[M] {
	down := 0
	for _, a := range s.actors {
		if a.Down {
			down++
		}
	}
	switch {
	case s.actors[id].Down:
		return append(dst, Action[M]{Kind: Restart, Actor: id})
	case sys.mayCrash(id, down, s.faults.Crashes):
		return append(dst, Action[M]{Kind: Crash, Actor: id})
	}
	return dst
}

func (sys *System[M]) mayCrash(id ID, down, crashes int) bool {
	return down < sys.config.MaxDown && !sys.actors[id].reliable && (sys.config.MaxCrashes == 0 || crashes < sys.config.MaxCrashes)
}

func (sys *System[M]) splitsOf(dst []Action[M], s *State[M]) []Action[M] {
	if s.faults.Split != 0 {
		return append(dst, Action[M]{Kind: Heal})
	}
	if sys.config.MaxPartitions == 0 || s.faults.Partitions < sys.config.MaxPartitions {
		for k := range sys.splits {
			dst = append(dst, Action[M]{Kind: Partition, Split: k + 1})
		}
	}
	return dst
}

// Next implements [allways.Model].
func (sys *System[M]) Next(s *State[M], a Action[M]) (*State[M], bool) {
	n := s.copy()
	switch a.Kind {
	case Deliver, Timeout, Choose, Restart:
		if !n.handle(sys, a) {
			return s, false
		}
	case Lose:
		n.take(sys, a.Actor, a.From, &a.Msg, true)
		count(&n.faults.Losses, sys.config.MaxLosses)
	case Duplicate:
		n.double(sys, a.Actor, a.From, &a.Msg)
		n.faults.Duplicates++
	case Crash:
		l := sys.unstarted(a.Actor)
		was := sys.localOf(a.Actor, s.actors[a.Actor])
		l.down, l.saved, l.stored = true, was.saved, was.stored
		n.actors[a.Actor] = sys.actorState(a.Actor, l)
		count(&n.faults.Crashes, sys.config.MaxCrashes)
	case Partition:
		n.faults.Split = a.Split
		count(&n.faults.Partitions, sys.config.MaxPartitions)
	case Heal:
		n.faults.Split = 0
	}
	sys.observe(n, a)
	return n, true
}

// count counts up what something bounds.
func count(n *int, limit int) {
	if limit > 0 {
		*n++
	}
}

// handle runs a handler; it reports false when that is no step.
func (n *State[M]) handle(sys *System[M], a Action[M]) bool {
	l := sys.localOf(a.Actor, n.actors[a.Actor])
	ev := event{kind: a.Kind, from: a.From, name: a.Name}
	kept := false
	switch a.Kind {
	case Deliver:
		ev.msg = sys.messages.encode(&a.Msg)
		kept = !n.take(sys, a.Actor, a.From, &a.Msg, false)
	case Choose:
		ev.option = sys.values.encode(&a.Option)
	}
	out := sys.evaluate(a.Actor, l, ev)
	if !out.effect(l) && (a.Kind != Deliver || kept || sys.leave && sys.link(a.From, a.Actor).Network != Ordered) {
		return false
	}
	n.actors[a.Actor] = sys.actorState(a.Actor, &out.local)
	for _, m := range out.sends {
		n.post(sys, a.Actor, m)
	}
	values := sys.auxContents(n)
	sys.advance(values, a.Actor, out.records)
	n.aux = sys.auxValues(values)
	return true
}

// observe lets crashes and observers change the auxiliary values.
func (sys *System[M]) observe(n *State[M], a Action[M]) {
	values := sys.auxContents(n)
	for i, x := range sys.aux {
		if x.crash != nil && a.Kind == Crash {
			values[i] = x.encode(x.crash(x.decode(values[i]), a.Actor))
		}
		if x.observe != nil {
			values[i] = x.observe(values[i], a)
		}
	}
	n.aux = sys.auxValues(values)
}

// copy returns a copy that shares only what is never changed.
func (s *State[M]) copy() *State[M] {
	n := *s
	n.actors = slices.Clone(s.actors)
	n.inboxes = slices.Clone(s.inboxes)
	return &n
}

// slot returns the inbox of an actor, or that of nobody.
func (s *State[M]) slot(to ID) int {
	if to < 0 || int(to) >= len(s.inboxes)-1 {
		return len(s.inboxes) - 1
	}
	return int(to)
}

// post puts a message on its way.
func (n *State[M]) post(sys *System[M], from ID, m send) {
	at := n.slot(m.to)
	box := *n.inboxes[at]
	msg := *sys.messages.decode(m.msg)
	l := sys.link(from, m.to)
	if l.Network == Ordered {
		box.Queues = slices.Clone(box.Queues)
		i, found := slices.BinarySearchFunc(box.Queues, from, func(q queue[M], from ID) int { return int(q.From) - int(from) })
		if !found {
			box.Queues = slices.Insert(box.Queues, i, queue[M]{From: from})
		}
		box.Queues[i].Msgs = append(slices.Clone(box.Queues[i].Msgs), msg)
	} else {
		box.Bag = slices.Clone(box.Bag)
		e := Envelope[M]{From: from, Msg: msg, Copies: 1}
		i, found := slices.BinarySearchFunc(box.Bag, e, sys.compareEnvelopes)
		switch {
		case !found:
			box.Bag = slices.Insert(box.Bag, i, e)
		case l.Network == Unordered:
			box.Bag[i].Copies++
		}
	}
	n.inboxes[at] = &box
}

// take takes a message from the network, if it does not stay there; it reports whether that changes the network.
func (n *State[M]) take(sys *System[M], to, from ID, m *M, lost bool) bool {
	box := *n.inboxes[to]
	l := sys.link(from, to)
	if l.Network == Ordered {
		i := slices.IndexFunc(box.Queues, func(q queue[M]) bool { return q.From == from })
		box.Queues = slices.Clone(box.Queues)
		if box.Queues[i].Msgs = slices.Clone(box.Queues[i].Msgs[1:]); len(box.Queues[i].Msgs) == 0 {
			box.Queues = slices.Delete(box.Queues, i, i+1)
		}
	} else {
		if l.Network == Duplicating && !lost {
			return false
		}
		i, _ := slices.BinarySearchFunc(box.Bag, Envelope[M]{From: from, Msg: *m}, sys.compareEnvelopes)
		box.Bag = slices.Clone(box.Bag)
		if box.Bag[i].Copies--; box.Bag[i].Copies == 0 {
			box.Bag = slices.Delete(box.Bag, i, i+1)
		}
	}
	n.inboxes[to] = &box
	return true
}

// double puts a second copy of a message next to it.
func (n *State[M]) double(sys *System[M], to, from ID, m *M) {
	box := *n.inboxes[to]
	if sys.link(from, to).Network == Ordered {
		i := slices.IndexFunc(box.Queues, func(q queue[M]) bool { return q.From == from })
		box.Queues = slices.Clone(box.Queues)
		again := *sys.messages.decode(sys.messages.encode(m))
		box.Queues[i].Msgs = slices.Insert(slices.Clone(box.Queues[i].Msgs), 1, again)
	} else {
		i, _ := slices.BinarySearchFunc(box.Bag, Envelope[M]{From: from, Msg: *m}, sys.compareEnvelopes)
		box.Bag = slices.Clone(box.Bag)
		box.Bag[i].Copies++
	}
	n.inboxes[to] = &box
}

// Properties implements [allways.Model].
func (sys *System[M]) Properties() []allways.Property[*State[M]] {
	sys.freeze()
	props := make([]allways.Property[*State[M]], len(sys.props))
	for i, p := range sys.props {
		props[i] = p.Property
	}
	return props
}

// Within implements [allways.Bounded].
func (sys *System[M]) Within(s *State[M]) bool { return sys.within == nil || sys.within(s) }
