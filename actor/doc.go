// Package actor describes distributed systems as actors: servers and clients with private states that handle
// messages, timeouts and choices. They are joined by a network that may reorder, duplicate, lose and partition
// messages, and they may crash and restart. A [System] is a model for package allways, which explores all its
// behaviours. The same actors run on a real network with package node.
//
// # Index
//
// A system: [NewSystem] with a [Config] of the network and the faults, and [Spawn] for each [Actor], which
// returns a [Ref]. [System.Link] sets how messages travel from one actor to another, on a [Network];
// [System.Partition] and [System.PartitionAll] permit the network to split; [System.NeverCrashes] and
// [System.InFlight] say more. [Majority], [Peers] and [Len] count actors.
//
// Handlers: [Actor], [TimeoutHandler], [ChoiceHandler] and [RestartHandler]. They act through their [Context],
// and [Load] what they have saved. Actors are named by [ID]; [NoActor] stands for all others.
//
// Properties: [System.Always], [System.Sometimes], [System.Eventually], [System.AlwaysStep] and
// [System.NoDeadlock]. They read a [State] through the [Ref] of an actor, and see a step as an [Action]. [Promise]
// adds others, such as promises about runs, with the [Fairness] of [Fair] constraints, or that the system refines a
// plain model.
//
// Clients and observers: [Linearizable] and [SequentiallyConsistent] state promises about a [History] of what
// clients see. [Observe] adds a value that follows every step.
//
// Searching: [System.Boundary] limits a search, [System.Interchangeable] reduces it by symmetry, and an
// [IgnoredPolicy] says what happens to messages without effect. [Model] is a snapshot of a system.
//
// Ready-made actors: [Script] sends given messages in order, [Environment] at any moment. [Inside] runs one actor
// within another. Packages clock, link and register have vector clocks, reliable links, and clients of a register.
//
// Running: [System.RegisterMessages] and [System.RegisterValues] name types for package node, which runs any
// [Program], and [RegisterClientMessages] those that clients may send. Package diagram draws paths.
//
// # Handlers
//
// A handler may change its state freely, for it is a private copy, and so are messages. Its effects on the
// outside, such as sending, go through its [Context]; they take the content of their arguments at once, and
// happen when the handler has returned. The receiver of an actor's methods is configuration, which never
// changes.
//
// A handler must be a function of its arguments, the configuration and [Context.Choose]. Time, random numbers,
// the order of maps, and the difference between nil and empty slices must not matter. A checker evaluates each
// handler twice to detect that, and a running node gives it the same kind of copies.
//
// [Actor] has the two handlers that every actor needs. [TimeoutHandler], [ChoiceHandler] and [RestartHandler] are
// optional: an actor has them if it has the method, with the right signature. A method that only looks like one
// of them is an error.
//
// # Time
//
// There are no clocks. A timer that is set may expire at any moment, even before a message that was sent long
// ago arrives. A protocol whose safety rests on one timeout being shorter than another, such as a lease, will
// be refuted. Protect it with something that holds at any speed, such as fencing tokens; timeouts then matter
// for progress only.
//
// # What it is not
//
// It is not a framework for actors in production: there is no supervision, no spawning while the system runs,
// and no remote procedure call. The actors of a system are fixed, and each handles one event at a time.
//
// It neither searches nor runs anything: package allways searches, and package node runs. This package opens no
// sockets and starts no goroutines.
package actor
