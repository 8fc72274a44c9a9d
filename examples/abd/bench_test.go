package main

import (
	"testing"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/internal/exampletest"
)

// BenchmarkABD explores the states of three servers and two clients on an ordered network.
func BenchmarkABD(b *testing.B) {
	exampletest.Bench(b, "clients=2/ordered", Model{Servers: 3, Clients: 2, Network: actor.Ordered}.System,
		4_730_934, 1_212_979)
}
