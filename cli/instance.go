package cli

import (
	"context"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/trace"
)

// Instance is a model with its parameters filled in, ready to be checked. [Of] makes one; the zero value is refused.
type Instance struct {
	model erased
}

// Of makes an [Instance] of a model of any type.
func Of[S, A any](m allways.Model[S, A]) Instance {
	return Instance{model: &typed[S, A]{model: m}}
}

// erased is a model whose state and action types have been forgotten, so that one command line serves all of them.
type erased interface {
	// compile checks the model's declarations; the other methods may be called once it has returned nil.
	compile() error
	describe() description
	check(ctx context.Context, o allways.Options) (*report, error)
	simulate(ctx context.Context, o allways.Options) (*report, error)
	parsePath(encoded string) (route, error)
	replay(f trace.File) (route, error)
}

// typed implements erased.
type typed[S, A any] struct {
	model   allways.Model[S, A]
	stepper *allways.Stepper[S, A]
}

func (t *typed[S, A]) compile() error                                                { return nil }
func (t *typed[S, A]) describe() description                                         { return description{} }
func (t *typed[S, A]) check(ctx context.Context, o allways.Options) (*report, error) { return nil, nil }
func (t *typed[S, A]) simulate(ctx context.Context, o allways.Options) (*report, error) {
	return nil, nil
}
func (t *typed[S, A]) parsePath(encoded string) (route, error) { return nil, nil }
func (t *typed[S, A]) replay(f trace.File) (route, error)      { return nil, nil }
