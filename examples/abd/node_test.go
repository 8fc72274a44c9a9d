package main

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/node/transport"
	"github.com/allways-go/allways/internal/exampletest"
)

// TestNode runs servers, clients and readers over every transport.
func TestNode(t *testing.T) {
	t.Parallel()
	for _, kind := range exampletest.Transports() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := exampletest.NewCluster(t, Model{Servers: 3, Clients: 2, Readers: 1}.System(), kind,
				transport.Faults{MaxDelay: time.Millisecond})
			c.Start(c.Names("")...)
			c.Quiet()
			c.Conforms(30)
			c.Returned(2)
		})
	}
}

// TestTorment stops members and cuts links while clients work.
func TestTorment(t *testing.T) {
	m := Model{Servers: 3, Clients: 3, Puts: 45, Gets: 45, Crashes: 99}
	exampletest.Torment(t, func() actor.Program { return m.System() }, 0, 20, 3)
}

// One of three servers fails permanently, and the network loses, delays and partitions. The history
// is still linearizable.
func TestBadNetwork(t *testing.T) {
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			c := exampletest.NewCluster(t, Model{Servers: 3, Clients: 3, Readers: 1}.System(), "memory",
				transport.Faults{Loss: 0.02, MaxDelay: time.Minute})
			c.Seed(seed)
			c.Start(c.Names("")...)
			time.Sleep(time.Duration(10*seed) * time.Second)
			c.Stop("server-2")
			c.Partition([]string{"server-1", "client-1"}, []string{"server-3", "client-2"})
			time.Sleep(time.Minute)
			c.Heal()
			time.Sleep(time.Hour)
			c.Conforms(7)
		})
	}
}
