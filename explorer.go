package allways

import (
	"context"
	"errors"
	"sync"

	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/property"
	"github.com/allways-go/allways/internal/stateset"
	"github.com/allways-go/allways/internal/usercode"
)

// Explorer explores a model only where it is asked to, as an interactive explorer does, while a
// complete search may run in the background. It is safe for concurrent use. Close it at the end.
type Explorer[S, A any] struct {
	stepper *Stepper[S, A]
	e       *explorer
}

// NewExplorer compiles a model for exploration on demand; nothing is expanded yet.
func NewExplorer[S, A any](m Model[S, A]) (*Explorer[S, A], error) {
	t, err := NewStepper(m)
	if err != nil {
		return nil, err
	}
	set, err := stateset.New(t.c.State)
	if err != nil {
		return nil, err
	}
	e := &explorer{model: t.c, set: set, expanded: map[uint32]bool{}, decided: map[string]Verdict{}}
	return &Explorer[S, A]{stepper: t, e: e}, nil
}

// Stepper returns the stepper with which paths are made.
func (x *Explorer[S, A]) Stepper() *Stepper[S, A] { return x.stepper }

// Init returns a path without steps for every initial state inside the boundary.
func (x *Explorer[S, A]) Init() ([]*Path[S, A], error) { return typedPaths[S, A](x.e.init) }

// Expand returns the paths that go one step further than p, inside the boundary, in the order of
// the model's actions. States are counted when they are met first.
func (x *Explorer[S, A]) Expand(p *Path[S, A]) ([]*Path[S, A], error) {
	return typedPaths[S, A](func() ([]*gospace.Path, error) { return x.e.expand(p.p) })
}

// Progress returns what was met so far: generated and distinct states, and the properties that a
// state or step on the way has decided. Nothing else is decided without a complete search.
func (x *Explorer[S, A]) Progress() (generated, distinct int64, decided map[string]Verdict) {
	return x.e.progress()
}

// Search starts a complete search in the background, once; further calls change nothing. It ends
// when ctx is canceled or Close is called.
func (x *Explorer[S, A]) Search(ctx context.Context, o Options) { x.e.search(ctx, o) }

// Result returns the result of the background search, and whether it has ended; the error is that
// of [Check].
func (x *Explorer[S, A]) Result() (r *Result[S, A], ended bool, err error) {
	out, ended, err := x.e.result()
	return typedResult[S, A](out), ended, err
}

// Wait waits for the background search, if there is one, and returns its result.
func (x *Explorer[S, A]) Wait() (*Result[S, A], error) {
	out, err := x.e.wait()
	return typedResult[S, A](out), err
}

// Close ends the background search, waits for it, and frees what was met. The paths stay usable.
func (x *Explorer[S, A]) Close() { x.e.close() }

// explorer is an Explorer without types.
type explorer struct {
	model *gospace.Model

	mu        sync.Mutex
	set       *stateset.Set
	generated int64
	expanded  map[uint32]bool
	decided   map[string]Verdict // properties decided by a state or step that was seen
	started   bool               // the initial states were counted
	closed    bool
	seen      int // states in set when it was closed

	cancel  context.CancelFunc
	done    chan struct{} // closed when the background search has ended; nil without one
	out     *outcome
	failure error
}

var errClosed = errors.New("the explorer is closed")

func (e *explorer) init() ([]*gospace.Path, error) {
	paths, err := e.model.Inside()
	if err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.closed:
		return nil, errClosed
	case e.started:
		return paths, nil
	}
	e.started = true
	return paths, e.meet(paths)
}

func (e *explorer) expand(p *gospace.Path) ([]*gospace.Path, error) {
	paths, err := p.Next()
	if err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, errClosed
	}
	id, err := e.set.Insert(p.Last())
	if err != nil || e.expanded[id] {
		return paths, err
	}
	e.expanded[id] = true
	return paths, e.meet(paths)
}

// meet counts the last states of paths and evaluates the paths. The caller holds the lock.
func (e *explorer) meet(paths []*gospace.Path) error {
	for _, p := range paths {
		e.generated++
		if _, err := e.set.Insert(p.Last()); err != nil {
			return err
		}
		for i := range e.model.Props[:e.model.Promises] {
			prop := &e.model.Props[i]
			whole := prop.Kind == property.Eventually || prop.Kind == property.Deadlock || prop.Runs != nil
			if whole || e.decided[prop.Name] != Inconclusive {
				continue
			}
			v, err := p.Evaluate(prop.Name)
			if err != nil {
				return err
			}
			e.decided[prop.Name] = Verdict(v)
		}
	}
	return nil
}

func (e *explorer) progress() (generated, distinct int64, decided map[string]Verdict) {
	e.mu.Lock()
	defer e.mu.Unlock()
	decided = map[string]Verdict{}
	for name, v := range e.decided {
		if v != Inconclusive {
			decided[name] = v
		}
	}
	distinct = int64(e.seen)
	if !e.closed {
		distinct = int64(e.set.Len())
	}
	return e.generated, distinct, decided
}

func (e *explorer) search(ctx context.Context, o Options) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.done != nil || e.closed {
		return
	}
	ctx, e.cancel = context.WithCancel(ctx)
	done := make(chan struct{})
	e.done = done
	go func() {
		defer close(done)
		var out *outcome
		err := error(&ModelError{Kind: ErrorPanic, Message: usercode.Exited}) // unless check returns
		defer func() {
			e.mu.Lock()
			defer e.mu.Unlock()
			e.out, e.failure = out, err
		}()
		out, err = check(ctx, e.model, &settings{Options: o})
	}()
}

func (e *explorer) result() (out *outcome, ended bool, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.done == nil {
		return nil, false, nil
	}
	select {
	case <-e.done:
		return e.out, true, e.failure
	default:
		return nil, false, nil
	}
}

func (e *explorer) wait() (*outcome, error) {
	e.mu.Lock()
	done := e.done
	e.mu.Unlock()
	if done == nil {
		return nil, nil
	}
	<-done
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.out, e.failure
}

func (e *explorer) close() {
	e.mu.Lock()
	cancel, closed := e.cancel, e.closed
	if !closed {
		e.closed, e.seen = true, e.set.Len()
	}
	e.mu.Unlock()
	if cancel != nil {
		cancel()
		e.wait()
	}
	if !closed {
		e.set.Close()
	}
}
