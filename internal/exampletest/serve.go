package exampletest

import (
	"context"
	"log/slog"
	"testing"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/node"
	"github.com/allways-go/allways/actor/node/codec"
	"github.com/allways-go/allways/actor/node/storage"
	"github.com/allways-go/allways/actor/node/transport"
)

// Service says how benchmarks run a system of servers over TCP on loopback.
type Service struct {
	Program actor.Program
	Nodes   [][]string // the actors of each node
	Codec   codec.Codec
	Storage storage.Storage
	Batch   int
}

// Storages are kinds of storage: with and without waiting for the disk.
var Storages = map[string]func(string) storage.Storage{
	"storage=synced": storage.Dir, "storage=unsynced": storage.DirWithoutSync,
}

// Serve runs nodes until the benchmark ends.
func Serve(b *testing.B, s Service) (nodes []*node.Node) {
	b.Helper()
	c := NewCluster(b, s.Program, "tcp", transport.Faults{})
	peers := map[string]string{}
	for _, names := range s.Nodes {
		addr := c.free("")
		for _, name := range names {
			peers[name] = addr
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, len(s.Nodes))
	for _, names := range s.Nodes {
		n, err := node.New(node.Config{
			System: s.Program, Actors: names, Peers: peers, Transport: transport.TCP(peers[names[0]]), Codec: s.Codec,
			Storage: s.Storage, MaxBatch: s.Batch, MaxMessage: 1 << 24, Log: slog.New(slog.DiscardHandler),
		})
		if err != nil {
			b.Fatal(err)
		}
		nodes = append(nodes, n)
		go func() { ended <- n.Run(ctx) }()
	}
	b.Cleanup(func() {
		cancel()
		for range s.Nodes {
			if err := <-ended; err != nil {
				b.Error(err)
			}
		}
	})
	for _, n := range nodes {
		<-n.Started()
	}
	return nodes
}
