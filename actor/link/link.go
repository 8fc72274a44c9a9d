// Package link provides reliable links between actors over a network that loses, duplicates and
// reorders messages. It wraps actors: each message from one wrapped actor to another is handled
// exactly once and in the order of sending, through crashes of both. The link is a protocol of
// actors, model-checked with them. It is not a transport: the network of the system carries its
// packets.
//
// Each message has a number that counts the messages from one actor to another. The receiver
// handles the message that it expects next, drops others, and acknowledges what it has handled. The
// sender resends what was not acknowledged when a timer fires. Both keep their numbers in stable
// storage, and the sender keeps its messages there.
//
// # Crashes
//
// What a handler of a wrapped actor saves is saved together with the numbers, in one step. After a
// crash a message therefore counts as handled exactly if what its handler saved is there, and the
// messages that the handler sent will arrive. State that the actor did not save is lost in a crash,
// as for any actor; the message that it came from is not delivered again.
package link

import (
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/allways-go/allways/actor"
)

// Packet is a message of a link: a message of the wrapped actor with its number, or the
// acknowledgement of all messages up to a number.
type Packet[M any] struct {
	Number int  // number of the message, from 1
	Ack    bool // acknowledgement
	Body   M    // message, without meaning in an acknowledgement
}

// State is the state of an [Endpoint].
type State[S, M any] struct {
	Inner   S // state of the wrapped actor
	log     log[M]
	resends int // number of times that the timer has fired since the start
}

// log is the content of an endpoint's stable storage.
type log[M any] struct {
	handled map[actor.ID]int       // number of the last handled message by sender
	sent    map[actor.ID]outbox[M] // outboxes by receiver
	kept    actor.Storage          // storage of the wrapped actor
}

// outbox holds the messages to one receiver.
type outbox[M any] struct {
	last    int // number of the last message
	waiting []M // messages without acknowledgement, up to the last one
}

// first returns the number of the first waiting message.
func (b outbox[M]) first() int { return b.last - len(b.waiting) + 1 }

// Endpoint is an actor that talks through links. Create one with [Wrap].
type Endpoint[S, M any] struct {
	Actor              actor.Actor[S, M] // wrapped actor
	MinDelay, MaxDelay time.Duration     // delay before messages are resent

	// MaxResends is the maximum number of times that the endpoint resends between its start and the
	// next crash, 0 means no limit. A limit keeps the state space finite if the network can hold
	// the same message more than once.
	MaxResends int
}

// Wrap returns an actor that talks through links in the place of a. It resends after 100 to 200
// milliseconds, unless MinDelay and MaxDelay are changed.
//
// All actors of the system must be wrapped. The optional handlers of a work as before, and a is
// refused in the same cases as without the wrapping. Timers of a may have any name except "send
// again".
func Wrap[S, M any](a actor.Actor[S, M]) Endpoint[S, M] {
	return Endpoint[S, M]{Actor: a, MinDelay: 100 * time.Millisecond, MaxDelay: 200 * time.Millisecond}
}

// sendAgain is the name of the timer. It shows in traces.
const sendAgain = "send again"

// run is one call of a handler of an endpoint.
type run[S, M any] struct {
	Endpoint[S, M]
	c       *actor.Context[Packet[M]]
	s       *State[S, M]
	changed bool          // the log has changed
	out     []outgoing[M] // packets to send at the end
}

type outgoing[M any] struct {
	to     actor.ID
	packet Packet[M]
}

func (e Endpoint[S, M]) begin(c *actor.Context[Packet[M]], s *State[S, M]) *run[S, M] {
	return &run[S, M]{Endpoint: e, c: c, s: s}
}

// inside runs a handler of the wrapped actor.
func (r *run[S, M]) inside(handle func(c *actor.Context[M])) {
	before := r.s.log.kept
	actor.Inside(r.c, r.Actor, &r.s.log.kept, handle, r.send)
	r.changed = r.changed || !reflect.DeepEqual(before, r.s.log.kept)
}

// send sends a message of the wrapped actor. A message to no actor is sent once, without a link.
func (r *run[S, M]) send(to actor.ID, m M) {
	if to < 0 {
		r.out = append(r.out, outgoing[M]{to, Packet[M]{Body: m}})
		return
	}
	box := r.s.log.sent[to]
	box.last++
	box.waiting = append(box.waiting, m)
	r.s.log.sent[to] = box
	r.out = append(r.out, outgoing[M]{to, Packet[M]{Number: box.last, Body: m}})
	r.changed = true
}

