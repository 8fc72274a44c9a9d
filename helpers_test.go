package allways_test

import (
	"context"

	"github.com/allways-go/allways"
)

// simulate is allways.Simulate with the options of a check that a simulation has, too.
func simulate[S, A any](ctx context.Context, m allways.Model[S, A], o allways.Options) (*allways.Result[S, A], error) {
	return allways.Simulate(ctx, m, allways.SimulateOptions{
		Workers: o.Workers, Symmetry: o.Symmetry, MaxDepth: o.MaxDepth, MaxStates: o.MaxStates,
		MaxGenerated: o.MaxGenerated, Timeout: o.Timeout,
		MaxMemory: o.MaxMemory, Stop: o.Stop, Progress: o.Progress, ProgressEvery: o.ProgressEvery, Visitor: o.Visitor,
	})
}

// recordStates returns a visitor that keeps the states that it sees.
func recordStates[S any](to *[]S) allways.Visitor {
	return allways.VisitStates(func(s S, _ int) { *to = append(*to, s) })
}

// recordPaths returns a visitor that keeps the paths that it sees.
func recordPaths[S, A any](to *[]*allways.Path[S, A]) allways.Visitor {
	return allways.VisitPaths(func(p *allways.Path[S, A]) { *to = append(*to, p) })
}
