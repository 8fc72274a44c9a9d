package node

import (
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/node/codec"
	"github.com/allways-go/allways/actor/node/storage"
	"github.com/allways-go/allways/actor/node/transport"
)

// Config says what a process runs. Only System is needed, if the process hosts all of its actors.
type Config struct {
	System actor.Program
	// Actors are the names of those that this process hosts; nil is for all.
	Actors []string
	// Peers has the address of the process of every actor by name. Those of one process share an address.
	Peers map[string]string
	// Transport carries messages between processes; nil if there is one process only.
	Transport transport.Transport
	// Codec makes the codec of messages; nil is for [codec.JSON]. All processes must have the same one.
	Codec codec.Codec
	// Storage keeps what actors save. Nil loses it with the process, which then must not be started again for the same run.
	Storage storage.Storage
	// Record is a folder for recordings of what the actors handle, or "" for none. All processes must record, or none.
	Record string
	// HTTP is an address to serve clients on, such as "127.0.0.1:8080", or "" for none; see [Node.Handler].
	HTTP string
	// AcceptClients allows datagrams of clients that are no actors.
	AcceptClients bool

	// Seed decides timers and choices; 0 is for another one each time.
	Seed uint64
	// MinChoiceDelay and ChoiceMost are how long chance takes to choose what is offered; both 0 is for up to 10 ms.
	MinChoiceDelay, MaxChoiceDelay time.Duration

	// MaxMessage is the size of the largest message in bytes, with its envelope; 0 is for [transport.DefaultMaxFrame].
	MaxMessage int
	// InboxSize is how many messages wait for an actor; 0 is for 1024.
	InboxSize int
	// MaxBatch is how many events that wait are committed together, with one write to the disk; 0 is for 1.
	MaxBatch int

	// Log gets what happens; nil is for [slog.Default].
	Log *slog.Logger
}

const (
	defaultInbox  = 1024
	defaultChoice = 10 * time.Millisecond
	mostEvents    = 1 << 20 // in an inbox, or committed together
)

// defaults fills in what is left out, and refuses what makes no sense.
func (c Config) defaults() (Config, error) {
	if c.System == nil {
		return c, errors.New("node: Config.System is nil")
	}
	if c.Codec == nil {
		c.Codec = codec.JSON
	}
	if c.Seed == 0 {
		c.Seed = rand.Uint64()
	}
	if c.MinChoiceDelay == 0 && c.MaxChoiceDelay == 0 {
		c.MaxChoiceDelay = defaultChoice
	}
	if c.MinChoiceDelay < 0 || c.MaxChoiceDelay < c.MinChoiceDelay {
		return c, fmt.Errorf("node: no time lies between Config.ChoiceLeast, %v, and ChoiceMost, %v", c.MinChoiceDelay, c.MaxChoiceDelay)
	}
	for _, x := range []struct {
		name  string
		value *int
		none  int
	}{{"MaxMessage", &c.MaxMessage, transport.DefaultMaxFrame}, {"Inbox", &c.InboxSize, defaultInbox}, {"Batch", &c.MaxBatch, 1}} {
		if *x.value == 0 {
			*x.value = x.none
		}
		if *x.value < 0 || *x.value > mostEvents && x.name != "MaxMessage" {
			return c, fmt.Errorf("node: Config.%s is %d: want a number from 1 to %d", x.name, *x.value, mostEvents)
		}
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return c, nil
}

// table knows where the actors are.
type table struct {
	names  []string // of actors
	ids    map[string]actor.ID
	hosted []actor.ID
	here   []bool   // by actor
	addrs  []string // by actor; "" if it is not known
	peers  []transport.Peer
	peer   []int // by actor: index in peers, or -1
}

func newTable(c *Config) (*table, error) {
	t := &table{ids: map[string]actor.ID{}}
	for id := range actor.ID(c.System.Len()) {
		t.names = append(t.names, c.System.Name(id))
		t.ids[c.System.Name(id)] = id
	}
	t.here, t.addrs, t.peer = make([]bool, len(t.names)), make([]string, len(t.names)), make([]int, len(t.names))
	hosted := c.Actors
	if hosted == nil {
		hosted = t.names
	}
	for _, name := range hosted {
		id, ok := t.ids[name]
		if !ok {
			return nil, fmt.Errorf("node: Config.Actors names %q, and the system has the actors %v", name, t.names)
		}
		if t.here[id] {
			return nil, fmt.Errorf("node: Config.Actors names %q twice", name)
		}
		t.here[id], t.hosted = true, append(t.hosted, id)
	}
	if len(t.hosted) == 0 {
		return nil, errors.New("node: Config.Actors names no actor")
	}
	return t, t.locate(c)
}

// locate finds the peers.
func (t *table) locate(c *Config) error {
	for name, addr := range c.Peers {
		id, ok := t.ids[name]
		if !ok {
			return fmt.Errorf("node: Config.Peers names %q, and the system has the actors %v", name, t.names)
		}
		t.addrs[id] = addr
	}
	for _, id := range t.hosted {
		if home := t.hosted[0]; c.Transport != nil && t.addrs[id] != t.addrs[home] {
			return fmt.Errorf("node: %s and %s are hosted here, and Config.Peers has different addresses of them: run a node for each", t.names[home], t.names[id])
		}
	}
	for id, addr := range t.addrs {
		t.peer[id] = -1
		if addr == "" {
			if c.Transport != nil && !t.here[id] {
				return fmt.Errorf("node: %s is not hosted here, and Config.Peers has no address of it", t.names[id])
			}
			continue
		}
		i := slices.IndexFunc(t.peers, func(p transport.Peer) bool { return p.Addr == addr })
		if i < 0 {
			i = len(t.peers)
			t.peers = append(t.peers, transport.Peer{Addr: addr})
		}
		t.peers[i].Names = append(t.peers[i].Names, t.names[id])
		t.peer[id] = i
	}
	return nil
}

// greeting is equal in processes that run the same system with the same codec.
func (t *table) greeting(codecName string) string {
	h := fnv.New64a()
	fmt.Fprintf(h, "%q", t.names)
	return fmt.Sprintf("%016x %s", h.Sum64(), codecName)
}