// end saves the log if it has changed, sends the packets, and sets the timer while messages wait.
// Saving comes first: a packet must not leave before the log knows of it.
func (r *run[S, M]) end() {
	if r.changed {
		r.c.Save(r.s.log)
	}
	for _, m := range r.out {
		r.c.Send(m.to, m.packet)
	}
	waiting := func(box outbox[M]) bool { return len(box.waiting) > 0 }
	mayResend := r.MaxResends == 0 || r.s.resends < r.MaxResends
	if mayResend && slices.ContainsFunc(slices.Collect(maps.Values(r.s.log.sent)), waiting) {
		r.c.SetTimer(sendAgain, r.MinDelay, r.MaxDelay)
	} else {
		r.c.CancelTimer(sendAgain)
	}
}

// Start implements [actor.Actor].
func (e Endpoint[S, M]) Start(c *actor.Context[Packet[M]], s *State[S, M]) {
	r := e.begin(c, s)
	r.inside(func(c *actor.Context[M]) { e.Actor.Start(c, &s.Inner) })
	r.end()
}

// Receive implements [actor.Actor].
func (e Endpoint[S, M]) Receive(c *actor.Context[Packet[M]], s *State[S, M], from actor.ID, p Packet[M]) {
	r := e.begin(c, s)
	if p.Ack {
		r.acknowledged(from, p.Number)
	} else {
		r.received(from, p)
	}
	r.end()
}

// acknowledged drops the acknowledged messages from the outbox.
func (r *run[S, M]) acknowledged(from actor.ID, number int) {
	box := r.s.log.sent[from]
	if number < box.first() || number > box.last {
		return
	}
	box.waiting = box.waiting[number-box.first()+1:]
	r.s.log.sent[from] = box
	r.changed = true
}

// received passes the next message to the wrapped actor. A message that was handled before is
// acknowledged again, since the acknowledgement may have been lost. A message that comes too early
// is dropped: the sender resends it.
func (r *run[S, M]) received(from actor.ID, p Packet[M]) {
	last := r.s.log.handled[from]
	if p.Number > last+1 {
		return
	}
	if p.Number == last+1 {
		last++
		r.s.log.handled[from] = last
		r.changed = true
		r.inside(func(c *actor.Context[M]) { r.Actor.Receive(c, &r.s.Inner, from, p.Body) })
	}
	r.out = append(r.out, outgoing[M]{from, Packet[M]{Number: last, Ack: true}})
}

// Timeout implements [actor.TimeoutHandler].
func (e Endpoint[S, M]) Timeout(c *actor.Context[Packet[M]], s *State[S, M], timer string) {
	r := e.begin(c, s)
	if timer == sendAgain {
		r.resend()
	} else {
		r.inside(func(c *actor.Context[M]) { e.Actor.(actor.TimeoutHandler[S, M]).Timeout(c, &s.Inner, timer) })
	}
	r.end()
}

// resend sends all messages that wait for an acknowledgement. It counts only up to a limit: a counter
// without one would make the state space infinite.
func (r *run[S, M]) resend() {
	if r.MaxResends > 0 {
		r.s.resends++
	}
	for _, to := range slices.Sorted(maps.Keys(r.s.log.sent)) {
		box := r.s.log.sent[to]
		for i, m := range box.waiting {
			r.out = append(r.out, outgoing[M]{to, Packet[M]{Number: box.first() + i, Body: m}})
		}
	}
}

// Choose implements [actor.ChoiceHandler].
func (e Endpoint[S, M]) Choose(c *actor.Context[Packet[M]], s *State[S, M], key string, option any) {
	r := e.begin(c, s)
	r.inside(func(c *actor.Context[M]) { e.Actor.(actor.ChoiceHandler[S, M]).Choose(c, &s.Inner, key, option) })
	r.end()
}

// Restart implements [actor.RestartHandler].
func (e Endpoint[S, M]) Restart(c *actor.Context[Packet[M]], s *State[S, M]) {
	if saved, ok := actor.Load[log[M]](c); ok {
		s.log = saved
	}
	r := e.begin(c, s)
	r.inside(func(c *actor.Context[M]) {
		if a, ok := e.Actor.(actor.RestartHandler[S, M]); ok {
			a.Restart(c, &s.Inner)
		} else {
			e.Actor.Start(c, &s.Inner)
		}
	})
	r.end()
}
