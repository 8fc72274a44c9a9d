package main

import (
	"fmt"
	"os"
	"testing"

	"github.com/allways-go/allways/internal/exampletest"
)

// TestKillForGood kills a client and a minority of servers without a restart. The history of the
// others is linearizable.
func TestKillForGood(t *testing.T) {
	exampletest.OverNetworks(t, func(t *testing.T, transport string) {
		p := exampletest.NewProcesses(t, transport, "5")
		for i := range 3 {
			p.Start(fmt.Sprint("server-", i+1), i)
		}
		p.Start("client-1", 3)
		p.End("client-1", os.Kill)
		p.End("server-1", os.Kill)
		p.Start("client-2", 4) // it asks the other two servers
		p.Quiet()
		p.Conforms()
	})
}
