package allways

import (
	"errors"
	"time"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/native"
)

// What [Auto] goes by. It counts no time, so that it chooses the same in every run.
type autoRule struct {
	states int64 // distinct states; beyond them, sets are tried
	sets   int   // sets of states that may be computed
}

// usualRule takes a second for states, and some seconds for sets.
var usualRule = autoRule{1 << 20, 1 << 23}

// auto searches breadth-first, and by sets of states if there are many.
func (r *run) auto() (out *engine.Outcome, graph *stateGraph, err error) {
	r.Strategy, r.out.Stats.Chosen = BFS, "few states"
	if err := r.setsRefuse(); err != nil {
		r.out.Stats.Chosen = "symbolic is not possible: " + err.Message
		return r.search()
	}
	cfg, many := r.config(), false
	cfg.Stop = func(decided engine.Mask, m *engine.Misbehaviour) bool {
		stop := r.mayStop(decided, m)
		many = !stop && r.budget.Distinct.Load() > r.rule.states
		return stop || many
	}
	out, err = native.Search(r.space, cfg, engine.BreadthFirst, true)
	if err != nil || !many || out.StopReason != engine.StopReasonCondition {
		return out, nil, err
	}
	first := out
	native.Forget(r.space)
	r.budget.Distinct.Store(0) // which say how often a search that forgets is judged
	out, err = r.sets(r.rule.sets)
	if err == nil && (out.StopReason == engine.StopReasonNone || r.budget.Ended() != engine.StopReasonNone) {
		r.Strategy, r.Workers, r.out.Stats.Chosen = Symbolic, 1, "many states, and few sets"
		native.Keep(out, first)
		return out, nil, nil
	}
	native.Forget(r.space)
	r.out.Stats.States, r.out.Stats.Steps, r.out.Stats.Chosen = nil, nil, "many states, and many sets"
	r.budget.Nodes.Store(0)
	r.enterPhase("search")
	if out, graph, err = r.search(); err == nil {
		native.Keep(out, first)
	}
	return out, graph, err
}

// sets searches sets of states, at most that many unless that is 0.
func (r *run) sets(most int) (*engine.Outcome, error) {
	out, err := native.SearchSets(r.space, r.budget, most, r.enterPhase, r.aside)
	if err != nil {
		return nil, &OptionError{"Strategy", err.Error()}
	}
	r.out.Stats.States, r.out.Stats.Steps = out.States, out.Steps
	return &out.Outcome, nil
}

// setsRefuse says why a symbolic search is not possible, whatever the workers.
func (r *run) setsRefuse() *OptionError {
	s := *r.settings
	s.Strategy, s.Workers = Symbolic, 0
	if err, ok := errors.AsType[*OptionError](s.fitsSearch(r.model)); ok {
		return err
	}
	if err := native.Local(r.space); err != nil {
		return &OptionError{"Strategy", err.Error()}
	}
	return nil
}

// longSearch is how long a search is after which another strategy may be worth a try.
const longSearch = 10 * time.Second

// setsMayPay reports whether a symbolic search may reach what this one did not, or not soon.
func (r *run) setsMayPay(out *outcome) bool {
	switch {
	case r.simulate || r.Strategy == Symbolic || out.Misbehaviour != nil:
		return false
	case out.Complete && out.Stats.Elapsed < longSearch:
		return false
	}
	switch out.StopReason {
	case StopReasonNone, StopReasonStates, StopReasonGenerated, StopReasonTime, StopReasonMemory, StopReasonCanceled:
		s := run{settings: &settings{Options: r.Options}, model: r.model, space: r.space}
		s.MaxDepth, s.MaxStates, s.MaxGenerated, s.Spill = 0, 0, 0, ""
		return s.setsRefuse() == nil
	}
	return false
}
