package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/allways-go/allways/internal/exampletest"
)

// TestKillForGood kills a minority of servers, and a client, for good, between the work of others:
// what the others see is linearizable.
func TestKillForGood(t *testing.T) {
	exampletest.OverNetworks(t, func(t *testing.T, transport string) {
		p := exampletest.NewProcesses(t, transport, "2")
		for i := range 3 {
			p.Start(fmt.Sprint("server-", i+1), i)
		}
		p.Start("client-1", 3)
		p.End("client-1", os.Kill)
		p.End("server-1", os.Kill)
		p.Start("client-2", 4) // which asks the other two
		p.Quiet()
		p.Conforms()
	})
}

// TestKillUnmodelled starts a server again that keeps nothing on its disk, and whose model has no
// crashes: that is found to be no run of the model.
func TestKillUnmodelled(t *testing.T) {
	p := exampletest.NewProcesses(t, "udp", "1")
	p.Start("server-1", 0)
	p.End("server-1", os.Kill)
	p.Start("server-1", 0)
	if text := p.Replay(); !strings.Contains(text, "Config.MaxDown") {
		t.Error(text)
	}
}
