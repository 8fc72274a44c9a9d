package allways

import (
	"context"
	"github.com/allways-go/allways/internal/random"
	"github.com/allways-go/allways/internal/schedule"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/property"
	"github.com/allways-go/allways/internal/walks"
)

// Simulate makes random walks through the states of m. It finds counterexamples and witnesses, and
// never proves that something holds. A walk ends in a state without steps, where all steps leave
// the boundary, after [SimulateOptions.MaxDepth] states, or, if no property is a promise about runs,
// when it has shown a cycle that never satisfies an [Eventually].
//
// A walk that ends in a state without steps, or that came back to one of its states, shows runs. A promise
// about runs, such as [LeadsTo], is judged at the end of such a walk on all runs through the states of the walk,
// with its fairness constraints: to know what is enabled, all steps of these states are computed, though they
// count nowhere. Of walks of more than 4,096 states, runs are found whose loops lie among 2,048 states in a
// row. If runs may stop anywhere, by [MayStop], every walk shows some. An [AlwaysPossible] is violated
// where the walk came to states from which all steps lead to each other, and the predicate holds in none of them.
//
// The outcome depends only on the model and [SimulateOptions.Seed], for any number of workers, on
// every platform, unless the run is cut off by time, memory or cancellation. Errors are those of
// [Check].
func Simulate[S, A any](ctx context.Context, m Model[S, A], o SimulateOptions) (*Result[S, A], error) {
	c, err := compileIn(ctx, o.Timeout, func() (*gospace.Model, error) { return compile(m) })
	if err != nil {
		return nil, err
	}
	out, err := simulate(ctx, c, o.settings())
	return typedResult[S, A](out), err
}

func simulate(ctx context.Context, c *gospace.Model, s *settings) (*outcome, error) {
	r, err := newRun(ctx, c, s)
	if err != nil {
		return nil, err
	}
	defer r.close()
	r.enterPhase("simulate")
	walk := func(rnd *random.Rand, depth int) gospace.Pick {
		picks := s.scheduler.Walk(rnd, depth)
		return func(c gospace.Choices) int { return picks.Pick(c) }
	}
	out, err := walks.Simulate(r.space, &walks.WalkConfig{
		Config: *r.config(), Eventually: c.Kinds(property.Eventually), Seed: s.seed, Walks: int64(s.walks),
		NewSchedule: schedule.Of(r.space, walk), NewJudge: r.judgeOfWalks(),
	})
	if err != nil {
		return nil, err
	}
	r.recordWalks(out)
	return r.finish()
}

// recordWalks turns the outcome of a simulation into results.
func (r *run) recordWalks(out *walks.WalkOutcome) {
	reason := out.StopReason
	if out.Misbehaviour != nil && (reason == engine.StopReasonNone || reason == engine.StopReasonCondition) {
		reason = engine.StopReasonModel
	}
	r.cut(stopReasons[reason], "simulate")
	r.cut(StopReasonWalks, "simulate")
	r.out.Bounded = out.Bounded
	r.out.Stats = Stats{
		Generated: out.Generated, Distinct: out.Distinct, Depth: out.Depth, Workers: r.Workers,
		Omission: out.Omission, Walks: out.Walks,
	}
	// Walks beyond the one that stopped the simulation may have run; only those that count are in
	// these figures.
	enabled, taken := r.space.Counts()
	for i := range enabled {
		clear(enabled[i])
		clear(taken[i])
	}
	if len(enabled) > 0 { // none when there was no memory to begin with
		copy(enabled[0], out.Enabled)
		copy(taken[0], out.Taken)
	}
	r.recordActions(out.NewByName)
	r.recordFindings(&out.Outcome)
}
