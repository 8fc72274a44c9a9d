// Package link makes an ordered reliable link of a network that loses, doubles and reorders messages: it wraps an actor, so
// that every message to another wrapped actor is handled exactly once, and messages between two of them in the order in
// which they were sent, through crashes of either of them. It is a protocol between actors, checked like any other, and no
// transport: what carries its packets is the network of the system.
//
// Every message has a number, which counts those from one actor to another. The receiver handles the one that it expects, drops
// all others, and acknowledges what it has handled; the sender sends again what was not acknowledged when a timer runs out.
// Both keep their numbers, and the sender its messages, in stable storage.
//
// # Across crashes
//
// What an actor saves in a handler is saved together with the numbers: after a crash the message counts as handled if and
// only if what its handler saved is there, and everything that it sent will be. An actor that does not save what it has
// learned from a message forgets it in a crash like any actor does, and is not told again.
package link

import (
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/allways-go/allways/actor"
)

// Packet is what travels: a message with its number, or the acknowledgement of all messages up to a number.
type Packet[M any] struct {
	Number int // from 1
	Ack    bool
	Body   M // of a message
}

// State is the state of a wrapped actor.
type State[S, M any] struct {
	Inner S
	Log   Log[M]
	Again int // how often it has sent again since it started
}

// Log is what a wrapped actor keeps in stable storage.
type Log[M any] struct {
	Handled map[actor.ID]int       // by sender: the number of the last message that was handled
	Sent    map[actor.ID]Outbox[M] // by receiver
	Kept    actor.Storage          // what the actor itself has saved
}

// Outbox is what was sent to one receiver.
type Outbox[M any] struct {
	Last    int // number of the last message
	Waiting []M // that were not acknowledged; the last of them has the number Last
}

// Wrapped is an actor that talks through links. Make one with [Wrap].
type Wrapped[S, M any] struct {
	Actor       actor.Actor[S, M]
	Least, Most time.Duration // from sending to sending again, between two times

	// Tries is how often it sends again from one start to the next crash, 0 for without end. A limit makes systems finite to be
	// checked on networks where what is sent twice travels twice.
	Tries int
}

// Wrap wraps an actor. It sends again after 100 to 200 milliseconds, unless Least and Most are changed.
//
// In a system of wrapped actors all messages are packets. A wrapped actor may have the optional handlers, and is refused
// where it would be refused on its own. Its timers may have any name but "send again".
func Wrap[S, M any](a actor.Actor[S, M]) Wrapped[S, M] {
	return Wrapped[S, M]{Actor: a, Least: 100 * time.Millisecond, Most: 200 * time.Millisecond}
}

const sendAgain = "send again"

// run is a handler of a wrapped actor that runs.
type run[S, M any] struct {
	Wrapped[S, M]
	c       *actor.Context[Packet[M]]
	s       *State[S, M]
	changed bool // the log was
	out     []outgoing[M]
}

type outgoing[M any] struct {
	to     actor.ID
	packet Packet[M]
}

func (w Wrapped[S, M]) begin(c *actor.Context[Packet[M]], s *State[S, M]) *run[S, M] {
	return &run[S, M]{Wrapped: w, c: c, s: s}
}

// inside runs a handler of the wrapped actor.
func (r *run[S, M]) inside(handle func(c *actor.Context[M])) {
	before := r.s.Log.Kept
	actor.Inside(r.c, r.Actor, &r.s.Log.Kept, handle, r.send)
	r.changed = r.changed || !reflect.DeepEqual(before, r.s.Log.Kept)
}

// send sends a message of the wrapped actor. To nobody, it is sent and forgotten.
func (r *run[S, M]) send(to actor.ID, m M) {
	if to < 0 {
		r.out = append(r.out, outgoing[M]{to, Packet[M]{Body: m}})
		return
	}
	box := r.s.Log.Sent[to]
	box.Last++
	box.Waiting = append(box.Waiting, m)
	r.s.Log.Sent[to] = box
	r.out = append(r.out, outgoing[M]{to, Packet[M]{Number: box.Last, Body: m}})
	r.changed = true
}

