package main

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/node/transport"
	"github.com/allways-go/allways/internal/exampletest"
)

// TestNode runs a server and clients over every transport.
func TestNode(t *testing.T) {
	for _, kind := range exampletest.Transports() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := exampletest.NewCluster(t, Model{Servers: 1, Clients: 5}.System(), kind, transport.Faults{Most: time.Millisecond})
			c.Start(c.Names("")...)
			c.Quiet()
			c.Conforms(6 + 4*5)
			c.Returned(10)
		})
	}
}

// TestTorment stops members and cuts links while clients work.
func TestTorment(t *testing.T) {
	for _, kind := range exampletest.Transports() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := exampletest.NewCluster(t, Model{Servers: 1, Clients: 3, Puts: 45, Gets: 45, Crashes: 99}.System(), kind, transport.Faults{Most: time.Millisecond})
			c.Torment()
			c.Conforms(30)
			c.Returned(5)
		})
	}
}

// Two servers that know nothing of each other run as their model says, and what clients see is not linearizable.
func TestBrokenNode(t *testing.T) {
	for _, kind := range exampletest.Transports() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := exampletest.NewCluster(t, Model{Servers: 2, Clients: 2}.System(), kind, transport.Faults{})
			c.Start(c.Names("")...)
			c.Quiet()
			r := c.Report()
			if r.Divergence != nil || len(r.Broken) != 1 || r.Broken[0].Property != "linearizable" {
				t.Error(r)
			}
		})
	}
}

// What a bad network does to one server is found, too: a put that is doubled comes again, and undoes another one.
func TestDoubled(t *testing.T) {
	found := 0
	for seed := range uint64(40) {
		synctest.Test(t, func(t *testing.T) {
			m := Model{Servers: 1, Clients: 4, Network: actor.Duplicating}
			c := exampletest.NewCluster(t, m.System(), "memory", transport.Faults{Duplicate: 0.5, Most: time.Minute})
			c.Seed(seed)
			c.Start(c.Names("")...)
			time.Sleep(time.Hour)
			r := c.Report()
			if r.Divergence != nil {
				t.Error(r)
			}
			found += len(r.Broken)
		})
	}
	if found == 0 {
		t.Error("no run is found not to be linearizable")
	}
	t.Logf("%d of 40 runs are not linearizable", found)
}
