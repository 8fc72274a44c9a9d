package actor_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
)

// visits is a state of an actor that counts how often states are looked at.
type visits struct{ N int }

var looked atomic.Int64

func (v visits) AppendCanonical(dst []byte) []byte {
	looked.Add(1)
	return binary.AppendUvarint(dst, uint64(v.N))
}

func (v *visits) DecodeCanonical(src []byte) error {
	n, used := binary.Uvarint(src)
	if used != len(src) {
		return errors.New("not a number of visits")
	}
	v.N = int(n)
	return nil
}

// passer passes a token on, twice round a ring.
type passer struct{ n int }

func (r passer) Start(c *actor.Context[int], _ *visits) {
	if c.Self() == 0 {
		c.Send(1, 1)
	}
}

func (r passer) Receive(c *actor.Context[int], s *visits, _ actor.ID, m int) {
	if s.N++; m < 2*r.n {
		c.Send(actor.ID((int(c.Self())+1)%r.n), m+1)
	}
}

// The report on a path takes the time of what its steps change, not of all actors in each state.
func TestReportCostsWhatChanges(t *testing.T) {
	cost := func(n int) (finding, reporting int64) {
		sys := actor.NewSystem[int](actor.Config{})
		var last actor.Ref[visits]
		for i := range n {
			last = actor.Spawn(sys, fmt.Sprint("n", i), passer{n})
		}
		sys.Always("once", func(s *actor.State[int]) bool { return last.In(s).N < 2 })
		m, err := sys.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		model := m.(*actor.Model[int])
		before := looked.Load()
		r, err := allways.Check(t.Context(), sys, allways.Options{Workers: 1})
		if err != nil || r.Properties[0].Path == nil {
			t.Fatal(err)
		}
		found := looked.Load()
		if p := r.Properties[0].Path; p.Len() < n || len(p.String()) < 10*n || len(model.Sequence(p).SVG()) < 10*n {
			t.Errorf("a path of %d steps", p.Len())
		}
		return found - before, looked.Load() - found
	}
	find, report := cost(40)
	find2, report2 := cost(80)
	if find2 > 3*find || report2 > 3*report {
		t.Errorf("twice as many actors and steps: %d looks to find the path, then %d; %d to report it, then %d",
			find, find2, report, report2)
	}
}
