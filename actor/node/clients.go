package node

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"math"
	"sync"

	"github.com/allways-go/allways/actor"
)

// clients assigns ids to programs that are not actors. Actors see such an id as the sender of a
// message and answer to it. It is larger than the ids of all actors, and its remainder is an actor of
// the process at which the client is (see table.home), so any actor of the system can answer, not
// only the one that was asked.
type clients struct {
	actors int      // number of actors in the system
	home   actor.ID // an actor that is hosted here

	mu      sync.Mutex
	asking  map[actor.ID]chan answer // clients that wait for an answer
	addrs   map[actor.ID]string      // clients that sent datagrams
	ids     map[string]actor.ID      // their ids by address
	arrived []string                 // their addresses in the order of arrival
}

// maxClients limits the clients that wait at once, and those whose datagram address is remembered.
const maxClients = 1024

// answer is what a client gets.
type answer struct {
	content string
	err     error // the reason for there being no content
}

func newClients(t *table) clients {
	return clients{
		actors: len(t.names), home: t.hosted[0],
		asking: map[actor.ID]chan answer{}, addrs: map[actor.ID]string{}, ids: map[string]actor.ID{},
	}
}

// next returns a new id. It is random, in all bits that an id has: so a client cannot guess the id of
// another one, and an answer to a client of an earlier process does not reach another client.
func (c *clients) next() actor.ID {
	var b [8]byte
	rand.Read(b[:]) // never fails
	limit := (uint64(math.MaxInt) - uint64(c.home)) / uint64(c.actors)
	number := 1 + binary.NativeEndian.Uint64(b[:])%(limit-1)
	return actor.ID(number*uint64(c.actors)) + c.home
}

// anonymous returns the id of a client that waits for no answer.
func (c *clients) anonymous() actor.ID { return c.next() }

// at returns the id of the client at an address. The client that came first is forgotten if there
// are too many.
func (c *clients) at(addr string) actor.ID {
	c.mu.Lock()
	defer c.mu.Unlock()
	if id, ok := c.ids[addr]; ok {
		return id
	}
	if len(c.arrived) >= maxClients {
		delete(c.addrs, c.ids[c.arrived[0]])
		delete(c.ids, c.arrived[0])
		c.arrived = c.arrived[1:]
	}
	id := c.next()
	c.ids[addr], c.addrs[id] = id, addr
	c.arrived = append(c.arrived, addr)
	return id
}

var errManyClients = errors.New("too many clients wait for an answer")

// ask returns a client that waits for one answer, until leave.
func (c *clients) ask() (actor.ID, chan answer, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.asking) >= maxClients {
		return actor.NoActor, nil, errManyClients
	}
	id, got := c.next(), make(chan answer, 1)
	c.asking[id] = got
	return id, got, nil
}

func (c *clients) leave(id actor.ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.asking, id)
}

// find returns where a client waits: at a channel, at an address, or nowhere any more.
func (c *clients) find(id actor.ID) (waiting chan answer, addr string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.asking[id], c.addrs[id]
}
