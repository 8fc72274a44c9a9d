package exampletest

import (
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/node"
	"github.com/allways-go/allways/actor/node/codec"
	"github.com/allways-go/allways/actor/node/record"
	"github.com/allways-go/allways/actor/node/storage"
	"github.com/allways-go/allways/actor/node/transport"
	"github.com/allways-go/allways/internal/freeport"
)

// Cluster runs every actor of a system in a separate node, and records what the actors do.
type Cluster struct {
	Program actor.Program
	Codec   codec.Codec

	t         testing.TB
	seed      uint64
	kind      string
	faults    transport.Faults
	network   *transport.Network // the network of kind memory
	addrs     map[string]string
	storage   storage.Storage
	recording string
	members   map[string]*member
	side      atomic.Pointer[map[string]int] // sides of addresses during a partition
}

// member is a node that runs.
type member struct {
	node *node.Node
	stop context.CancelFunc
	done chan struct{}
}

// NewCluster returns a cluster over memory, udp or tcp. It starts no member. Faults are injected into
// memory only.
func NewCluster(t testing.TB, p actor.Program, kind string, f transport.Faults) *Cluster {
	t.Helper()
	c := &Cluster{
		Program: p, t: t, seed: 1, faults: f, kind: kind, addrs: map[string]string{},
		storage:   storage.Dir(filepath.Join(t.TempDir(), "storage")),
		recording: t.TempDir(), members: map[string]*member{}, network: transport.NewNetwork(1, f),
	}
	if kind == "memory" { // whose time may be that of a bubble, in which disks are slow
		c.storage = storage.Memory()
	}
	for _, name := range c.Names("") {
		c.addrs[name] = c.free(name)
	}
	t.Cleanup(func() { c.Stop(c.Names("")...) })
	return c
}

// Seed decides what befalls messages in memory, timers and choices. It is called before anything is
// started.
func (c *Cluster) Seed(seed uint64) {
	c.seed, c.network = seed+1, transport.NewNetwork(seed, c.faults)
}

// Names returns the names of the actors that begin with a prefix.
func (c *Cluster) Names(prefix string) (names []string) {
	all, err := actor.Names(c.Program)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, name := range all {
		if strings.HasPrefix(name, prefix) {
			names = append(names, name)
		}
	}
	return names
}

// free returns an address at which nothing listens.
func (c *Cluster) free(name string) string {
	if c.kind == "memory" {
		return name
	}
	return freeport.Addr(c.t, c.kind)
}

func (c *Cluster) transport(addr string) transport.Transport {
	switch c.kind {
	case "memory":
		return c.network.Transport(addr)
	case "udp":
		return transport.UDP(addr)
	}
	return transport.TCP(addr)
}

// Start starts the members with these names, one after the other.
func (c *Cluster) Start(names ...string) {
	c.t.Helper()
	for _, name := range names {
		n, err := node.New(node.Config{
			System: c.Program, Actors: []string{name}, Peers: c.addrs, Codec: c.Codec,
			Transport: valve{c.transport(c.addrs[name]), c, c.addrs[name]},
			Storage:   c.storage, Record: c.recording, Seed: c.seed, Log: slog.New(slog.DiscardHandler),
		})
		if err != nil {
			c.t.Fatal(err)
		}
		ctx, stop := context.WithCancel(context.Background())
		m := &member{n, stop, make(chan struct{})}
		c.members[name] = m
		go func() {
			defer close(m.done)
			if err := n.Run(ctx); err != nil {
				c.t.Errorf("%s: %v", name, err)
			}
		}()
		select {
		case <-n.Started():
		case <-m.done:
			c.t.FailNow()
		}
	}
}

// Stop stops members, in no order, and waits until nothing of them runs any more.
func (c *Cluster) Stop(names ...string) {
	var all sync.WaitGroup
	for _, name := range names {
		m := c.members[name]
		if m == nil {
			continue
		}
		delete(c.members, name)
		m.stop()
		all.Go(func() { <-m.done })
	}
	all.Wait()
}

// Node returns a member that runs.
func (c *Cluster) Node(name string) *node.Node { return c.members[name].node }

