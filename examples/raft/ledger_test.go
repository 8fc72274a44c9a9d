package main

import (
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/exampletest"
)

// Servers commit one log that grows, and so does what that means.
func TestRefinesLedger(t *testing.T) {
	exampletest.Holds(t, Ledger{Terms: 2, Commands: 2})
	m := small(func(m *Model) { m.Crashes, m.Refines = 0, true })
	exampletest.HoldsWith(t, m.System(), 2, 20_167, 10_337)
}

// Server-1 commits an entry with server-3. Server-2 leads the next term without it, and makes server-1 put another
// one in its place.
func TestCarelessRefinesLedger(t *testing.T) {
	m := small(func(m *Model) { m.Careless, m.Crashes, m.Refines = true, 0, true })
	exampletest.Trace(t, m.System(), "ledger", allways.Violated,
		"timeout election of server-1",
		"server-1 -> server-2: RequestVote{Term:1 LastIndex:0 LastTerm:0}",
		"server-2 -> server-1: Vote{Term:1}",
		"client-1 -> server-1: Command{Number:1}",
		"timeout heartbeat of server-1",
		"timeout election of server-2",
		"server-1 -> server-3: Append{Term:1 Entries:[{Term:1 Command:1}]}",
		"server-3 -> server-1: Appended{Term:1 Index:1 OK:true}",
		"server-2 -> server-1: RequestVote{Term:2 LastIndex:0 LastTerm:0}",
		"server-1 -> server-2: Vote{Term:2}",
		"client-1 -> server-2: Command{Number:1}",
		"timeout heartbeat of server-2",
		"server-2 -> server-1: Append{Term:2 Entries:[{Term:2 Command:1}]}")
}
