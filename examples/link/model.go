// Link shows the reliable links of package actor/link: a sender sends numbers to a receiver over a
// network that loses, duplicates and reorders them, while both crash and restart.
package main

import (
	"slices"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/link"
)

// Sender sends the numbers from 1 to Count at its first start.
type Sender struct {
	To    actor.ID
	Count int
}

// Sent is the state of a Sender.
type Sent struct{}

var (
	_ actor.Actor[Sent, int]          = Sender{}
	_ actor.RestartHandler[Sent, int] = Sender{}
)

// Start implements [actor.Actor].
func (x Sender) Start(c *actor.Context[int], _ *Sent) {
	for n := range x.Count {
		c.Send(x.To, n+1)
	}
}

// Restart implements [actor.RestartHandler]. The link takes care of the sent numbers.
func (x Sender) Restart(*actor.Context[int], *Sent) {}

// Receive implements [actor.Actor].
func (x Sender) Receive(*actor.Context[int], *Sent, actor.ID, int) {}

// Receiver keeps the numbers that it receives.
type Receiver struct {
	Forgetful bool // do not save them
}

// Received is the list of received numbers in order.
type Received []int

var (
	_ actor.Actor[Received, int]          = Receiver{}
	_ actor.RestartHandler[Received, int] = Receiver{}
)

// Start implements [actor.Actor].
func (x Receiver) Start(*actor.Context[int], *Received) {}

// Restart implements [actor.RestartHandler].
func (x Receiver) Restart(c *actor.Context[int], s *Received) {
	if saved, ok := actor.Load[Received](c); ok {
		*s = saved
	}
}

// Receive implements [actor.Actor].
func (x Receiver) Receive(c *actor.Context[int], s *Received, _ actor.ID, n int) {
	*s = append(*s, n)
	if !x.Forgetful {
		c.Save(*s)
	}
}

// Model holds the parameters of the system.
type Model struct {
	Messages  int
	Network   actor.Network
	Ignored   actor.IgnoredPolicy
	Crashes   int // maximum number of crashes, of one actor at a time
	Losses    int
	Tries     int // maximum number of resends between crashes, 0 means no limit
	Forgetful bool
	Live      bool // all is promised to be received, however much is lost, if links and restarts are fair
	Unfair    bool // the same if messages are only assumed to be delivered or lost
}

// System returns a system of a sender and a receiver.
func (m Model) System() *actor.System[link.Packet[int]] {
	live := m.Live || m.Unfair
	config := actor.Config{
		Network: m.Network, Ignored: m.Ignored, Lossy: m.Losses > 0, MaxLosses: m.Losses,
		Crashes: m.Crashes > 0, MaxDown: min(m.Crashes, 1), MaxCrashes: m.Crashes,
	}
	if m.Network != actor.Duplicating {
		config.Duplicates, config.MaxDuplicates = true, 1
	}
	if live {
		config.Lossy, config.MaxLosses = true, 0
	}
	switch {
	case m.Unfair:
		config.Fair = actor.FairDelivery | actor.FairTimers | actor.FairRestarts
	case m.Live:
		config.Fair = actor.FairLinks | actor.FairTimers | actor.FairRestarts
	}
	sys := actor.NewSystem[link.Packet[int]](config)
	sender := link.Wrap[Sent, int](Sender{To: 1, Count: m.Messages})
	sender.MaxResends = m.Tries
	actor.Spawn(sys, "sender", sender)
	receiver := actor.Spawn(sys, "receiver", link.Wrap[Received, int](Receiver{m.Forgetful}))
	sys.RegisterMessages(link.Packet[int]{})
	sys.RegisterValues(Received{})

	var all Received
	for n := range m.Messages {
		all = append(all, n+1)
	}
	got := func(s *actor.State[link.Packet[int]]) Received { return receiver.In(s).Inner }
	sys.Always("once and in order", func(s *actor.State[link.Packet[int]]) bool {
		n := len(got(s))
		return n <= len(all) && slices.Equal(got(s), all[:n])
	})
	sys.AlwaysStep("nothing is lost", func(before *actor.State[link.Packet[int]],
		a actor.Action[link.Packet[int]], after *actor.State[link.Packet[int]]) bool {
		return receiver.Down(before) || receiver.Down(after) || len(got(before)) <= len(got(after))
	})
	received := func(s *actor.State[link.Packet[int]]) bool { return len(got(s)) == len(all) }
	if live {
		sys.Eventually("all is received", received)
	} else {
		sys.Sometimes("all is received", received)
	}
	return sys
}
