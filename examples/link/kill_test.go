package main

import (
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/allways-go/allways/internal/exampletest"
	"github.com/allways-go/allways/internal/longtest"
)

// TestKill kills the sender and the receiver of a link in turn. Each number is received once and in
// order.
func TestKill(t *testing.T) {
	exampletest.OverNetworks(t, func(t *testing.T, transport string) {
		longtest.Run(t)
		p := exampletest.NewProcesses(t, transport, "4", "-crashes=9", "-losses=9", "-tries=0")
		names := []string{"sender", "receiver"}
		for i, name := range names {
			p.Start(name, i)
		}
		for k := range 6 {
			time.Sleep(time.Duration(rand.IntN(300)) * time.Millisecond)
			p.End(names[k%2], os.Kill)
			p.Start(names[k%2], k%2)
		}
		time.Sleep(2500 * time.Millisecond)
		p.Conforms()
	})
}
