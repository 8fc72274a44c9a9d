package search

import (
	"slices"

	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/internal/engine"
)

// Real returns the trail of a run of the system that a trail of a search that forgets dead messages stands for: its
// states hold the messages. It returns nil if there is no such run. Where the network keeps no order, each step of the
// one is a step of the other. On ordered links the messages that are dead must be delivered before those behind them,
// which are further steps.
func (w *Worker) Real(t *engine.Trail) (*engine.Trail, error) {
	if t == nil {
		return nil, nil
	}
	state, err := w.initial()
	if err != nil {
		return nil, err
	}
	if w.realizer == nil {
		w.realizer = w.newRealizer()
	}
	r := w.realizer
	r.renew()
	targets := t.States[1:]
	if t.Act >= 0 {
		targets = append(slices.Clone(targets), r.after(t.States[len(t.States)-1], t.Act))
	}
	real, from := &engine.Trail{States: [][]uint32{state}, Act: t.Act, Loop: t.Loop}, t.States[0]
	for i, to := range targets {
		path := r.toward(state, from, to)
		if path == nil {
			return nil, nil
		}
		state, from = path[len(path)-1], to
		if i == len(t.States)-1 { // the last action leads to no state of the trail
			path = path[:len(path)-1]
		}
		real.States = append(real.States, path...)
	}
	return real, nil
}

// realizer finds runs of the system. It is for one goroutine.
type realizer struct {
	*Worker           // worker that forgets nothing
	lacking *expander // expander that forgets
}

func (w *Worker) newRealizer() *realizer {
	x := newExpander(w.space, w.number)
	x.forget = w.space.learner
	w.forget, w.m = nil, newMemo(len(w.sys.Aux))
	return &realizer{Worker: w, lacking: &x}
}

// renew limits what the realizer remembers.
func (r *realizer) renew() {
	r.lacking.m = r.now()
	if r.m.size.Load() > r.maxMemo {
		r.m = newMemo(len(r.sys.Aux))
	}
}

// after returns the state after an action, for the search that forgets.
func (r *realizer) after(state []uint32, act int) []uint32 {
	batch := engine.NewBatch(len(state))
	r.lacking.expand(state, engine.ExpandOptions{SelfLoops: true}, batch)
	for i := range batch.Len() {
		if batch.Act(i) == act {
			return slices.Clone(batch.Vector(i))
		}
	}
	return nil
}

// maxDelivered bounds the states that are tried to deliver dead messages before one step.
const maxDelivered = 100_000

// toward returns the states after a state of the system for which from stands, up to the first for which to stands,
// which is a step after from. Most often it is one; there are more if messages must be delivered first that from lacks.
func (r *realizer) toward(state, from, to []uint32) [][]uint32 {
	type visit struct {
		state  []uint32
		before int
	}
	all, met := []visit{{state, -1}}, map[string]bool{keyOf(state): true}
	for k := 0; k < len(all) && k < maxDelivered; k++ {
		var found []uint32
		r.successors(all[k].state, func(s *step, next []uint32) bool {
			switch {
			case r.standsFor(to, next):
				found = slices.Clone(next)
			case s.kind != core.Deliver && s.kind != core.Lose || met[keyOf(next)]:
			case r.standsFor(from, next):
				met[keyOf(next)] = true
				all = append(all, visit{slices.Clone(next), k})
			}
			return found == nil
		})
		if found == nil {
			continue
		}
		path := [][]uint32{found}
		for ; k > 0; k = all[k].before {
			path = append(path, all[k].state)
		}
		slices.Reverse(path)
		return path
	}
	return nil
}

// successors calls f for each successor of a state, as long as it asks for more. f must not keep the vector.
func (r *realizer) successors(state []uint32, f func(s *step, next []uint32) bool) {
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
			if !f(&steps[k], next) {
				return
			}
		}
	}
}

// standsFor reports whether a state that lacks messages stands for one of the system, under some names.
func (r *realizer) standsFor(lacks, state []uint32) bool {
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

func (r *realizer) standsAsIs(lacks, state []uint32) bool {
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
func (r *realizer) lacksOnly(actor int, lacks, component uint32) bool {
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
