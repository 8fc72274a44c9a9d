// Ping is a pinger and a ponger. The pinger sends numbered pings and resends a ping if its timer
// fires before the answer arrives. The ponger answers pings.
package main

import (
	"time"

	"github.com/allways-go/allways/actor"
)

// Msg is a [Ping] or a [Pong].
type Msg interface{ pingMessage() }

// Messages.
type (
	Ping struct{ N int }
	Pong struct{ N int } // answer to Ping N
)

func (Ping) pingMessage() {}
func (Pong) pingMessage() {}

// timer is the timer of the pinger.
const timer = "ping"

// Pinger sends the pings 0, 1, 2 ...
type Pinger struct {
	Ponger actor.ID
	Max    int  // number of pings
	Tries  int  // maximum number of times that a ping is sent; 0 means no limit
	Hasty  bool // continue with the next ping without an answer
}

// PingerState is the state of a Pinger.
type PingerState struct {
	Count int // number of answered pings; a hasty pinger counts sent ones
	Tries int // number of times that the next ping was sent, if that is limited
}

var (
	_ actor.Actor[PingerState, Msg]          = Pinger{}
	_ actor.TimeoutHandler[PingerState, Msg] = Pinger{}
)

// Start implements [actor.Actor].
func (p Pinger) Start(c *actor.Context[Msg], s *PingerState) { p.wait(c, s) }

// wait sets the timer if there is a ping to send.
func (p Pinger) wait(c *actor.Context[Msg], s *PingerState) {
	c.CancelTimer(timer)
	if s.Count < p.Max && (p.Tries == 0 || s.Tries < p.Tries) {
		c.SetTimer(timer, time.Second, 2*time.Second)
	}
}

// Timeout implements [actor.TimeoutHandler].
func (p Pinger) Timeout(c *actor.Context[Msg], s *PingerState, _ string) {
	c.Send(p.Ponger, Ping{s.Count})
	if p.Tries > 0 {
		s.Tries++
	}
	if p.Hasty {
		s.Count, s.Tries = s.Count+1, 0
	}
	p.wait(c, s)
}

// Receive implements [actor.Actor].
func (p Pinger) Receive(c *actor.Context[Msg], s *PingerState, from actor.ID, m Msg) {
	if pong, ok := m.(Pong); ok && pong.N == s.Count && !p.Hasty {
		s.Count, s.Tries = s.Count+1, 0
		p.wait(c, s)
	}
}

// Ponger answers pings, including those that it has answered before.
type Ponger struct{}

// PongerState is the number of different pings that were answered.
type PongerState struct{ Count int }

var _ actor.Actor[PongerState, Msg] = Ponger{}

// Start implements [actor.Actor].
func (Ponger) Start(*actor.Context[Msg], *PongerState) {}

// Receive implements [actor.Actor].
func (Ponger) Receive(c *actor.Context[Msg], s *PongerState, from actor.ID, m Msg) {
	ping, ok := m.(Ping)
	if !ok || ping.N > s.Count {
		return
	}
	if ping.N == s.Count {
		s.Count++
	}
	c.Send(from, Pong(ping))
}

// Model holds the parameters of the system.
type Model struct {
	Max, Tries int // see [Pinger]
	Network    actor.Network
	Ignored    actor.IgnoredPolicy
	Lossy      bool
	Hasty      bool
	Live       bool // all pings are promised to be answered, if messages sent again and again get through
	Unfair     bool // the same if messages are only assumed to be delivered or lost
}

// System returns a system of a pinger and a ponger.
func (m Model) System() *actor.System[Msg] {
	config := actor.Config{Network: m.Network, Ignored: m.Ignored, Lossy: m.Lossy}
	switch {
	case m.Unfair:
		config.Fair = actor.FairDelivery | actor.FairTimers
	case m.Live:
		config.Fair = actor.FairLinks | actor.FairTimers
	}
	sys := actor.NewSystem[Msg](config)
	sys.RegisterMessages(Ping{}, Pong{})
	pinger := actor.Spawn(sys, "pinger", Pinger{Ponger: 1, Max: m.Max, Tries: m.Tries, Hasty: m.Hasty})
	ponger := actor.Spawn(sys, "ponger", Ponger{})
	sys.Always("counters differ by at most 1", func(s *actor.State[Msg]) bool {
		d := ponger.In(s).Count - pinger.In(s).Count
		return -1 <= d && d <= 1
	})
	sys.Sometimes("max reached", func(s *actor.State[Msg]) bool {
		return pinger.In(s).Count == m.Max && ponger.In(s).Count == m.Max
	})
	if m.Live || m.Unfair {
		sys.Eventually("all pings are answered", func(s *actor.State[Msg]) bool { return pinger.In(s).Count == m.Max })
	}
	return sys
}
