// Package plain says what a system may do, step by step, on plain states: no ids, no memory of steps taken
// before. Paths are replayed with it, recorded runs are followed with it, and it is the second opinion on the
// compiled search.
package plain

import (
	"fmt"

	"github.com/allways-go/allways/actor/internal/core"
)

// Model is a system as a state machine.
type Model struct {
	*core.System
	// Record, unless it is nil, is given what handlers record for histories. Their values in states then stay as
	// they are, which for a long run is what keeps a step from taking as long as all before it.
	Record func(by int, r core.Record)
}

// Init returns the state in which all actors have started. It calls begin before each of them starts.
func (m Model) Init(begin func(id int)) *core.State {
	s := &core.State{Inboxes: make([]core.Inbox, len(m.Actors)+1)}
	for _, a := range m.Aux {
		s.Aux = append(s.Aux, a.Initial())
	}
	for _, x := range m.Initial {
		m.Put(s, x.From, core.Send{To: x.To, Msg: x.Msg})
	}
	for id := range m.Actors {
		begin(id)
		out := m.Evaluate(id, m.Unstarted(id), &core.Event{Kind: core.Start})
		s.Actors = append(s.Actors, &out.Local)
		m.emit(s, id, &out)
	}
	return s
}

// emit puts what a handler has sent on its way, and gives histories what it has recorded.
func (m Model) emit(s *core.State, id int, out *core.Effect) {
	for _, x := range out.Sends {
		m.Put(s, id, x)
	}
	for _, r := range out.Records {
		if m.Record != nil {
			m.Record(id, r)
			continue
		}
		h, _ := m.History(r.Aux)
		v, err := h.Record(h.Decode(s.Aux[r.Aux]), len(m.Actors), id, r.Event)
		if err != nil {
			panic(core.Misrecorded(h.Name(), m.Name(id), err))
		}
		s.Aux[r.Aux] = h.Encode(v)
	}
}

// Put puts a message on its way. It changes s.
func (m Model) Put(s *core.State, from int, x core.Send) {
	box := &s.Inboxes[s.Box(x.To)]
	*box = box.Put(m.Link(from, x.To).Network, from, x.Msg)
}

// Actions appends the actions of a state. They are ordered by content: for each actor its deliveries by sender
// and message, timeouts by name, choices by key and option, losses, duplications, and its crash or restart;
// then partitions of the network.
func (m Model) Actions(dst []core.Action, s *core.State) []core.Action {
	for id, l := range s.Actors {
		first := s.Inboxes[id].First()
		if !l.Down {
			for _, e := range first {
				if !m.Separates(s.Faults.Split, e.From, id) {
					dst = append(dst, core.Action{Kind: core.Deliver, Actor: id, From: e.From, Msg: e.Msg})
				}
			}
			for _, t := range l.Timers {
				dst = append(dst, core.Action{Kind: core.Timeout, Actor: id, Name: t})
			}
			for _, c := range l.Choices {
				for _, o := range c.Options {
					dst = append(dst, core.Action{Kind: core.Choose, Actor: id, Name: c.Key, Option: o})
				}
			}
		}
		dst = m.messageFaults(dst, s, id, first)
		dst = m.actorFaults(dst, s, id)
	}
	return m.partitions(dst, s)
}

func (m Model) messageFaults(dst []core.Action, s *core.State, to int, first []core.Envelope) []core.Action {
	for _, kind := range []core.Kind{core.Lose, core.Duplicate} {
		for _, e := range first {
			if m.MayFault(kind, s.Faults, m.Link(e.From, to)) {
				dst = append(dst, core.Action{Kind: kind, Actor: to, From: e.From, Msg: e.Msg})
			}
		}
	}
	return dst
}

// MayFault reports whether a message on a link may be lost or duplicated.
func (m Model) MayFault(kind core.Kind, f core.Faults, l core.Link) bool {
	if kind == core.Lose {
		return l.Lossy && m.Config.Lose(&f)
	}
	return m.Config.Duplicable(l) && m.Config.Duplicate(&f)
}

