package main

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/allways-go/allways/actor/node/transport"
	"github.com/allways-go/allways/internal/exampletest"
	"github.com/allways-go/allways/internal/longtest"
)

// running returns a model without limits on crashes, terms and heartbeats in practice.
func running(clients int) Model {
	return Model{Servers: 3, Clients: clients, Crashes: 1_000, Terms: 1_000_000, Candidates: 3, Beats: 1_000_000, Batch: 1000}
}

// TestNode elects a leader over each transport, restarts the servers in turn, partitions the
// network, and commits commands.
func TestNode(t *testing.T) {
	for _, kind := range exampletest.Transports() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := exampletest.NewCluster(t, running(2).System(), kind, transport.Faults{})
			c.Start(c.Names("server-")...)
			time.Sleep(500 * time.Millisecond)
			c.Start("client-1")
			for _, server := range c.Names("server-") {
				time.Sleep(100 * time.Millisecond)
				c.Stop(server)
				time.Sleep(400 * time.Millisecond)
				c.Start(server)
			}
			c.Partition([]string{"server-1"}, []string{"server-2", "server-3"})
			time.Sleep(400 * time.Millisecond)
			c.Heal()
			time.Sleep(500 * time.Millisecond)
			c.Start("client-2")
			c.Reach(100)
			c.Conforms(100)
		})
	}
}

// TestLongRun runs for half a minute with a bad network, restarts and partitions.
func TestLongRun(t *testing.T) {
	for seed := range uint64(longtest.Size(1, 3)) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := exampletest.NewCluster(t, running(2).System(), "memory",
					transport.Faults{Loss: 0.05, MaxDelay: 30 * time.Millisecond})
				c.Seed(seed)
				servers := c.Names("server-")
				c.Start(servers...)
				for i := range 8 {
					victim := servers[(i+int(seed))%3]
					time.Sleep(2 * time.Second)
					if i%2 == 0 {
						c.Stop(victim)
						time.Sleep(2 * time.Second)
						c.Start(victim)
						continue
					}
					c.Partition([]string{victim}, []string{servers[(i+int(seed)+1)%3], servers[(i+int(seed)+2)%3]})
					time.Sleep(2 * time.Second)
					c.Heal()
				}
				c.Start(c.Names("client-")...)
				time.Sleep(5 * time.Second)
				c.Conforms(1000)
			})
		})
	}
}
