package gospace

import (
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
)

// Space is the state space of a model, with what a run needs of it beside the engine.
type Space interface {
	engine.Space
	// Counts returns how often actions were enabled and taken, by number of name, for each worker.
	Counts() (enabled, taken [][]int64)
	// Names returns the names by number.
	Names() *Names
	// Encode returns the vector of s, or of its representative.
	Encode(s unsafe.Pointer) ([]uint32, error)
	// Decoder returns a function, for one goroutine, that makes new states of vectors.
	Decoder() func(vec []uint32) unsafe.Pointer
	// Choices shows actions that a worker of the space has prepared, by their indexes, to a schedule.
	Choices(w engine.Worker, state []uint32, candidates []int) Choices
	// Scheduling notes that a schedule is about to run, until the worker computes again.
	Scheduling(w engine.Worker)
	// Finish looks, after a run, for changes of states that were not noticed yet.
	Finish() *engine.Misbehaviour
}

// NewSpace returns the model's state space, reduced by symmetry if asked: its own if it brings one, and else that of
// its Go values.
func (c *Model) NewSpace(symmetry bool) (Space, error) {
	if n, ok := c.Value.(engine.NativeModel); ok {
		return newNativeSpace(c, n, symmetry)
	}
	sp := &goSpace{Model: c, names: newNames(c.Declared)}
	if symmetry {
		sp.rep = c.Representative
	}
	return sp, nil
}

// goSpace is the space of Go values: states are encoded as vectors, actions are indexes, names are numbers.
type goSpace struct {
	*Model
	rep    func(dst, s unsafe.Pointer) // nil without symmetry reduction
	names  *Names
	caches atomic.Int64 // bytes of the workers' decoding caches

	mu      sync.Mutex
	workers []*worker
}

// Counts implements [Space].
func (sp *goSpace) Counts() (enabled, taken [][]int64) {
	for _, w := range sp.workers {
		enabled, taken = append(enabled, w.enabled), append(taken, w.taken)
	}
	return enabled, taken
}

// Names implements [Space].
func (sp *goSpace) Names() *Names { return sp.names }

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
	return &choices{worker: w.(*worker), candidates: candidates}
}

// Scheduling implements [Space].
func (sp *goSpace) Scheduling(w engine.Worker) { w.(*worker).user(inScheduler, -1) }

// Finish implements [Space].
func (sp *goSpace) Finish() *engine.Misbehaviour {
	for _, w := range sp.workers {
		if err := w.checkLent(); err != nil {
			return err.(*engine.Misbehaviour)
		}
	}
	return nil
}

// NewWorker implements [engine.Space].
func (sp *goSpace) NewWorker() engine.Worker {
	w := &worker{
		Model: sp.Model, space: sp, coder: sp.layout.NewCoder(), flat: sp.layout.Flat(),
		plain: sp.layout.Packed() && sp.Within == nil && sp.rep == nil,
		s:     sp.newState(), next: sp.newState(), decoded: sp.newState(), renamed: sp.newState(), eval: sp.newState(),
		enabled: make([]int64, engine.NoName+1), taken: make([]int64, engine.NoName+1),
		again: make([]uint32, sp.layout.Words()),
	}
	w.namer = newNamer(sp.names, sp.Action, sp.actionName)
	w.packer.worker = w
	sp.mu.Lock()
	sp.workers = append(sp.workers, w)
	sp.mu.Unlock()
	return w
}
