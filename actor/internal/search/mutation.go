package search

import (
	"fmt"
	"strings"

	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/actor/internal/plain"
	"github.com/allways-go/allways/actor/internal/text"
)

// Properties read states that are shared, so a property that changes one would change what others see. This
// file is the mutation detector: whenever a memo is dropped, and at the end, all that was shared is encoded
// again and compared.
//
// So every change that lasts is detected, once for each shared value instead of once for each evaluation, which
// would cost more than the search. The price is that the property is not known: suspect looks for it afterwards.

// fresh returns the memo to work with for a state, a new one if the old one is too large. It panics if the old
// one shows that shared values were changed.
func (sp *space) fresh() *memo {
	m := sp.memo.Load()
	if m.size.Load() <= sp.maxMemo {
		return m
	}
	next := newMemo(len(sp.sys.Aux))
	if !sp.memo.CompareAndSwap(m, next) {
		return sp.memo.Load()
	}
	if err := sp.unchanged(m); err != nil {
		panic(err)
	}
	return next
}

// unchanged returns an error if the values shared by a memo were changed.
func (sp *space) unchanged(m *memo) (err error) {
	// Encoding a value again shows every change, since content is all that a value is.
	m.states.All(func(id uint32, a *core.ActorView) {
		if err != nil {
			return
		}
		l := sp.local(id)
		if now := sp.sys.Local(l.actor, a); !now.Equal(&l.Local) {
			k := &sp.sys.Actors[l.actor].State
			changes := k.Diff("%s was %s and became %s", k.Decode(l.State), a.State)
			err = fmt.Errorf("%s has changed the state of %s (%s): it may only read states",
				suspect(sp.sys), sp.sys.Name(l.actor), strings.Join(changes, ", "))
		}
	})
	m.boxes.All(func(id uint32, box *any) {
		if err != nil {
			return
		}
		was, views := sp.inbox(sp.contents(id)), sp.sys.Views
		if !was.Equal(views.Content(*box)) {
			err = fmt.Errorf("a property or a boundary has changed messages in flight (%s became %s): "+
				"it may only read them",
				text.Inbox(sp.sys, was), text.Inbox(sp.sys, views.Content(*box)))
		}
	})
	for k := range m.aux {
		m.aux[k].values.All(func(id uint32, v *any) {
			if x := sp.sys.Aux[k]; err == nil && x.Encode(*v) != sp.auxContent(k, id) {
				err = fmt.Errorf("a property, a boundary or an observer has changed the value of %q: "+
					"it may only read it", x.Name())
			}
		})
	}
	return err
}

// maxSuspected bounds the states in which a suspect is looked for.
const maxSuspected = 1000

// suspect names the property or the boundary that changes the states of actors, if it does so in the first
// states of the system. The search itself notices a change only when many predicates may have made it.
func suspect(sys *core.System) (name string) {
	const unknown = "a property, a boundary or an observer"
	defer func() {
		if recover() != nil {
			name = unknown
		}
	}()
	m := plain.Model{System: sys}
	seen, next := map[string]bool{}, []*core.State{m.Init(func(int) {})}
	for len(next) > 0 && len(seen) < maxSuspected {
		s := next[0]
		next = next[1:]
		before := text.States(sys, sys.View(s))
		if seen[before] {
			continue
		}
		seen[before] = true
		for _, p := range sys.Properties {
			if p.Test != nil && p.Aux < 0 && changes(sys, p.Test, s) {
				return fmt.Sprintf("property %q", p.Name)
			}
		}
		if changes(sys, sys.Within, s) {
			return "the boundary"
		}
		for _, a := range m.Actions(nil, s) {
			if n, ok := m.Next(s, a); ok {
				next = append(next, n)
			}
		}
	}
	return unknown
}

// changes reports whether a predicate, which may be nil, changes a state.
func changes(sys *core.System, predicate func(any) bool, s *core.State) bool {
	if predicate == nil {
		return false
	}
	v := sys.View(s)
	before := text.States(sys, v)
	predicate(v.State())
	return text.States(sys, v) != before
}
