package allways

import (
	"context"
	"errors"
	"sync"
	"unsafe"

	"github.com/allways-go/allways/internal/vector"
	"github.com/allways-go/allways/internal/visited"
)

// Explorer explores a model only where it is asked to, as an interactive explorer does, while a complete search may run
// in the background. It is safe for concurrent use. Close it at the end.
type Explorer[S, A any] struct {
	stepper *Stepper[S, A]
	model   Model[S, A]

	mu        sync.Mutex
	set       *visited.Exact
	coder     *vector.Coder
	generated int64
	expanded  map[uint32]bool
	decided   map[string]Verdict // properties decided by a state or step that was seen
	started   bool               // the initial states were counted
	closed    bool
	seen      int // states in set when it was closed

	cancel  context.CancelFunc
	done    chan struct{} // closed when the background run has ended; nil without one
	result  *Result[S, A]
	failure error
}

// NewExplorer compiles a model for exploration on demand; nothing is expanded yet.
func NewExplorer[S, A any](m Model[S, A]) (*Explorer[S, A], error) {
	t, err := NewStepper(m)
	if err != nil {
		return nil, err
	}
	set, err := visited.NewExact(visited.Config{Words: t.machine.layout.Words()})
	if err != nil {
		return nil, err
	}
	return &Explorer[S, A]{
		stepper: t, model: m, set: set, coder: t.machine.layout.NewCoder(),
		expanded: map[uint32]bool{}, decided: map[string]Verdict{},
	}, nil
}

// Stepper returns the stepper with which paths are made.
func (d *Explorer[S, A]) Stepper() *Stepper[S, A] { return d.stepper }

// Init returns a path without steps for every initial state inside the boundary.
func (d *Explorer[S, A]) Init() ([]*Path[S, A], error) {
	states, err := d.stepper.Init()
	if err != nil {
		return nil, err
	}
	var paths []*Path[S, A]
	c := d.stepper.machine
	err = c.guard("Within", func() {
		for i, s := range states {
			if c.within == nil || c.within(c.clone(s)) {
				paths = append(paths, &Path[S, A]{machine: c, init: i, states: []S{s}, loop: -1})
			}
		}
	})
	if err != nil {
		return nil, err
	}
	if err := d.meetInit(paths); err != nil {
		return nil, err
	}
	return paths, nil
}

// meetInit counts the initial states, once.
func (d *Explorer[S, A]) meetInit(paths []*Path[S, A]) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return errClosed
	}
	if d.started {
		return nil
	}
	d.started = true
	for _, p := range paths {
		if err := d.meet(p); err != nil {
			return err
		}
	}
	return nil
}

var errClosed = errors.New("the explorer is closed")

// Expand returns the paths that go one step further than p, inside the boundary, in the order of the model's actions. The
// states met are counted once.
func (d *Explorer[S, A]) Expand(p *Path[S, A]) ([]*Path[S, A], error) {
	enabled, err := d.stepper.Transitions(p.Last())
	if err != nil {
		return nil, err
	}
	var paths []*Path[S, A]
	for _, e := range enabled {
		if e.Effect && e.Within {
			paths = append(paths, p.extended(e))
		}
	}
	if err := d.meetNext(p, paths); err != nil {
		return nil, err
	}
	return paths, nil
}

// meetNext counts the successors of the last state of p, once.
func (d *Explorer[S, A]) meetNext(p *Path[S, A], paths []*Path[S, A]) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return errClosed
	}
	id, _, err := d.insert(p.Last())
	if err != nil || d.expanded[id] {
		return err
	}
	d.expanded[id] = true
	for _, q := range paths {
		if err := d.meet(q); err != nil {
			return err
		}
	}
	return nil
}

func (d *Explorer[S, A]) insert(s S) (uint32, bool, error) {
	vec := make([]uint32, d.stepper.machine.layout.Words())
	if err := d.coder.Encode(vec, unsafe.Pointer(&s)); err != nil {
		return 0, false, &ModelError{Kind: ErrorValue, Message: err.Error()}
	}
	return d.set.Insert(vec)
}

// meet counts the last state of a path and judges the path. The caller holds the lock.
func (d *Explorer[S, A]) meet(p *Path[S, A]) error {
	d.generated++
	if _, _, err := d.insert(p.Last()); err != nil {
		return err
	}
	for _, prop := range d.stepper.machine.props {
		if d.decided[prop.name] != Inconclusive || prop.kind == KindEventually || prop.kind == KindDeadlock {
			continue
		}
		v, err := d.stepper.Evaluate(p, prop.name)
		if err != nil {
			return err
		}
		d.decided[prop.name] = v
	}
	return nil
}

// Progress returns what was met so far: generated and distinct states, and the properties that a state or step on the way
// has decided. Nothing else is decided without a complete search.
func (d *Explorer[S, A]) Progress() (generated, distinct int64, decided map[string]Verdict) {
	d.mu.Lock()
	defer d.mu.Unlock()
	decided = map[string]Verdict{}
	for name, v := range d.decided {
		if v != Inconclusive {
			decided[name] = v
		}
	}
	distinct = int64(d.seen)
	if !d.closed {
		distinct = int64(d.set.Len())
	}
	return d.generated, distinct, decided
}

// Search starts a complete search in the background, once; further calls change nothing. It ends when ctx is canceled
// or Close is called.
func (d *Explorer[S, A]) Search(ctx context.Context, o Options) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.done != nil || d.closed {
		return
	}
	ctx, d.cancel = context.WithCancel(ctx)
	done := make(chan struct{})
	d.done = done
	go func() {
		defer close(done)
		var result *Result[S, A]
		err := error(&ModelError{Kind: ErrorPanic, Message: exited}) // unless Check returns
		defer func() {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.result, d.failure = result, err
		}()
		result, err = Check(ctx, d.model, o)
	}()
}

// Result returns what the background search has found, and whether it has ended; the error is that of [Check].
func (d *Explorer[S, A]) Result() (r *Result[S, A], ended bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.done == nil {
		return nil, false, nil
	}
	select {
	case <-d.done:
		return d.result, true, d.failure
	default:
		return nil, false, nil
	}
}

// Wait waits for the background search, if there is one, and returns its result.
func (d *Explorer[S, A]) Wait() (*Result[S, A], error) {
	d.mu.Lock()
	done := d.done
	d.mu.Unlock()
	if done == nil {
		return nil, nil
	}
	<-done
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.result, d.failure
}

// Close ends the background search, waits for it, and frees what was met. The paths stay usable.
func (d *Explorer[S, A]) Close() {
	d.mu.Lock()
	cancel, closed := d.cancel, d.closed
	if !closed {
		d.closed, d.seen = true, d.set.Len()
	}
	d.mu.Unlock()
	if cancel != nil {
		cancel()
		d.Wait()
	}
	if !closed {
		d.set.Close()
	}
}
