package actor

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/plan"
)

// Changes implements [allways.Changer]: what differs for each actor, under its name, and what it has sent; then what
// histories have recorded, and what differs for observers. That a message is on its way no more is not listed, for the
// action says what became of it.
func (sys *System[M]) Changes(before, after *State[M]) []allways.Change {
	var c changeList
	for id := range after.actors {
		c.actor(sys.Name(ID(id)), before.actors[id], after.actors[id], sys.optionsText, sys.valueText)
		if after.faults.Duplicates == before.faults.Duplicates {
			sys.sendChanges(&c, before, after, ID(id))
		}
	}
	split := func(s *State[M]) string {
		if s.faults.Split == 0 {
			return "whole"
		}
		return sys.splitText(s.faults.Split)
	}
	c.add("network", split(before), split(after))
	for i := range after.aux {
		sys.auxChanges(&c, sys.aux[i].name, before.aux[i], after.aux[i])
	}
	return c
}

// changeList is a list of changes in the making.
type changeList []allways.Change

// add adds a change if there is one.
func (c *changeList) add(path, before, after string) {
	if before != after {
		*c = append(*c, allways.Change{Path: path, Before: before, After: after})
	}
}

// fields adds the parts in which what two pointers lead to differs.
func (c *changeList) fields(name string, before, after any) {
	p, err := plan.Of(reflect.TypeOf(after).Elem())
	if err != nil {
		return
	}
	for _, d := range p.Diff(pointerOf(before), pointerOf(after)) {
		switch {
		case d.Path == ".":
			d.Path = name
		case strings.HasPrefix(d.Path, "["):
			d.Path = name + d.Path
		default:
			d.Path = name + "." + d.Path
		}
		*c = append(*c, allways.Change(d))
	}
}

// actor adds what differs for an actor alone. Of one that has crashed it lists nothing else, for all is lost but what was
// saved.
func (c *changeList) actor(name string, before, after *actorState, options func(offer) string, value func(any) string) {
	life := func(a *actorState) string {
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
		set := func(a *actorState) string {
			if slices.Contains(a.Timers, t) {
				return "set"
			}
			return ""
		}
		c.add(fmt.Sprintf("%s timer %s", name, t), set(before), set(after))
	}
	for _, key := range union(keys(before), keys(after)) {
		offered := func(a *actorState) string {
			i := slices.IndexFunc(a.Choices, func(o offer) bool { return o.Key == key })
			if i < 0 {
				return ""
			}
			return options(a.Choices[i])
		}
		c.add(fmt.Sprintf("%s chooses %s", name, key), offered(before), offered(after))
	}
	saved := func(a *actorState) string {
		if !a.Saved {
			return ""
		}
		return value(a.Stored)
	}
	c.add(name+" saved", saved(before), saved(after))
}

func keys(a *actorState) (all []string) {
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

// sendChanges adds the messages from an actor that came on their way.
func (sys *System[M]) sendChanges(c *changeList, before, after *State[M], from ID) {
	for i := range after.inboxes {
		to := ID(i)
		had := map[string]int{}
		for _, e := range before.envelopes(to) {
			if e.From == from {
				had[sys.messages.encode(&e.Msg)] += e.Copies
			}
		}
		for _, e := range after.envelopes(to) {
			if e.From != from {
				continue
			}
			content := sys.messages.encode(&e.Msg)
			for range e.Copies {
				if had[content]--; had[content] < 0 {
					c.add(fmt.Sprintf("%s sends %s", sys.Name(from), sys.Name(to)), "", sys.messageText(e.Msg))
				}
			}
		}
	}
}

// auxChanges adds what a history has recorded, or what differs for an observer.
func (sys *System[M]) auxChanges(c *changeList, name string, before, after any) {
	b, ok := before.(interface{ texts() []eventText })
	if !ok {
		c.fields(name, before, after)
		return
	}
	had := map[int]int{} // events by client, of which each has its own order
	for _, e := range b.texts() {
		had[e.client]++
	}
	for _, e := range after.(interface{ texts() []eventText }).texts() {
		if had[e.client]--; had[e.client] < 0 {
			c.add(fmt.Sprintf("%s: %s %s", name, sys.clientName(e.client), e.verb), "", e.text)
		}
	}
}
