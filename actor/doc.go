// Package actor describes distributed systems as actors: servers and clients with private states that handle messages,
// timeouts and choices, joined by a network that may reorder, duplicate, lose and partition, and that may crash and
// recover. A [System] is a model for package allways, which explores every behaviour of it. The package neither searches
// nor runs anything itself: it opens no sockets and starts no goroutines.
//
// A handler changes its own state freely, for it is a private copy, and so are messages. What it does to the outside, such as
// sending, goes through its [Context], takes its content at once and takes effect when the handler has returned. The
// receiver of an actor's methods is configuration, which never changes.
//
// There are no clocks. A timer that is set may run out at any moment, before a message that was sent long ago arrives, so that
// what rests on one time being shorter than another is refuted: a lease, say, that its holder takes for over sooner than
// who has granted it. Such a protocol needs what makes it safe at any speed, like numbers that grow with each grant and are
// looked at by who is written to; times are then a matter of how well it works, not of whether it is right.
package actor
