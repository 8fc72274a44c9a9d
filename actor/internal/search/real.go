package search

import (
	"slices"

	"github.com/allways-go/allways/internal/engine"
)

// Real returns the trail of a run of the system that a trail of a search that forgets dead messages stands for: its
// states hold the messages. It returns nil if there is no such run. Where the network keeps no order, each step of the
// one is a step of the other.
func (w *Worker) Real(t *engine.Trail) (*engine.Trail, error) {
	if t == nil {
		return nil, nil
	}
	state, err := w.initial()
	if err != nil {
		return nil, err
	}
	w.forget, w.m = nil, newMemo(len(w.sys.Aux))
	r := &engine.Trail{States: [][]uint32{state}, Act: t.Act, Loop: t.Loop}
	for _, to := range t.States[1:] {
		if state = w.toward(state, to); state == nil {
			return nil, nil
		}
		r.States = append(r.States, state)
	}
	return r, nil
}

// toward returns the first state after a step for which another one stands that may lack messages.
func (w *Worker) toward(state, to []uint32) []uint32 {
	next := make([]uint32, len(state))
	for i := range w.n + 1 {
		steps := w.steps(state, i)
		for k := range steps {
			if !w.apply(state, i, &steps[k], next) || w.sys.Within != nil && !w.judge.within(next) {
				continue
			}
			if w.judge.orbits != nil {
				w.judge.orbits.represent(next)
			}
			if w.covers(next, to) {
				return next
			}
		}
	}
	return nil
}

// covers reports whether a state has all that another one has, under some names, and perhaps more messages.
func (w *Worker) covers(state, other []uint32) bool {
	if w.coversAsIs(state, other) {
		return true
	}
	o := w.judge.orbits
	if o == nil {
		return false
	}
	return slices.ContainsFunc(o.y.all, func(k int) bool {
		o.rename(o.next, state, k)
		return w.coversAsIs(o.next, other)
	})
}

func (w *Worker) coversAsIs(state, other []uint32) bool {
	if !slices.Equal(state[w.n:w.env], other[w.n:w.env]) {
		return false
	}
	a, b := w.environmentOf(state[w.env]), w.environmentOf(other[w.env])
	if a.Faults != b.Faults || a.down != b.down {
		return false
	}
	for i, x := range state[:w.n] {
		if x == other[i] {
			continue
		}
		local, box := w.parts(x)
		otherLocal, otherBox := w.parts(other[i])
		if local != otherLocal || !w.contents(box).covers(w.contents(otherBox)) {
			return false
		}
	}
	return true
}

// covers reports whether all events of an inbox are in another one, those of queues in the same order.
func (c contents) covers(o contents) bool {
	return subsequence(o.bag, c.bag) && subsequence(o.queues, c.queues)
}

// subsequence reports whether a comes of b by leaving out elements.
func subsequence(a, b []uint32) bool {
	for _, x := range b {
		if len(a) > 0 && a[0] == x {
			a = a[1:]
		}
	}
	return len(a) == 0
}
