package main

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/node/codec"
	"github.com/allways-go/allways/actor/node/transport"
	"github.com/allways-go/allways/internal/exampletest"
)

// TestNode runs servers and clients over each transport. The run conforms to the model and is
// linearizable.
func TestNode(t *testing.T) {
	t.Parallel()
	for _, kind := range exampletest.Transports() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := exampletest.NewCluster(t, Model{Servers: 3, Clients: 3}.System(), kind,
				transport.Faults{MaxDelay: time.Millisecond})
			c.Codec = codec.CBOR
			c.Start(c.Names("")...)
			c.Quiet()
			c.Conforms(3 + 3 + 8)
			c.Returned(1)
		})
	}
}

// TestTorment stops members and cuts links while clients work.
func TestTorment(t *testing.T) {
	m := Model{Servers: 3, Clients: 3, Gets: 90, Crashes: 99}
	exampletest.Torment(t, func() actor.Program { return m.System() }, 0, 20, 3)
}

// A minority of servers may fail, and the network may be slow, lossy and partitioned.
func TestBadNetwork(t *testing.T) {
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			c := exampletest.NewCluster(t, Model{Servers: 3, Clients: 3}.System(), "memory",
				transport.Faults{Loss: 0.05, MaxDelay: time.Minute})
			c.Seed(seed)
			c.Start(c.Names("")...)
			time.Sleep(30 * time.Second)
			c.Partition([]string{"server-1"}, []string{"server-2", "server-3"})
			time.Sleep(time.Minute)
			c.Heal()
			c.Stop("server-3")
			time.Sleep(time.Hour)
			c.Conforms(6)
		})
	}
}
