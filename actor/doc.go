// Package actor describes distributed systems as actors: servers and clients with private states that handle
// messages, timeouts and choices. They are joined by a network that may reorder, duplicate, lose and partition
// messages, and they may crash and restart. A [System] is a model for package allways, which explores all its
// behaviours. The same actors run on a real network with package node. This package neither searches nor runs
// anything: it opens no sockets and starts no goroutines.
//
// # Building a system
//
//   - [NewSystem] with a [Config] of the network and the faults; [Spawn] for each [Actor]
//   - [System.Always], [System.Sometimes], [System.Eventually], [System.AlwaysStep] and [System.NoDeadlock] state
//     properties, which read a [State] through the [Ref] that Spawn returns
//   - [Linearizable] and [SequentiallyConsistent] state promises about what clients see; [Observe] adds other values
//   - [System.Link], [System.Partition] and [System.InFlight] say more about the network
//   - [Script] and [Environment] are ready-made clients; [Inside] runs one actor within another
//
// # Handlers
//
// A handler may change its state freely, for it is a private copy, and so are messages. Its effects on the
// outside, such as sending, go through its [Context]; they take the content of their arguments at once, and
// happen when the handler has returned. The receiver of an actor's methods is configuration, which never
// changes.
//
// [Actor] has the two handlers that every actor needs. [TimeoutHandler], [ChoiceHandler] and [RestartHandler] are
// optional: an actor has them if it has the method, with the right signature.
//
// # Time
//
// There are no clocks. A timer that is set may expire at any moment, even before a message that was sent long
// ago arrives. A protocol whose safety rests on one timeout being shorter than another, such as a lease, will
// be refuted. Protect it with something that holds at any speed, such as fencing tokens; timeouts then matter
// for progress only.
package actor
