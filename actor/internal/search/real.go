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
	if r.m.size.Load() > r.sys.MaxMemo {
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
			if r.judge.orbits != nil {
				r.judge.orbits.represent(next)
			}
			if !f(next, steps[k].kind == core.Deliver || steps[k].kind == core.Lose) {
				return
			}
		}
	}
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

// lacksOnly reports whether a component has all that another one has, but for messages. What it lacks on links
// without order need not be dead: not to deliver a message is always possible.
func (r *Whole) lacksOnly(actor int, lacks, component uint32) bool {
	local, box := r.parts(lacks)
	other, whole := r.parts(component)
	if local != other {
		return false
	}
	c, all := r.contents(box), r.contents(whole)
	if !subsequence(c.bag, all.bag) {
		return false
	}
	return slices.Equal(c.queues, r.contents(r.lacking.trimmed(actor, local, whole)).queues)
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
