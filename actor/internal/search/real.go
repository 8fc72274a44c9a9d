package search

import (
	"slices"

	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/internal/engine"
)

// Whole is a worker that forgets nothing, beside one that does: it knows which states of the system the states of a
// search stand for. It is for one goroutine.
type Whole struct {
	*Worker           // worker that forgets nothing
	lacking *expander // expander that forgets
}

// Whole implements [engine.ForgetfulWorker]. The worker is for nothing else from then on.
func (w *Worker) Whole() engine.Whole {
	x := newExpander(w.space, w.number)
	x.forget = w.space.learner
	w.forget, w.m = nil, newMemo(len(w.sys.Aux))
	return &Whole{Worker: w, lacking: &x}
}

// Initial implements [engine.Whole]. It limits what is remembered, too.
func (r *Whole) Initial() ([]uint32, error) {
	r.lacking.m = r.now()
	if r.m.size.Load() > r.maxMemo {
		r.m = newMemo(len(r.sys.Aux))
	}
	return r.initial()
}

// After implements [engine.Whole].
func (r *Whole) After(state []uint32, act int) []uint32 {
	batch := engine.NewBatch(len(state))
	r.lacking.expand(state, engine.ExpandOptions{SelfLoops: true}, batch)
	for i := range batch.Len() {
		if batch.Act(i) == act {
			return slices.Clone(batch.Vector(i))
		}
	}
	return nil
}

// Successors implements [engine.Whole].
func (r *Whole) Successors(state []uint32, f func(next []uint32, drops bool) bool) {
	next := make([]uint32, len(state))
	for i := range r.n + 1 {
		steps := r.steps(state, i)
		for k := range steps {
			if !r.apply(state, i, &steps[k], next) || r.sys.Within != nil && !r.judge.within(next) {
				continue
			}
			drops := r.drops(&steps[k], i, state, next)
			if r.judge.orbits != nil {
				r.judge.orbits.represent(next)
			}
			if !f(next, drops) {
				return
			}
		}
	}
}

// drops reports whether a step in place i takes a message from the network, and changes nothing but counts of faults
// beside.
func (r *Whole) drops(s *step, i int, state, next []uint32) bool {
	if s.kind != core.Deliver && s.kind != core.Lose || !slices.Equal(state[i+1:r.env], next[i+1:r.env]) {
		return false
	}
	before, _ := r.parts(state[i])
	after, _ := r.parts(next[i])
	return before == after && slices.Equal(state[:i], next[:i])
}

// StandsFor implements [engine.Whole]. A state stands for another one under some names.
func (r *Whole) StandsFor(lacks, state []uint32) bool {
	if r.standsAsIs(lacks, state) {
		return true
	}
	o := r.judge.orbits
	if o == nil {
		return false
	}
	return slices.ContainsFunc(o.y.all, func(k int) bool {
		o.rename(o.next, state, k)
		return r.standsAsIs(lacks, o.next)
	})
}

func (r *Whole) standsAsIs(lacks, state []uint32) bool {
	if !slices.Equal(lacks[r.n:r.env], state[r.n:r.env]) {
		return false
	}
	a, b := r.environmentOf(lacks[r.env]), r.environmentOf(state[r.env])
	if a.Faults != b.Faults || a.down != b.down {
		return false
	}
	for i, x := range lacks[:r.n] {
		if x != state[i] && !r.lacksOnly(i, x, state[i]) {
			return false
		}
	}
	return true
}

// lacksOnly reports whether a component has all that another one has, but for messages. If messages without effect are
// kept, what it lacks on links without order need not be dead: not to deliver a message is always possible.
func (r *Whole) lacksOnly(actor int, lacks, component uint32) bool {
	local, box := r.parts(lacks)
	other, whole := r.parts(component)
	if local != other {
		return false
	}
	trimmed := r.lacking.trimmed(actor, local, whole)
	if !r.sys.KeepIgnored {
		return box == trimmed
	}
	c, all := r.contents(box), r.contents(whole)
	return subsequence(c.bag, all.bag) && slices.Equal(c.queues, r.contents(trimmed).queues)
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
