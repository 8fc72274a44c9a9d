package text

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/internal/plan"
)

// Changes returns what differs between the states before and after a step: for each actor its own part, under
// its name, and what it has sent; then what histories have recorded, and what differs for observers. That a
// message is no longer in flight is not listed, since the action says what became of it.
func Changes(sys *core.System, before, after *core.State) []allways.Change {
	c := changes{sys: sys}
	sent := c.sent(before, after)
	if isDuplication(sys, before, after) {
		sent = nil
	}
	for id, now := range after.Actors {
		if was := before.Actors[id]; was != now {
			c.actor(sys.Name(id), sys.ActorView(id, was), sys.ActorView(id, now))
		}
		c.list = append(c.list, sent[id]...)
	}
	split := func(s *core.State) string {
		if s.Faults.Split == 0 {
			return "whole"
		}
		return Split(sys, s.Faults.Split)
	}
	c.add("network", split(before), split(after))
	for k := range after.Aux {
		if before.Aux[k] == after.Aux[k] {
			continue
		}
		c.aux(k, before.Aux[k], after.Aux[k])
	}
	return c.list
}

// isDuplication reports whether a step duplicated a message. If duplications are not counted, it is a step
// after which nothing differs but the copies of one message that was in flight before.
func isDuplication(sys *core.System, before, after *core.State) bool {
	if sys.Config.MaxDuplicates > 0 || !sys.Config.Duplicates {
		return after.Faults.Duplicates != before.Faults.Duplicates
	}
	if !slices.EqualFunc(before.Actors, after.Actors, (*core.Local).Equal) || !slices.Equal(before.Aux, after.Aux) {
		return false
	}
	more := 0
	for i := range after.Inboxes {
		if after.Inboxes[i].Equal(before.Inboxes[i]) {
			continue
		}
		had, has := copies(before.Inboxes[i]), copies(after.Inboxes[i])
		for e, n := range has {
			if had[e] == 0 {
				return false
			}
			more += n - had[e]
		}
		if len(had) != len(has) {
			return false
		}
	}
	return more == 1
}

// copies returns the messages of an inbox, with the number of copies of each.
func copies(box core.Inbox) map[core.Envelope]int {
	n := map[core.Envelope]int{}
	for _, e := range box.All() {
		n[core.Envelope{From: e.From, Msg: e.Msg}] += e.Copies
	}
	return n
}

// changes is a list of changes in the making.
type changes struct {
	sys  *core.System
	list []allways.Change
}

// add adds a change if there is one.
func (c *changes) add(path, before, after string) {
	if before != after {
		c.list = append(c.list, allways.Change{Path: path, Before: before, After: after})
	}
}

// fields adds the parts in which what two pointers point to differs.
func (c *changes) fields(name string, before, after any) {
	p, err := plan.Of(reflect.TypeOf(after).Elem())
	if err != nil {
		return
	}
	for _, d := range core.Naming(c.sys).Diff(p, core.PointerOf(before), core.PointerOf(after)) {
		switch {
		case d.Path == ".":
			d.Path = name
		case strings.HasPrefix(d.Path, "["):
			d.Path = name + d.Path
		default:
			d.Path = name + "." + d.Path
		}
		c.list = append(c.list, allways.Change(d))
	}
}

// actor adds what differs for an actor alone. A crash is the only entry of its step, for it loses all that is
// not saved.
func (c *changes) actor(name string, before, after *core.ActorView) {
	life := func(a *core.ActorView) string {
		if a.Down {
			return "down"
		}
		return "up"
	}
	c.add(name, life(before), life(after))
	if after.Down {
		return
	}
	c.fields(name, before.State, after.State)
	for _, t := range union(before.Timers, after.Timers) {
		set := func(a *core.ActorView) string {
			if slices.Contains(a.Timers, t) {
				return "set"
			}
			return ""
		}
		c.add(fmt.Sprintf("%s timer %s", name, t), set(before), set(after))
	}
	for _, key := range union(keys(before), keys(after)) {
		offered := func(a *core.ActorView) string {
			i := slices.IndexFunc(a.Choices, func(o core.Offer) bool { return o.Key == key })
			if i < 0 {
				return ""
			}
			return optionsText(c.sys, a.Choices[i])
		}
		c.add(fmt.Sprintf("%s chooses %s", name, key), offered(before), offered(after))
	}
	saved := func(a *core.ActorView) string {
		if !a.Saved {
			return ""
		}
		return value(c.sys, a.Stored)
	}
	c.add(name+" saved", saved(before), saved(after))
}

func keys(a *core.ActorView) (all []string) {
	for _, o := range a.Choices {
		all = append(all, o.Key)
	}
	return all
}

// union returns what is in one of two lists, sorted.
func union(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

// sent returns the messages that were put in flight, by sender.
func (c *changes) sent(before, after *core.State) map[int][]allways.Change {
	sent := map[int][]allways.Change{}
	for to, box := range after.Inboxes {
		if box.Equal(before.Inboxes[to]) {
			continue
		}
		had := copies(before.Inboxes[to])
		for _, e := range box.All() {
			key := core.Envelope{From: e.From, Msg: e.Msg}
			for range e.Copies {
				if had[key]--; had[key] < 0 && c.sys.Has(e.From) {
					path := fmt.Sprintf("%s sends %s", c.sys.Name(e.From), c.sys.Name(to))
					sent[e.From] = append(sent[e.From], allways.Change{Path: path, After: Message(c.sys, e.Msg)})
				}
			}
		}
	}
	return sent
}

// aux adds what a history has recorded, or what differs for an observer.
func (c *changes) aux(k int, before, after string) {
	x := c.sys.Aux[k]
	h, ok := c.sys.History(k)
	if !ok {
		c.fields(x.Name(), x.Decode(before), x.Decode(after))
		return
	}
	had := map[int]int{} // events by client, of which each has its own order
	for _, e := range h.Texts(h.Decode(before)) {
		had[e.Client]++
	}
	for _, e := range h.Texts(h.Decode(after)) {
		if had[e.Client]--; had[e.Client] < 0 {
			c.add(fmt.Sprintf("%s: %s %s", x.Name(), clientName(c.sys, e.Client), e.Verb), "", e.Text)
		}
	}
}