// Partition disconnects groups of actors from each other, over any transport. Actors in no group stay
// connected with all.
func (c *Cluster) Partition(groups ...[]string) {
	side := map[string]int{}
	for i, g := range groups {
		for _, name := range g {
			side[c.addrs[name]] = i + 1
		}
	}
	c.side.Store(&side)
}

// Heal ends a partition.
func (c *Cluster) Heal() { c.Partition() }

// valve is a transport whose links may be cut.
type valve struct {
	transport.Transport
	cluster *Cluster
	addr    string
}

func (v valve) Send(to string, frame []byte) error {
	if side := v.cluster.side.Load(); side != nil {
		if a, b := (*side)[v.addr], (*side)[to]; a != 0 && b != 0 && a != b {
			return nil
		}
	}
	return v.Transport.Send(to, frame)
}

// Torment runs a system over every transport. While its members work, it stops each of them in turn
// for a moment and then cuts it off from the others for a moment, twice. Then it waits for the time
// settled, and asserts that the recordings are a behaviour of the model with at least the given
// numbers of steps and of operations, and violate no property.
func Torment(t *testing.T, system func() actor.Program, settled time.Duration, steps, operations int) {
	for _, kind := range Transports() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := NewCluster(t, system(), kind, transport.Faults{MaxDelay: time.Millisecond})
			c.torment()
			time.Sleep(settled)
			c.Conforms(steps)
			c.Returned(operations)
		})
	}
}

func (c *Cluster) torment() {
	c.t.Helper()
	names := c.Names("")
	c.Start(names...)
	for k := range 2 * len(names) {
		i := k % len(names)
		name := names[i]
		time.Sleep(40 * time.Millisecond)
		c.Stop(name)
		time.Sleep(20 * time.Millisecond)
		c.Start(name)
		time.Sleep(20 * time.Millisecond)
		c.Partition([]string{name}, slices.Delete(slices.Clone(names), i, i+1))
		time.Sleep(40 * time.Millisecond)
		c.Heal()
	}
	c.Quiet()
}

// events returns how many events the members have handled that run now.
func (c *Cluster) events() (n int64) {
	for _, m := range c.members {
		n += m.node.Stats().Events
	}
	return n
}

// Reach waits until the members that run now have handled a number of events, 30 s at most.
func (c *Cluster) Reach(events int64) {
	for range 1200 {
		if c.events() >= events {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
}

// Quiet waits until the members have handled nothing for a while, 10 s at most.
func (c *Cluster) Quiet() {
	last, since := c.events(), 0
	for range 400 {
		time.Sleep(25 * time.Millisecond)
		if now := c.events(); now != last {
			last, since = now, 0
		} else if since++; since >= 8 {
			return
		}
	}
}

// Recordings stops all and returns what was recorded.
func (c *Cluster) Recordings() []record.Recording {
	c.t.Helper()
	c.Stop(c.Names("")...)
	all, err := record.ReadDir(c.recording)
	if err != nil {
		c.t.Fatal(err)
	}
	return all
}

// Report stops all and follows what was recorded through the model.
func (c *Cluster) Report() *record.Report {
	c.t.Helper()
	all := c.Recordings()
	r, err := record.Validate(c.Program, all)
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

// Conforms asserts that the recordings are a behaviour of the model with at least the given number of
// steps, and violate no property.
func (c *Cluster) Conforms(steps int) {
	c.t.Helper()
	r := c.Report()
	if !r.Conforms() || r.Steps < steps {
		c.t.Errorf("want %d steps at least:\n%v", steps, r)
	}
}

// Transports returns the kinds of clusters.
func Transports() []string { return []string{"memory", "udp", "tcp"} }

// Returned asserts that at least n operations of histories returned in the recordings.
func (c *Cluster) Returned(n int) {
	c.t.Helper()
	all, err := record.ReadDir(c.recording)
	if err != nil {
		c.t.Fatal(err)
	}
	events := 0
	for _, r := range all {
		for _, e := range r.Entries {
			events += len(e.History)
		}
	}
	if events < 2*n {
		c.t.Errorf("%d events of histories are recorded; %d operations should have begun and returned", events, n)
	}
}
