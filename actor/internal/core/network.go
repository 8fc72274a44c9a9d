package core

// Network says how messages travel on a link. All that distinguishes networks stands in two places: in this
// file and [Inbox] for plain states, and in network.go of package search for compiled ones.
type Network uint8

// The networks. Package actor documents them.
const (
	Unordered Network = iota
	Duplicating
	Ordered
	networks // their number
)

var networkNames = [networks]string{"unordered", "duplicating", "ordered"}

// String returns the name of the network as command lines take it.
func (n Network) String() string {
	if n < networks {
		return networkNames[n]
	}
	return "unknown network"
}

// ParseNetwork is the inverse of [Network.String].
func ParseNetwork(name string) (n Network, ok bool) {
	for i, s := range networkNames {
		if s == name {
			return Network(i), true
		}
	}
	return 0, false
}

// Valid reports whether n is a network.
func (n Network) Valid() bool { return n < networks }

// Queues reports whether messages from one sender arrive in the order of sending.
func (n Network) Queues() bool { return n == Ordered }

// Keeps reports whether a message stays in flight when it is delivered. A second copy of it would then change
// nothing.
func (n Network) Keeps() bool { return n == Duplicating }

// Link says how messages travel from one actor to another.
type Link struct {
	Network Network
	Lossy   bool // messages may be lost
}

// String returns the name of the network, and whether it loses messages.
func (l Link) String() string {
	if l.Lossy {
		return l.Network.String() + ", lossy"
	}
	return l.Network.String()
}
