package search

import (
	"fmt"
	"slices"

	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/actor/internal/text"
	"github.com/allways-go/allways/internal/engine"
)

// Worker computes on vectors for one goroutine. Its methods are those of [engine.NativeWorker], with states and
// actions by content.
type Worker struct {
	expander
	from    []uint32   // the state that Actions was called for
	actions []prepared // the steps enabled in it
	names   []uint16   // numbers of the names of actions
}

// prepared is a step enabled in a state.
type prepared struct {
	place int
	step  *step
}

// NewWorker returns a worker. number gives names of actions their numbers.
func (sp *Space) NewWorker(number func(name string) uint16) *Worker {
	return &Worker{expander: newExpander(sp.space, number)}
}

// Where says which user code runs, for which action.
func (w *Worker) Where() (where, action string, act int) {
	at := w.noted()
	if at.where != "" {
		return at.where, "", -1
	}
	kind := w.event(at.event).Kind
	a := w.action(at.actor, &step{kind: kind, event: at.event})
	return fmt.Sprintf("%s of %s", kind.Handler(), w.sys.Name(at.actor)), text.Action(w.sys, a), -1
}

// Call implements [engine.NativeWorker].
func (w *Worker) Call() uint64 {
	return w.noted().calls
}

// noted returns what the worker has noted of the user code that runs. Other goroutines read it, too, when a call
// has been running for long: a lock for every call would only serve the race detector.
//
//go:norace
func (w *Worker) noted() site { return *w.site }

// Counts returns how often actions were enabled and taken, by number of name.
func (w *Worker) Counts() (enabled, taken []int64) { return w.enabled, w.taken }

// Init implements [engine.Worker].
func (w *Worker) Init(out *engine.Batch) error {
	vec, err := w.first()
	if err != nil {
		return err
	}
	copy(out.Slot(), vec)
	out.Commit(0, engine.NoName, 0)
	return nil
}

// first returns the initial state without what is forgotten.
func (w *Worker) first() ([]uint32, error) {
	vec, err := w.initial()
	if err != nil || w.forget == nil {
		return vec, err
	}
	w.m, vec = w.fresh(), slices.Clone(vec)
	if w.trim(vec); w.judge.orbits != nil {
		w.judge.orbits.represent(vec)
	}
	return vec, nil
}

// initial returns the vector of the initial state. It is computed once, since simulations ask for it again and
// again.
func (w *Worker) initial() ([]uint32, error) {
	w.mu.Lock()
	vec := w.init
	w.mu.Unlock()
	if vec != nil {
		return vec, nil
	}
	s := initial(w.sys, func(id int) { w.site.where = "Start of " + w.sys.Name(id) })
	w.site.where = "Boundary"
	if w.sys.Within != nil && !w.sys.Within(w.sys.View(s).State()) {
		return nil, &engine.Misbehaviour{
			Kind: engine.ErrorInit, Where: "Boundary", Message: "the boundary excludes the initial state", Act: -1,
		}
	}
	vec = w.encode(s)
	for id := range w.n {
		w.repeatStart(id)
	}
	w.inFlight(vec)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.init = vec
	return vec, nil
}

// Expand implements [engine.Worker]. The memo is chosen once for a state: steps refer to places in it.
func (w *Worker) Expand(state []uint32, o engine.ExpandOptions, out *engine.Batch) (engine.Expansion, error) {
	w.m = w.fresh()
	e := w.expand(state, o, out)
	if o.Sample {
		w.repeatState(state)
	}
	return e, nil
}

// Eval implements [engine.Worker].
func (w *Worker) Eval(state []uint32, want engine.Mask, terminal bool) (decided engine.Mask, err error) {
	return w.judge.eval(state, want, terminal), nil
}

// Satisfies implements [engine.Worker].
func (w *Worker) Satisfies(state []uint32, k int) (bool, error) {
	return w.judge.satisfies(state, &w.properties[k]), nil
}

// Actions implements [engine.Worker].
func (w *Worker) Actions(state []uint32) (int, error) {
	w.actions, w.names = w.actions[:0], w.names[:0]
	w.from = append(w.from[:0], state...)
	w.m = w.fresh()
	for i := range w.n + 1 {
		steps := w.steps(state, i)
		for k := range steps {
			if s := &steps[k]; w.allowed(state[w.env], i, s) {
				w.actions = append(w.actions, prepared{i, s})
				w.names = append(w.names, s.name)
			}
		}
	}
	return len(w.actions), nil
}

// Names implements [engine.Worker].
func (w *Worker) Names() ([]uint16, error) { return w.names, nil }

// Apply implements [engine.Worker].
func (w *Worker) Apply(i int, want engine.Mask, dst []uint32) (e engine.Effect, steps engine.Mask, err error) {
	p := w.actions[i]
	w.apply(w.from, p.place, p.step, dst)
	if w.sys.Within != nil && !w.judge.within(dst) {
		return engine.Outside, 0, nil
	}
	if want != 0 {
		steps = w.judge.stepsViolated(w.from, w.Action(i), dst, want)
	}
	if w.judge.orbits != nil {
		w.judge.orbits.represent(dst)
	}
	return engine.Inside, steps, nil
}

// Action returns the i-th enabled action.
func (w *Worker) Action(i int) core.Action {
	p := w.actions[i]
	return w.action(w.receiver(p.place), p.step)
}

// State returns the state of a vector.
func (w *Worker) State(vec []uint32) *core.State { return w.state(vec) }
