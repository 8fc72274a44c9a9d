package node

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/allways-go/allways/actor"
)

// guests are clients that are no actors. Each has an id that no actor has, and that says at which node it is: actors know it
// as the sender, and answer to it.
type guests struct {
	actors int
	home   actor.ID // an actor that is hosted here

	mu      sync.Mutex
	last    int
	asking  map[actor.ID]chan string // that wait for an answer
	addrs   map[actor.ID]string      // of those that sent datagrams
	ids     map[string]actor.ID
	arrived []string // addresses in the order in which they came
}

// maxGuests bounds how many clients wait at once, and how many that send datagrams are remembered.
const maxGuests = 1024

func newGuests(t *table) guests {
	return guests{
		actors: len(t.names), home: t.hosted[0],
		last:   int(time.Now().Unix()) << 20, // answers to guests of an earlier process find nobody
		asking: map[actor.ID]chan string{}, addrs: map[actor.ID]string{}, ids: map[string]actor.ID{},
	}
}

// next returns a new id.
func (g *guests) next() actor.ID {
	g.last++
	return actor.ID(g.actors+g.last*g.actors) + g.home
}

// at returns the id of the guest at an address.
func (g *guests) at(addr string) actor.ID {
	g.mu.Lock()
	defer g.mu.Unlock()
	if id, ok := g.ids[addr]; ok {
		return id
	}
	if len(g.arrived) >= maxGuests {
		delete(g.addrs, g.ids[g.arrived[0]])
		delete(g.ids, g.arrived[0])
		g.arrived = g.arrived[1:]
	}
	id := g.next()
	g.ids[addr], g.addrs[id] = id, addr
	g.arrived = append(g.arrived, addr)
	return id
}

var errManyGuests = errors.New("too many clients wait for an answer")

// ask makes a guest that waits for one answer.
func (g *guests) ask() (actor.ID, chan string, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.asking) >= maxGuests {
		return actor.NoActor, nil, errManyGuests
	}
	id, answer := g.next(), make(chan string, 1)
	g.asking[id] = answer
	return id, answer, nil
}

func (g *guests) leave(id actor.ID) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.asking, id)
}

// answer brings a message to a guest.
func (n *Node) answer(to actor.ID, content string) {
	g := &n.guests
	g.mu.Lock()
	answer, addr := g.asking[to], g.addrs[to]
	g.mu.Unlock()
	switch {
	case answer != nil:
		select {
		case answer <- content:
		default: // it has one already
		}
	case addr != "":
		if b := n.encode(nil, content); b != nil {
			n.transmit(addr, n.frames.reply(b))
		}
	default:
		n.drop(goneGuest, "to", to)
	}
}

// ErrNoAnswer says that an actor did not answer in time. It may have done what it was asked to.
var ErrNoAnswer = errors.New("there was no answer")

// Ask sends a message to an actor that is hosted here, as a client that is no actor, and waits for the first message that
// any actor sends back.
func (n *Node) Ask(ctx context.Context, name string, m any) (answer any, err error) {
	p, err := n.hosted(name)
	if err != nil {
		return nil, err
	}
	content, err := n.program.Content(m)
	if err != nil {
		return nil, err
	}
	if content, err = n.askContent(ctx, p, content); err != nil {
		return nil, err
	}
	return n.program.Message(content)
}

// Tell is like Ask for a message that is not answered.
func (n *Node) Tell(name string, m any) error {
	p, err := n.hosted(name)
	if err != nil {
		return err
	}
	content, err := n.program.Content(m)
	if err != nil {
		return err
	}
	return n.tellContent(p, content)
}

func (n *Node) tellContent(p *process, content string) error {
	n.guests.mu.Lock()
	from := n.guests.next()
	n.guests.mu.Unlock()
	n.counters.guests.Add(1)
	if !n.queue(p, incoming{from: from, content: content}, false) {
		return errInboxFull
	}
	return nil
}

var errInboxFull = errors.New("the inbox is full")

func (n *Node) hosted(name string) (*process, error) {
	id, ok := n.table.ids[name]
	if !ok || !n.table.here[id] {
		return nil, fmt.Errorf("no actor %q is hosted here", name)
	}
	return n.processes[id], nil
}

func (n *Node) askContent(ctx context.Context, p *process, content string) (string, error) {
	id, answer, err := n.guests.ask()
	if err != nil {
		return "", err
	}
	defer n.guests.leave(id)
	n.counters.guests.Add(1)
	if !n.queue(p, incoming{from: id, content: content}, false) {
		return "", errInboxFull
	}
	select {
	case content := <-answer:
		return content, nil
	case <-ctx.Done():
		return "", fmt.Errorf("%w: %w", ErrNoAnswer, ctx.Err())
	case <-n.done:
		return "", fmt.Errorf("%w: the node stops", ErrNoAnswer)
	}
}
