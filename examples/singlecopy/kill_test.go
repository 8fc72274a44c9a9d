package main

import (
	"strings"
	"testing"

	"github.com/allways-go/allways/internal/exampletest"
)

// TestTwoCopies runs two independent servers. The history is not linearizable.
func TestTwoCopies(t *testing.T) {
	exampletest.OverNetworks(t, func(t *testing.T, transport string) {
		p := exampletest.NewProcesses(t, transport, "2", "-servers=2")
		for i, name := range []string{"server-1", "server-2", "client-1", "client-2"} {
			p.Start(name, i)
		}
		p.Quiet()
		text := p.Replay()
		if !strings.Contains(text, "linearizable: not linearizable") ||
			strings.Contains(text, "diverges") {
			t.Error(text)
		}
	})
}
