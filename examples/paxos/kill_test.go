package main

import (
	"testing"

	"github.com/allways-go/allways/internal/exampletest"
)

// TestKillForGood kills a client and a minority of servers without a restart. The history of the
// others is linearizable.
func TestKillForGood(t *testing.T) {
	exampletest.KillForGood(t, "5")
}
