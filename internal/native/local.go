package native

import (
	"errors"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/property"
	"github.com/allways-go/allways/internal/symbolic"
	"github.com/allways-go/allways/internal/usercode"
)

// NotLocal is why a symbolic search cannot search a space.
type NotLocal struct{ Reason string }

// Error returns the reason.
func (e *NotLocal) Error() string { return e.Reason }

// Local returns why a symbolic search cannot search a space, or nil. The error is a [*NotLocal].
func Local(sp gospace.Space) error {
	_, err := newLocalWorker(sp)
	return err
}

// Forget makes a space forget what it has counted so far of actions.
func Forget(sp gospace.Space) { sp.(*space).workers = nil }

// SearchSets searches a space by sets of states, at most that many unless that is 0. It calls phase when a phase
// begins. aside runs a function that calls user code, as long as another number says that it goes on. The error is a
// [*NotLocal].
func SearchSets(
	sp gospace.Space, b *engine.Budget, most int, phase func(name string),
	aside func(func() error, func() uint64) error,
) (*symbolic.Result, error) {
	s := &sets{budget: b, most: most, phase: phase, aside: aside, results: map[*engine.Outcome]*symbolic.Result{}}
	found, err := Search(sp, &engine.Config{Budget: b}, s.search, true)
	if err != nil {
		return nil, err
	}
	out := s.results[found]
	if r := out.StopReason; r != engine.StopReasonNone && r != engine.StopReasonModel { // perhaps of a wrong pass
		out.States, out.Steps, out.Distinct, out.Generated = nil, nil, 0, 0
	}
	for name, n := range out.Enabled {
		s.worker.Count(uint16(name), symbolic.Capped(n), symbolic.Capped(out.Taken[name]))
	}
	return out, nil
}

// sets makes searches by sets of states.
type sets struct {
	budget *engine.Budget
	most   int
	phase  func(name string)
	aside  func(func() error, func() uint64) error

	results map[*engine.Outcome]*symbolic.Result // results of the searches, by what of them other searches have, too
	worker  engine.LocalWorker                   // worker of the last search
}

// search is a [Strategy].
func (s *sets) search(of engine.Space, cfg *engine.Config) (*engine.Outcome, error) {
	w, err := newLocalWorker(of)
	if err != nil {
		return nil, err
	}
	c := of.(*space).Model
	search := symbolic.New(w, symbolic.Config{
		Always: c.Kinds(property.Always), Sometimes: c.Kinds(property.Sometimes), Deadlock: c.Kinds(property.Deadlock),
		Steps: c.Kinds(property.Step), Budget: s.budget, Phase: s.phase, Most: s.most,
		Vain: func() bool { return cfg.Stop != nil && cfg.Stop(0, nil) },
	})
	defer search.Close()
	out := search.Result()
	err = s.aside(func() error { search.Reach(); return nil }, search.Pace)
	if err == nil {
		err = s.aside(func() error { search.Judge(); return nil }, search.Pace)
	}
	if err != nil {
		out = &symbolic.Result{}
		out.Discoveries = map[int]*engine.Discovery{}
		out.StopReason = engine.StopReasonModel
		out.Misbehaviour = &engine.Discovery{Property: -1, Err: leftBy(err, w)}
	}
	s.worker, s.results[&out.Outcome] = w, out
	return &out.Outcome, nil
}

// leftBy describes user code that ended the goroutine of a search, or has not returned.
func leftBy(err error, w engine.LocalWorker) *engine.Misbehaviour {
	if m, ok := errors.AsType[*engine.Misbehaviour](err); ok && m.Kind == engine.ErrorStuck {
		return usercode.GivenUp(w.Stuck())
	}
	return w.Exited()
}

// newLocalWorker returns a worker of a space whose steps are local.
func newLocalWorker(sp engine.Space) (engine.LocalWorker, error) {
	s, ok := sp.(*space)
	if !ok {
		return nil, &NotLocal{"a symbolic search is for systems of actors, and this is another model: use BFS or DFS"}
	}
	w := s.newWorker()
	n, ok := w.NativeWorker.(engine.LocalNative)
	if !ok {
		return nil, &NotLocal{"the steps of the model are not known to be local: use BFS or DFS"}
	}
	l := n.Local()
	if reason := l.Nonlocal(); reason != "" {
		return nil, &NotLocal{reason}
	}
	return &localWorker{w, l}, nil
}

// localWorker guards a worker whose steps are local against panics of user code.
type localWorker struct {
	*worker
	engine.Local
}

// Initial implements [engine.Local].
func (w *localWorker) Initial() (vec []uint32, err error) {
	defer w.recovered(&err)
	return w.Local.Initial()
}

// LocalSteps implements [engine.Local].
func (w *localWorker) LocalSteps(place int, value uint32) (steps []engine.LocalStep, err error) {
	defer w.recovered(&err)
	return w.Local.LocalSteps(place, value)
}

// Changed implements [engine.Local].
func (w *localWorker) Changed(change, value uint32) (after uint32, ok bool, err error) {
	defer w.recovered(&err)
	return w.Local.Changed(change, value)
}

// Test implements [engine.Local].
func (w *localWorker) Test(property int, state []uint32, reads []engine.Parts) (holds bool, err error) {
	defer w.recovered(&err)
	return w.Local.Test(property, state, reads)
}

// TestStep implements [engine.Local].
func (w *localWorker) TestStep(
	property int, state []uint32, place, i int, reads []engine.Parts,
) (holds, last bool, err error) {
	defer w.recovered(&err)
	return w.Local.TestStep(property, state, place, i, reads)
}
