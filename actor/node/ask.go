package node

import (
	"context"
	"errors"
	"fmt"

	"github.com/allways-go/allways/actor"
)

// ErrNoAnswer reports that no actor answered in time. The request may have taken effect all the
// same.
var ErrNoAnswer = errors.New("there was no answer")

var errInboxFull = errors.New("the inbox is full")

// Ask sends a message to an actor that is hosted here, as a client that is not an actor. It returns
// the first message that any actor sends back; or an error that wraps [ErrNoAnswer] when ctx is
// done or the node stops, or a [*HandlerError] when the handler panics on the message. The program
// that runs the node may send any message, not only what clients over a network may.
func (n *Node) Ask(ctx context.Context, name string, m any) (answer any, err error) {
	p, err := n.hosted(name)
	if err != nil {
		return nil, err
	}
	content, err := n.program.Messages().Content(m)
	if err != nil {
		return nil, err
	}
	if content, err = n.askContent(ctx, p, content, nil); err != nil {
		return nil, err
	}
	return n.program.Messages().Of(content)
}

// Tell is like [Node.Ask] without waiting for an answer. It fails if the inbox of the actor is
// full.
func (n *Node) Tell(name string, m any) error {
	p, err := n.hosted(name)
	if err != nil {
		return err
	}
	content, err := n.program.Messages().Content(m)
	if err != nil {
		return err
	}
	return n.tellContent(p, content, nil)
}

// hosted returns the process of an actor.
func (n *Node) hosted(name string) (*process, error) {
	id, ok := n.table.ids[name]
	if !ok || !n.table.here[id] {
		return nil, fmt.Errorf("no actor %q is hosted here", name)
	}
	return n.processes[id], nil
}

func (n *Node) tellContent(p *process, content string, from *guest) error {
	n.counters.clients.Add(1)
	if !n.queue(p, incoming{from: n.clients.anonymous(), content: content, outside: true, guest: from}, false) {
		return errInboxFull
	}
	return nil
}

func (n *Node) askContent(ctx context.Context, p *process, content string, from *guest) (string, error) {
	id, waiting, err := n.clients.ask()
	if err != nil {
		return "", err
	}
	defer n.clients.leave(id)
	n.counters.clients.Add(1)
	if !n.queue(p, incoming{from: id, content: content, outside: true, guest: from}, false) {
		return "", errInboxFull
	}
	select {
	case got := <-waiting:
		return got.content, got.err
	case <-ctx.Done():
		return "", fmt.Errorf("%w: %w", ErrNoAnswer, ctx.Err())
	case <-n.done:
		return "", fmt.Errorf("%w: the node stops", ErrNoAnswer)
	}
}

// answer brings a message to a client.
func (n *Node) answer(to actor.ID, content string) {
	waiting, addr := n.clients.find(to)
	switch {
	case waiting != nil:
		reply(waiting, answer{content: content})
	case addr != "":
		if b := n.encode(nil, content); b != nil {
			n.transmit(addr, n.frames.reply(b))
		}
	default:
		n.drop(goneClient, "to", to)
	}
}

// reply gives a client its answer, unless it has one.
func reply(waiting chan answer, a answer) {
	select {
	case waiting <- a:
	default:
	}
}

// fail tells a client that waits that its message was dropped.
func (n *Node) fail(to actor.ID, err error) {
	if waiting, _ := n.clients.find(to); waiting != nil {
		reply(waiting, answer{err: err})
	}
}
