package main

import (
	"testing"

	"github.com/allways-go/allways/internal/exampletest"
)

// BenchmarkSingleCopy explores the states of one server and four clients on an unordered network.
func BenchmarkSingleCopy(b *testing.B) {
	exampletest.Bench(b, "clients=4", Model{Servers: 1, Clients: 4}.System, 731_789, 400_233)
}
