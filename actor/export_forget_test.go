package actor

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/allways-go/allways/actor/internal/core"
)

// Credulous makes searches of a system believe that messages are dead which have no effect now: they never learn.
func Credulous[M any](sys *System[M]) *System[M] {
	sys.credulous = true
	return sys
}

// Combination returns the contents of the actors, histories and observers of a state: all but messages and faults.
// Without names, actors that hold no ids are interchangeable, and histories are left out.
func Combination[M any](m *Model[M], s *State[M], nameless bool) string {
	var locals []string
	for id, a := range s.actors {
		locals = append(locals, string(m.sys.Local(id, a).Append(nil)))
	}
	if nameless {
		slices.Sort(locals)
		return fmt.Sprintf("%q", locals)
	}
	b := []byte(fmt.Sprintf("%q", locals))
	for k, v := range s.aux {
		b = core.AppendString(b, m.sys.Aux[k].Encode(v))
	}
	return string(b)
}

// Forgetting says what a search of a system must find that forgets dead messages, by visiting all states and trying
// for each message where its receiver may come to.
type Forgetting struct {
	Full     int // states with all messages
	Distinct int // states without dead messages
}

// naive computes a Forgetting, in the most simple way.
type naive[M any] struct {
	*Model[M]
	states []*core.State
	steps  map[string]map[string]bool // by actor and local state
	alive  map[string]bool
}

// ForgetNaively returns what a search of a model must find, unless there are more states than the limit.
func ForgetNaively[M any](m *Model[M], limit int) (f Forgetting, ok bool) {
	n := naive[M]{Model: m, steps: map[string]map[string]bool{}, alive: map[string]bool{}}
	if !n.visit(limit) {
		return f, false
	}
	distinct := map[string]bool{}
	for _, s := range n.states {
		distinct[n.key(s)] = true
	}
	f.Full, f.Distinct = len(n.states), len(distinct)
	return f, true
}

func (n *naive[M]) local(id int, l *core.Local) string {
	return string(l.Append(binary.AppendUvarint(nil, uint64(id))))
}

// visit visits all states.
func (n *naive[M]) visit(limit int) bool {
	seen := map[string]bool{}
	add := func(s *core.State) {
		if key := fmt.Sprintf("%q %v %v", s.Aux, s.Faults, n.whole(s)); !seen[key] && n.within(s) {
			seen[key] = true
			n.states = append(n.states, s)
		}
	}
	p := n.plain()
	add(p.Init(func(int) {}))
	for k := 0; k < len(n.states); k++ {
		s := n.states[k]
		all := p.Actions(nil, s)
		for id, l := range s.Actors { // also those that a partition keeps away
			for _, e := range s.Inboxes[id].First() {
				if !l.Down {
					n.step(s, core.Action{Kind: core.Deliver, Actor: id, From: e.From, Msg: e.Msg})
				}
			}
		}
		for _, a := range all {
			if next := n.step(s, a); next != nil {
				add(next)
			}
		}
		if len(n.states) > limit {
			return false
		}
	}
	return true
}

// step returns the state after an action, or nil, and notes what it makes of the actor.
func (n *naive[M]) step(s *core.State, a core.Action) *core.State {
	next, ok := n.plain().Next(s, a)
	if !ok {
		return nil
	}
	before, after := n.local(a.Actor, s.Actors[a.Actor]), n.local(a.Actor, next.Actors[a.Actor])
	if before != after {
		if n.steps[before] == nil {
			n.steps[before] = map[string]bool{}
		}
		n.steps[before][after] = true
	}
	return next
}

func (n *naive[M]) within(s *core.State) bool {
	return n.sys.Within == nil || n.sys.Within(n.sys.View(s).State())
}

func (n *naive[M]) whole(s *core.State) (all []string) {
	for id, l := range s.Actors {
		all = append(all, fmt.Sprintf("%q %q", n.local(id, l), fmt.Sprint(s.Inboxes[id])))
	}
	return append(all, fmt.Sprint(s.Inboxes[len(s.Actors)]))
}

// key returns the content of a state without dead messages.
func (n *naive[M]) key(s *core.State) (key string) {
	for id, l := range s.Actors {
		box := s.Inboxes[id]
		box.Bag = slices.DeleteFunc(slices.Clone(box.Bag), func(e core.Envelope) bool {
			return !n.isAlive(id, n.local(id, l), e)
		})
		var queues []core.Queue
		for _, q := range box.Queues {
			link := n.sys.Link(q.From, id)
			q.Msgs = slices.DeleteFunc(slices.Clone(q.Msgs), func(m string) bool {
				return n.sys.Config.Forgettable(link) && !n.isAlive(id, n.local(id, l), core.Envelope{From: q.From, Msg: m})
			})
			if len(q.Msgs) > 0 {
				queues = append(queues, q)
			}
		}
		box.Queues = queues
		key += fmt.Sprintf("%q %q", n.local(id, l), fmt.Sprint(box))
	}
	return key + fmt.Sprintf("%q %v", s.Aux, s.Faults)
}

// isAlive reports whether an actor reacts to a message in some local state that it may come to.
func (n *naive[M]) isAlive(id int, local string, e core.Envelope) bool {
	key := fmt.Sprintf("%q %d %q", local, e.From, e.Msg)
	yes, known := n.alive[key]
	if known {
		return yes
	}
	met, all := map[string]bool{local: true}, []string{local}
	for ; len(all) > 0 && !yes; all = all[1:] {
		yes = n.reacts(id, all[0], e)
		for next := range n.steps[all[0]] {
			if !met[next] {
				met[next], all = true, append(all, next)
			}
		}
	}
	n.alive[key] = yes
	return yes
}

// reacts reports whether an actor reacts to a message in a local state. One that panics does.
func (n *naive[M]) reacts(id int, local string, e core.Envelope) (yes bool) {
	defer func() {
		if recover() != nil {
			yes = true
		}
	}()
	r := core.NewReader([]byte(local))
	r.Uint()
	l := core.ParseLocal(r)
	if l.Down {
		return false
	}
	out := n.sys.Evaluate(id, &l, &core.Event{Kind: core.Deliver, From: e.From, Msg: e.Msg})
	return out.Lasts(&l)
}
