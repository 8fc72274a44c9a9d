package allways_test

import (
	"testing"

	"github.com/allways-go/allways"
)

// lamps is a row of lamps that are switched on one by one; switching the broken one panics.
type lamps struct {
	_      [16]bool
	broken int
}

func (m lamps) Init() [][16]bool { return [][16]bool{{}} }

func (m lamps) Actions(dst []int8, s [16]bool) []int8 {
	for i, on := range s[:5] {
		if !on {
			dst = append(dst, int8(i))
		}
	}
	return dst
}

func (m lamps) Next(s [16]bool, i int8) ([16]bool, bool) {
	if int(i) == m.broken {
		panic("sparks")
	}
	s[i] = true
	return s, true
}

// lampsInPlace are switched on where they are.
type lampsInPlace struct{ lamps }

func (m lampsInPlace) NextInPlace(s *[16]bool, i int8) (ok bool) {
	*s, ok = m.Next(*s, i)
	return ok
}

func (m lamps) Properties() []allways.Property[[16]bool] {
	return []allways.Property[[16]bool]{allways.Always("dark", func(s [16]bool) bool { return true })}
}

// TestPanicLosesNoSuccessor: packed states are expanded in pairs of actions, and the first of a
// pair is a step even if the second one panics. What comes before a panic is explored, and what
// comes after it is not.
func TestPanicLosesNoSuccessor(t *testing.T) {
	for broken := range 5 {
		reached := map[[16]bool]bool{}
		var visit func(s [16]bool)
		visit = func(s [16]bool) {
			if reached[s] {
				return
			}
			reached[s] = true
			for i := range broken {
				next := s
				next[i] = true
				if !s[i] {
					visit(next)
				}
			}
		}
		visit([16]bool{})
		for _, strategy := range []allways.Strategy{allways.BFS, allways.DFS} {
			for where, m := range map[string]allways.Model[[16]bool, int8]{
				"Next": lamps{broken: broken}, "NextInPlace": lampsInPlace{lamps{broken: broken}},
			} {
				r, err := allways.Check(t.Context(), m, allways.Options{Strategy: strategy, Stop: allways.StopNever})
				if r == nil || r.Misbehaviour == nil {
					t.Fatal(err)
				}
				if got, want := r.Stats.Distinct, int64(len(reached)); got != want || r.Misbehaviour.Where != where {
					t.Errorf("%v, %s, broken %d: %d distinct states, want %d; %v",
						strategy, where, broken, got, want, r.Misbehaviour)
				}
			}
		}
	}
}
