package node

import (
	"errors"
	"slices"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/node/internal/places"
	"github.com/allways-go/allways/actor/node/transport"
)

// This file routes messages: from the transport, and from handlers, to actors and clients here or
// elsewhere.

// drop counts a message that goes no further.
func (n *Node) drop(r reason, args ...any) {
	n.counters.dropped[r].Add(1)
	n.limiter.warn("message dropped: "+reasonNames[r], args...)
}

// scratch is memory for reuse between the messages that an actor sends.
type scratch struct{ message, frame []byte }

// send sends the messages of handlers. A message to several actors, as in a broadcast, is encoded
// once.
func (n *Node) send(all []outgoing, s *scratch) {
	var last string
	var encoded []byte // in s.message
	for i, o := range all {
		if here, addr := n.locate(o.To); here {
			n.sendHere(o)
		} else if addr != "" {
			if i == 0 || o.Content != last || encoded == nil {
				last, encoded = o.Content, n.encode(s.message[:0], o.Content)
			}
			if encoded != nil {
				s.message = encoded
				s.frame = n.frames.head(s.frame[:0], envelope{o.From, o.To, o.clock})
				s.frame = n.frames.tail(append(s.frame, encoded...))
				n.transmit(addr, s.frame)
			}
		}
	}
}

// locate returns whether an actor or client is here, or the address of its process, "" if it has
// none.
func (n *Node) locate(to actor.ID) (here bool, addr string) {
	if to < 0 {
		return false, "" // a message to NoActor goes nowhere
	}
	at := n.table.home(to)
	if n.table.here[at] {
		return true, ""
	}
	if addr = n.table.addrs[at]; addr == "" {
		n.drop(unreachable, "to", n.program.Name(to))
	}
	return false, addr
}

// sendHere delivers a message within the process.
func (n *Node) sendHere(o outgoing) {
	if int(o.To) >= len(n.table.names) {
		n.answer(o.To, o.Content)
		return
	}
	n.counters.local.Add(1)
	n.accept(n.processes[o.To], incoming{from: o.From, content: o.Content, clock: o.clock}, false)
}

// encode appends an encoded message to dst. It drops the message and returns nil if that fails.
func (n *Node) encode(dst []byte, content string) []byte {
	m, err := n.program.Messages().Of(content)
	if err == nil {
		var b []byte
		if b, err = n.encoding.Append(dst, m); err == nil {
			return b
		}
	}
	n.drop(notEncoded, "error", err)
	return nil
}

// transmit gives a frame to the transport.
func (n *Node) transmit(addr string, frame []byte) {
	switch err := n.config.Transport.Send(addr, frame); {
	case err == nil:
		n.counters.out.Add(1)
		n.counters.bytesOut.Add(int64(len(frame)))
	case errors.Is(err, transport.ErrFull):
		n.drop(fullQueue, "to", addr)
	case errors.Is(err, transport.ErrTooLarge):
		n.drop(tooLarge, "to", addr, "bytes", len(frame))
	default:
		n.drop(unreachable, "to", addr, "error", err)
	}
}

// receive handles a frame from the transport. A peer can speak only for the actors that it hosts.
func (n *Node) receive(from transport.Source, frame []byte) {
	n.counters.bytesIn.Add(int64(len(frame)))
	e, msg, err := n.frames.open(frame)
	if err != nil {
		n.drop(badFrame, "from", from.Addr, "error", err)
		return
	}
	if from.Peer < 0 || e.from == actor.NoActor {
		n.receiveClient(from, e, msg)
		return
	}
	if int(e.from) >= len(n.table.names) || n.table.peer[e.from] != from.Peer {
		n.drop(wrongSender, "from", from.Addr, "sender", n.program.Name(e.from))
		return
	}
	content, err := n.content(n.encoding.Decode, msg)
	if err != nil {
		n.drop(badMessage, "from", from.Addr, "error", err)
		return
	}
	n.counters.in.Add(1)
	switch {
	case int(e.to) >= len(n.table.names):
		n.answer(e.to, content)
	case e.to < 0 || !n.table.here[e.to]:
		n.drop(notHosted, "from", from.Addr, "to", n.program.Name(e.to))
	default:
		n.accept(n.processes[e.to], incoming{from: e.from, content: content, clock: e.clock, outside: true}, from.MayBlock)
	}
}

// content decodes a message.
func (n *Node) content(decode func([]byte) (any, error), msg []byte) (content string, err error) {
	m, err := decode(msg)
	if err != nil {
		return "", err
	}
	return n.program.Messages().Content(m)
}

// clientMessage decodes a message that a client has sent over a network, or returns why it must be dropped.
func (n *Node) clientMessage(decode func([]byte) (any, error), msg []byte) (content string, why reason, err error) {
	m, err := decode(msg)
	if err != nil {
		return "", badMessage, err
	}
	if err := n.program.Messages().FromClients(m); err != nil {
		return "", undeclared, err
	}
	content, err = n.program.Messages().Content(m)
	return content, badMessage, err
}

// accept handles a message now if possible, and queues it otherwise.
func (n *Node) accept(p *process, m incoming, wait bool) {
	if !p.tryNow(m) {
		n.queue(p, m, wait)
	}
}

// queue puts a message into an inbox. If that is full, it waits for room, or drops the message and
// reports false.
func (n *Node) queue(p *process, m incoming, wait bool) bool {
	var done <-chan struct{}
	if wait {
		done = n.done
	}
	if p.put(m, done) {
		return true
	}
	n.drop(fullInbox, "to", p.name)
	return false
}

// receiveClient handles a frame of a client that is not an actor. Its message is always queued, so
// that strangers cannot make the goroutine that reads from the network run handlers.
func (n *Node) receiveClient(from transport.Source, e envelope, msg []byte) {
	if !n.config.AcceptClients || e.from != actor.NoActor || from.Peer >= 0 {
		n.drop(unknownPeer, "from", from.Addr)
		return
	}
	if !slices.Contains(n.table.hosted, e.to) {
		n.drop(notHosted, "from", from.Addr, "to", n.program.Name(e.to))
		return
	}
	if e.clock != nil {
		n.drop(badClock, "from", from.Addr, "error", "a client has no vector clock")
		return
	}
	content, why, err := n.clientMessage(n.encoding.Decode, msg)
	if err != nil {
		n.drop(why, "from", from.Addr, "error", err)
		return
	}
	n.counters.clients.Add(1)
	n.queue(n.processes[e.to], incoming{
		from: n.clients.at(from.Addr), content: content, outside: true, guest: &guest{places.Group(from.Addr)},
	}, false)
}
