// Package actor describes distributed systems as actors: servers and clients with private states that handle messages,
// timeouts and choices, joined by a network that may reorder, duplicate, lose and partition, and that may crash and
// recover. A [System] is a model for package allways, which explores every behaviour of it. The package neither searches
// nor runs anything itself: it opens no sockets and starts no goroutines.
//
// A handler changes its own state freely, for it is a private copy, and so are messages. What it does to the outside, such as
// sending, goes through its [Context], takes its content at once and takes effect when the handler has returned. The
// receiver of an actor's methods is configuration, which never changes.
package actor
