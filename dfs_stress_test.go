package allways_test

import (
	"context"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/longtest"
)

// Workers of a depth-first search that meet a state at the same moment must not leave its
// properties to each other.
func TestDFSJudgesEveryState(t *testing.T) {
	const n = 64
	m := allways.Funcs[int, int]{
		InitFunc: func() []int { return []int{0, 1, 2, 3} },
		ActionsFunc: func(dst []int, s int) []int {
			for i := range n {
				dst = append(dst, i)
			}
			return dst
		},
		NextFunc: func(s, a int) (int, bool) { return (s/n+1)*n + a, s/n < 6 },
	}
	for i := range 60 {
		m.Props = append(m.Props, allways.Always(string(rune('A'+i)), func(s int) bool { return s%n != i || s < n }))
	}
	for range longtest.Size(15, 120) {
		r, err := allways.Check(
			context.Background(), m, allways.Options{Strategy: allways.DFS, Workers: 8, Stop: allways.StopNever},
		)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range r.Properties {
			if p.Verdict != allways.Violated {
				t.Fatalf("%s: %v", p.Name, p.Verdict)
			}
		}
	}
}
