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
//		Transport: transport.UDP("10.0.0.1:7000"),
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
// disk that fails. But if it panics on a message from another process or from a client, the actor is
// as it was before, and the message counts as lost: see [Config.StopOnPanic]. What Go itself does not
// survive ends the process in any case: too deep a recursion, no memory, two goroutines that write a
// map.
//
// # Strangers
//
// All programs that reach a socket of a node can send to it. This is what a node relies on, and what not:
//
//   - Actors of other processes are trusted as much as the transport identifies them.
//     [transport.TLS] with ClientCAs does, by certificates. TCP believes the address that the other
//     end names, and UDP that of the sender, which is easily forged: with them, a program that can
//     send to the port of a node can speak as any actor. Use them where all such programs are
//     trusted, such as on one machine or in a closed network.
//   - Clients, over HTTP or in datagrams, are not trusted. They can send only the types of messages
//     that the system names for them with [actor.RegisterClientMessages], with any content. So a
//     handler must accept any content of these types.
//   - HTTP is served only if [Config.HTTP] says where. A request must ask for a known host and come
//     from no page of another site, so that a browser cannot be made to send messages. A token or
//     certificates keep out other programs. Without them, and not on a loopback address, the node
//     warns.
//   - The program that runs the node is trusted: [Node.Ask] and [Node.Tell] send any message.
//
// What strangers can take is bounded. Connections that have not identified themselves, and those of
// clients, have a number of places and little time; if places run out, the address with most of them
// gives one up. Clients fill at most half of an inbox, and those at one address an eighth. Answers
// to datagrams go to the address that the datagram names. The log has a bounded number of lines of
// bounded length. All that is refused is counted: see [Stats].
//
// With UDP, a program that forges addresses can still crowd out others: the queue of the socket is one.
// The ids of clients are random numbers of 63 bits less those of the number of actors, so neither
// guessed nor used again.
//
// Vector clocks of messages are checked, if the node records: one that counts more steps of the
// receiver than it has taken, or contradicts an earlier one of the same sender, is refused. A peer,
// or a program that can speak as one, can still lie about others.
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
