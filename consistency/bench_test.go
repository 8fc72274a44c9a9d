package consistency_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/allways-go/allways/consistency"
)

// BenchmarkAllows is what a model checker asks of every distinct history: small ones, all of one
// shape, good and bad.
func BenchmarkAllows(b *testing.B) {
	benchmarkAllows(b, registers())
	benchmarkAllows(b, queues())
	benchmarkAllows(b, kvs())
}

func benchmarkAllows[S, Op, Ret any](b *testing.B, w workload[S, Op, Ret]) {
	for _, c := range conditions {
		for _, clients := range []int{2, 6} {
			var histories []consistency.History[Op, Ret]
			for seed := range 512 {
				events := w.record(seeded(uint64(seed)),
					shape{clients: clients, ops: 3 * clients, corrupt: seed % 2})
				histories = append(histories, must(consistency.FromEvents(events)))
			}
			tester := must(consistency.NewTester(w.spec, c))
			b.Run(fmt.Sprintf("%s/%v/clients=%d", w.name, c, clients), func(b *testing.B) {
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					tester.Allows(histories[i%len(histories)])
				}
			})
		}
	}
}

// BenchmarkInvoke is what a client's step costs: an invocation and its return, appended to a
// history of a few operations.
func BenchmarkInvoke(b *testing.B) {
	h := must(consistency.FromEvents(registers().record(seeded(1), shape{clients: 3, ops: 6})))
	var reg consistency.Register[int]
	b.ReportAllocs()
	for b.Loop() {
		next, _ := h.Invoke(1, reg.Read())
		_, _ = next.Return(1, 0)
	}
}

// BenchmarkLong tests recorded histories.
func BenchmarkLong(b *testing.B) {
	benchmarkLong(b, registers(), 10_000, 0)
	benchmarkLong(b, registers(), 10_000, 1)
	benchmarkLong(b, kvs(), 50_000, 0)
}

func benchmarkLong[S, Op, Ret any](b *testing.B, w workload[S, Op, Ret], ops, corrupt int) {
	for _, clients := range []int{5, 20} {
		h := must(consistency.FromEvents(w.record(seeded(1), shape{clients: clients, ops: ops, corrupt: corrupt})))
		b.Run(fmt.Sprintf("%s/ops=%d/clients=%d/corrupt=%d", w.name, ops, clients, corrupt), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				must(consistency.Linearizable(context.Background(), w.spec, h))
			}
		})
	}
}
