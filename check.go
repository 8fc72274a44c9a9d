package allways

import (
	"context"
	"errors"
)

// Check searches the states of m and returns a verdict on each of its properties. See [Options] for what may be asked.
//
// A violated property is a result, not an error. An error means that the model is broken, then it is a [*ModelError] and
// the result, if there is one, tells what was learned all the same; or that the options cannot be used. A canceled
// context or a limit ends the search early with an incomplete result and no error.
func Check[S, A any](ctx context.Context, m Model[S, A], o Options) (*Result[S, A], error) {
	return nil, errors.New("not built yet")
}

// Simulate makes random walks through the states of m. It finds violations and witnesses, and never proves that
// something holds. It is reproducible from [Options.Seed]; errors are those of [Check].
func Simulate[S, A any](ctx context.Context, m Model[S, A], o Options) (*Result[S, A], error) {
	return nil, errors.New("not built yet")
}

// Chooser decides which action a random walk takes.
type Chooser interface{ choose() }

// Visitor sees the states of a run.
type Visitor interface{ visit() }
