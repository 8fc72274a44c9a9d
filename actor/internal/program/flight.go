package program

import (
	"maps"
	"slices"

	"github.com/allways-go/allways/actor/internal/core"
)

// flight holds the messages in flight of a run. Unlike a [core.Inbox] it is changed in place, so that a step
// takes as long with a million messages on their way as with one. It remembers the changes of the last step, for
// properties of steps that read inboxes.
type flight struct {
	links   func(from, to int) core.Link
	boxes   int // number of inboxes
	copies  map[message]int
	queues  map[[2]int][]string // messages on ordered links, by sender and inbox
	changes []change
}

// message is a message on a link without order.
type message struct {
	box, from int
	msg       string
}

// change is what was there before a change.
type change struct {
	message
	queue  bool
	copies int      // number of copies of the message, unless it concerns a queue
	msgs   []string // the queue
}

func newFlight(links func(from, to int) core.Link, boxes int) *flight {
	return &flight{links: links, boxes: boxes, copies: map[message]int{}, queues: map[[2]int][]string{}}
}

// begin begins a step.
func (f *flight) begin() { f.changes = f.changes[:0] }

func (f *flight) setCopies(m message, n int) {
	f.changes = append(f.changes, change{message: m, copies: f.copies[m]})
	if n == 0 {
		delete(f.copies, m)
		return
	}
	f.copies[m] = n
}

func (f *flight) setQueue(from, box int, msgs []string) {
	k := [2]int{from, box}
	f.changes = append(f.changes, change{message: message{box: box, from: from}, queue: true, msgs: f.queues[k]})
	if len(msgs) == 0 {
		delete(f.queues, k)
		return
	}
	f.queues[k] = msgs
}

// put puts a message on its way. A network that keeps messages has no second copy of one.
func (f *flight) put(n core.Network, from, box int, msg string, copies int) {
	if n.Queues() {
		f.setQueue(from, box, append(f.queues[[2]int{from, box}], msg))
		return
	}
	m := message{box, from, msg}
	if was := f.copies[m]; was == 0 || !n.Keeps() {
		f.setCopies(m, was+copies)
	}
}

// ahead returns the messages that are in the way of one; found is false if it is not in flight.
func (f *flight) ahead(n core.Network, from, box int, msg string) (ahead []string, found bool) {
	if !n.Queues() {
		return nil, f.copies[message{box, from, msg}] > 0
	}
	q := f.queues[[2]int{from, box}]
	if k := slices.Index(q, msg); k >= 0 {
		return q[:k], true
	}
	return nil, false
}

// take removes a message that has none ahead.
func (f *flight) take(n core.Network, from, box int, msg string) {
	if n.Queues() {
		f.setQueue(from, box, f.queues[[2]int{from, box}][1:])
		return
	}
	m := message{box, from, msg}
	f.setCopies(m, f.copies[m]-1)
}

// drain takes all messages out of the inboxes of a state.
func (f *flight) drain(s *core.State) {
	for box, in := range s.Inboxes {
		for _, e := range in.Bag {
			f.put(f.links(e.From, box).Network, e.From, box, e.Msg, e.Copies)
		}
		for _, q := range in.Queues {
			for _, msg := range q.Msgs {
				f.put(core.Ordered, q.From, box, msg, 1)
			}
		}
		s.Inboxes[box] = core.Inbox{}
	}
}

// inboxes returns the messages as states hold them, now or before the last step. It takes as long as there are
// messages.
func (f *flight) inboxes(before bool) []core.Inbox {
	copies, queues := f.copies, f.queues
	if before {
		copies, queues = maps.Clone(copies), maps.Clone(queues)
		for _, c := range slices.Backward(f.changes) {
			if c.queue {
				queues[[2]int{c.from, c.box}] = c.msgs
			} else {
				copies[c.message] = c.copies
			}
		}
	}
	all := make([]core.Inbox, f.boxes)
	for m, n := range copies {
		if n > 0 {
			all[m.box].Bag = append(all[m.box].Bag, core.Envelope{From: m.from, Msg: m.msg, Copies: n})
		}
	}
	for k, msgs := range queues {
		if len(msgs) > 0 {
			all[k[1]].Queues = append(all[k[1]].Queues, core.Queue{From: k[0], Msgs: slices.Clone(msgs)})
		}
	}
	for _, b := range all {
		slices.SortFunc(b.Bag, core.CompareEnvelopes)
		slices.SortFunc(b.Queues, func(x, y core.Queue) int { return x.From - y.From })
	}
	return all
}

// forget drops the messages of a sender, and those of all unknown senders to a receiver.
func (f *flight) forget(sender int, known int) {
	for m := range f.copies {
		if m.from == sender || m.box == sender && m.from >= known {
			delete(f.copies, m)
		}
	}
	for k := range f.queues {
		if k[0] == sender || k[1] == sender && k[0] >= known {
			delete(f.queues, k)
		}
	}
}