func (m Model) actorFaults(dst []core.Action, s *core.State, id int) []core.Action {
	switch {
	case s.Actors[id].Down:
		return append(dst, core.Action{Kind: core.Restart, Actor: id})
	case m.CrashAllowed(s, id):
		return append(dst, core.Action{Kind: core.Crash, Actor: id})
	}
	return dst
}

// CrashAllowed reports whether an actor that is up may crash.
func (m Model) CrashAllowed(s *core.State, id int) bool {
	f := s.Faults
	return m.MayCrash(id) && m.Config.Crash(&f, s.Down())
}

func (m Model) partitions(dst []core.Action, s *core.State) []core.Action {
	if s.Faults.Split != 0 {
		return append(dst, core.Action{Kind: core.Heal})
	}
	for k := range m.Splits {
		if f := s.Faults; m.Config.Partition(&f, k+1) {
			dst = append(dst, core.Action{Kind: core.Partition, Split: k + 1})
		}
	}
	return dst
}

// Next returns the state after an action. ok is false if the action is no step.
func (m Model) Next(s *core.State, a core.Action) (next *core.State, ok bool) {
	n := s.Clone()
	box := &n.Inboxes[n.Box(a.Actor)]
	switch a.Kind {
	case core.Deliver, core.Timeout, core.Choose, core.Restart:
		if !m.handle(n, a) {
			return s, false
		}
	case core.Lose:
		*box = box.Take(m.Link(a.From, a.Actor).Network, a.From, a.Msg)
		m.Config.Lose(&n.Faults)
	case core.Duplicate:
		*box = box.Double(m.Link(a.From, a.Actor).Network, a.From, a.Msg)
		m.Config.Duplicate(&n.Faults)
	case core.Crash:
		m.Config.Crash(&n.Faults, s.Down())
		n.Actors[a.Actor] = m.Crashed(a.Actor, s.Actors[a.Actor])
	case core.Partition:
		m.Config.Partition(&n.Faults, a.Split)
		n.Faults.Split = a.Split // also beyond the limit of what is only supposed
	case core.Heal:
		n.Faults.Heal()
	case core.Forge:
		m.Put(n, a.From, core.Send{To: a.Actor, Msg: a.Msg})
	default:
		panic(fmt.Sprintf("actor: no step of kind %v", a.Kind))
	}
	m.observe(n, a)
	return n, true
}

// handle runs a handler. It reports false if that is no step.
func (m Model) handle(n *core.State, a core.Action) bool {
	l := n.Actors[a.Actor]
	ev, _ := a.Event()
	out := m.Evaluate(a.Actor, l, &ev)
	if a.Kind == core.Deliver {
		link := m.Link(a.From, a.Actor)
		if !out.Lasts(l) && m.Ignores(link) {
			return false
		}
		n.Inboxes[a.Actor] = n.Inboxes[a.Actor].Deliver(link.Network, a.From, a.Msg)
	} else if !out.Lasts(l) {
		return false
	}
	n.Actors[a.Actor] = &out.Local
	m.emit(n, a.Actor, &out)
	return true
}

// observe gives crashes to histories, and the step to observers. A state may have neither.
func (m Model) observe(n *core.State, a core.Action) {
	for k, x := range m.Aux[:len(n.Aux)] {
		switch x := x.(type) {
		case core.History:
			if a.Kind == core.Crash {
				n.Aux[k] = x.Encode(x.Crash(x.Decode(n.Aux[k]), len(m.Actors), a.Actor))
			}
		case core.Observer:
			n.Aux[k] = x.Observe(n.Aux[k], a)
		}
	}
}

// Logged returns the lines that an actor logs when it handles an event.
func (m Model) Logged(id int, l *core.Local, ev *core.Event) []string {
	f := &core.Frame{Sys: m.System, Self: id, Local: *l, Runtime: &core.Runtime{}}
	f.Run(ev, false)
	return f.Runtime.Logs
}
