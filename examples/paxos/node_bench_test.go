package main

import (
	"fmt"
	"testing"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/node/codec"
	"github.com/allways-go/allways/actor/register"
	"github.com/allways-go/allways/internal/exampletest"
)

// BenchmarkDecisions measures the time of a decision by three nodes over loopback TCP. Each value
// has three servers, one on each node.
func BenchmarkDecisions(b *testing.B) {
	for name, place := range exampletest.Storages {
		b.Run(name, func(b *testing.B) {
			sys := actor.NewSystem[register.Msg](actor.Config{})
			sys.RegisterMessages(append(register.Messages(), Prepare{}, Prepared{}, Accept{}, Accepted{},
				Decided{})...)
			nodes := make([][]string, 3)
			for k := range b.N {
				ids := []actor.ID{actor.ID(3 * k), actor.ID(3*k + 1), actor.ID(3*k + 2)}
				for i := range ids {
					peers := []actor.ID{ids[(i+1)%3], ids[(i+2)%3]}
					server := fmt.Sprintf("server-%d-%d", k+1, i+1)
					actor.Spawn(sys, server, Server{Peers: peers, Durable: true})
					nodes[i] = append(nodes[i], server)
				}
			}
			all := exampletest.Serve(b, exampletest.Service{
				Program: sys, Nodes: nodes, Codec: codec.CBOR, Storage: place(b.TempDir()), Batch: 1,
			})
			b.ResetTimer()
			for k := range b.N {
				i := k % 3
				m, err := all[i].Ask(b.Context(), nodes[i][k], register.Put{Request: 1, Value: "A"})
				if m != (register.PutOK{Request: 1}) {
					b.Fatal(m, err)
				}
			}
			b.StopTimer()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "decisions/s")
		})
	}
}
