package gospace

import (
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/allways-go/allways/internal/bisim"
	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/vector"
)

// A reduced search visits representatives and their successors, and never the states in which a
// wrong Representative shows: those that no representative leads to in one step. This file visits
// the states that the model itself reaches, as a search without symmetry reduction does, and
// compares each with its representative. That proves small models right. Of large ones it sees
// the beginning, and some walks; the search itself has walked away from every state that it sampled.

const (
	// smallModel is the number of states up to which a model is checked completely.
	smallModel = 100_000
	// sampledStates is how many states of a larger model are checked.
	sampledStates = 5_000
	// walks are taken in larger models, each of at most walkLength steps.
	walks, walkLength = 100, 50
)

// SymmetryChecker is a space that finds out whether its symmetry reduction is sound.
type SymmetryChecker interface {
	// CheckSymmetry returns an error if it finds a reachable state for which its representative may not
	// stand, after a search that has found some number of distinct states. It checks all states of small models. It
	// reports false if the budget has ended it before.
	CheckSymmetry(distinct int64, workers int, b *engine.Budget) (done bool, err error)
	// CheckAlong returns an error if the representative of a state of the path may not stand for it.
	CheckAlong(p *Path) error
}

// symmetryCheck compares the reachable states of a model with their representatives. Package bisim notes and compares
// what workers see of states.
type symmetryCheck struct {
	budget  *engine.Budget
	graph   *bisim.Graph
	initial int // number of initial states
	workers []*looker
}

// looker is a worker that looks at states. Its coder is that of a private layout, for the one of the space encodes
// representatives.
type looker struct {
	*auditor
	codes *vector.Coder
	vec   []uint32
}

// each calls f for the numbers below n, on all workers, and returns the error of the smallest number.
func (c *symmetryCheck) each(n int, f func(w *looker, i int) error) error {
	errs := make([]error, n)
	var next atomic.Int64
	var wg sync.WaitGroup
	for _, w := range c.workers {
		wg.Go(func() {
			defer w.enter()()
			i, returned := 0, false
			defer func() {
				if !returned {
					errs[i] = w.Exited()
				}
			}()
			for i = int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				errs[i] = w.guarded(func() error { return f(w, i) })
			}
			returned = true
		})
	}
	wg.Wait()
	i := slices.IndexFunc(errs, func(err error) bool { return err != nil })
	if i < 0 {
		return nil
	}
	return errs[i]
}

// guarded runs f, whose panic is a misbehaviour.
func (w *worker) guarded(f func() error) (err error) {
	defer w.recovered(&err, nil, nil)
	return f()
}

// CheckSymmetry implements [SymmetryChecker].
func (sp *goSpace) CheckSymmetry(distinct int64, workers int, b *engine.Budget) (done bool, err error) {
	if sp.rep == nil {
		return true, nil
	}
	layout, err := vector.NewLayout(sp.State)
	if err != nil {
		return false, stateTypeError(err)
	}
	c := &symmetryCheck{budget: b}
	for range max(workers, 1) {
		w := &looker{sp.newAuditor(), layout.NewCoder(), make([]uint32, layout.Words())}
		c.workers = append(c.workers, w)
	}
	limit := smallModel
	if distinct > smallModel {
		limit = sampledStates
	}
	var ok bool
	c.graph, ok = bisim.New(bisim.Config{
		Words: layout.Words(), Limit: limit, Allows: b.Allows, Ended: c.ended,
		Each: func(n int, f func(l bisim.Looker, i int) error) error {
			return c.each(n, func(w *looker, i int) error { return f(w, i) })
		},
	})
	if !ok {
		return true, nil
	}
	defer c.graph.Close()
	defer b.Hold(c.graph)()
	defer b.Hold(layout)()
	err = c.run()
	return !c.ended(), err
}

// run compares all states of a small model, and others by sample.
func (c *symmetryCheck) run() error {
	if err := c.inits(); err != nil {
		return err
	}
	all, err := c.graph.Discover()
	if err != nil {
		return err
	}
	if !all {
		return c.sample()
	}
	id, err := c.graph.Differing()
	if err != nil || id < 0 {
		return err
	}
	return c.each(1, func(w *looker, _ int) error { return w.soundAt(w.clone(w.state(c.graph.State(id)))) })
}

func (c *symmetryCheck) ended() bool { return c.budget.Look() != engine.StopReasonNone }

