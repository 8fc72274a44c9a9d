// Alternatingbit is the alternating bit protocol (Bartlett, Scantlebury and Wilkinson, "A note on reliable
// full-duplex transmission over half-duplex links", 1969). A sender sends numbers to a receiver through a channel
// that loses and duplicates packets but keeps their order, and has the answers through another one. A bit tells a
// new packet from one that was sent again.
package main

import (
	"fmt"
	"slices"

	"github.com/allways-go/allways"
)

// Numbers is how many numbers there are, from 0 on. The next one after the last is 0.
const Numbers = 4

// State is the state of the sender, of the receiver and of the channels between them.
type State struct {
	Sending  uint8    // number that the sender sends
	Expected uint8    // number that the receiver waits for
	Packets  []Packet // on their way to the receiver
	Acks     []Packet // on their way to the sender, with the bit that the receiver has seen
}

// Packet is a packet in a channel.
type Packet struct {
	Number uint8 // number that was sent, of which only the last bit can be seen
	Copied bool  // the channel has duplicated the packet
}

// Bit is what can be seen of the number.
func (p Packet) Bit() uint8 { return p.Number % 2 }

// Kind is the kind of an action.
type Kind uint8

// The actions.
const (
	Send    Kind = iota // the sender sends its number, perhaps again
	Deliver             // the receiver receives a packet and acknowledges it
	Confirm             // the sender receives an acknowledgement
	Lose                // a packet is lost
	LoseAck
	Double // a packet is duplicated
	DoubleAck
)

// String names the kind.
func (k Kind) String() string {
	return [...]string{"Send", "Deliver", "Confirm", "Lose", "LoseAck", "Double", "DoubleAck"}[k]
}

// Action is a step of the sender, of the receiver or of a channel.
type Action struct {
	Kind Kind
	At   uint8 // position in the channel; only for losses
}

// String is the text of the action.
func (a Action) String() string {
	if a.Kind == Lose || a.Kind == LoseAck {
		return fmt.Sprintf("%v(%d)", a.Kind, a.At)
	}
	return a.Kind.String()
}

// Model is the protocol.
type Model struct {
	Capacity   int  // packets that each channel holds; what is sent through a full one is lost
	Duplicates bool // channels duplicate packets, each once
	Echoing    bool // they duplicate what they have duplicated, too
	Trusting   bool // the sender does not look at the bit of an acknowledgement
	Weak       bool // a packet is delivered only if one stays in the channel
}

var _ allways.Fair[State] = Model{}

// Init implements [allways.Model].
func (m Model) Init() []State { return []State{{}} }

// Actions implements [allways.Model].
func (m Model) Actions(dst []Action, s State) []Action {
	dst = append(dst, Action{Kind: Send})
	dst = m.channel(dst, s.Packets, Deliver, Lose, Double)
	return m.channel(dst, s.Acks, Confirm, LoseAck, DoubleAck)
}

// channel appends what may happen to a channel.
func (m Model) channel(dst []Action, c []Packet, deliver, lose, double Kind) []Action {
	if len(c) == 0 {
		return dst
	}
	dst = append(dst, Action{Kind: deliver})
	for i := range c {
		dst = append(dst, Action{lose, uint8(i)})
	}
	if m.Duplicates && len(c) < m.Capacity && (m.Echoing || !c[0].Copied) {
		dst = append(dst, Action{Kind: double})
	}
	return dst
}

// Next implements [allways.Model].
func (m Model) Next(s State, a Action) (State, bool) {
	switch a.Kind {
	case Send:
		s.Packets = m.send(s.Packets, s.Sending)
	case Deliver:
		bit := s.Packets[0].Bit()
		s.Packets = s.Packets[1:]
		if bit == s.Expected%2 {
			s.Expected = (s.Expected + 1) % Numbers
		}
		s.Acks = m.send(s.Acks, bit)
	case Confirm:
		if m.Trusting || s.Acks[0].Bit() == s.Sending%2 {
			s.Sending = (s.Sending + 1) % Numbers
		}
		s.Acks = s.Acks[1:]
	case Lose:
		s.Packets = slices.Delete(slices.Clone(s.Packets), int(a.At), int(a.At)+1)
	case LoseAck:
		s.Acks = slices.Delete(slices.Clone(s.Acks), int(a.At), int(a.At)+1)
	case Double:
		s.Packets = double(s.Packets)
	case DoubleAck:
		s.Acks = double(s.Acks)
	}
	return s, true
}

// send puts something into a channel, unless that is full.
func (m Model) send(c []Packet, x uint8) []Packet {
	if len(c) == m.Capacity {
		return c
	}
	return append(slices.Clone(c), Packet{Number: x})
}

// double duplicates the first packet of a channel.
func double(c []Packet) []Packet {
	p := Packet{c[0].Number, true}
	return append([]Packet{p, p}, c[1:]...)
}

// received reports whether the receiver has the number that the sender sends.
func received(s State) bool { return s.Expected == (s.Sending+1)%Numbers }

// waiting reports whether the receiver waits for that number.
func waiting(s State) bool { return s.Expected == s.Sending }

// Properties implements [allways.Model].
func (m Model) Properties() []allways.Property[State] {
	waits, has := allways.Predicate("waiting", waiting), allways.Predicate("received", received)
	return []allways.Property[State]{
		allways.Always("nothing is skipped or received twice", func(s State) bool { return waiting(s) || received(s) }),
		allways.Temporal("what is sent is received", waits.LeadsTo(has)),
		allways.Temporal("what is received is confirmed", has.LeadsTo(waits)),
	}
}

// Fairness implements [allways.Fair]. The sender goes on, and a channel through which packets are sent again and
// again delivers packets again and again.
func (m Model) Fairness() []allways.Fairness[State] {
	delivery := allways.StronglyFairEach[State, Action, Kind]
	if m.Weak {
		delivery = allways.WeaklyFairEach[State, Action, Kind]
	}
	return []allways.Fairness[State]{
		allways.WeaklyFair("the sender", func(_ State, a Action, _ State) bool { return a.Kind == Send }),
		delivery("channel", func(_ State, a Action, _ State) (Kind, bool) {
			return a.Kind, a.Kind == Deliver || a.Kind == Confirm
		}),
	}
}
