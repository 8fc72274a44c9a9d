package actor

// Network says how the messages from one actor to another travel.
type Network uint8

const (
	// Unordered delivers every message once, in any order.
	Unordered Network = iota
	// Duplicating delivers every message any number of times, in any order.
	Duplicating
	// Ordered delivers the messages from one actor to another in the order in which they were sent.
	Ordered
)

// String returns the name of the network as command lines take it.
func (n Network) String() string {
	if int(n) < len(networkNames) {
		return networkNames[n]
	}
	return "unknown network"
}

var networkNames = [...]string{"unordered", "duplicating", "ordered"}

// ParseNetwork is the inverse of [Network.String].
func ParseNetwork(name string) (n Network, ok bool) {
	for i, s := range networkNames {
		if s == name {
			return Network(i), true
		}
	}
	return 0, false
}

// Link says how messages travel from one actor to another.
type Link struct {
	Network Network
	Lossy   bool // messages may be lost
}

// Config says what may happen to a system. The zero value is a reliable, unordered network and actors that never crash.
type Config struct {
	// Network and Lossy are those of all links but those that [System.Link] sets.
	Network Network
	Lossy   bool

	// MaxLosses bounds the messages that are lost; 0 bounds them not.
	MaxLosses int
	// MaxDuplicates is how many messages may be doubled on links that are not Duplicating.
	MaxDuplicates int
	// MaxDown is how many actors may be down at once; 0 is for no crashes.
	MaxDown int
	// MaxCrashes bounds the crashes in all; 0 bounds them not.
	MaxCrashes int
	// MaxPartitions bounds how often the network splits, in the ways that [System.Partition] allows; 0 bounds it not.
	MaxPartitions int

	// Ignored says what becomes of a message that changes nothing.
	Ignored IgnoredPolicy
}

// IgnoredPolicy says what becomes of a delivery without effect on a link that is not Ordered: one that changes neither the actor's
// state by content, nor its timers, choices and storage, and sends and records nothing. On Ordered links it is always a step
// that consumes the message.
type IgnoredPolicy uint8

const (
	// IgnoredAuto is LeaveOut where that is sound as far as can be told: all properties are Always or Sometimes, and nobody observes
	// deliveries. Else it is Consume.
	IgnoredAuto IgnoredPolicy = iota
	// IgnoredKept makes it no step: the message stays in flight, which is as if it came later. That is sound for Always and
	// Sometimes over the states of actors and what they record, and keeps state spaces small. It is refused for a system with
	// other properties, and reading inboxes in a property is an error.
	IgnoredKept
	// IgnoredConsumed makes it a step that takes the message from the network, unless that is Duplicating.
	IgnoredConsumed
)

// String returns the name of the rule.
func (r IgnoredPolicy) String() string { return [...]string{"auto", "leave out", "consume"}[r] }
