package allways

import (
	"context"

	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/ondemand"
)

// Explorer explores a model only where it is asked to, as an interactive explorer does, while a
// complete search may run in the background. It is safe for concurrent use. Close it at the end.
type Explorer[S, A any] struct {
	stepper *Stepper[S, A]
	e       *ondemand.Explorer[*outcome]
}

// NewExplorer compiles a model for exploration on demand; nothing is expanded yet.
func NewExplorer[S, A any](m Model[S, A]) (*Explorer[S, A], error) {
	t, err := NewStepper(m)
	if err != nil {
		return nil, err
	}
	e, err := ondemand.New[*outcome](t.c)
	if err != nil {
		return nil, err
	}
	return &Explorer[S, A]{stepper: t, e: e}, nil
}

// Stepper returns the stepper with which paths are made.
func (x *Explorer[S, A]) Stepper() *Stepper[S, A] { return x.stepper }

// Init returns a path without steps for every initial state inside the boundary.
func (x *Explorer[S, A]) Init() ([]*Path[S, A], error) { return typedPaths[S, A](x.e.Init) }

// Expand returns the paths that go one step further than p, inside the boundary, in the order of
// the model's actions. States are counted when they are met first.
func (x *Explorer[S, A]) Expand(p *Path[S, A]) ([]*Path[S, A], error) {
	return typedPaths[S, A](func() ([]*gospace.Path, error) { return x.e.Expand(p.p) })
}

// Progress returns what was met so far: generated and distinct states, and the properties that a
// state or step on the way has decided. Nothing else is decided without a complete search.
func (x *Explorer[S, A]) Progress() (generated, distinct int64, decided map[string]Verdict) {
	generated, distinct, known := x.e.Progress()
	decided = map[string]Verdict{}
	for name, v := range known {
		decided[name] = Verdict(v)
	}
	return generated, distinct, decided
}

// Search starts a complete search in the background, once; further calls change nothing. It ends
// when ctx is canceled or Close is called.
func (x *Explorer[S, A]) Search(ctx context.Context, o Options) {
	x.e.Search(ctx, func(ctx context.Context) (*outcome, error) {
		return check(ctx, x.stepper.c, &settings{Options: o})
	})
}

// Result returns the result of the background search, and whether it has ended; the error is that
// of [Check].
func (x *Explorer[S, A]) Result() (r *Result[S, A], ended bool, err error) {
	out, ended, err := x.e.Result()
	return typedResult[S, A](out), ended, publicError(err)
}

// Wait waits for the background search, if there is one, and returns its result.
func (x *Explorer[S, A]) Wait() (*Result[S, A], error) {
	out, err := x.e.Wait()
	return typedResult[S, A](out), publicError(err)
}

// Close ends the background search, waits for it, and frees what was met. The paths stay usable.
func (x *Explorer[S, A]) Close() { x.e.Close() }
