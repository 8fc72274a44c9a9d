package core

import (
	"slices"
	"strings"
	"unsafe"
)

// Inbox holds the messages in flight to one actor. Its methods return changed copies, which share what is
// unchanged.
//
// Messages are kept by receiver, and not in one bag for the whole network, because that is what a step reads and
// writes: the actor that takes it, and the receivers of what it sends. Those on links without order are sorted by
// content, so that equal inboxes are equal whatever the order of sending was.
type Inbox struct {
	Bag    []Envelope // messages on links without order, sorted by sender and content
	Queues []Queue    // messages on ordered links, sorted by sender; no queue is empty
}

// Envelope is a message in flight.
type Envelope struct {
	From   int
	Msg    string
	Copies int // the number of equal envelopes that this one stands for
}

// Queue holds the messages in flight from one sender, in the order of sending.
type Queue struct {
	From int
	Msgs []string
}

// CompareEnvelopes orders envelopes by sender and content.
func CompareEnvelopes(a, b Envelope) int {
	if a.From != b.From {
		return a.From - b.From
	}
	return strings.Compare(a.Msg, b.Msg)
}

// same reports whether b is o itself, and not a changed copy.
func (b Inbox) same(o Inbox) bool {
	return len(b.Bag) == len(o.Bag) && unsafe.SliceData(b.Bag) == unsafe.SliceData(o.Bag) &&
		len(b.Queues) == len(o.Queues) && unsafe.SliceData(b.Queues) == unsafe.SliceData(o.Queues)
}

// Equal reports whether b and o hold the same messages, those of queues in the same order.
func (b Inbox) Equal(o Inbox) bool {
	return slices.Equal(b.Bag, o.Bag) && slices.EqualFunc(b.Queues, o.Queues, func(q, r Queue) bool {
		return q.From == r.From && slices.Equal(q.Msgs, r.Msgs)
	})
}

// Put adds a message.
func (b Inbox) Put(n Network, from int, msg string) Inbox {
	if n.Queues() {
		b.Queues = slices.Clone(b.Queues)
		i, found := b.queue(from)
		if !found {
			b.Queues = slices.Insert(b.Queues, i, Queue{From: from})
		}
		b.Queues[i].Msgs = append(slices.Clone(b.Queues[i].Msgs), msg)
		return b
	}
	b.Bag = slices.Clone(b.Bag)
	switch i, found := b.envelope(from, msg); {
	case !found:
		b.Bag = slices.Insert(b.Bag, i, Envelope{From: from, Msg: msg, Copies: 1})
	case !n.Keeps():
		b.Bag[i].Copies++
	}
	return b
}

// Deliver removes a message that is delivered, unless the network keeps it.
func (b Inbox) Deliver(n Network, from int, msg string) Inbox {
	if n.Keeps() {
		return b
	}
	return b.Take(n, from, msg)
}

// Take removes a message, of equal ones in a queue the first.
func (b Inbox) Take(n Network, from int, msg string) Inbox {
	if n.Queues() {
		i, _ := b.queue(from)
		b.Queues = slices.Clone(b.Queues)
		k := slices.Index(b.Queues[i].Msgs, msg)
		if b.Queues[i].Msgs = slices.Delete(slices.Clone(b.Queues[i].Msgs), k, k+1); len(b.Queues[i].Msgs) == 0 {
			b.Queues = slices.Delete(b.Queues, i, i+1)
		}
		return b
	}
	i, _ := b.envelope(from, msg)
	b.Bag = slices.Clone(b.Bag)
	if b.Bag[i].Copies--; b.Bag[i].Copies == 0 {
		b.Bag = slices.Delete(b.Bag, i, i+1)
	}
	return b
}

// Double puts a second copy of a message that may be the next from its sender right behind it.
func (b Inbox) Double(n Network, from int, msg string) Inbox {
	if n.Queues() {
		i, _ := b.queue(from)
		b.Queues = slices.Clone(b.Queues)
		b.Queues[i].Msgs = slices.Insert(slices.Clone(b.Queues[i].Msgs), 1, msg)
		return b
	}
	i, _ := b.envelope(from, msg)
	b.Bag = slices.Clone(b.Bag)
	b.Bag[i].Copies++
	return b
}

// First returns one copy of each message that may be the next from its sender, by sender and content.
func (b Inbox) First() []Envelope {
	all := slices.Clone(b.Bag)
	for _, q := range b.Queues {
		all = append(all, Envelope{From: q.From, Msg: q.Msgs[0], Copies: 1})
	}
	slices.SortFunc(all, CompareEnvelopes)
	return all
}

// All returns the messages, those of queues in the order of delivery.
func (b Inbox) All() []Envelope {
	all := slices.Clone(b.Bag)
	for _, q := range b.Queues {
		for _, m := range q.Msgs {
			all = append(all, Envelope{From: q.From, Msg: m, Copies: 1})
		}
	}
	return all
}

// Ahead returns the messages that are in the way of one: those before it in its queue. found is false if it is
// not in flight.
func (b Inbox) Ahead(n Network, from int, msg string) (ahead []string, found bool) {
	if !n.Queues() {
		_, found = b.envelope(from, msg)
		return nil, found
	}
	if i, ok := b.queue(from); ok {
		if k := slices.Index(b.Queues[i].Msgs, msg); k >= 0 {
			return b.Queues[i].Msgs[:k], true
		}
	}
	return nil, false
}

func (b Inbox) queue(from int) (i int, found bool) {
	return slices.BinarySearchFunc(b.Queues, from, func(q Queue, from int) int { return q.From - from })
}

func (b Inbox) envelope(from int, msg string) (i int, found bool) {
	return slices.BinarySearchFunc(b.Bag, Envelope{From: from, Msg: msg}, CompareEnvelopes)
}
