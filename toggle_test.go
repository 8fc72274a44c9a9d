package allways_test

import (
	"testing"

	"github.com/allways-go/allways"
)

// toggler counts to To. From From on, each of its two actions flips a bit in memory that its states
// share: when both have been tried, the memory is as it was.
type toggler struct{ From, To int }

type toggled struct {
	N  int
	Xs []int
}

func (toggler) Init() []toggled { return []toggled{{Xs: []int{0}}} }
func (m toggler) Actions(dst []int, s toggled) []int {
	if s.N >= m.To {
		return dst
	}
	return append(dst, 0, 1)
}
func (m toggler) Next(s toggled, a int) (toggled, bool) {
	s.N++
	if s.N > m.From {
		s.Xs[0] ^= 1
	}
	return s, true
}
func (m toggler) Properties() []allways.Property[toggled] {
	return []allways.Property[toggled]{allways.Always("even", func(s toggled) bool { return s.Xs[0] == 0 })}
}

// TestToggles asserts that a change of shared memory that the next action undoes is detected.
func TestToggles(t *testing.T) {
	for _, m := range []toggler{{0, 10}, {3, 10}, {300, 700}} {
		for workers := 1; workers <= 2; workers++ {
			r, err := allways.Check(t.Context(), m, allways.Options{Workers: workers, Stop: allways.StopNever})
			if err == nil {
				t.Errorf("%+v, %d workers: %v, %d states", m, workers, r.Properties[0].Verdict, r.Stats.Distinct)
			}
		}
	}
}
