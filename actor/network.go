package actor

import "github.com/allways-go/allways/actor/internal/core"

// Network says how the messages from one actor to another travel.
type Network uint8

const (
	// Unordered delivers every message once, in any order.
	Unordered = Network(core.Unordered)
	// Duplicating delivers every message any number of times, in any order.
	Duplicating = Network(core.Duplicating)
	// Ordered delivers the messages from one actor to another in the order of sending.
	Ordered = Network(core.Ordered)
)

// String returns the name of the network as command lines take it.
func (n Network) String() string { return core.Network(n).String() }

// ParseNetwork is the inverse of [Network.String].
func ParseNetwork(name string) (n Network, ok bool) {
	x, ok := core.ParseNetwork(name)
	return Network(x), ok
}

// Link says how messages travel from one actor to another.
type Link struct {
	Network Network // order and copies of messages
	Lossy   bool    // whether messages may be lost
}

// String returns the name of the network, and whether it loses messages.
func (l Link) String() string { return l.core().String() }

func (l Link) core() core.Link { return core.Link{Network: core.Network(l.Network), Lossy: l.Lossy} }
