package gospace

import (
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/intern"
	"github.com/allways-go/allways/internal/naming"
	"github.com/allways-go/allways/internal/packer"
	"github.com/allways-go/allways/internal/vector"
)

// goSpace is the space of Go values: states are encoded as vectors, actions are indexes, names are
// numbers. Each run makes a new one. The contents that it interns and the names that it numbers
// are those that the run has met, and are freed with it.
type goSpace struct {
	*Model
	layout *vector.Layout              // private to the space, for it grows with the values that are met
	rep    func(dst, s unsafe.Pointer) // nil without symmetry reduction
	names  *naming.Names
	caches atomic.Int64 // bytes of the workers' decoding caches

	actions *intern.Table // contents of actions, in answers
	repeats repeats

	mu       sync.Mutex
	workers  []*worker
	auditors []*auditor
}

// NewSpace returns the space of the model's Go values, reduced by symmetry if asked.
func (c *Model) NewSpace(symmetry bool) (Space, error) {
	layout, err := vector.NewLayout(c.State)
	if err != nil {
		return nil, stateTypeError(err)
	}
	sp := &goSpace{Model: c, layout: layout, names: naming.NewNames(c.Declared), actions: intern.NewTable()}
	if symmetry {
		sp.rep = c.Representative
	}
	return sp, nil
}

// Counts implements [Space].
func (sp *goSpace) Counts() (enabled, taken [][]int64) {
	for _, w := range sp.workers {
		enabled, taken = append(enabled, w.enabled), append(taken, w.taken)
	}
	return enabled, taken
}

// Names implements [Space].
func (sp *goSpace) Names() *naming.Names { return sp.names }

// Words implements [engine.Space].
func (sp *goSpace) Words() int { return sp.layout.Words() }

// Memory implements [engine.Space].
func (sp *goSpace) Memory() int64 { return sp.layout.Size() + sp.caches.Load() }

// Encode implements [Space].
func (sp *goSpace) Encode(s unsafe.Pointer) ([]uint32, error) {
	if sp.rep != nil {
		r := sp.newState()
		sp.rep(r, sp.own(s))
		s = r
	}
	vec := make([]uint32, sp.Words())
	return vec, sp.layout.NewCoder().Encode(vec, s)
}

// Decoder implements [Space].
func (sp *goSpace) Decoder() func(vec []uint32) unsafe.Pointer {
	coder := sp.layout.NewCoder()
	return func(vec []uint32) unsafe.Pointer {
		s := sp.newState()
		coder.DecodeFresh(vec, s)
		return s
	}
}

// Choices implements [Space].
func (sp *goSpace) Choices(w engine.Worker, _ []uint32, candidates []int) Choices {
	x := w.(*worker)
	x.choices = choices{worker: x, candidates: candidates} // one for each step of a walk: not allocated anew
	return &x.choices
}

// Scheduling implements [Space].
func (sp *goSpace) Scheduling(w engine.Worker) { w.(*worker).user(inScheduler, -1) }

// Finish implements [Space].
func (sp *goSpace) Finish(stop func() bool, found bool) *engine.Misbehaviour {
	a := sp.newAuditor()
	defer a.enter()()
	changed := func() error {
		for _, w := range sp.workers {
			if err := w.checkLent(); err != nil {
				return err
			}
			// Thousands of large values take longer than a call may that has not returned when the run has to end.
			if err := w.checkPassed(func() { a.calls++ }); err != nil {
				return err
			}
		}
		return nil
	}
	err := changed()
	if err == nil && !found {
		if err = sp.repeats.log.Again(stop, a.ask); err == nil {
			err = changed()
		}
	}
	m, _ := err.(*engine.Misbehaviour)
	return m
}

// Warnings implements [Space].
func (sp *goSpace) Warnings() []engine.Warning { return nil }

// NewWorker implements [engine.Space].
func (sp *goSpace) NewWorker() engine.Worker {
	w := &worker{
		Model: sp.Model, space: sp, coder: sp.layout.NewCoder(),
		plain: sp.layout.Direct() && sp.Within == nil && sp.rep == nil,
		s:     sp.newState(), next: sp.newState(), decoded: sp.newState(), renamed: sp.newState(), eval: sp.newState(),
		probe: sp.newState(), passes: true,
		enabled: make([]int64, engine.NoName+1), taken: make([]int64, engine.NoName+1),
		again: make([]uint32, sp.layout.Words()),
	}
	w.namer = naming.NewNamer(sp.names, sp.Action, sp.actionName)
	w.packer = packer.New(&w.namer, w.coder)
	if w.computing, w.compute = inNext, w.Code.Next; w.NextInPlace != nil {
		w.computing, w.compute = inNextInPlace, w.NextInPlace
		w.pair = [2]unsafe.Pointer{sp.newState(), sp.newState()}
	}
	sp.mu.Lock()
	sp.workers = append(sp.workers, w)
	sp.mu.Unlock()
	return w
}

// choices are prepared actions of a Go model.
type choices struct {
	worker     *worker
	candidates []int
}

func (c *choices) Len() int                    { return len(c.candidates) }
func (c *choices) Name(i int) string           { return c.worker.actionName(c.action(i)) }
func (c *choices) Text(i int) string           { return c.worker.ActionText(c.action(i)) }
func (c *choices) State() any                  { return Box(c.worker.State, c.worker.s) }
func (c *choices) Action(i int) any            { return Box(c.worker.Action, c.action(i)) }
func (c *choices) action(i int) unsafe.Pointer { return c.worker.acts.At(c.candidates[i]) }
