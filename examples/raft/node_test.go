package main

import (
	"context"
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
	return Model{
		Servers: 3, Clients: clients, Crashes: 1_000, Terms: 1_000_000, Candidates: 3, Beats: 1_000_000, Batch: 1000,
	}
}

// TestNode elects a leader over each transport, restarts the servers in turn, partitions the
// network, and commits commands.
func TestNode(t *testing.T) {
	t.Parallel()
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

// TestCatchUp starts a server that lacks thousands of entries. It has them within seconds: a message has many
// entries, and the next one does not wait for a heartbeat.
func TestCatchUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		entries := longtest.Size(1_000, 10_000)
		m := running(0)
		m.Batch = 100
		c := exampletest.NewCluster(t, m.System(), "memory", transport.Faults{MaxDelay: time.Millisecond})
		c.Start("server-1", "server-2")
		time.Sleep(2 * time.Second)
		propose := func(server string, number int) Committed {
			t.Helper()
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			a, err := c.Node(server).Ask(ctx, server, Propose{number})
			if err != nil {
				t.Fatalf("%s does not answer: %v", server, err)
			}
			return a.(Committed)
		}
		propose("server-1", 1)
		for number := 2; number < entries; number++ {
			for _, server := range []string{"server-1", "server-2"} {
				for c.Node(server).Tell(server, Command{number}) != nil {
					time.Sleep(time.Millisecond)
				}
			}
		}
		last := propose("server-2", entries)
		c.Start("server-3")
		began := time.Now()
		if got := propose("server-3", entries); got != last || got.Index != entries {
			t.Errorf("server-3 answers %+v, want %+v", got, last)
		}
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("%d entries took %v", entries, took)
		}
	})
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
