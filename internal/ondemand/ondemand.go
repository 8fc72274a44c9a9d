// Package ondemand explores a model only where it is asked to: it counts the states that were met, evaluates the paths
// to them, and keeps the result of a complete search in the background.
package ondemand

import (
	"context"
	"errors"
	"sync"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/property"
	"github.com/allways-go/allways/internal/stateset"
	"github.com/allways-go/allways/internal/usercode"
)

// Explorer counts the states that were met, and holds the result of type R of a complete search, if there is one. Make
// one with [New], and close it at the end. It is safe for concurrent use.
type Explorer[R any] struct {
	model *gospace.Model

	mu        sync.Mutex
	set       *stateset.Set
	generated int64
	expanded  map[uint32]bool
	decided   map[string]property.Verdict // properties decided by a state or step that was seen
	started   bool                        // the initial states were counted
	closed    bool
	seen      int // states in set when it was closed

	cancel  context.CancelFunc
	done    chan struct{} // closed when the background search has ended; nil without one
	out     R
	failure error
}

// New returns an explorer of a model; nothing is expanded yet.
func New[R any](m *gospace.Model) (*Explorer[R], error) {
	set, err := stateset.New(m.State)
	if err != nil {
		return nil, err
	}
	return &Explorer[R]{model: m, set: set, expanded: map[uint32]bool{}, decided: map[string]property.Verdict{}}, nil
}

var errClosed = errors.New("the explorer is closed")

// Init returns a path without steps for every initial state inside the boundary.
func (e *Explorer[R]) Init() ([]*gospace.Path, error) {
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

// Expand returns the paths that go one step further than p, inside the boundary.
func (e *Explorer[R]) Expand(p *gospace.Path) ([]*gospace.Path, error) {
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
func (e *Explorer[R]) meet(paths []*gospace.Path) error {
	for _, p := range paths {
		e.generated++
		if _, err := e.set.Insert(p.Last()); err != nil {
			return err
		}
		for i := range e.model.Props[:e.model.Promises] {
			prop := &e.model.Props[i]
			whole := prop.Kind == property.Eventually || prop.Kind == property.Deadlock || prop.Runs != nil
			if whole || e.decided[prop.Name] != property.Inconclusive {
				continue
			}
			v, err := p.Evaluate(prop.Name)
			if err != nil {
				return err
			}
			e.decided[prop.Name] = v
		}
	}
	return nil
}

// Progress returns how many states were generated and how many are distinct, and which properties a state or step has
// decided.
func (e *Explorer[R]) Progress() (generated, distinct int64, decided map[string]property.Verdict) {
	e.mu.Lock()
	defer e.mu.Unlock()
	decided = map[string]property.Verdict{}
	for name, v := range e.decided {
		if v != property.Inconclusive {
			decided[name] = v
		}
	}
	distinct = int64(e.seen)
	if !e.closed {
		distinct = int64(e.set.Len())
	}
	return e.generated, distinct, decided
}

// Search runs a search in the background, once; further calls change nothing. The context that search is given ends
// when ctx does, or when the explorer is closed.
func (e *Explorer[R]) Search(ctx context.Context, search func(context.Context) (R, error)) {
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
		var out R
		err := error(&engine.Misbehaviour{Kind: engine.ErrorPanic, Message: usercode.Exited, Act: -1}) // unless it returns
		defer func() {
			e.mu.Lock()
			defer e.mu.Unlock()
			e.out, e.failure = out, err
		}()
		out, err = search(ctx)
	}()
}

// Result returns the result of the background search, and whether it has ended.
func (e *Explorer[R]) Result() (out R, ended bool, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.done == nil {
		return out, false, nil
	}
	select {
	case <-e.done:
		return e.out, true, e.failure
	default:
		return out, false, nil
	}
}

// Wait waits for the background search, if there is one, and returns its result.
func (e *Explorer[R]) Wait() (out R, err error) {
	e.mu.Lock()
	done := e.done
	e.mu.Unlock()
	if done == nil {
		return out, nil
	}
	<-done
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.out, e.failure
}

// Close ends the background search, waits for it, and frees what was met.
func (e *Explorer[R]) Close() {
	e.mu.Lock()
	cancel, closed := e.cancel, e.closed
	if !closed {
		e.closed, e.seen = true, e.set.Len()
	}
	e.mu.Unlock()
	if cancel != nil {
		cancel()
		e.Wait()
	}
	if !closed {
		e.set.Close()
	}
}
