package main

import (
	"fmt"
	"sync"
	"testing"

	"github.com/allways-go/allways/actor/node/codec"
	"github.com/allways-go/allways/actor/register"
	"github.com/allways-go/allways/internal/exampletest"
)

// BenchmarkPuts measures the rate of writes by three clients, one at each of three servers, over
// loopback TCP.
func BenchmarkPuts(b *testing.B) {
	for name, place := range exampletest.Storages {
		b.Run(name, func(b *testing.B) {
			nodes := [][]string{{"server-1"}, {"server-2"}, {"server-3"}}
			all := exampletest.Serve(b, exampletest.Service{
				Program: Model{Servers: 3, Crashes: 1}.System(), Nodes: nodes, Codec: codec.CBOR,
				Storage: place(b.TempDir()), Batch: 16,
			})
			b.ResetTimer()
			var clients sync.WaitGroup
			for i, n := range all {
				clients.Go(func() {
					for k := i; k < b.N; k += len(all) {
						put := register.Put{Request: register.Request(k + 1), Value: register.Value(fmt.Sprint(k))}
						m, err := n.Ask(b.Context(), nodes[i][0], put)
						if m != (register.PutOK{Request: put.Request}) {
							b.Error(m, err)
							return
						}
					}
				})
			}
			clients.Wait()
			b.StopTimer()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "puts/s")
		})
	}
}
