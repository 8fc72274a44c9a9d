package main

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/node/transport"
	"github.com/allways-go/allways/internal/exampletest"
)

// TestNode sends numbers over each transport.
func TestNode(t *testing.T) {
	t.Parallel()
	for _, kind := range exampletest.Transports() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := exampletest.NewCluster(t, Model{Messages: 4}.System(), kind,
				transport.Faults{MaxDelay: time.Millisecond})
			c.Start("receiver", "sender")
			c.Quiet()
			c.Conforms(2 + 2*4)
		})
	}
}

// TestTorment stops both ends and cuts the link while numbers are sent.
func TestTorment(t *testing.T) {
	m := Model{Messages: 6, Network: actor.Duplicating, Crashes: 99, Losses: 99}
	exampletest.Torment(t, func() actor.Program { return m.System() }, 3*time.Second, 2+2+6, 0)
}

// TestBadNetwork loses and duplicates each fifth packet, reorders packets, cuts the link, and stops
// both ends in turn. Each number is received once and in order.
func TestBadNetwork(t *testing.T) {
	for seed := range uint64(10) {
		synctest.Test(t, func(t *testing.T) {
			m := Model{Messages: 4, Network: actor.Duplicating, Crashes: 100, Losses: 100}
			c := exampletest.NewCluster(t, m.System(), "memory",
				transport.Faults{Loss: 0.2, Duplicate: 0.2, MaxDelay: 3 * time.Second})
			c.Seed(seed)
			c.Start("receiver", "sender")
			for range 3 {
				for _, name := range []string{"receiver", "sender"} {
					time.Sleep(2 * time.Second)
					c.Stop(name)
					time.Sleep(time.Second)
					c.Start(name)
				}
				c.Partition([]string{"receiver"}, []string{"sender"})
				time.Sleep(5 * time.Second)
				c.Heal()
			}
			time.Sleep(time.Hour)
			c.Conforms(2 + 6 + 4)
		})
	}
}
