package background

import (
	"context"
	"sync"

	"github.com/allways-go/allways"
)

// The memory that a search for a counterexample may take which the large one has met, and the states
// that it may visit beyond those.
const (
	showMemory = 1 << 30
	showStates = 10_000
)

// showing shows counterexamples and witnesses while the search goes on that has met them. Paths are made
// at the end of a search, so a second search looks for the same state, and ends there. A shortest
// path is found again, since both go level by level.
type showing struct {
	search *Search
	ctx    context.Context
	cancel context.CancelFunc
	group  sync.WaitGroup
	shown  map[string]bool // properties that were looked for
	turn   chan struct{}   // room for the one that looks
}

func newShowing(ctx context.Context, s *Search) *showing {
	x := &showing{search: s, shown: map[string]bool{}, turn: make(chan struct{}, 1)}
	x.ctx, x.cancel = context.WithCancel(ctx)
	return x
}

// end ends all that still looks, and waits for it.
func (x *showing) end() {
	x.cancel()
	x.group.Wait()
}

// found looks for the properties that are decided and were not before. Calls do not overlap.
func (x *showing) found(p allways.Progress) {
	for _, name := range p.Decided {
		if x.shown[name] {
			continue
		}
		x.shown[name] = true
		x.decide(Verdict{Name: name})
		x.group.Go(func() { x.look(name, p.Distinct) })
	}
}

// look looks for the counterexample or witness of a property among the states that were met.
func (x *showing) look(name string, met int64) {
	x.turn <- struct{}{}
	defer func() { <-x.turn }()
	o := x.search.o
	o.Workers, o.Stop, o.MaxMemory = 1, allways.StopAnyOf(name), showMemory
	o.MaxStates = int(2*met) + showStates
	r, err := x.search.model.Check(x.ctx, o)
	if r == nil || err != nil || x.ctx.Err() != nil {
		return // the search itself says what is wrong
	}
	for _, p := range r.Properties {
		if p.Name == name && p.Path != nil {
			x.decide(verdictOf(p))
		}
	}
}

// decide enters a verdict. Without a text it is the one that a single path gives.
func (x *showing) decide(v Verdict) {
	x.search.change(func(st *Status) bool {
		for i := range st.Properties {
			p := &st.Properties[i]
			switch {
			case p.Name != v.Name:
			case v.Verdict != "":
				*p = v
			case p.Kind == allways.KindSometimes.String():
				p.Verdict = allways.Holds.String()
			default:
				p.Verdict = allways.Violated.String()
			}
		}
		return true
	})
}