// end saves the log if it has changed, lets the packets go, and sees to the timer.
func (r *run[S, M]) end() {
	if r.changed {
		r.c.Save(r.s.Log)
	}
	for _, m := range r.out {
		r.c.Send(m.to, m.packet)
	}
	waiting := func(box Outbox[M]) bool { return len(box.Waiting) > 0 }
	left := r.Tries == 0 || r.s.Again < r.Tries
	if left && slices.ContainsFunc(slices.Collect(maps.Values(r.s.Log.Sent)), waiting) {
		r.c.SetTimer(sendAgain, r.Least, r.Most)
	} else {
		r.c.CancelTimer(sendAgain)
	}
}

// Start implements [actor.Actor].
func (w Wrapped[S, M]) Start(c *actor.Context[Packet[M]], s *State[S, M]) {
	r := w.begin(c, s)
	r.inside(func(c *actor.Context[M]) { w.Actor.Start(c, &s.Inner) })
	r.end()
}

// Receive implements [actor.Actor].
func (w Wrapped[S, M]) Receive(c *actor.Context[Packet[M]], s *State[S, M], from actor.ID, p Packet[M]) {
	r := w.begin(c, s)
	if p.Ack {
		r.acknowledged(from, p.Number)
	} else {
		r.received(from, p)
	}
	r.end()
}

// acknowledged forgets messages that need not be sent again.
func (r *run[S, M]) acknowledged(from actor.ID, number int) {
	box := r.s.Log.Sent[from]
	first := box.Last - len(box.Waiting) + 1
	if number < first || number > box.Last {
		return
	}
	box.Waiting = box.Waiting[number-first+1:]
	r.s.Log.Sent[from] = box
	r.changed = true
}

// received hands the message that comes next to the wrapped actor. One that was handled before is acknowledged again, since
// the acknowledgement may have been lost; one that comes too early will be sent again.
func (r *run[S, M]) received(from actor.ID, p Packet[M]) {
	last := r.s.Log.Handled[from]
	if p.Number > last+1 {
		return
	}
	if p.Number == last+1 {
		last++
		r.s.Log.Handled[from] = last
		r.changed = true
		r.inside(func(c *actor.Context[M]) { r.Actor.Receive(c, &r.s.Inner, from, p.Body) })
	}
	r.out = append(r.out, outgoing[M]{from, Packet[M]{Number: last, Ack: true}})
}

// Timeout implements [actor.TimeoutHandler].
func (w Wrapped[S, M]) Timeout(c *actor.Context[Packet[M]], s *State[S, M], timer string) {
	r := w.begin(c, s)
	if timer == sendAgain {
		r.again()
	} else {
		r.inside(func(c *actor.Context[M]) { w.Actor.(actor.TimeoutHandler[S, M]).Timeout(c, &s.Inner, timer) })
	}
	r.end()
}

// again sends all that was not acknowledged once more.
func (r *run[S, M]) again() {
	if r.Tries > 0 {
		r.s.Again++
	}
	for _, to := range slices.Sorted(maps.Keys(r.s.Log.Sent)) {
		box := r.s.Log.Sent[to]
		for i, m := range box.Waiting {
			r.out = append(r.out, outgoing[M]{to, Packet[M]{Number: box.Last - len(box.Waiting) + 1 + i, Body: m}})
		}
	}
}

// Chosen implements [actor.ChoiceHandler].
func (w Wrapped[S, M]) Choose(c *actor.Context[Packet[M]], s *State[S, M], key string, option any) {
	r := w.begin(c, s)
	r.inside(func(c *actor.Context[M]) { w.Actor.(actor.ChoiceHandler[S, M]).Choose(c, &s.Inner, key, option) })
	r.end()
}

// Restart implements [actor.RestartHandler].
func (w Wrapped[S, M]) Restart(c *actor.Context[Packet[M]], s *State[S, M]) {
	if log, ok := actor.Load[Log[M]](c); ok {
		s.Log = log
	}
	r := w.begin(c, s)
	r.inside(func(c *actor.Context[M]) {
		if a, ok := w.Actor.(actor.RestartHandler[S, M]); ok {
			a.Restart(c, &s.Inner)
		} else {
			w.Actor.Start(c, &s.Inner)
		}
	})
	r.end()
}
