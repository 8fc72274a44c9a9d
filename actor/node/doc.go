// Package node runs the actors that were checked as real processes: on sockets, clocks and disks, with the same handlers, which
// get the same copies. It is no second implementation of a system, and no framework for services: what a system does, its actors say.
//
// A process calls [Run] with the system, the actors that it hosts, and the addresses of the others:
//
//	err := node.Run(ctx, node.Config{
//		System:    sys,
//		Actors:    []string{"server-1"},
//		Peers:     map[string]string{"server-1": "10.0.0.1:7000", "server-2": "10.0.0.2:7000"},
//		Transport: transport.UDP(":7000"),
//		Storage:   storage.Folders("/var/lib/server"),
//	})
//
// # What is promised
//
// An actor handles one event at a time. What it saves is on the disk before any message that it sends in the same handler leaves
// the process. Messages may be lost: by the network, where a queue or an inbox is full, or with a process that dies. So the model
// should be lossy, or the actors should repeat themselves. A message is delivered twice only if the network doubles it.
//
// A handler that panics ends the process with an error, as a crash does in the model, and so does a disk that fails.
//
// # Limits
//
// Each actor has an inbox of bounded length. When it is full, what came in a datagram, from an actor of the same process or from a client is
// dropped and counted; what came over a connection waits, so that the sender's queue fills, which drops what is newest. Messages
// have a maximum size.
package node
