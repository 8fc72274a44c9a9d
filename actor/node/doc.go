// Package node runs the actors of a system as real processes, with sockets, clocks and disks. It
// calls the same handlers as the checker, with private copies of the same form. It is not a
// framework for services: the actors alone say what a system does.
//
// A process calls [Run] with the system, the actors that it hosts, and the addresses of all:
//
//	err := node.Run(ctx, node.Config{
//		System:    sys,
//		Actors:    []string{"server-1"},
//		Peers:     map[string]string{"server-1": "10.0.0.1:7000", "server-2": "10.0.0.2:7000"},
//		Transport: transport.UDP(":7000"),
//		Storage:   storage.Dir("/var/lib/server"),
//	})
//
// # Guarantees
//
// An actor handles one event at a time. What a handler saves is on the disk before any message that
// the handler sends leaves the process. A message is delivered twice only if the network duplicates
// it. Messages may be lost: by the network, by a full queue or inbox, or with a process that
// crashes. So the model should be lossy, or its actors should repeat what matters.
//
// A handler that panics ends the process with an error, as a crash does in the model. So does a
// disk that fails.
//
// What was checked says nothing about runs that the model does not have. [Uncovered] compares: a transport
// that loses, doubles or reorders messages, restarts, and missing storage. [Config].Strict refuses them.
//
// # Stored values and recordings
//
// Types are stored and recorded under their names without packages, so they may move; those that the program
// registers (RegisterMessages, RegisterValues) must have different names. A stored value whose type has other
// fields than the program expects is an error that names the field; [Config].Migrate may replace it.
//
// # Limits
//
// Messages have a maximum size, and each actor has an inbox of bounded length. When the inbox is
// full, messages in datagrams, from actors of the same process and from clients are dropped and
// counted. Messages from connections wait instead, which fills the queue of their sender, and that
// drops the newest.
package node
