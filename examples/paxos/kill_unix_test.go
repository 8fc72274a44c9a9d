//go:build unix

package main

import (
	"testing"

	"github.com/allways-go/allways/internal/exampletest"
)

// Clients put and get, while servers and clients are killed and others pause: what they see is linearizable.
func TestKillAny(t *testing.T) {
	exampletest.KillMembers(t,
		[]string{"server-1", "server-2", "server-3", "client-1", "client-2", "client-3"},
		[]string{"3", "-gets=90", "-crashes=99"})
}
