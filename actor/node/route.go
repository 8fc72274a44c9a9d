package node

import (
	"errors"
	"slices"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/node/transport"
)

// This file brings messages to where they belong.

// drop counts a message that goes no further.
func (n *Node) drop(why reason, args ...any) {
	n.counters.dropped[why].Add(1)
	n.limiter.warn("a message is dropped: "+reasonNames[why], args...)
}

// scratch is memory that is used again for each message that is sent.
type scratch struct{ message, frame []byte }

// send sends what handlers have sent. What goes to several places is encoded once.
func (n *Node) send(all []outgoing, s *scratch) {
	var last string
	var encoded []byte // part of s
	for i, o := range all {
		if here, addr := n.place(o.To); here {
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

// place says where an actor or a guest is: here, or at an address; "" if there is no way.
func (n *Node) place(to actor.ID) (here bool, addr string) {
	at := to
	if to < 0 {
		return false, "" // to nobody, as it was meant
	}
	if count := len(n.table.names); int(to) >= count {
		at = actor.ID((int(to) - count) % count)
	}
	if n.table.here[at] {
		return true, ""
	}
	if addr = n.table.addrs[at]; addr == "" {
		n.drop(unreachable, "to", n.config.System.Name(to))
	}
	return false, addr
}

func (n *Node) sendHere(o outgoing) {
	if int(o.To) >= len(n.table.names) {
		n.answer(o.To, o.Content)
		return
	}
	n.counters.local.Add(1)
	n.accept(n.processes[o.To], incoming{o.From, o.Content, o.clock}, false)
}

// encode appends a message to dst; nil is for a message that is dropped.
func (n *Node) encode(dst []byte, content string) []byte {
	m, err := n.config.System.Message(content)
	if err == nil {
		var b []byte
		if b, err = n.codec.Append(dst, m); err == nil {
			return b
		}
	}
	n.drop(notEncoded, "error", err)
	return nil
}

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

// receive takes a frame from the transport.
func (n *Node) receive(from transport.Source, frame []byte) {
	n.counters.bytesIn.Add(int64(len(frame)))
	e, msg, err := n.frames.open(frame)
	if err != nil {
		n.drop(noFrame, "from", from.Addr, "error", err)
		return
	}
	if from.Peer < 0 || e.from == actor.NoActor {
		n.receiveGuest(from, e, msg)
		return
	}
	if int(e.from) >= len(n.table.names) || n.table.peer[e.from] != from.Peer {
		n.drop(wrongSender, "from", from.Addr, "sender", n.config.System.Name(e.from))
		return
	}
	content, ok := n.content(n.codec.Decode, from, msg)
	if !ok {
		return
	}
	n.counters.in.Add(1)
	switch {
	case int(e.to) >= len(n.table.names):
		n.answer(e.to, content)
	case e.to < 0 || !n.table.here[e.to]:
		n.drop(wrongPlace, "from", from.Addr, "to", n.config.System.Name(e.to))
	default:
		n.accept(n.processes[e.to], incoming{e.from, content, e.clock}, from.MayBlock)
	}
}

func (n *Node) content(decode func([]byte) (any, error), from transport.Source, msg []byte) (content string, ok bool) {
	m, err := decode(msg)
	if err == nil {
		content, err = n.config.System.Content(m)
	}
	if err != nil {
		n.drop(noMessage, "from", from.Addr, "error", err)
		return "", false
	}
	return content, true
}

// accept has a message handled, now or when its turn comes. If the inbox is full, it waits or drops the message.
func (n *Node) accept(p *process, m incoming, wait bool) {
	if !p.tryNow(m) {
		n.queue(p, m, wait)
	}
}

// queue has a message handled when its turn comes, and reports whether there is room in the inbox.
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

// receiveGuest takes a frame of a client that is no actor.
func (n *Node) receiveGuest(from transport.Source, e envelope, msg []byte) {
	if !n.config.AcceptClients || e.from != actor.NoActor || from.Peer >= 0 {
		n.drop(unknownPeer, "from", from.Addr)
		return
	}
	if !slices.Contains(n.table.hosted, e.to) {
		n.drop(wrongPlace, "from", from.Addr, "to", n.config.System.Name(e.to))
		return
	}
	content, ok := n.content(n.codec.Decode, from, msg)
	if !ok {
		return
	}
	n.counters.guests.Add(1)
	n.queue(n.processes[e.to], incoming{from: n.guests.at(from.Addr), content: content}, false)
}
