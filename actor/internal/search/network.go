package search

import (
	"slices"
	"strings"

	"github.com/allways-go/allways/actor/internal/core"
)

// This file says how the networks treat messages, on inboxes by ids; core.Inbox does on plain ones. A new kind of
// network is said in these two places; each is the other's second opinion, since paths are replayed plainly.

// with returns contents with one event more, for the receiver in place to.
func (sp *space) with(c contents, to int, event uint32) contents {
	from := sp.event(event).From
	network := sp.sys.Link(from, sp.receiver(to)).Network
	if network.Queues() {
		i := len(c.queues)
		for i > 0 && sp.event(c.queues[i-1]).From > from {
			i--
		}
		c.queues = slices.Insert(slices.Clone(c.queues), i, event)
		return c
	}
	i, found := slices.BinarySearch(c.bag, event)
	if !found || !network.Keeps() {
		c.bag = slices.Insert(slices.Clone(c.bag), i, event)
	}
	return c
}

// without returns contents without an event that may be the next from its sender.
func (c contents) without(event uint32) contents {
	if i, found := slices.BinarySearch(c.bag, event); found {
		c.bag = slices.Delete(slices.Clone(c.bag), i, i+1)
		return c
	}
	i := slices.Index(c.queues, event) // the first of its sender, hence the first that is equal
	c.queues = slices.Delete(slices.Clone(c.queues), i, i+1)
	return c
}

// doubled returns contents with two of an event that may be the next from its sender.
func (c contents) doubled(event uint32) contents {
	if i, found := slices.BinarySearch(c.bag, event); found {
		c.bag = slices.Insert(slices.Clone(c.bag), i, event)
		return c
	}
	i := slices.Index(c.queues, event)
	c.queues = slices.Insert(slices.Clone(c.queues), i, event)
	return c
}

// receiver returns the id of the actor in a place.
func (sp *space) receiver(to int) int {
	if to == sp.n {
		return core.NoActor
	}
	return to
}

func (sp *space) boxInfo(box uint32) *boxInfo {
	m := sp.now()
	if b := m.boxInfos.Get(box); b != nil {
		return b
	}
	c := sp.contents(box)
	return m.boxInfos.Put(box, &boxInfo{c, sp.first(c)}, boxBytes+8*(len(c.bag)+len(c.queues)))
}

// first returns the events that may be the next from their senders, by sender and content.
func (sp *space) first(c contents) []uint32 {
	all := slices.Compact(slices.Clone(c.bag))
	for i, id := range c.queues {
		if i == 0 || sp.event(id).From != sp.event(c.queues[i-1]).From {
			all = append(all, id)
		}
	}
	slices.SortFunc(all, func(a, b uint32) int {
		x, y := sp.event(a), sp.event(b)
		if x.From != y.From {
			return x.From - y.From
		}
		return strings.Compare(x.Msg, y.Msg)
	})
	return all
}

// inbox returns contents as a plain inbox, and boxContents is its inverse.
func (sp *space) inbox(c contents) (box core.Inbox) {
	for _, id := range c.bag { // equal messages have equal ids, hence lie together
		e := sp.event(id)
		if n := len(box.Bag); n > 0 && box.Bag[n-1].From == e.From && box.Bag[n-1].Msg == e.Msg {
			box.Bag[n-1].Copies++
			continue
		}
		box.Bag = append(box.Bag, core.Envelope{From: e.From, Msg: e.Msg, Copies: 1})
	}
	slices.SortFunc(box.Bag, core.CompareEnvelopes)
	for _, id := range c.queues {
		e := sp.event(id)
		if n := len(box.Queues); n == 0 || box.Queues[n-1].From != e.From {
			box.Queues = append(box.Queues, core.Queue{From: e.From})
		}
		q := &box.Queues[len(box.Queues)-1]
		q.Msgs = append(q.Msgs, e.Msg)
	}
	return box
}

func (sp *space) boxContents(box core.Inbox) (c contents) {
	put := func(from int, msg string) uint32 {
		return sp.eventID(&core.Event{Kind: core.Deliver, From: from, Msg: msg})
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
