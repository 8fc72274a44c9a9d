package consistency_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/allways-go/allways/consistency"
	"github.com/allways-go/allways/internal/longtest"
)

// table is a spec without any meaning: a small machine of states, drawn at random. What no shortcut of the search
// may assume, some table does.
type table struct {
	next, ret [][]int // by state and operation
	readers   []bool  // operations that leave every state unchanged
}

func (table) Init() int { return 0 }
func (m table) Apply(s, op int) (int, int) {
	return m.next[s][op], m.ret[s][op]
}
func (m table) ReadOnly(op int) bool { return m.readers[op] }

// tables returns a workload of a random table.
func tables(draw intn) workload[int, int, int] {
	states, ops, rets := 2+draw(4), 1+draw(4), 1+draw(3)
	m := table{readers: make([]bool, ops)}
	for range states {
		next, ret := make([]int, ops), make([]int, ops)
		for op := range ops {
			next[op], ret[op] = draw(states), draw(rets)
		}
		m.next, m.ret = append(m.next, next), append(m.ret, ret)
	}
	for op := range ops {
		m.readers[op] = draw(3) == 0
		for s := range states {
			if m.readers[op] {
				m.next[s][op] = s
			}
		}
	}
	return workload[int, int, int]{"table", m, func(draw intn) int { return draw(ops) }}
}

// locks returns a workload of a lock: an operation takes or frees it, and returns whether that was possible.
func locks() workload[int, int, int] {
	return workload[int, int, int]{"lock", table{
		next: [][]int{{1, 0}, {1, 0}}, ret: [][]int{{1, 0}, {0, 1}}, readers: make([]bool, 2),
	}, func(draw intn) int { return draw(2) }}
}

// TestHunt compares verdicts on a great many histories with those of porcupine, or of brute force for the shortest.
// A failure names the seed.
func TestHunt(t *testing.T) {
	first, n := uint64(longtest.Size(1, int(time.Now().UnixNano()%1e9))), longtest.Size(700, 110_000)
	t.Logf("seeds from %d on", first)
	hunt(t, first, n, func(intn) workload[int, consistency.RegisterOp[int], int] { return registers() })
	hunt(t, first, n, func(intn) workload[int, consistency.CASOp[int], consistency.Maybe[int]] { return casRegisters() })
	hunt(t, first, n, func(intn) workload[[]int, consistency.QueueOp[int], consistency.Maybe[int]] { return queues() })
	hunt(t, first, n, func(intn) workload[[]int, consistency.StackOp[int], consistency.Maybe[int]] { return stacks() })
	hunt(t, first, n, func(intn) workload[map[int]struct{}, consistency.SetOp[int], bool] { return sets() })
	hunt(t, first, n, func(intn) workload[int, consistency.CounterOp, int] { return counters() })
	hunt(t, first, n, func(intn) workload[map[string]int, consistency.KVOp[string, int], consistency.Maybe[int]] {
		return kvs()
	})
	hunt(t, first, n, func(intn) workload[int, int, int] { return locks() })
	hunt(t, first, 2*n, tables)
}

func hunt[S, Op, Ret any](t *testing.T, first uint64, n int, of func(intn) workload[S, Op, Ret]) {
	t.Run(of(seeded(first)).name, func(t *testing.T) {
		verdicts := map[string]int{}
		for seed := first; seed < first+uint64(n); seed++ {
			draw := seeded(seed)
			w := of(draw)
			sh := shape{clients: 1 + draw(6), ops: 1 + draw(20), crashes: draw(2) == 0, corrupt: draw(4)}
			if draw(10) == 0 {
				sh.ops = 1 + draw(60)
			}
			verdicts[huntOne(t, seed, w, w.record(draw, sh))]++
		}
		t.Log(verdicts)
	})
}

// huntOne returns in words what became of a history.
func huntOne[S, Op, Ret any](
	t *testing.T, seed uint64, w workload[S, Op, Ret], events []consistency.Event[Op, Ret],
) string {
	h := must(consistency.FromEvents(events))
	answer := porcupine.CheckOperationsTimeout(modelOf(w.spec), porcupineOperations(events), patience)
	if answer == porcupine.Unknown {
		return "unknown" // it may be hard for any search
	}
	var got [2]bool
	for i, c := range conditions {
		tester := must(consistency.NewTester(w.spec, c))
		if seed%2 == 0 {
			tester.RememberAtOnce()
		}
		if c == consistency.Linearizability || len(events) <= 12 {
			got[i] = tester.Allows(h)
		}
	}
	if len(events) <= 12 {
		for i, c := range conditions {
			if want := explained(w.spec, c, tight(h.Operations())); got[i] != want {
				t.Fatalf("seed %d, %v: %v, want %v", seed, c, got[i], want)
			}
		}
		return fmt.Sprint("brute force: ", got[0])
	}
	switch answer {
	case porcupine.Ok:
		if !got[0] {
			t.Fatalf("seed %d: not linearizable, but porcupine finds an order", seed)
		}
	case porcupine.Illegal:
		if got[0] {
			t.Fatalf("seed %d: linearizable, but porcupine finds no order", seed)
		}
	}
	return fmt.Sprint("porcupine: ", got[0])
}
