package native

import (
	"errors"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/gospace"
)

// NewLocalWorker returns a worker of a space whose steps are local. The error says why they are not.
func NewLocalWorker(sp gospace.Space) (engine.LocalWorker, error) {
	s, ok := sp.(*space)
	if !ok {
		return nil, errors.New("a symbolic search is for systems of actors, and this is another model")
	}
	w := s.newWorker()
	l, ok := w.NativeWorker.(engine.Local)
	switch {
	case !ok:
		return nil, errors.New("the steps of the model are not known to be local")
	case l.Nonlocal() != "":
		return nil, errors.New(l.Nonlocal())
	}
	return &localWorker{w, l}, nil
}

// localWorker guards a worker whose steps are local against panics of user code.
type localWorker struct {
	*worker
	local engine.Local
}

// Initial implements [engine.Local].
func (w *localWorker) Initial() (vec []uint32, err error) {
	defer w.recovered(&err)
	return w.local.Initial()
}

// Moves implements [engine.Local].
func (w *localWorker) Moves(place int) bool { return w.local.Moves(place) }

// LocalSteps implements [engine.Local].
func (w *localWorker) LocalSteps(place int, value uint32) (steps []engine.LocalStep, err error) {
	defer w.recovered(&err)
	return w.local.LocalSteps(place, value)
}

// PlaceOf implements [engine.Local].
func (w *localWorker) PlaceOf(change uint32) (place int, guard bool) { return w.local.PlaceOf(change) }

// Changed implements [engine.Local].
func (w *localWorker) Changed(change, value uint32) (after uint32, ok bool, err error) {
	defer w.recovered(&err)
	return w.local.Changed(change, value)
}

// Test implements [engine.Local].
func (w *localWorker) Test(property int, state []uint32, reads []engine.Parts) (holds bool, err error) {
	defer w.recovered(&err)
	return w.local.Test(property, state, reads)
}

// Nonlocal implements [engine.Local].
func (w *localWorker) Nonlocal() string { return w.local.Nonlocal() }

// Count implements [engine.Local].
func (w *localWorker) Count(name uint16, enabled, taken int64) { w.local.Count(name, enabled, taken) }

// PartsOf implements [engine.Local].
func (w *localWorker) PartsOf(place int, value uint32, parts engine.Parts) uint32 {
	return w.local.PartsOf(place, value, parts)
}
