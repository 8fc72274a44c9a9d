package allways_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/longtest"
)

// shelf is a state with references. The first states of a search are expanded with all guards; the
// tests here are about those that come after them, which are expanded in another way.
type shelf struct {
	Counts map[uint8]uint8
	Log    []int
	Marks  any
	N      int
}

// shelves is the model of counters that count up to limit each, in any order; last changes what the
// step that leads to the last state gives.
type shelves struct {
	counters, limit int
	last            func(s *shelf)
}

func (m shelves) model() allways.Funcs[shelf, int] {
	return allways.Funcs[shelf, int]{
		InitFunc: func() []shelf { return []shelf{{Counts: map[uint8]uint8{}}} },
		ActionsFunc: func(dst []int, s shelf) []int {
			for i := range m.counters {
				if int(s.Counts[uint8(i)]) < m.limit {
					dst = append(dst, i)
				}
			}
			return dst
		},
		NextFunc: func(s shelf, i int) (shelf, bool) {
			counts, sum := map[uint8]uint8{uint8(i): 1}, 1
			for k, n := range s.Counts {
				counts[k] += n
				sum += int(n)
			}
			next := shelf{Counts: counts, Log: []int{sum}, Marks: sum % 2, N: sum}
			if m.last != nil && sum == m.counters*m.limit {
				m.last(&next)
			}
			return next, true
		},
		Props: []allways.Property[shelf]{
			allways.Always("counted", func(s shelf) bool {
				sum := 0
				for _, n := range s.Counts {
					sum += int(n)
				}
				return s.N == sum && (sum == 0 || slices.Equal(s.Log, []int{sum}) && s.Marks == sum%2)
			}),
		},
	}
}

const (
	shelfLimit  = 21
	shelfStates = (shelfLimit + 1) * (shelfLimit + 1) * (shelfLimit + 1) // more than are expanded with all guards
	shelfSteps  = 3 * shelfLimit * (shelfLimit + 1) * (shelfLimit + 1)
)

// Every state is met once, whatever it refers to.
func TestLateStatesWithReferences(t *testing.T) {
	searches := []allways.Options{
		{Workers: 2, Store: allways.StoreFingerprints}, {Workers: 1, Strategy: allways.DFS}, {Workers: 1}, {Workers: 2},
		{Workers: 2, Strategy: allways.DFS},
	}
	for _, o := range searches[:longtest.Size(2, len(searches))] {
		r, err := allways.Check(t.Context(), shelves{counters: 3, limit: shelfLimit}.model(), o)
		if err != nil || r.Verdict != allways.Holds || r.Stats.Distinct != shelfStates ||
			r.Stats.Generated != shelfSteps+1 {
			t.Errorf("%+v: %v, %v, %+v", o, r.Verdict, err, r.Stats)
		}
	}
}

// What goes wrong in a late step is reported with the action and, of a value, the field.
func TestLateMistakesWithReferences(t *testing.T) {
	type loop struct{ Next *any }
	for _, c := range []struct {
		name string
		kind allways.ErrorKind
		last func(s *shelf)
		want string
	}{
		{"cyclic value", allways.ErrorValue, func(s *shelf) {
			x := &loop{Next: new(any)}
			*x.Next = x
			s.Marks = x
		}, "Marks"},
		{"panic", allways.ErrorPanic, func(*shelf) { panic("the shelf breaks") }, "the shelf breaks"},
	} {
		m := shelves{counters: 3, limit: shelfLimit, last: c.last}.model()
		r, err := allways.Check(t.Context(), m, allways.Options{Workers: 1})
		e, ok := errors.AsType[*allways.ModelError](err)
		if !ok || e.Kind != c.kind || e.Where != "Next" || e.Action != "2" || !strings.Contains(e.Message, c.want) {
			t.Errorf("%s: %v, %v; want an error in Next, of action 2, about %q", c.name, r.Verdict, err, c.want)
		}
	}
}
