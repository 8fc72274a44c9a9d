package node

import (
	"fmt"
	"hash/fnv"
	"slices"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/internal/program"
	"github.com/allways-go/allways/actor/node/transport"
)

// table locates the actors of a system.
type table struct {
	names  []string // indexed by actor
	ids    map[string]actor.ID
	hosted []actor.ID
	here   []bool   // whether an actor is hosted here
	addrs  []string // address of an actor's process, "" if unknown
	peers  []transport.Peer
	peer   []int // index of an actor's process in peers, -1 if unknown
}

func newTable(c *Config, p *program.Program) (*table, error) {
	t := &table{ids: map[string]actor.ID{}}
	for id := range actor.ID(p.Len()) {
		t.names = append(t.names, p.Name(id))
		t.ids[p.Name(id)] = id
	}
	n := len(t.names)
	t.here, t.addrs, t.peer = make([]bool, n), make([]string, n), make([]int, n)
	hosted := c.Actors
	if hosted == nil {
		hosted = t.names
	}
	for _, name := range hosted {
		id, ok := t.ids[name]
		if !ok {
			return nil, fmt.Errorf("node: Config.Actors has %q, want some of %v", name, t.names)
		}
		if t.here[id] {
			return nil, fmt.Errorf("node: Config.Actors has %q twice", name)
		}
		t.here[id], t.hosted = true, append(t.hosted, id)
	}
	if len(t.hosted) == 0 {
		return nil, fmt.Errorf("node: Config.Actors is empty: name some of %v, or leave it nil to host all", t.names)
	}
	return t, t.locate(c)
}

// locate fills in the addresses and the peers.
func (t *table) locate(c *Config) error {
	for name, addr := range c.Peers {
		id, ok := t.ids[name]
		if !ok {
			return fmt.Errorf("node: Config.Peers has %q, want the actors %v", name, t.names)
		}
		t.addrs[id] = addr
	}
	for _, id := range t.hosted {
		if first := t.hosted[0]; c.Transport != nil && t.addrs[id] != t.addrs[first] {
			return fmt.Errorf("node: Config.Peers has different addresses for %s and %s, which are both hosted here: "+
				"run a node for each", t.names[first], t.names[id])
		}
	}
	for id, addr := range t.addrs {
		t.peer[id] = -1
		if addr == "" {
			if c.Transport != nil && !t.here[id] {
				return fmt.Errorf("node: Config.Peers has no address for %s, which is not hosted here", t.names[id])
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

// address returns the address of a process, "" without peers.
func (t *table) address() string { return t.addrs[t.hosted[0]] }

// home returns the actor at whose process an id is found: the actor itself or, for a client, the
// one in its id.
func (t *table) home(id actor.ID) actor.ID {
	if n := len(t.names); int(id) >= n {
		return actor.ID((int(id) - n) % n)
	}
	return id
}

// greeting is equal in processes with the same actors and the same encoding.
func (t *table) greeting(encoding string) string {
	h := fnv.New64a()
	fmt.Fprintf(h, "%q", t.names)
	return fmt.Sprintf("%016x %s", h.Sum64(), encoding)
}
