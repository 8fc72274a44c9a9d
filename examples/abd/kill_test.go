package main

import (
	"os"
	"strings"
	"testing"

	"github.com/allways-go/allways/internal/exampletest"
)

// TestKillForGood kills a client and a minority of servers without a restart. The history of the
// others is linearizable.
func TestKillForGood(t *testing.T) {
	exampletest.KillForGood(t, "2")
}

// TestKillUnmodelled kills and restarts a server in a model without crashes. The run does not
// conform to the model.
func TestKillUnmodelled(t *testing.T) {
	p := exampletest.NewProcesses(t, "udp", "1")
	p.Start("server-1", 0)
	p.End("server-1", os.Kill)
	p.Start("server-1", 0)
	if text := p.Replay(); !strings.Contains(text, "Config.Crashes") {
		t.Error(text)
	}
}