// inits meets the initial states inside the boundary.
func (c *symmetryCheck) inits() error {
	return c.each(1, func(w *looker, _ int) error {
		w.user(inInit, -1)
		values := w.Code.Init()
		for i := range values.Len {
			s := w.clone(values.At(i))
			if w.user(inWithin, -1); w.Within != nil && !w.Within(s) {
				continue
			}
			if err := w.encode(s); err != nil {
				return err
			}
			c.graph.Add(w.vec)
		}
		c.initial = c.graph.Len()
		return nil
	})
}

// state returns the state of a vector.
func (w *looker) state(vec []uint32) unsafe.Pointer {
	s := w.newState()
	w.codes.DecodeFresh(vec, s)
	return s
}

// Look implements [bisim.Looker]: it evaluates a state and takes all its steps.
func (w *looker) Look(vec []uint32) (x bisim.Sight, err error) {
	s := w.state(vec)
	w.user(inWithin, -1)
	x.Inside, x.Terminal = w.Within == nil || w.Within(s), true
	w.user(inActions, -1)
	w.acts = w.Code.Actions(w.acts, s)
	for i := range w.acts.Len {
		w.user(inNext, -1)
		if !w.Code.Next(w.next, s, w.acts.At(i)) {
			continue
		}
		x.Terminal = false
		next, inside, err := w.entered()
		if err != nil {
			return x, err
		}
		if !inside {
			x.Bounded = true
			continue
		}
		x.Violated = append(x.Violated, w.violations(s, w.acts.At(i), next))
		x.Next = append(x.Next, w.vec...)
	}
	for i, holds := range w.holds(nil, s, x.Terminal) {
		if holds {
			x.Holds |= 1 << i
		}
	}
	x.Rep, err = w.representative(s)
	return x, err
}

// Represent implements [bisim.Looker].
func (w *looker) Represent(x *bisim.Sight) error {
	for at := range slices.Chunk(x.Next, len(w.vec)) {
		rep, err := w.representative(w.state(at))
		if err != nil {
			return err
		}
		copy(at, rep)
	}
	return nil
}

// representative returns the vector of the representative of a state.
func (w *looker) representative(s unsafe.Pointer) ([]uint32, error) {
	w.user(inRepresentative, -1)
	w.space.rep(w.renamed, s)
	err := w.encode(w.renamed)
	return slices.Clone(w.vec), err
}

// entered encodes w.next to w.vec, and returns it in the form in which user code may see it.
func (w *looker) entered() (next unsafe.Pointer, inside bool, err error) {
	if err := w.encode(w.next); err != nil {
		return nil, false, err
	}
	next = w.next
	if !w.flat {
		next = w.decoded
		w.codes.Decode(w.vec, next)
	}
	if w.Within == nil {
		return next, true, nil
	}
	w.user(inWithin, -1)
	return next, w.Within(next), nil
}

// encode writes the vector of a state to w.vec.
func (w *looker) encode(s unsafe.Pointer) error {
	if err := w.codes.Encode(w.vec, s); err != nil {
		return w.misbehaviour(engine.ErrorValue, w.site(), -1, err.Error())
	}
	return nil
}

// sample checks the states that were met first, and others on walks.
func (c *symmetryCheck) sample() error {
	met := min(sampledStates, c.graph.Len())
	return c.each(met+walks, func(w *looker, i int) error {
		switch {
		case c.ended():
			return nil
		case i < met:
			return w.soundAt(w.clone(w.state(c.graph.State(i))))
		}
		first := w.state(c.graph.State((i - met) % c.initial))
		return w.walk(first, walkLength, uint64(i-met), c.ended) // the same walks in every run
	})
}

// CheckAlong implements [SymmetryChecker].
func (sp *goSpace) CheckAlong(p *Path) (err error) {
	if sp.rep == nil {
		return nil
	}
	w := sp.newAuditor()
	defer w.enter()()
	return w.guarded(func() error {
		for _, s := range p.states {
			if err := w.soundAt(w.clone(s)); err != nil {
				return err
			}
		}
		return nil
	})
}

// LostTrail returns the misbehaviour of a model in which a trail that decides a property was found
// under symmetry reduction and is no run of the model.
func (c *Model) LostTrail(prop int) *engine.Misbehaviour {
	where := "Representative"
	if c.Representative == nil {
		where = "Interchangeable"
	}
	return &engine.Misbehaviour{
		Kind: engine.ErrorSymmetry, Where: where, Act: -1,
		Message: "representatives show that property \"" + c.Props[prop].Name + "\" is decided, and no run of the model " +
			"does: states and their representatives do not take the same steps",
	}
}
